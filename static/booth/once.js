/* Two taps take one ballot. */
(function () {
  'use strict';
  var form = document.forms[0], sent = false;
  form.addEventListener('submit', function (event) {
    if (sent) { event.preventDefault(); }
    sent = true;
  });
  window.addEventListener('pageshow', function () { sent = false; });
}());

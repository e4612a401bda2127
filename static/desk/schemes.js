/* The examples and what would change follow what is typed; without this script the button for trying does the same. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-try]');
  if (!form || !window.fetch || !window.DOMParser) { return; }
  var waiting = null, asked = 0;

  function put(page) {
    Array.prototype.forEach.call(page.querySelectorAll('[data-live]'), function (fresh) {
      var here = document.getElementById(fresh.id);
      if (here && here.innerHTML !== fresh.innerHTML) { here.innerHTML = fresh.innerHTML; }
    });
  }

  function tryOut() {
    var fields = new FormData(form), mine = asked += 1;
    // Trying writes nothing: the key that lets the form be saved once stays whole.
    fields.delete('once');
    fields.append('try', '1');
    fetch(form.getAttribute('action') || window.location.pathname, { method: 'POST', body: fields, credentials: 'same-origin' })
      .then(function (answer) { return answer.text(); })
      .then(function (text) {
        // An answer that was overtaken by a later one says nothing any more.
        if (mine === asked) { put(new DOMParser().parseFromString(text, 'text/html')); }
      }, function () { return null; });
  }

  form.addEventListener('input', function () {
    clearTimeout(waiting);
    waiting = setTimeout(tryOut, 500);
  });
}());

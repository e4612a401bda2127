/* Looks through the list on this page. Nothing of what is typed leaves the phone. */
(function () {
  'use strict';
  var field = document.getElementById('find'), told = document.getElementById('told');
  var rows = Array.prototype.slice.call(document.querySelectorAll('.codes li'));
  function plain(text) {
    // Letters and the digits 2 to 7: what else was read is taken for what it looks like.
    return text.toUpperCase().replace(/0/g, 'O').replace(/1/g, 'I').replace(/8/g, 'B').replace(/[^A-Z2-7]/g, '');
  }
  field.addEventListener('input', function () {
    var wanted = plain(field.value.normalize ? field.value.normalize('NFKC') : field.value), found = 0;
    rows.forEach(function (row) {
      var fits = plain(row.textContent).indexOf(wanted) === 0;
      row.hidden = !fits;
      found += fits ? 1 : 0;
    });
    told.className = 'quiet';
    told.textContent = '';
    if (!wanted) { return; }
    if (!found) { told.className = 'care'; told.textContent = told.getAttribute('data-out'); return; }
    if (wanted.length < 10) { told.textContent = told.getAttribute('data-short').replace('{k}', 10 - wanted.length); return; }
    told.textContent = told.getAttribute('data-in');
    told.className = 'care note';
  });
}());

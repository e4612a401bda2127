/* Keying by keys alone: one key answers and goes on, Enter goes on, Backspace in an empty line goes back. */
(function () {
  'use strict';
  var form = document.querySelector('[data-keys]');
  if (!form) { return; }
  var fields = Array.prototype.slice.call(form.querySelectorAll('.key input, .key textarea'));

  function caps(field) { return Array.prototype.slice.call(field.parentNode.querySelectorAll('[data-key]')); }
  /* What a key means is shown beside it, so that an eye need not leave the paper for long. */
  function echo(field) {
    caps(field).forEach(function (cap) { cap.className = cap.getAttribute('data-key') === field.value ? 'on' : ''; });
  }
  function fits(field) { return caps(field).some(function (cap) { return cap.getAttribute('data-key') === field.value; }); }
  function go(place) {
    if (place < 0) { return; }
    if (place < fields.length) { fields[place].focus(); fields[place].scrollIntoView({ block: 'center' }); return; }
    var open = fields.filter(function (field) { return field.tagName === 'INPUT' && !field.value; })[0];
    if (open) { open.focus(); open.scrollIntoView({ block: 'center' }); return; }
    form.querySelector('button').focus();
  }
  fields.forEach(function (field, place) {
    field.addEventListener('focus', function () { field.select(); });
    field.addEventListener('input', function () {
      if (field.tagName !== 'INPUT') { return; }
      var plain = field.value.normalize ? field.value.normalize('NFKC').toLowerCase() : field.value.toLowerCase();
      if (plain !== field.value) { field.value = plain; }
      if (field.value === '*') { field.value = 'x'; }
      echo(field);
      if (!field.hasAttribute('data-single') || !field.value) { return; }
      if (fits(field)) { field.removeAttribute('aria-invalid'); go(place + 1); } else { field.setAttribute('aria-invalid', 'true'); field.select(); }
    });
    field.addEventListener('keydown', function (event) {
      if (event.isComposing) { return; }
      if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); go(place + 1); }
      else if (event.key === 'ArrowDown' && field.tagName === 'INPUT') { event.preventDefault(); go(place + 1); }
      else if (event.key === 'ArrowUp' && field.tagName === 'INPUT') { event.preventDefault(); go(place - 1); }
      else if (event.key === 'Backspace' && !field.value) { event.preventDefault(); go(place - 1); }
    });
    echo(field);
  });
  var first = form.querySelector('[aria-invalid]') || fields[0];
  if (first) { first.focus(); }
}());

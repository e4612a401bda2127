/* What every form of the desk gains from a script; each works without it. The editor has a guard of its own. */
(function () {
  'use strict';
  var each = function (what, act, within) { Array.prototype.forEach.call((within || document).querySelectorAll(what), act); };

  /* Two clicks do one thing. A form that prints stays on its page and may print again a while later. */
  function guard(form, again) {
    var sent = false;
    form.addEventListener('submit', function (event) {
      var pressed = event.submitter;
      if (sent) { event.preventDefault(); return; }
      if (pressed && pressed.hasAttribute('data-add-row')) { return; }
      sent = true;
      if (again) { setTimeout(function () { sent = false; }, again); }
      each('[data-printed]', function (note) { note.hidden = false; }, form);
      if (again && form.dataset.prints) { document.getElementById(form.dataset.prints).hidden = false; }
      each('[data-progress][data-words]', function (place) { place.textContent = place.dataset.words; });
    });
    window.addEventListener('pageshow', function () { sent = false; });
  }
  each('form[data-once]', function (form) { guard(form, 0); });
  each('form[data-prints]', function (form) { guard(form, 15000); });

  /* A link or a text to copy. */
  each('[data-copy]', function (button) {
    var near = button.closest('[data-note]') || document;
    button.hidden = false;
    button.addEventListener('click', function () {
      var field = near.querySelector('[data-copied]'), said = near.querySelector('[data-copy-said]');
      var done = function () { said.textContent = button.dataset.done; };
      field.select();
      // On a plain http address of the hall browsers offer the old way only.
      if (navigator.clipboard) { navigator.clipboard.writeText(field.value).then(done, function () { return null; }); }
      else if (document.execCommand('copy')) { done(); }
    });
  });
}());

/* Rounds: a button beside each text to copy. */
(function () {
  'use strict';
  Array.prototype.forEach.call(document.querySelectorAll('[data-note]'), function (note) {
    var field = note.querySelector('textarea'), button = note.querySelector('[data-copy-note]'), said = note.querySelector('[role=status]');
    button.hidden = false;
    button.addEventListener('click', function () {
      var done = function () { said.textContent = button.dataset.done; };
      field.select();
      // On a plain http address browsers offer the old way only.
      if (navigator.clipboard) { navigator.clipboard.writeText(field.value).then(done, function () { return null; }); }
      else if (document.execCommand('copy')) { done(); }
    });
  });
}());

/* What the pages of units gain from a script: dragging, arrow keys. Each works without it. */
(function () {
  'use strict';
  var all = function (what, where) { return Array.prototype.slice.call((where || document).querySelectorAll(what)); };

  /* Drop a unit on another one: that leads to the page that asks, the same as without dragging. */
  var held = null;
  var lines = all('.outline-units [data-unit]');
  all('[data-movable]').forEach(function (line) {
    line.draggable = true;
    // The link inside would be dragged as an address.
    all('a', line).forEach(function (link) { link.draggable = false; });
    line.addEventListener('dragstart', function (event) {
      held = line;
      line.classList.add('held');
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', line.dataset.unit);
    });
    line.addEventListener('dragend', function () {
      held = null;
      all('.held, .over').forEach(function (each) { each.classList.remove('held', 'over'); });
    });
  });
  lines.forEach(function (line) {
    var takes = function () { return held && held !== line && !held.parentNode.contains(line); };
    line.addEventListener('dragover', function (event) {
      if (takes()) { event.preventDefault(); line.classList.add('over'); }
    });
    line.addEventListener('dragleave', function () { line.classList.remove('over'); });
    line.addEventListener('drop', function (event) {
      if (!takes()) { return; }
      event.preventDefault();
      location.href = '/desk/units/' + held.dataset.unit + '/move?to=' + line.dataset.unit;
    });
  });
  all('[data-drag-hint]').forEach(function (hint) { hint.hidden = !document.querySelector('[data-movable]'); });

  /* A word of a list is dropped where it shall stand; the buttons do the same. */
  var word = null;
  all('[data-term]').forEach(function (row) {
    // Whoever marks letters in the field must not drag the row: it is held by its grip.
    var grip = row.querySelector('[data-grip]');
    grip.hidden = false;
    row.addEventListener('pointerdown', function (event) { row.draggable = event.target === grip; });
    row.addEventListener('dragstart', function (event) {
      word = row;
      row.classList.add('held');
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', '');
    });
    row.addEventListener('dragend', function () {
      word = null;
      all('.terms .held, .terms .over').forEach(function (each) { each.classList.remove('held', 'over'); });
    });
    row.addEventListener('dragover', function (event) {
      if (word && word !== row && word.parentNode === row.parentNode) { event.preventDefault(); row.classList.add('over'); }
    });
    row.addEventListener('dragleave', function () { row.classList.remove('over'); });
    row.addEventListener('drop', function (event) {
      if (!word || word === row || word.parentNode !== row.parentNode) { return; }
      event.preventDefault();
      var form = word.querySelector('form');
      form.querySelector('[data-place]').value = row.querySelector('[data-place]').value;
      var act = document.createElement('input');
      act.type = 'hidden';
      act.name = 'act';
      act.value = 'order';
      form.appendChild(act);
      form.submit();
    });
  });

  /* Up and down go from name to name, right and left unfold and fold. */
  all('.outline-units').forEach(function (tree) {
    tree.addEventListener('keydown', function (event) {
      var line = event.target.closest('.line');
      if (!line || event.altKey || event.ctrlKey || event.metaKey) { return; }
      var names = all('.name', tree);
      var here = names.indexOf(line.querySelector('.name'));
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      var wanted = { ArrowRight: 'false', ArrowLeft: 'true' }[event.key];
      var fold = wanted && line.querySelector('a.fold[aria-expanded=' + wanted + ']');
      if (step && names[here + step]) { event.preventDefault(); names[here + step].focus(); }
      if (fold) { event.preventDefault(); fold.click(); }
    });
    var there = location.hash && document.querySelector(location.hash + ' > .line .name');
    // Only then has the browser gone to the unit of the address itself.
    window.addEventListener('load', function () {
      if (there && tree.contains(there)) { requestAnimationFrame(function () { there.focus({ preventScroll: true }); }); }
    });
  });
}());

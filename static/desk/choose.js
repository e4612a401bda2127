/* A long list of units: what is typed is looked for on the server, and the list beside it is filled anew; how many are ticked by name. */
(function () {
  'use strict';
  function begin(box) {
    var list = document.getElementById(box.dataset.seek);
    var wait = null;
    function fill(found) {
      var kept = list.value;
      list.textContent = '';
      if (found.choices.length !== 1) { list.appendChild(new Option(found.choices.length ? '' : box.dataset.none, '')); }
      found.choices.forEach(function (each) { list.appendChild(new Option(each.name + (each.above ? ' · ' + each.above : ''), each.id)); });
      list.value = kept;
      if (list.selectedIndex < 0) { list.selectedIndex = 0; }
    }
    box.addEventListener('input', function () {
      clearTimeout(wait);
      wait = setTimeout(function () {
        var asked = box.value;
        fetch(box.dataset.from + (box.dataset.from.indexOf('?') < 0 ? '?' : '&') + 'q=' + encodeURIComponent(asked), { credentials: 'same-origin', redirect: 'error' })
          .then(function (answer) { return answer.ok ? answer.json() : null; })
          .then(function (found) { if (found && asked === box.value) { fill(found); } })
          .catch(function () { return null; });
      }, 200);
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll('[data-seek]'), begin);
  var count = document.querySelector('[data-count]');
  function say() { count.textContent = count.dataset.count.replace('{n}', document.querySelectorAll('[name=only]:checked').length); }
  if (count) { say(); count.hidden = false; document.addEventListener('change', say); }
}());

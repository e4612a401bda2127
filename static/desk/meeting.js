/* What the pages of a meeting gain from a script; each of them works without it. */
(function () {
  'use strict';
  var each = function (what, act) { Array.prototype.forEach.call(document.querySelectorAll(what), act); };

  /* Rows of groups. */
  function number(rows) {
    Array.prototype.forEach.call(rows.querySelectorAll('.grouprow:not(.heads)'), function (row, place) {
      Array.prototype.forEach.call(row.querySelectorAll('[aria-label]'), function (part) {
        part.setAttribute('aria-label', part.getAttribute('aria-label').replace(/\d+/, place + 1));
        if (part.name === 'remove_row') { part.value = place; }
      });
    });
  }
  each('[data-rows]', function (rows) {
    rows.addEventListener('click', function (event) {
      var button = event.target.closest('[name=remove_row]');
      if (!button) { return; }
      event.preventDefault();
      var all = rows.querySelectorAll('.grouprow:not(.heads)');
      if (all.length > 1) {
        button.parentNode.remove();
        number(rows);
      } else {
        Array.prototype.forEach.call(all[0].querySelectorAll('input'), function (field) { field.value = ''; });
      }
      rows.querySelector('input').focus();
    });
  });
  each('[data-add-row]', function (button) {
    button.addEventListener('click', function (event) {
      event.preventDefault();
      var rows = document.querySelector('[data-rows]');
      var all = rows.querySelectorAll('.grouprow:not(.heads)');
      var fresh = all[all.length - 1].cloneNode(true);
      Array.prototype.forEach.call(fresh.querySelectorAll('input'), function (field) { field.value = ''; });
      rows.appendChild(fresh);
      number(rows);
      fresh.querySelector('input').focus();
    });
  });

  /* A long list of units, narrowed down by a few characters. */
  each('[data-find]', function (box) {
    var list = document.getElementById(box.dataset.find);
    var all = Array.prototype.slice.call(list.options);
    box.hidden = false;
    box.addEventListener('input', function () {
      var wanted = box.value.trim();
      var kept = list.value;
      var fits = all.filter(function (option) { return !option.value || option.text.indexOf(wanted) >= 0; });
      list.textContent = '';
      fits.forEach(function (option) { list.appendChild(option); });
      var real = fits.filter(function (option) { return option.value; });
      if (!real.length) { list.appendChild(new Option(box.dataset.none, '')); }
      list.value = real.length === 1 ? real[0].value : kept;
      if (list.selectedIndex < 0) { list.selectedIndex = list.options.length > 1 && real.length ? 0 : list.options.length - 1; }
    });
    box.addEventListener('keydown', function (event) { if (event.key === 'Enter') { event.preventDefault(); list.focus(); } });
  });

  /* The scrutineer's slip exists on this page alone. */
  each('[data-leave]', function (sheet) {
    var done = false;
    var stay = function (event) { if (!done) { event.preventDefault(); event.returnValue = sheet.dataset.leave; } };
    window.addEventListener('beforeunload', stay);
    each('form[data-prints]', function (form) { form.addEventListener('submit', function () { done = true; }); });
    each('[data-leaves]', function (link) { link.addEventListener('click', function () { done = true; }); });
  });

  /* The number in the box, without reloading; a change of stage or of slips loads the page when nobody types. */
  each('[data-box]', function (page) {
    // Loading it would break off the slips that are still on their way, and their codes are nowhere else.
    var printed = -Infinity, PRINTING = 15000;
    each('form[data-prints]', function (form) { form.addEventListener('submit', function () { printed = Date.now(); }); });
    // The last minute, second by second; whoever loads the page after that closes the box.
    var seconds = document.querySelector('[data-seconds]'), end = 0;
    function sync(left) { end = Date.now() + left * 1000; }
    if (seconds) {
      sync(Number(seconds.textContent));
      setInterval(function () {
        var left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
        seconds.textContent = left;
        if (!left && end) { end = 0; location.reload(); }
      }, 1000);
    }
    function draw(now) {
      if (seconds && now.seconds_open !== null) { sync(now.seconds_open); }
      var moved = now.stage !== page.dataset.stage;
      var made = page.dataset.codes !== undefined && String(now.codes) !== page.dataset.codes;
      var shown = document.querySelector('[data-returned]');
      var full = document.querySelector('[data-waiting]');
      var other = moved || made || (now.seconds_open === null) === page.hasAttribute('data-soon') || (full && !now.waiting) || (!full && shown && Number(shown.textContent) < now.returned);
      if (other && Date.now() - printed > PRINTING) {
        var busy = document.activeElement && /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName);
        if (busy) { each('[data-changed]', function (note) { note.hidden = false; }); } else { location.reload(); }
      }
      if (shown) { shown.textContent = now.returned; }
      if (full) { full.textContent = now.waiting; }
    }
    var missed = 0;
    function heard(now) {
      missed = now ? 0 : missed + 1;
      each('[data-stale]', function (note) { note.hidden = missed < 3; });
      if (now) { draw(now); }
    }
    setInterval(function () {
      if (document.hidden) { return; }
      fetch(page.dataset.box, { credentials: 'same-origin', redirect: 'error' })
        .then(function (answer) { return answer.ok ? answer.json() : null; })
        .then(heard, function () { heard(null); });
    }, 4000);
  });
}());

/* The editor of questionnaires, beyond what its forms do by themselves: it saves as one types, rows are dragged or moved by
   Alt and arrows, and the phone beside it shows what was saved. Everything that is said stands in the page. */
(function () {
  'use strict';
  var each = function (what, act, within) { Array.prototype.forEach.call((within || document).querySelectorAll(what), act); };
  var form = document.querySelector('form[data-autosave]'), state = document.getElementById('saving'), phone = document.getElementById('preview');
  var PAUSE = 700, WAITS = [2, 4, 8, 15, 30];
  document.documentElement.className += ' js';

  /* Two clicks do one thing; what is being saved is waited for, so that the button finds the newest state. */
  each('form[data-once]', function (one) {
    var sent = false;
    one.addEventListener('submit', function (event) {
      if (sent) { event.preventDefault(); return; }
      if (one === form && saver.busy()) {
        event.preventDefault();
        saver.then(event.submitter);
        saver.retry();
        return;
      }
      sent = true;
      saver.stop();
    });
    window.addEventListener('pageshow', function () { sent = false; });
  });

  /* ---- saving */
  var saver = (function () {
    var timer = null, running = false, dirty = false, tries = 0, after = null, blocked = false, stopped = false;
    function tell(name, values) {
      var words = state.getAttribute('data-' + name);
      state.textContent = words.replace(/\{(\w+)\}/g, function (_all, key) { return values[key]; });
      state.className = name === 'saving' || name === 'saved' || name === 'also' ? 'saving quiet' : 'saving care';
      state.dataset.state = name;
    }
    function body() {
      var parts = [];
      new FormData(form).forEach(function (value, name) { parts.push(encodeURIComponent(name) + '=' + encodeURIComponent(value)); });
      parts.push('do=save');
      return parts.join('&');
    }
    function again() {
      running = false;
      dirty = true;
      tell('lost', {});
      timer = setTimeout(save, 1000 * WAITS[Math.min(tries, WAITS.length - 1)]);
      tries += 1;
    }
    function release() {
      var pressed = after;
      after = null;
      if (pressed && !running) { form.requestSubmit(pressed.form ? pressed : undefined); }
    }
    function save() {
      timer = null;
      if (running || stopped) { return; }
      running = true;
      dirty = false;
      tell('saving', {});
      fetch(form.action, {
        method: 'POST', body: body(), credentials: 'same-origin', redirect: 'manual',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8', Accept: 'application/json' }
      }).then(function (answer) {
        if (answer.type === 'opaqueredirect' || answer.status === 401) { running = false; dirty = true; blocked = true; tell('login', {}); release(); return null; }
        if (answer.status === 409) { running = false; dirty = true; blocked = true; tell('stale', {}); release(); return null; }
        if (answer.status >= 500 || answer.status === 429) { again(); return null; }
        // Logged in again: the page goes on with a token of the new login.
        if (answer.status === 400 && /json/.test(answer.headers.get('Content-Type'))) { return answer.json().then(renewed); }
        if (!answer.ok) { running = false; dirty = true; tell('wrong', {}); release(); return null; }
        return answer.json().then(saved);
      }).catch(again);
    }
    function renewed(told) {
      each('[name=csrf_token]', function (field) { field.value = told.csrf_token; });
      running = false;
      dirty = true;
      soon(0);
    }
    function saved(told) {
      running = false;
      tries = 0;
      blocked = false;
      form.elements.seen.value = told.revision;
      if (told.base) { form.elements.base.value = told.base; }
      if (dirty) { soon(0); } else { tell(told.also ? 'also' : 'saved', told); }
      look();
      release();
    }
    function soon(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }
    return {
      changed: function () { dirty = true; state.dataset.state = 'changed'; soon(PAUSE); },
      // Where nothing goes through, a button waits too: the browser's own page of the fault would take the text away.
      busy: function () { return running || tries > 0; },
      then: function (pressed) { after = pressed || form.querySelector('[name=do]'); },
      stop: function () { stopped = true; clearTimeout(timer); },
      start: function () { stopped = false; },
      retry: function () { if (dirty && !running) { soon(0); } },
      open: function () { return dirty || running || blocked; }
    };
  }());

  /* The phone shows what was saved, at the place where it was. */
  function look() {
    if (!phone || !phone.contentWindow) { return; }
    var top = 0;
    try { top = phone.contentWindow.pageYOffset; } catch (foreign) { top = 0; }
    phone.addEventListener('load', function () { phone.contentWindow.scrollTo(0, top); }, { once: true });
    phone.contentWindow.location.reload();
  }

  if (!form || !state) { return; }
  form.addEventListener('input', function (event) { if (!event.target.hasAttribute('data-reload') && event.target.name !== 'kind' && event.target.name !== 'to') { saver.changed(); } });
  form.addEventListener('change', function (event) {
    // What changes the form itself is asked for again from the server.
    if (event.target.hasAttribute('data-reload')) { form.requestSubmit(form.querySelector('[name=do][value=save]')); }
  });
  window.addEventListener('online', saver.retry);
  window.addEventListener('focus', saver.retry);
  window.addEventListener('pageshow', saver.start);
  window.addEventListener('beforeunload', function (event) { if (saver.open() && !leaving) { event.preventDefault(); event.returnValue = ''; } });
  var leaving = false;
  form.addEventListener('submit', function (event) { leaving = !event.defaultPrevented; });

  /* ---- order, by dragging and by keys */
  var moved = document.getElementById('moved'), rows = document.querySelector('[data-sort]'), parts = document.querySelector('[data-parts]');
  function all(list) { return Array.prototype.slice.call(list.children); }
  function announce(list, row, text) {
    var order = all(list), words = { text: text, n: order.indexOf(row) + 1, all: order.length };
    moved.textContent = list.getAttribute('data-moved').replace(/\{(\w+)\}/g, function (_all, key) { return words[key]; });
  }

  /* Rows that are dragged by their grips and moved by Alt and arrows. `settle` hears what was moved; `elsewhere` may take a row that
     is held over something that is no row of this list. */
  function sorts(list, settle, elsewhere) {
    var held = null, home = null;
    function shift(row, up) {
      var other = up ? row.previousElementSibling : row.nextElementSibling;
      if (!other) { return; }
      list.insertBefore(row, up ? other : other.nextElementSibling);
      settle(row);
    }
    function drop(event) {
      var row = held;
      if (!row) { return; }
      held = null;
      row.classList.remove('dragged');
      if (elsewhere && elsewhere.takes(row, event.type === 'pointerup')) { list.insertBefore(row, home); return; }
      if (row.nextElementSibling !== home) { settle(row); }
    }
    list.addEventListener('keydown', function (event) {
      var row = event.target.closest('li');
      if (!event.altKey || !row || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) { return; }
      event.preventDefault();
      shift(row, event.key === 'ArrowUp');
      event.target.focus();
    });
    list.addEventListener('pointerdown', function (event) {
      if (!event.target.hasAttribute('data-grip') || event.button) { return; }
      held = event.target.closest('li');
      home = held.nextElementSibling;
      held.classList.add('dragged');
      event.target.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    list.addEventListener('pointermove', function (event) {
      if (!held || (elsewhere && elsewhere.isOver(event))) { return; }
      var over = all(list).filter(function (row) {
        var box = row.getBoundingClientRect();
        return row !== held && event.clientY >= box.top && event.clientY <= box.bottom;
      })[0];
      if (over) {
        var box = over.getBoundingClientRect();
        list.insertBefore(held, event.clientY < box.top + box.height / 2 ? over : over.nextElementSibling);
      }
    });
    list.addEventListener('pointerup', drop);
    list.addEventListener('pointercancel', drop);
    return shift;
  }

  if (parts) {
    sorts(parts, function (part) {
      all(parts).forEach(function (each, place) { each.querySelector('.place').textContent = place + 1; });
      var here = parts.querySelector('[aria-current]').closest('li'), heading = form.querySelector('.parthead');
      heading.textContent = heading.textContent.replace(/\d+/, all(parts).indexOf(here) + 1);
      form.querySelector('[value^="part-up:"]').disabled = !here.previousElementSibling;
      form.querySelector('[value^="part-down:"]').disabled = !here.nextElementSibling;
      announce(parts, part, part.querySelector('.name').textContent);
      saver.changed();
    });
    // On a phone the parts stand in one line that is pushed sideways: the one being edited is in sight.
    var at = parts.querySelector('[aria-current]');
    if (at && parts.scrollWidth > parts.clientWidth) { parts.scrollLeft = at.offsetLeft - parts.offsetLeft - 16; }
  }
  if (!rows) { return; }

  /* Another part takes a question that is let go over its name in the outline. */
  var onto = null, other = {
    isOver: function (event) {
      var under = document.elementFromPoint(event.clientX, event.clientY), part = under && under.closest('[data-part]');
      if (part && part.querySelector('[aria-current]')) { part = null; }
      if (onto && onto !== part) { onto.classList.remove('onto'); }
      onto = part;
      if (onto) { onto.classList.add('onto'); }
      return Boolean(onto);
    },
    takes: function (row, isLetGo) {
      var part = onto;
      onto = null;
      if (!part) { return false; }
      part.classList.remove('onto');
      if (!isLetGo) { return false; }
      var press = document.createElement('button');
      press.name = 'do';
      press.value = 'send:' + row.querySelector('[name=order]').value;
      press.hidden = true;
      form.elements.to.value = part.getAttribute('data-part');
      form.appendChild(press);
      // The row is back in its place before the form goes.
      setTimeout(function () { form.requestSubmit(press); }, 0);
      return true;
    }
  };
  var shift = sorts(rows, function (row) {
    all(rows).forEach(function (each_, place, list) {
      var number = place + 1;
      each_.id = 'q' + number;
      each_.querySelector('.no').textContent = number;
      each('[aria-label]', function (part) { part.setAttribute('aria-label', part.getAttribute('aria-label').replace(/\d+/, number)); }, each_);
      each_.querySelector('[value^="up:"]').disabled = place === 0;
      each_.querySelector('[value^="down:"]').disabled = number === list.length;
    });
    announce(rows, row, row.querySelector('[name=text]').value);
    saver.changed();
  }, other);
  rows.addEventListener('click', function (event) {
    var button = event.target.closest('[value^="up:"],[value^="down:"]');
    if (!button) { return; }
    event.preventDefault();
    shift(button.closest('.row'), button.value.indexOf('up:') === 0);
    if (button.disabled) { button.closest('.row').querySelector('[name=text]').focus(); } else { button.focus(); }
  });
}());

/* Sending, until told that the ballot is in. */
(function () {
  'use strict';
  var b = (window.pingyi || {}).ballot;
  if (!b) { return; }
  var say = b.say, one = b.one, form = b.form, PREVIEW = form.getAttribute('data-preview');
  var WAITS = [1, 2, 4, 8, 15], LONGEST_TRY = 20000;
  var sending = false, tries = 0, doubtful = false, waiting = null;
  function tell(text) { one('say').textContent = text; one('say').hidden = !text; }
  function pack() {
    var parts = ['go=cast'];
    b.cards.forEach(function (card) {
      b.asked(card).forEach(function (q) {
        q.inputs.forEach(function (input) {
          var chosen = input.type === 'radio' || input.type === 'checkbox' ? input.checked : input.value !== '';
          if (chosen) { parts.push(encodeURIComponent(q.name) + '=' + encodeURIComponent(input.value)); }
        });
        q.names.forEach(function (input) { if (input.value) { parts.push(encodeURIComponent(input.name) + '=' + encodeURIComponent(input.value)); } });
      });
    });
    return parts.join('&');
  }
  function send() {
    if (PREVIEW) { tell(PREVIEW); return; }
    if (sending) { return; }
    sending = true;
    tries = 0;
    one('send').disabled = one('edit').disabled = true;
    tell(say.sending);
    attempt();
  }
  function ask(address, options) {
    var over = false, landed = false, stop = window.AbortController ? new AbortController() : null, clock;
    waiting = null;
    function later() {
      if (over) { return; }
      over = true;
      clearTimeout(clock);
      if (stop) { stop.abort(); }
      again();
    }
    clock = setTimeout(later, LONGEST_TRY);
    options.credentials = 'same-origin';
    options.signal = stop ? stop.signal : undefined;
    fetch(address, options).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) { later(); return null; }
      return answer.text().then(function (html) { if (!over) { over = landed = true; clearTimeout(clock); arrived(answer, html); } });
    }).catch(function () {
      // An answer we could not show: the server shows it, and the draft is kept until it says the ballot is in.
      if (landed) { location.reload(); } else { later(); }
    });
  }
  function attempt() {
    ask(b.at + b.query, { method: 'POST', body: pack(), headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' } });
  }
  function again(paused) {
    // Told that nothing is taken now: then no answer was lost either.
    doubtful = doubtful || !paused;
    tell(paused || say.again);
    waiting = setTimeout(attempt, 1000 * WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }
  function arrived(answer, html) {
    var page = new DOMParser().parseFromString(html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, ''), 'text/html'), main = page.querySelector('main[data-page]');
    var kind = main ? main.getAttribute('data-page') : '';
    var alert = page.querySelector('[role="alert"]');
    if (kind === 'used' && doubtful) {
      // The answer to an earlier try was lost: the ballot in the box is this one.
      doubtful = false;
      b.forget();
      ask(b.at + '/in' + b.query, {});
    } else if (kind === 'paused') { again(say.paused); } else if (main) {
      if (kind === 'in' || kind === 'used' || kind === 'unknown') { b.forget(); }
      finish(page, main, kind === 'in' && !b.is_hand ? b.at + '/in' + b.query : '');
    } else if (answer.status >= 400 && alert) {
      sending = false;
      one('send').disabled = one('edit').disabled = false;
      tell(' ');
      one('say').textContent = '';
      while (alert.firstChild) { one('say').appendChild(document.adoptNode(alert.firstChild)); }
    } else { again(); }
  }
  function finish(page, main, address) {
    document.body.textContent = '';
    document.body.appendChild(document.importNode(main, true));
    document.title = page.title;
    if (address) { history.replaceState(null, '', address); }
    window.scrollTo(0, 0);
    document.querySelector('h1').focus();
    document.dispatchEvent(new Event('view'));
    document.dispatchEvent(new Event('told'));
  }

  one('send').addEventListener('click', send);
  window.addEventListener('online', function () { if (waiting) { clearTimeout(waiting); attempt(); } });
  window.addEventListener('pageshow', function (event) {
    // Shown again from memory: if the ballot went in meanwhile, the server has the last word.
    if (event.persisted && document.body.contains(form) && !sending) { location.reload(); }
  });
  b.tell = tell;
  b.is_sending = function () { return sending; };
}());

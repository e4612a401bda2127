/* The clock of the meeting: asked now and then, without a code or a cookie, so that nobody writes on past the end. */
(function () {
  'use strict';
  var line = document.getElementById('clock'), EVERY = 20000;
  if (!line || !window.fetch) { return; }
  var left = line.querySelector('b'), end = 0, timer = null, said = '';
  function next(wait) { clearTimeout(timer); timer = setTimeout(ask, wait); }
  function tell(text) {
    if (text !== said) { said = text; line.firstChild.data = text; }
    line.hidden = !text;
  }
  function draw(now) {
    var soon = now.stage === 'open' && now.seconds !== null;
    end = soon ? Date.now() + now.seconds * 1000 : 0;
    tell(soon ? line.getAttribute('data-soon') : line.getAttribute('data-' + now.stage) || '');
    tick();
  }
  function tick() {
    var k = Math.ceil((end - Date.now()) / 1000);
    left.textContent = end ? line.getAttribute('data-left').replace('{k}', Math.max(0, k)) : '';
    if (end && k <= 0) { end = 0; next(Math.random() * 3000); }
  }
  function ask() {
    // Not all at once, and not of a phone in a pocket.
    next(EVERY * (0.75 + Math.random() / 2));
    if (document.hidden || !document.body.contains(line)) { return; }
    fetch('/d/' + line.getAttribute('data-door') + '/clock', { credentials: 'omit' })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (now) { if (now) { draw(now); } })
      .catch(function () { return null; });
  }
  setInterval(tick, 1000);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) { next(Math.random() * 2000); } });
  next(EVERY * Math.random());
}());

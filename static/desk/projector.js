/* The wall keeps itself fresh: the code turns over, the number grows, a change of stage loads the page anew. */
(function () {
  'use strict';
  var wall = document.querySelector('[data-screen]');
  var every = Number(wall.dataset.every) * 1000;
  var left = document.querySelector('[data-left]');

  var soon = document.querySelector('[data-soon]'), end = 0;

  function put(name, text) {
    var place = document.querySelector('[data-' + name + ']');
    if (place) { place.textContent = text; }
  }

  function draw(now) {
    // The code comes with the rehearsal of the key, which is no change of stage.
    if (now.stage !== wall.dataset.stage || !now.path === !!document.querySelector('[data-path]')) { location.reload(); return; }
    put('returned', now.returned);
    put('people', now.people);
    var fill = document.querySelector('[data-fill]');
    if (fill) { fill.setAttribute('width', Math.min(100, Math.floor(100 * now.returned / (now.people || 1))) + '%'); }
    var path = document.querySelector('[data-path]');
    if (path && now.path && path.getAttribute('d') !== now.path) {
      path.parentNode.setAttribute('viewBox', '0 0 ' + now.size + ' ' + now.size);
      path.setAttribute('d', now.path);
    }
    if (soon) {
      end = now.seconds_open === null ? 0 : Date.now() + now.seconds_open * 1000;
      soon.hidden = !end;
      tick();
    }
    if (left && now.seconds) { left.textContent = now.seconds; }
  }

  function ask() {
    fetch(wall.dataset.screen, { credentials: 'same-origin', redirect: 'error' })
      .then(function (answer) {
        // The login has ended or the meeting is gone: the page itself says so.
        if (answer.status === 403 || answer.status === 404) { location.reload(); }
        return answer.ok ? answer.json() : null;
      })
      .then(function (now) { if (now) { draw(now); } })
      .catch(function () { return null; });
  }

  // The last minute, second by second; the server closes the box when it is asked after that.
  function tick() {
    if (!end) { return; }
    var seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    put('open', seconds);
    if (!seconds) { end = 0; ask(); }
  }

  setInterval(ask, every);
  setInterval(tick, 1000);
  if (soon && !soon.hidden) { end = Date.now() + Number(soon.querySelector('[data-open]').textContent) * 1000; }
  if (left) {
    setInterval(function () {
      var seconds = Number(left.textContent) - 1;
      if (seconds > 0) { left.textContent = seconds; } else { ask(); }
    }, 1000);
  }
}());

/* How far bundles have come: asked every two seconds; when one is done, failed or stopped, the page is read anew. */
(function () {
  'use strict';
  var EVERY = 2000;
  var place = document.getElementById('bundles');

  function draw(found) {
    var again = false;
    found.forEach(function (each) {
      var item = place.querySelector('[data-bundle="' + each.id + '"]');
      if (!item) { again = true; return; }
      var bar = item.querySelector('progress');
      var said = item.querySelector('[data-said]');
      // Waiting and running look alike; what is over has nothing more to tell.
      if (!said) { return; }
      if (each.state !== 'waiting' && each.state !== 'running') { again = true; return; }
      bar.max = each.whole || 1;
      bar.value = each.done;
      if (said.textContent !== each.said) { said.textContent = each.said; }
    });
    if (again) { window.location.reload(); } else { window.setTimeout(ask, EVERY); }
  }
  function ask() {
    var request = new XMLHttpRequest();
    request.open('GET', place.dataset.state);
    request.setRequestHeader('Accept', 'application/json');
    request.addEventListener('load', function () {
      if (request.status === 200) { draw(JSON.parse(request.responseText).bundles); return; }
      // The login has run out, or the right is gone: the page itself says so.
      if (request.status >= 400 && request.status < 500) { window.location.reload(); return; }
      window.setTimeout(ask, EVERY);
    });
    request.addEventListener('error', function () { window.setTimeout(ask, EVERY); });
    request.send();
  }
  if (place) { window.setTimeout(ask, EVERY); }
}());

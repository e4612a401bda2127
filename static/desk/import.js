/* A long list with a bar: the form goes by XMLHttpRequest, the answer is a stream of lines, the last one holds the page. */
(function () {
  'use strict';
  function begin(form) {
    var place = form.querySelector('[data-bar]');
    var bar = place.querySelector('progress');
    var said = place.querySelector('[data-said]');
    var request = new XMLHttpRequest();
    var read = 0;
    var page = '';
    var to = '';

    function fail() {
      form.removeAttribute('aria-busy');
      bar.hidden = true;
      said.textContent = form.dataset.failed;
      Array.prototype.forEach.call(form.querySelectorAll('button'), function (button) { button.disabled = false; });
    }
    function draw(line) {
      if (line.page !== undefined) { page = line.page; return; }
      if (line.to !== undefined) { to = line.to; return; }
      if (line.share === null) { bar.removeAttribute('value'); } else { bar.value = line.share; }
      said.textContent = line.said;
    }
    function take() {
      var lines = request.responseText.slice(read).split('\n');
      read = request.responseText.length - lines.pop().length;
      lines.forEach(function (text) { if (text) { draw(JSON.parse(text)); } });
    }
    function finish() {
      // Whatever was refused before the work began comes as a page of its own.
      if (/^text\/html/.test(request.getResponseHeader('Content-Type') || '')) { page = request.responseText; } else { take(); }
      if (to) { window.location.assign(to); return; }
      if (!page) { fail(); return; }
      document.open();
      document.write(page);
      document.close();
      window.scrollTo(0, 0);
    }
    var data = new FormData(form);
    data.append('progress', '1');
    request.open('POST', form.action);
    request.upload.addEventListener('progress', function (event) { if (event.lengthComputable) { bar.value = event.loaded / event.total; } });
    request.addEventListener('progress', function () {
      if (request.status === 200 && !/^text\/html/.test(request.getResponseHeader('Content-Type') || '')) { take(); }
    });
    request.addEventListener('load', finish);
    request.addEventListener('error', fail);
    request.addEventListener('abort', fail);
    place.hidden = bar.hidden = false;
    bar.value = 0;
    said.textContent = form.dataset.sent;
    form.setAttribute('aria-busy', 'true');
    Array.prototype.forEach.call(form.querySelectorAll('button'), function (button) { button.disabled = true; });
    request.send(data);
  }
  Array.prototype.forEach.call(document.querySelectorAll('form[data-progress]'), function (form) {
    form.addEventListener('submit', function (event) { event.preventDefault(); begin(form); });
  });
}());

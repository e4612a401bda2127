/* Runs before the first paint: letters as large as this device was told, and a mark that the script of the page may rely on.
   Which view it is stays on the device: the switch is a link for phones without a script, and asks nobody with one. */
(function () {
  'use strict';
  var root = document.documentElement, KEY = 'pingyi-big', step = null;
  var js = window.fetch && window.DOMParser && window.JSON ? 'js' : '';
  function dress() { root.className = [step > 0 ? 'elder' : '', step > 1 ? 'z' + step : '', js].join(' ').replace(/^ +| +$/g, '').replace(/ +/g, ' '); }
  function sign() {
    Array.prototype.forEach.call(document.querySelectorAll('.zoom [data-big]'), function (link) {
      if (link.getAttribute('data-big') === step) { link.setAttribute('aria-current', 'true'); } else { link.removeAttribute('aria-current'); }
    });
  }
  try { step = window.localStorage.getItem(KEY); } catch (refused) { step = null; }
  if (!/^[0-3]$/.test(step)) { step = /elder/.test(root.className) ? (/z([23])/.exec(root.className) || ['', '1'])[1] : '0'; }
  dress();
  if (!js) { return; }
  document.addEventListener('DOMContentLoaded', sign);
  document.addEventListener('view', sign);
  document.addEventListener('click', function (event) {
    var link = event.target;
    while (link && !(link.getAttribute && link.hasAttribute('data-big'))) { link = link.parentNode; }
    if (!link) { return; }
    event.preventDefault();
    step = link.getAttribute('data-big');
    dress();
    try { window.localStorage.setItem(KEY, step); } catch (refused) { sign(); }
    document.dispatchEvent(new Event('view'));
  });
}());

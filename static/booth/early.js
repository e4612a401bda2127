/* Runs before the first paint: large letters as this device was told, and a mark that the script of the page may rely on. */
(function () {
  'use strict';
  var root = document.documentElement, big = null;
  try { big = window.localStorage.getItem('pingyi-big'); } catch (refused) { big = null; }
  if (big === '1') { root.className = 'elder'; }
  if (big === '0') { root.className = ''; }
  if (window.fetch && window.DOMParser && window.JSON) { root.className += ' js'; }
}());

/* The ballot is in the box: what this device kept of it goes. */
(function () {
  'use strict';
  var code = (location.pathname.split('/')[2] || '').toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  try { window.localStorage.removeItem('pingyi:' + code); } catch (refused) { return; }
}());

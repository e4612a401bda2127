/* The editor of questionnaires, beyond what its forms do by themselves. */
(function () {
  'use strict';
  document.documentElement.className += ' js';
}());

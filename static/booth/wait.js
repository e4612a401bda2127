/* A meeting that pauses: the page looks again by itself. */
setTimeout(function () { 'use strict'; location.reload(); }, 10000 + Math.random() * 5000);

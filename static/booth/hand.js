/* A tablet that goes from hand to hand. After each voter the code page comes back, by a tap or by itself; a ballot left lying is
   cleared after a warning. Nothing of a voter is kept: no draft, no size of letters, no language, no code in the address or
   behind the back button. */
(function () {
  'use strict';
  var hand = document.getElementById('hand');
  if (!hand) { return; }
  // Seconds: how long a tracker stays to be copied, a ballot may lie, and the warning before it goes.
  var SHOWN = 45, LYING = 180, WARNED = 60;
  // As it was set up: one voter's language is not the next one's.
  var home = location.pathname + hand.getAttribute('data-home'), other = document.querySelector('button.speak');
  var since = Date.now(), over = 0, count = null, said = document.createElement('p'), seconds = document.createElement('b');
  function phrase(name, k) { return hand.getAttribute('data-' + name).replace('{k}', k); }
  function button(text, act) {
    var made = document.createElement('button');
    made.type = 'button';
    made.className = 'button';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  }
  function leave() {
    clearInterval(count);
    try { localStorage.removeItem('pingyi-big'); } catch (refused) { hand.hidden = true; }
    location.replace(home);
  }
  // The ballot in the other language, with what is chosen: sent as a form, for the code must not stand in an address.
  function turn(event) {
    var form = ballot(), sent = document.createElement('input'), b = (window.pingyi || {}).ballot;
    event.preventDefault();
    if (b && b.is_sending()) { return; }
    sent.type = 'hidden';
    sent.name = 'code';
    sent.value = event.currentTarget.value;
    form.appendChild(sent);
    form.setAttribute('action', event.currentTarget.getAttribute('formaction'));
    form.submit();
  }
  function code() { return document.getElementById('code'); }
  function ballot() { return document.getElementById('ballot'); }
  function offer() {
    var main = document.querySelector('main'), ticket = main.querySelector('.ticket'), note = document.createElement('span'), next = button(phrase('next'), leave);
    Array.prototype.forEach.call(main.querySelectorAll('[data-own],.speak'), function (node) { node.parentNode.removeChild(node); });
    if (ticket) { ticket.appendChild(note).textContent = phrase('copy'); }
    note.className = 'quiet';
    next.className = 'button seal';
    said.className = 'quiet';
    hand.hidden = true;
    main.appendChild(next);
    main.appendChild(said);
    over = Date.now() + 1000 * SHOWN;
  }
  function warn(left) {
    hand.hidden = left > WARNED;
    seconds.textContent = phrase('left', left);
  }
  function tick() {
    var now = Date.now(), send = document.getElementById('send');
    if (over) {
      said.textContent = phrase('back', Math.max(0, Math.ceil((over - now) / 1000)));
      if (now >= over) { leave(); }
      return;
    }
    // While a ballot is on its way nobody is idle.
    if (send && send.disabled) { since = now; }
    if (ballot()) {
      warn(Math.max(0, LYING + WARNED - Math.floor((now - since) / 1000)));
      if (now >= since + 1000 * (LYING + WARNED)) { leave(); }
    } else if (code() && (code().value || hand.hasAttribute('data-apart')) && now >= since + 1000 * LYING) { leave(); }
  }
  function touched(event) {
    // The finger on the warning's own button must still find it there.
    if (event.type !== 'click' && hand.contains(event.target)) { return; }
    since = Date.now();
    hand.hidden = true;
    if (over) { over = since + 1000 * SHOWN; }
  }

  said.textContent = phrase('idle');
  // Told once; the seconds are for the eyes.
  seconds.setAttribute('aria-hidden', 'true');
  [said, seconds, button(phrase('stay'), touched)].forEach(function (node) { hand.appendChild(node); });
  // The answer to a code: asked for again it is the code page, not that code a second time.
  history.replaceState(null, '', home);
  if (other && ballot()) { other.addEventListener('click', turn); }
  ['pointerdown', 'touchstart', 'keydown', 'input', 'wheel'].forEach(function (kind) { window.addEventListener(kind, touched, { capture: true, passive: true }); });
  window.addEventListener('pageshow', function (event) {
    if (event.persisted) { leave(); }
    if (code() && !document.querySelector('[role="alert"]')) { code().value = ''; }
  });
  document.addEventListener('told', offer);
  if (document.querySelector('main[data-page]')) { offer(); }
  count = setInterval(tick, 1000);
}());

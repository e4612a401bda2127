/* The way through the cards: the next one comes by itself, a list says who is done, and in the elder view there is one card
   on the screen at a time. It is the same page: a card that is not shown is there all the same. */
(function () {
  'use strict';
  var b = (window.pingyi || {}).ballot;
  if (!b) { return; }
  var say = b.say, form = b.form, cards = b.cards, root = document.documentElement, make = b.make;
  // Long enough to see what was chosen; a shortcut is looked at for longer. Another touch stops it.
  var PAUSE = 500, LONG_PAUSE = 1100, SETTLE = 400;
  var walking = false, here = cards[0], pending = null, byKey = false;
  var far = form.querySelector('.far'), bar = form.querySelector('.bar'), seal = bar.querySelector('.seal'), next = bar.querySelector('.next');
  var told = far.querySelector('p span'), page = make('span', '', 'page');
  var before = make('button', say.before, 'button'), onward = make('button', say.onward, 'button seal');
  function isElder() { return /(^| )elder( |$)/.test(root.className); }
  function still() { return Boolean(window.matchMedia && window.matchMedia('(prefers-reduced-motion: reduce)').matches); }

  // ---- one card at a time
  function part(card) {
    // What stands above a card: shown with the first one under a heading, and for the ear with all of them.
    var found = [], node = card.node.previousElementSibling, isFirst = true;
    while (node && node.tagName !== 'H2') {
      if (/(^| )about( |$)/.test(node.className)) { found.push(node); } else { isFirst = false; }
      node = node.previousElementSibling;
    }
    return { nodes: node ? found.concat(node) : [], name: isFirst ? 'now' : 'unseen' };
  }
  function light(card, on) {
    var above = part(card);
    above.nodes.forEach(function (node) { node.classList[on ? 'add' : 'remove'](above.name); });
    card.node.classList[on ? 'add' : 'remove']('now');
  }
  function stand(card) {
    light(here, false);
    here = card;
    light(here, true);
    b.one('kept').classList[card.place === cards.length - 1 ? 'add' : 'remove']('now');
    bars();
    b.arrived(card);
  }
  function bars() {
    var isEnd = !walking || here.place === cards.length - 1 || b.tried() && !b.sum('left');
    page.textContent = b.put(say.page, { k: here.place + 1, n: cards.length });
    before.disabled = !here.place;
    before.hidden = !walking;
    next.hidden = walking;
    onward.hidden = isEnd;
    seal.hidden = !isEnd;
  }
  function view() {
    if (!document.body.contains(form)) { return; }
    var first = cards.filter(function (card) { return card.left; })[0] || cards[0];
    if (walking === isElder()) { return; }
    walking = isElder();
    form.classList[walking ? 'add' : 'remove']('walk');
    page.hidden = !walking;
    // Whoever was in the middle of the ballot goes on where he was.
    stand(walking && b.sum('left') < total ? first : here);
    if (!walking && here.place) { here.node.scrollIntoView(); }
  }
  function show(card) {
    var smooth = walking || still() ? 'auto' : 'smooth';
    if (walking) {
      stand(card);
      window.scrollTo(0, form.getBoundingClientRect().top + window.pageYOffset);
    } else if (smooth === 'auto') { card.node.scrollIntoView(); } else { card.node.scrollIntoView({ behavior: smooth, block: 'start' }); }
    card.node.tabIndex = -1;
    b.focus(card.node);
  }
  before.addEventListener('click', function () { if (here.place) { show(cards[here.place - 1]); } });
  onward.addEventListener('click', function () { show(cards[here.place + 1]); });

  // ---- the next one by itself: after a tap that completed a card, never while typing and never for the keyboard
  function cancel() { clearTimeout(pending); pending = null; }
  function touched(event) { byKey = event.type === 'keydown'; cancel(); }
  ['keydown', 'mousedown', 'touchstart', 'wheel'].forEach(function (kind) { document.addEventListener(kind, touched, { capture: true, passive: true }); });
  function goesOn(card) {
    return b.asked(card).every(function (q) { return q.kind === 'rating' || q.kind === 'choice' && q.most === 1 && !q.names.length; });
  }
  function move(card, following) {
    pending = null;
    if (form.hidden || !document.body.contains(form)) { return; }
    show(following);
    b.one('heard').textContent = b.put(say.then, { who: card.label, next: following.label });
    // A finger on its way to the card that was here must not choose for the one that is.
    form.classList.add('fresh');
    setTimeout(function () { form.classList.remove('fresh'); }, SETTLE);
  }
  b.completed = function (card, was, by) {
    var following = cards[card.place + 1];
    cancel();
    bars();
    if (!was || card.left || byKey || !following || !goesOn(card)) { return; }
    if (!walking && following.rated && !following.left) { return; }
    pending = setTimeout(function () { move(card, following); }, by ? PAUSE : LONG_PAUSE);
  };

  // ---- who is done
  var list = null, opener = make('button', say.list, 'list-of');
  function state(card) { return !card.rated ? '' : card.left ? b.put(say.left, { k: card.left }) : say.done; }
  function build() {
    list = make('ul', '', 'map');
    list.id = 'map';
    cards.forEach(function (card) {
      var button = make('button'), item = make('li');
      card.sign = button.appendChild(make('span', '', 'did'));
      card.sign.setAttribute('aria-hidden', 'true');
      button.appendChild(make('b', card.label));
      button.addEventListener('click', function () { shut(); b.toCard(card); });
      item.appendChild(button);
      list.appendChild(item);
    });
    var end = list.appendChild(make('li', '', 'last')).appendChild(make('button', seal.textContent));
    end.addEventListener('click', function () { shut(); b.toReview(); });
    far.appendChild(list);
  }
  function open() {
    if (!list) { build(); }
    cards.forEach(function (card) {
      card.sign.textContent = !card.rated ? '' : card.left ? '○' : '✓';
      card.sign.parentNode.className = card.left ? 'todo' : '';
      card.sign.parentNode.setAttribute('aria-label', card.label + (state(card) && say.comma + state(card)));
    });
    list.hidden = false;
    far.classList.add('listing');
    opener.setAttribute('aria-expanded', 'true');
  }
  function shut() {
    if (list) { list.hidden = true; }
    far.classList.remove('listing');
    opener.setAttribute('aria-expanded', 'false');
  }
  opener.setAttribute('aria-expanded', 'false');
  opener.addEventListener('click', function () { if (!list || list.hidden) { open(); } else { shut(); } });
  far.addEventListener('keydown', function (event) { if (event.key === 'Escape') { shut(); opener.focus(); } });
  form.addEventListener('focusin', function (event) { if (!far.contains(event.target)) { shut(); } });

  var quiet = far.querySelector('p .quiet'), total = cards.reduce(function (n, card) { return n + b.marked(card).length; }, 0);
  quiet.parentNode.replaceChild(opener, quiet);
  told.parentNode.insertBefore(page, told);
  bar.insertBefore(before, seal);
  bar.insertBefore(onward, seal);
  b.all('[href="#kept"]').forEach(function (link) { link.addEventListener('click', function () { b.one('kept').classList.add('now'); }); });
  b.stand = function (card) { if (walking) { stand(card); } };
  b.here = function () { return walking ? here : null; };
  b.arrived = function () { return; };
  document.addEventListener('view', view);
  page.hidden = true;
  b.start = function () { bars(); view(); };
}());

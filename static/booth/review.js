/* The review: the same words as the server's, and the ways to it and back. */
(function () {
  'use strict';
  var b = (window.pingyi || {}).ballot;
  if (!b) { return; }
  var say = b.say, one = b.one, put = b.put, make = b.make, form = b.form, NAMED = 6;
  function label(input) { return input.parentNode.textContent; }

  // ---- a line for each card, and what stops the ballot
  function ratings(card) {
    var items = b.asked(card).filter(function (q) { return q.kind === 'rating'; }), order = [], times = {}, chosen = 0;
    items.forEach(function (q) {
      q.inputs.forEach(function (input) {
        var name = label(input);
        if (order.indexOf(name) < 0) { order.push(name); times[name] = 0; }
        if (input.checked) { times[name] += 1; chosen += 1; }
      });
    });
    var used = order.filter(function (name) { return times[name]; });
    if (used.length === 1 && chosen === items.length) {
      return [items.length === 1 ? used[0] : put(say.all, { n: b.count(items.length), label: used[0] })];
    }
    return used.map(function (name) { return put(say.some, { label: name, k: times[name] }); });
  }
  function line(card) {
    var left = card.left, ends = b.marked(card).length, said = ratings(card), others = [];
    var opinions = b.asked(card).filter(function (q) { return q.kind === 'opinion' && b.words(q.inputs[0].value); });
    if (left && left === ends) { said = [left === 1 ? say.one : put(say.none, { n: b.count(left) })]; } else {
      b.asked(card).forEach(function (q) {
        if (b.isOpen(q)) { return; }
        if (q.kind === 'score') { others.push(put(say.score, { text: q.text, value: q.inputs[0].value.trim() })); }
        if (q.kind === 'choice') { others.push(put(say.marked, { text: q.text, names: q.inputs.filter(b.checked).map(label).concat(b.written(q)).join(say.pause) })); }
        if (q.node.hasAttribute('data-k')) { others.push(put(say.marked, { text: q.text, names: q.inputs[0].value.trim() })); }
      });
      if (left) { said.push(put(say.left, { k: left })); }
    }
    if (!ends && !opinions.length) { said = [say.silent]; }
    return { text: said.join(say.comma), words: others.concat(opinions.map(function (q) { return b.words(q.inputs[0].value); })), left: left };
  }
  function row(card) {
    var told = line(card), link = make('a', '', told.left ? 'open' : ''), middle = make('span', told.text), item = make('li');
    link.href = '#' + card.node.id;
    link.appendChild(make('b', card.label));
    told.words.forEach(function (text) { middle.appendChild(make('q', text)); });
    link.appendChild(middle);
    link.appendChild(make('span', told.left ? say.go : say.change, 'does'));
    item.appendChild(link);
    return item;
  }
  function stops() {
    var found = [], over = b.sum('letters');
    b.cards.forEach(function (card) {
      b.asked(card).forEach(function (q) {
        if (q.must && b.isOpen(q)) { found.push({ card: card, question: q, text: put(say.must, { who: card.label, text: q.text }) }); }
        if (b.wrong(q)) { found.push({ card: card, question: q, text: put(b.wrong(q), { who: card.label, text: q.text }) }); }
      });
    });
    if (over > Number(say.most)) { found.push({ card: null, text: put(say.long, { most: say.most, k: over }) }); }
    return found;
  }
  function notice(title, lines, end) {
    var box = make('div', '', 'care');
    box.setAttribute('role', 'status');
    box.appendChild(make('b', title));
    lines.forEach(function (each) {
      var p = make('p', '', 'to'), link = make('a', say.go);
      p.appendChild(make('span', each.text));
      if (each.card) { link.href = '#' + each.card.node.id; link.question = each.question; p.appendChild(link); }
      box.appendChild(p);
    });
    if (end) { box.appendChild(make('p', end)); }
    return box;
  }
  function fillReview() {
    var open = b.cards.filter(function (card) { return card.left; }), faults = stops(), care = one('care'), rows = one('rows'), list = null;
    care.textContent = '';
    rows.textContent = '';
    if (faults.length) { care.appendChild(notice(say.stop, faults, '')); } else if (open.length) {
      var lines = open.slice(0, NAMED).map(function (card) {
        return { card: card, text: put(say.open_one, { who: card.label, what: put(say.left, { k: card.left }) }) };
      });
      if (open.length > NAMED) { lines.push({ card: null, text: put(say.more, { k: open.length - NAMED }) }); }
      care.appendChild(notice(put(say.open, { k: open.length }), lines, say.free));
    }
    b.all('.part,.card[id^="t"]', form).forEach(function (node) {
      if (node.tagName === 'H2') {
        rows.appendChild(make('h2', node.firstChild.textContent, 'part'));
        list = rows.appendChild(make('ul', '', 'rows'));
      } else { list.appendChild(row(b.byId[node.id])); }
    });
    one('send').hidden = faults.length > 0;
  }

  // ---- between ballot and review; the back button leads back as on any other page
  var head = document.querySelector('.head'), review = one('review'), name = document.title, wanted = [], place = 0;
  function show(reviewing) {
    head.hidden = form.hidden = reviewing;
    review.hidden = !reviewing;
    document.title = reviewing ? review.querySelector('h1').textContent : name;
  }
  function scrolls(how) { if ('scrollRestoration' in history) { history.scrollRestoration = how; } }
  function toReview() {
    place = review.hidden ? window.pageYOffset : place;
    b.save();
    b.try_();
    fillReview();
    b.tell('');
    show(true);
    window.scrollTo(0, 0);
    review.querySelector('h1').focus();
    if (!(history.state && history.state.review)) {
      // The way back leads to a card of our choice, not to where the browser remembers the page.
      scrolls('manual');
      history.pushState({ review: true }, '');
    }
  }
  function focus(node) { try { node.focus({ preventScroll: true }); } catch (refused) { node.focus(); } }
  function toCard(card, question) {
    var open, q;
    show(false);
    if (!card) { window.scrollTo(0, place); return; }
    b.stand(card);
    open = question || b.missing(card)[0] || b.asked(card).filter(b.wrong)[0];
    q = open || card.questions[0];
    (open ? q.node : card.node).scrollIntoView({ block: open ? 'center' : 'start' });
    focus(q.inputs.filter(b.checked)[0] || q.inputs[0]);
  }
  function back(card, question) {
    wanted = [card, question];
    if (history.state && history.state.review) { history.back(); } else { toCard(card, question); }
  }
  window.addEventListener('popstate', function (event) {
    if (!document.body.contains(form) || b.is_sending()) { return; }
    if (event.state && event.state.review) { toReview(); } else if (form.hidden) {
      toCard(wanted[0], wanted[1]);
      wanted = [];
      scrolls('auto');
    }
  });
  form.addEventListener('submit', function (event) { event.preventDefault(); toReview(); });
  review.addEventListener('click', function (event) {
    var node = event.target;
    while (node && node !== review && node.tagName !== 'A') { node = node.parentNode; }
    if (!node || node === review || b.is_sending()) { return; }
    event.preventDefault();
    back(b.byId[node.getAttribute('href').slice(1)], node.question);
  });
  one('edit').addEventListener('click', function () { if (!b.is_sending()) { back(null); } });
  if (history.state && history.state.review) { history.replaceState(null, ''); }
  b.toReview = toReview; b.toCard = toCard; b.focus = focus;
  b.stand = function () { return; };
}());

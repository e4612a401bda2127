/* The ballot on the phone: what is on it, what is chosen, and what is kept of it here. Without these scripts the form does the
   same over the network. Old browsers read them: no arrow functions, no template strings, nothing newer than fetch. What is
   said comes from the page, in its language. A tap costs the questions of one card, however many cards there are. */
(function () {
  'use strict';
  var form = document.getElementById('ballot');
  if (!form || !/(^| )js( |$)/.test(document.documentElement.className)) { return; }
  var say = JSON.parse(form.getAttribute('data-phrases'));
  var numerals = say.numerals.split(' ');
  // The address of the slip. A tablet that goes from hand to hand does not have it in its own address, and keeps nothing.
  var at = form.getAttribute('action') || location.pathname;
  var BOX = 'pingyi:' + (at.split('/')[2] || '').toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  var KEEPS = !form.hasAttribute('data-preview') && !form.hasAttribute('data-hand');
  // What numbers, dates and conditions need, sent with the papers that have them; `off` is a question that is not asked.
  var b = {}, more = (window.pingyi || {}).more;
  window.pingyi = { more: more, ballot: b };
  // The language and the size of letters, before a tablet hides them from its history.
  b.query = location.search;

  // ---- small things
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function one(id) { return document.getElementById(id); }
  function put(phrase, values) { return phrase.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; }); }
  function count(n) { return numerals[n] || String(n); }
  function make(tag, text, name) {
    var node = document.createElement(tag);
    if (text) { node.textContent = text; }
    if (name) { node.className = name; }
    if (tag === 'button') { node.type = 'button'; }
    return node;
  }
  function write(node, text) { if (node.textContent !== String(text)) { node.textContent = text; } }
  function checked(input) { return input.checked; }
  function ticked(input) { return input.type === 'radio' || input.type === 'checkbox'; }
  function words(text) { return (text.normalize ? text.normalize('NFKC') : text).replace(/\r\n?/g, '\n').replace(/^\s+|\s+$/g, ''); }
  function letters(text) { return words(text).replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '_').length; }
  function remember() { try { if (KEEPS) { localStorage.setItem(BOX, JSON.stringify(kept)); } } catch (refused) { return; } }
  function recall() { try { return KEEPS ? localStorage.getItem(BOX) : null; } catch (refused) { return null; } }
  function forget() { clearTimeout(timer); timer = null; try { localStorage.removeItem(BOX); } catch (refused) { return; } }

  // ---- the cards as values
  function question(node) {
    var inputs = all('input:not(.name),textarea', node), first = inputs[0], legend = node.querySelector('legend span:not(.unseen)');
    var kind = first.tagName === 'TEXTAREA' ? 'opinion' : node.hasAttribute('data-most') ? 'choice' : first.type === 'radio' ? 'rating' : node.getAttribute('data-k') || 'score';
    return {
      node: node, inputs: inputs, names: all('.name', node), name: first.name, kind: kind, scale: node.getAttribute('data-s'), most: Number(node.getAttribute('data-most')),
      must: node.hasAttribute('data-must'), off: false, missed: false,
      text: legend ? legend.textContent : Array.prototype.filter.call(node.querySelector('label').childNodes, function (each) { return each.nodeType === 3; })[0].data.trim()
    };
  }
  var byId = {};
  var cards = all('.card[id^="t"]', form).map(function (node, place) {
    return byId[node.id] = {
      node: node, place: place, label: node.getAttribute('aria-label'), rated: node.hasAttribute('data-rated'), questions: all('.q', node).map(question),
      same: [], left: 0, letters: 0
    };
  });
  // Names beside the candidates, and how many are chosen with them.
  function written(q) { return q.names.length ? more.written(q) : []; }
  function taken(q) { return q.inputs.filter(checked).length + written(q).length; }
  function isOpen(q) {
    if (q.kind === 'rating' || q.kind === 'choice') { return !taken(q); }
    return !q.inputs[0].value.replace(/\s/g, '');
  }
  function asked(card) { return card.questions.filter(function (q) { return !q.off; }); }
  function marked(card) { return asked(card).filter(function (q) { return q.kind !== 'opinion'; }); }
  function missing(card) { return marked(card).filter(isOpen); }
  function wrong(q) {
    var typed = q.kind === 'score' ? words(q.inputs[0].value) : '';
    if (typed !== '' && !(/^(0|[1-9]\d?|100)$/.test(typed))) { return say.range; }
    return more ? more.wrong(q, say) : '';
  }
  function sum(what) { return cards.reduce(function (total, card) { return total + card[what]; }, 0); }

  // ---- progress, and what is still open
  var tried = false, timer = null, kept = {};
  var done = form.querySelector('.far b'), progress = form.querySelector('.far progress'), next = form.querySelector('.next'), room = one('letters');
  function mark(q) {
    var missed = tried && Boolean(isOpen(q) && (q.kind !== 'opinion' || q.must) || wrong(q));
    if (missed === q.missed) { return; }
    q.missed = missed;
    q.node.className = missed ? 'q missed' : 'q';
    (q.node.querySelector('legend') || q.node.querySelector('label')).setAttribute('data-say', say.one);
  }
  function measure(card) {
    if (more) { more.look([card]); }
    card.left = missing(card).length;
    card.letters = asked(card).reduce(function (n, q) { return n + (q.kind === 'opinion' ? letters(q.inputs[0].value) : written(q).join('').length); }, 0);
    card.questions.forEach(function (q) {
      var values = q.inputs.filter(function (input) { return ticked(input) ? input.checked : input.value !== ''; }).map(function (input) { return input.value; });
      if (values.length) { kept[q.name] = values; } else { delete kept[q.name]; }
      q.names.forEach(function (input) { if (input.value) { kept[input.name] = [input.value]; } else { delete kept[input.name]; } });
      mark(q);
    });
    card.same.forEach(function (each) { each.tell(); });
  }
  function look() {
    var rated = cards.filter(function (card) { return card.rated && !card.left; }).length, spare = Number(say.most) - sum('letters'), left = sum('left');
    write(done, rated);
    if (progress.value !== rated) { progress.value = rated; }
    next.disabled = !left;
    write(next, left ? say.next : say.finished);
    if (room) {
      write(room, sum('letters') ? (spare < 0 ? put(say.over, { k: -spare }) : put(say.letters, { k: spare })) : '');
      room.className = spare < 0 ? 'letters care' : 'letters quiet';
    }
  }
  function lookAll() { cards.forEach(measure); look(); }
  function save() {
    clearTimeout(timer);
    timer = null;
    remember();
  }
  // `by` is the kind of field that was changed; a shortcut is none.
  function changed(card, by) {
    var was = card.left;
    measure(card);
    look();
    clearTimeout(timer);
    timer = setTimeout(save, 200);
    b.completed(card, was, by);
  }
  function restore() {
    var found = null, any = false;
    try { found = JSON.parse(recall() || 'null'); } catch (spoiled) { found = null; }
    if (!found) { return; }
    cards.forEach(function (card) {
      card.questions.forEach(function (q) {
        var values = found[q.name] || [];
        any = any || values.length > 0 || q.names.some(function (input) { return found[input.name]; });
        // Who began while the page was still on its way has the last word.
        if (!isOpen(q)) { return; }
        q.inputs.forEach(function (input) {
          if (ticked(input)) { input.checked = values.indexOf(input.value) >= 0; } else { input.value = values[0] || ''; }
        });
        q.names.forEach(function (input) { input.value = (found[input.name] || [''])[0]; });
      });
    });
    if (any) { one('back').textContent = say.kept; one('back').hidden = false; }
  }

  // ---- one tap for all questions of a person that have the same answers; the same tap again takes it back
  function addShortcut(card, group) {
    var box = make('div', '', 'same'), row = make('div', '', group[0].node.querySelector('.scale').className.replace('scale ', '')), before = null;
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', put(say.same_of, { who: card.label, n: count(group.length) }));
    box.appendChild(make('span', put(say.same, { n: count(group.length) })));
    group[0].inputs.forEach(function (input, place) {
      var button = make('button');
      function isPressed() { return group.every(function (q) { return q.inputs[place].checked; }); }
      button.innerHTML = input.nextElementSibling.innerHTML;
      button.addEventListener('click', function () {
        var back = isPressed() && before || [];
        before = isPressed() ? null : before || group.map(function (q) { return q.inputs.map(checked); });
        group.forEach(function (q, i) { q.inputs.forEach(function (each, j) { each.checked = before ? j === place : Boolean(back[i] && back[i][j]); }); });
        changed(card, '');
      });
      card.same.push({ tell: function () { button.setAttribute('aria-pressed', String(isPressed())); } });
      row.appendChild(button);
    });
    // A single change is a choice of its own: from then on there is nothing to take back to.
    group.forEach(function (q) { q.node.addEventListener('change', function () { before = null; }); });
    box.appendChild(row);
    card.node.insertBefore(box, group[0].node);
  }
  function addShortcuts(card) {
    var groups = {};
    card.questions.forEach(function (q) { if (q.scale !== null) { (groups[q.scale] = groups[q.scale] || []).push(q); } });
    Object.keys(groups).forEach(function (scale) { if (groups[scale].length > 1) { addShortcut(card, groups[scale]); } });
  }
  function addTicks(q) {
    var line = make('p', '', 'ticks quiet');
    line.setAttribute('role', 'status');
    q.node.appendChild(line);
    function tell(full) {
      var n = taken(q);
      line.textContent = full ? put(say.full, { most: q.most }) : put(say.ticked, { k: n, left: Math.max(0, q.most - n) });
      // With nothing left to choose an empty box takes no name; one that is being written in stays.
      q.names.forEach(function (input) { input.disabled = n >= q.most && !words(input.value) && input !== document.activeElement; });
    }
    q.node.addEventListener('change', function (event) {
      var over = taken(q) > q.most;
      if (over && ticked(event.target)) { event.target.checked = false; }
      tell(over);
    });
    q.names.forEach(function (input) { input.addEventListener('input', function () { tell(taken(q) > q.most); }); });
    return function () { tell(false); };
  }

  // ---- everything that is pressed
  function pressed(event) {
    var node = event.target, card;
    if (!node.name || event.type === 'input' && ticked(node)) { return; }
    while (node !== form && !byId[node.id]) { node = node.parentNode; }
    card = byId[node.id];
    if (card) { changed(card, event.target.type); }
  }
  form.addEventListener('change', pressed);
  form.addEventListener('input', pressed);
  next.addEventListener('click', function () {
    var open = cards.filter(function (card) { return card.left; })[0];
    b.try_();
    if (open) { b.toCard(open); }
  });
  window.addEventListener('pagehide', function () { if (timer) { save(); } });
  document.addEventListener('visibilitychange', function () { if (timer && document.hidden) { save(); } });

  b.form = form; b.say = say; b.at = at; b.cards = cards; b.byId = byId; b.all = all; b.one = one; b.put = put; b.count = count; b.make = make;
  b.checked = checked; b.words = words; b.isOpen = isOpen; b.asked = asked; b.marked = marked; b.missing = missing; b.wrong = wrong; b.sum = sum;
  b.written = written; b.save = save; b.forget = forget; b.is_hand = form.hasAttribute('data-hand');
  // What was left open is marked from the first time on that somebody wanted to go on.
  b.try_ = function () { if (!tried) { tried = true; lookAll(); } };
  b.tried = function () { return tried; };
  b.completed = function () { return; };

  if (more) { more.start(cards); }
  cards.forEach(addShortcuts);
  restore();
  cards.forEach(function (card) { card.questions.forEach(function (q) { if (q.kind === 'choice' && (q.most > 1 || q.names.length)) { addTicks(q)(); } }); });
  lookAll();
}());

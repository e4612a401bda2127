/* The ballot on the phone. Without this script the form does the same over the network. Old browsers read it: no arrow
   functions, no template strings, nothing newer than fetch. What is said comes from the page, in its language. */
(function () {
  'use strict';
  var root = document.documentElement;
  var form = document.getElementById('ballot');
  if (!form || !/(^| )js( |$)/.test(root.className)) { return; }
  var say = JSON.parse(form.getAttribute('data-phrases'));
  var numerals = say.numerals.split(' ');
  var BOX = 'pingyi:' + (location.pathname.split('/')[2] || '').toUpperCase().replace(/[^0-9A-Z]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  var PREVIEW = form.getAttribute('data-preview');
  var WAITS = [1, 2, 4, 8, 15], LONGEST_TRY = 20000, NAMED = 6;

  // ---- small things
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function one(id) { return document.getElementById(id); }
  function put(phrase, values) { return phrase.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; }); }
  function count(n) { return numerals[n] || String(n); }
  function make(tag, text, name) {
    var node = document.createElement(tag);
    if (text) { node.textContent = text; }
    if (name) { node.className = name; }
    return node;
  }
  function checked(input) { return input.checked; }
  function words(text) { return (text.normalize ? text.normalize('NFKC') : text).replace(/\r\n?/g, '\n').replace(/^\s+|\s+$/g, ''); }
  function letters(text) { return words(text).replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '_').length; }
  function remember(key, value) { try { if (!PREVIEW || key !== BOX) { localStorage.setItem(key, value); } } catch (refused) { return; } }
  function recall(key) { try { return PREVIEW ? null : localStorage.getItem(key); } catch (refused) { return null; } }
  function forget(key) { try { localStorage.removeItem(key); } catch (refused) { return; } }

  // ---- the cards as values
  function question(node) {
    var inputs = all('input,textarea', node), first = inputs[0], legend = node.querySelector('legend span:not(.unseen)');
    var kind = first.tagName === 'TEXTAREA' ? 'opinion' : node.hasAttribute('data-most') ? 'choice' : first.type === 'radio' ? 'rating' : node.getAttribute('data-k') || 'score';
    return {
      node: node, inputs: inputs, kind: kind, scale: node.getAttribute('data-s'), most: Number(node.getAttribute('data-most')),
      must: node.hasAttribute('data-must'), off: false,
      text: legend ? legend.textContent : Array.prototype.filter.call(node.querySelector('label').childNodes, function (each) { return each.nodeType === 3; })[0].data.trim()
    };
  }
  var cards = all('.card[id^="t"]', form).map(function (node) {
    return { node: node, label: node.getAttribute('aria-label'), questions: all('.q', node).map(question) };
  });
  function label(input) { return input.parentNode.textContent; }
  function isOpen(q) {
    if (q.kind === 'rating' || q.kind === 'choice') { return !q.inputs.some(checked); }
    return !q.inputs[0].value.replace(/\s/g, '');
  }
  // What numbers, dates and conditions need, sent with the papers that have them; `off` is a question that is not asked.
  var more = window.pingyi;
  function asked(card) { return card.questions.filter(function (q) { return !q.off; }); }
  function marked(card) { return asked(card).filter(function (q) { return q.kind !== 'opinion'; }); }
  function missing(card) { return marked(card).filter(isOpen); }
  function wrong(q) {
    var typed = q.kind === 'score' ? words(q.inputs[0].value) : '';
    if (typed !== '' && !(/^(0|[1-9]\d?|100)$/.test(typed))) { return say.range; }
    return more ? more.wrong(q, say) : '';
  }
  function letterCount() {
    return cards.reduce(function (sum, card) {
      return sum + asked(card).reduce(function (n, q) { return n + (q.kind === 'opinion' ? letters(q.inputs[0].value) : 0); }, 0);
    }, 0);
  }
  function answers(sent) {
    var found = {}, off = {};
    cards.forEach(function (card) { card.questions.forEach(function (q) { off[q.inputs[0].name] = sent && q.off; }); });
    all('input,textarea', form).forEach(function (input) {
      var chosen = input.type === 'radio' || input.type === 'checkbox' ? input.checked : input.value !== '';
      if (chosen && !off[input.name]) { (found[input.name] = found[input.name] || []).push(input.value); }
    });
    return found;
  }

  // ---- progress, and what is still open
  var tried = false, timer = null;
  function look() {
    if (more) { more.look(cards); }
    var rated = cards.filter(function (card) { return card.node.hasAttribute('data-rated'); });
    var done = rated.filter(function (card) { return !missing(card).length; }).length;
    var left = cards.some(function (card) { return missing(card).length; });
    var next = form.querySelector('.next'), spare = Number(say.most) - letterCount(), room = one('letters');
    form.querySelector('.far b').textContent = done;
    form.querySelector('.far progress').value = done;
    next.disabled = !left;
    next.textContent = left ? say.next : say.finished;
    if (room) {
      room.textContent = letterCount() ? (spare < 0 ? put(say.over, { k: -spare }) : put(say.letters, { k: spare })) : '';
      room.className = spare < 0 ? 'letters care' : 'letters quiet';
    }
    cards.forEach(function (card) {
      card.questions.forEach(function (q) {
        var missed = tried && (isOpen(q) && (q.kind !== 'opinion' || q.must) || wrong(q));
        var head = q.node.querySelector('legend') || q.node.querySelector('label');
        q.node.className = missed ? 'q missed' : 'q';
        head.setAttribute('data-say', say.one);
      });
    });
  }
  function save() {
    clearTimeout(timer);
    timer = null;
    remember(BOX, JSON.stringify(answers()));
  }
  function changed() {
    look();
    clearTimeout(timer);
    timer = setTimeout(save, 200);
  }
  function restore() {
    var kept = null, any = false;
    try { kept = JSON.parse(recall(BOX) || 'null'); } catch (spoiled) { kept = null; }
    if (!kept) { return; }
    all('input,textarea', form).forEach(function (input) {
      var values = kept[input.name] || [];
      if (input.type === 'radio' || input.type === 'checkbox') { input.checked = values.indexOf(input.value) >= 0; } else { input.value = values[0] || ''; }
      any = any || values.length > 0;
    });
    if (any) { one('back').textContent = say.kept; one('back').hidden = false; }
  }

  // ---- one tap for all questions of a person that have the same answers
  function addShortcuts(card) {
    var groups = {};
    card.questions.forEach(function (q) { if (q.scale !== null) { (groups[q.scale] = groups[q.scale] || []).push(q); } });
    Object.keys(groups).forEach(function (scale) {
      var group = groups[scale], box = make('div', '', 'same'), row = make('div', '', group[0].node.querySelector('.scale').className.replace('scale ', ''));
      if (group.length < 2) { return; }
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', put(say.same_of, { who: card.label, n: count(group.length) }));
      box.appendChild(make('span', put(say.same, { n: count(group.length) })));
      group[0].inputs.forEach(function (input) {
        var button = make('button');
        button.type = 'button';
        button.innerHTML = input.nextElementSibling.innerHTML;
        button.addEventListener('click', function () {
          group.forEach(function (q) { q.inputs.forEach(function (each) { each.checked = each.value === input.value; }); });
          changed();
        });
        row.appendChild(button);
      });
      box.appendChild(row);
      card.node.insertBefore(box, group[0].node);
    });
  }
  function addTicks(q) {
    var line = make('p', '', 'ticks quiet');
    line.setAttribute('role', 'status');
    q.node.appendChild(line);
    function tell(full) {
      var n = q.inputs.filter(checked).length;
      line.textContent = full ? put(say.full, { most: q.most }) : put(say.ticked, { k: n, left: q.most - n });
    }
    q.tell = function () { tell(false); };
    q.node.addEventListener('change', function (event) {
      var over = q.inputs.filter(checked).length > q.most;
      if (over) { event.target.checked = false; }
      tell(over);
    });
  }

  // ---- the review: the same words as the server's
  function ratings(card) {
    var items = asked(card).filter(function (q) { return q.kind === 'rating'; }), order = [], times = {}, chosen = 0;
    items.forEach(function (q) {
      q.inputs.forEach(function (input) {
        var name = label(input);
        if (order.indexOf(name) < 0) { order.push(name); times[name] = 0; }
        if (input.checked) { times[name] += 1; chosen += 1; }
      });
    });
    var used = order.filter(function (name) { return times[name]; });
    if (used.length === 1 && chosen === items.length) {
      return [items.length === 1 ? used[0] : put(say.all, { n: count(items.length), label: used[0] })];
    }
    return used.map(function (name) { return put(say.some, { label: name, k: times[name] }); });
  }
  function line(card) {
    var left = missing(card).length, ends = marked(card).length, said = ratings(card), others = [];
    var opinions = asked(card).filter(function (q) { return q.kind === 'opinion' && words(q.inputs[0].value); });
    if (left && left === ends) { said = [left === 1 ? say.one : put(say.none, { n: count(left) })]; } else {
      asked(card).forEach(function (q) {
        if (q.kind === 'score' && !isOpen(q)) { others.push(put(say.score, { text: q.text, value: q.inputs[0].value.trim() })); }
        if (q.kind === 'choice' && !isOpen(q)) { others.push(put(say.marked, { text: q.text, names: q.inputs.filter(checked).map(label).join(say.pause) })); }
        if (q.node.hasAttribute('data-k') && !isOpen(q)) { others.push(put(say.marked, { text: q.text, names: q.inputs[0].value.trim() })); }
      });
      if (left) { said.push(put(say.left, { k: left })); }
    }
    if (!ends && !opinions.length) { said = [say.silent]; }
    return { text: said.join(say.comma), words: others.concat(opinions.map(function (q) { return words(q.inputs[0].value); })), left: left };
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
    var found = [], over = letterCount();
    cards.forEach(function (card) {
      asked(card).forEach(function (q) {
        if (q.must && isOpen(q)) { found.push({ card: card, question: q, text: put(say.must, { who: card.label, text: q.text }) }); }
        if (wrong(q)) { found.push({ card: card, question: q, text: put(wrong(q), { who: card.label, text: q.text }) }); }
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
    var open = cards.filter(function (card) { return missing(card).length; }), faults = stops(), care = one('care'), rows = one('rows'), list = null;
    care.textContent = '';
    rows.textContent = '';
    if (faults.length) { care.appendChild(notice(say.stop, faults, '')); } else if (open.length) {
      var lines = open.slice(0, NAMED).map(function (card) {
        return { card: card, text: put(say.open_one, { who: card.label, what: put(say.left, { k: missing(card).length }) }) };
      });
      if (open.length > NAMED) { lines.push({ card: null, text: put(say.more, { k: open.length - NAMED }) }); }
      care.appendChild(notice(put(say.open, { k: open.length }), lines, say.free));
    }
    all('.part,.card[id^="t"]', form).forEach(function (node) {
      if (node.tagName === 'H2') {
        rows.appendChild(make('h2', node.firstChild.textContent, 'part'));
        list = rows.appendChild(make('ul', '', 'rows'));
      } else { list.appendChild(row(cards.filter(function (card) { return card.node === node; })[0])); }
    });
    one('send').hidden = faults.length > 0;
  }

  // ---- between ballot and review; the back button leads back as on any other page
  var top = document.querySelector('.head'), review = one('review'), name = document.title;
  function show(reviewing) {
    top.hidden = form.hidden = reviewing;
    review.hidden = !reviewing;
    document.title = reviewing ? review.querySelector('h1').textContent : name;
  }
  function toReview() {
    place = review.hidden ? window.pageYOffset : place;
    tried = true;
    save();
    look();
    fillReview();
    tell('');
    show(true);
    window.scrollTo(0, 0);
    review.querySelector('h1').focus();
    if (!(history.state && history.state.review)) {
      // The way back leads to a card of our choice, not to where the browser remembers the page.
      if ('scrollRestoration' in history) { history.scrollRestoration = 'manual'; }
      history.pushState({ review: true }, '');
    }
  }
  function toCard(card, question) {
    var open, q;
    show(false);
    if (!card) { window.scrollTo(0, place); return; }
    open = question || missing(card)[0] || asked(card).filter(wrong)[0];
    q = open || card.questions[0];
    (open ? q.node : card.node).scrollIntoView({ block: open ? 'center' : 'start' });
    var first = q.inputs.filter(checked)[0] || q.inputs[0];
    try { first.focus({ preventScroll: true }); } catch (refused) { first.focus(); }
  }
  var wanted = [], place = 0;
  function back(card, question) {
    wanted = [card, question];
    if (history.state && history.state.review) { history.back(); } else { toCard(card, question); }
  }
  window.addEventListener('popstate', function (event) {
    if (!document.body.contains(form) || sending) { return; }
    if (event.state && event.state.review) { toReview(); } else if (form.hidden) {
      toCard(wanted[0], wanted[1]);
      wanted = [];
      if ('scrollRestoration' in history) { history.scrollRestoration = 'auto'; }
    }
  });

  // ---- sending, until told that the ballot is in
  var sending = false, tries = 0, doubtful = false, waiting = null;
  function tell(text) { one('say').textContent = text; one('say').hidden = !text; }
  function pack() {
    var kept = answers(true), parts = ['go=cast'];
    Object.keys(kept).forEach(function (key) {
      kept[key].forEach(function (value) { parts.push(encodeURIComponent(key) + '=' + encodeURIComponent(value)); });
    });
    return parts.join('&');
  }
  function send() {
    if (PREVIEW) { tell(PREVIEW); return; }
    if (sending) { return; }
    sending = true;
    tries = 0;
    one('send').disabled = one('edit').disabled = true;
    tell(say.sending);
    attempt();
  }
  function attempt() {
    var over = false, landed = false, stop = window.AbortController ? new AbortController() : null, clock;
    waiting = null;
    function later() {
      if (over) { return; }
      over = true;
      clearTimeout(clock);
      if (stop) { stop.abort(); }
      again();
    }
    clock = setTimeout(later, LONGEST_TRY);
    fetch(location.pathname + location.search, {
      method: 'POST', body: pack(), credentials: 'same-origin', signal: stop ? stop.signal : undefined,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8' }
    }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429 || answer.status === 408) { later(); return null; }
      return answer.text().then(function (html) { if (!over) { over = landed = true; clearTimeout(clock); arrived(answer, html); } });
    }).catch(function () {
      // An answer we could not show: the server shows it, and the draft is kept until it says the ballot is in.
      if (landed) { location.reload(); } else { later(); }
    });
  }
  function again(paused) {
    // Told that nothing is taken now: then no answer was lost either.
    doubtful = doubtful || !paused;
    tell(paused || say.again);
    waiting = setTimeout(attempt, 1000 * WAITS[Math.min(tries, WAITS.length - 1)]);
    tries += 1;
  }
  function arrived(answer, html) {
    var page = new DOMParser().parseFromString(html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, ''), 'text/html'), main = page.querySelector('main[data-page]');
    var kind = main ? main.getAttribute('data-page') : '';
    var alert = page.querySelector('[role="alert"]');
    if (kind === 'used' && doubtful) {
      // The answer to an earlier try was lost: the ballot in the box is this one.
      forget(BOX);
      location.replace(location.pathname + '/in' + location.search);
    } else if (kind === 'paused') { again(say.paused); } else if (main) {
      if (kind === 'in' || kind === 'used' || kind === 'unknown') { forget(BOX); }
      finish(page, main, kind === 'in' ? location.pathname + '/in' + location.search : '');
    } else if (answer.status >= 400 && alert) {
      sending = false;
      one('send').disabled = one('edit').disabled = false;
      tell(' ');
      one('say').textContent = '';
      while (alert.firstChild) { one('say').appendChild(document.adoptNode(alert.firstChild)); }
    } else { again(); }
  }
  function finish(page, main, address) {
    clearTimeout(timer);
    document.body.textContent = '';
    document.body.appendChild(document.importNode(main, true));
    document.title = page.title;
    if (address) { history.replaceState(null, '', address); }
    window.scrollTo(0, 0);
    document.querySelector('h1').focus();
  }

  // ---- everything that is pressed
  form.addEventListener('change', changed);
  form.addEventListener('input', changed);
  form.addEventListener('submit', function (event) { event.preventDefault(); toReview(); });
  form.querySelector('.next').addEventListener('click', function () {
    tried = true;
    look();
    var open = cards.filter(function (card) { return missing(card).length; })[0];
    if (open) { toCard(open); }
  });
  review.addEventListener('click', function (event) {
    var node = event.target;
    while (node && node !== review && node.tagName !== 'A') { node = node.parentNode; }
    if (!node || node === review || sending) { return; }
    event.preventDefault();
    back(cards.filter(function (card) { return '#' + card.node.id === node.getAttribute('href'); })[0], node.question);
  });
  one('edit').addEventListener('click', function () { if (!sending) { back(null); } });
  one('send').addEventListener('click', send);
  all('.size').forEach(function (link) {
    link.addEventListener('click', function (event) {
      var big = /(^| )to-big( |$)/.test(link.className);
      event.preventDefault();
      root.className = big ? 'elder js' : 'js';
      remember('pingyi-big', big ? '1' : '0');
    });
  });
  window.addEventListener('online', function () { if (waiting) { clearTimeout(waiting); attempt(); } });
  window.addEventListener('pagehide', function () { if (timer) { save(); } });
  window.addEventListener('pageshow', function (event) {
    // Shown again from memory: if the ballot went in meanwhile, the server has the last word.
    if (event.persisted && document.body.contains(form) && !sending) { location.reload(); }
  });

  if (more) { more.start(cards); }
  cards.forEach(function (card) {
    addShortcuts(card);
    card.questions.forEach(function (q) { if (q.kind === 'choice' && q.most > 1) { addTicks(q); } });
  });
  restore();
  cards.forEach(function (card) { card.questions.forEach(function (q) { if (q.tell) { q.tell(); } }); });
  look();
  if (history.state && history.state.review) { history.replaceState(null, ''); }
}());

/* Numbers, dates, ticks of which there must be a few, and questions asked only after certain answers: sent before the
   script of the ballot, with the papers that have them. */
(function () {
  'use strict';
  var DAY = /^(\d{4})[-\/.\u5e74](\d{1,2})[-\/.\u6708](\d{1,2})\u65e5?$/;
  function plain(text) { return (text.normalize ? text.normalize('NFKC') : text).replace(/\s/g, '').replace(/\u2212/g, '-'); }
  function two(digits) { return ('0' + digits).slice(-2); }
  function iso(text) {
    // The day as 2026-03-01, '' when there is no such day.
    var found = DAY.exec(plain(text)), day = found ? new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3])) : null;
    return day && day.getFullYear() === Number(found[1]) && day.getDate() === Number(found[3]) ? [found[1], two(found[2]), two(found[3])].join('-') : '';
  }
  function between(phrase, input) {
    return phrase.replace('{low}', input.getAttribute('data-low')).replace('{high}', input.getAttribute('data-high'));
  }
  function isChosen(q, codes) {
    return !q.off && q.inputs.some(function (input) { return input.checked && codes.indexOf(input.value) >= 0; });
  }
  function names(q) { return q.names.map(function (each) { return plain(each.value); }).filter(Boolean); }
  function wrongName(q, say) {
    // A candidate is ticked, not written; and a name stands once.
    var listed = q.inputs.map(function (each) { return plain(each.parentNode.textContent); }), found = '';
    names(q).forEach(function (name, place, every) {
      if (listed.indexOf(name) >= 0) { found = say.listed.replace('{name}', name); }
      if (every.indexOf(name) < place) { found = say.double.replace('{name}', name); }
    });
    return found;
  }
  window.pingyi = { more: {
    // As the box counts them: without blanks, but between Latin words.
    written: function (q) {
      return q.names.map(function (each) {
        var text = each.value.normalize ? each.value.normalize('NFKC') : each.value;
        return text.replace(/\s+/g, ' ').replace(/^ | $/g, '').replace(/([A-Za-z.]) (?=[A-Za-z])/g, '$1\u0001').replace(/ /g, '').replace(/\u0001/g, ' ');
      }).filter(Boolean);
    },
    start: function (cards) {
      cards.forEach(function (card) {
        card.questions.forEach(function (q) {
          var input = q.inputs[0], typed = input.value;
          if (q.kind !== 'date' || typed && !iso(typed)) { return; }
          // A browser without a calendar leaves it a line of text.
          input.type = 'date';
          if (input.type !== 'date') { return; }
          input.min = input.getAttribute('data-low');
          input.max = input.getAttribute('data-high');
          input.value = iso(typed);
          q.node.querySelector('.form').hidden = true;
        });
      });
    },
    look: function (cards) {
      cards.forEach(function (card) {
        var known = {};
        card.questions.forEach(function (q) {
          var name = q.node.getAttribute('data-if');
          q.off = name !== null && !isChosen(known[name], q.node.getAttribute('data-in').split(' '));
          q.node.hidden = q.off;
          known[q.inputs[0].name] = q;
        });
      });
    },
    wrong: function (q, say) {
      var input = q.inputs[0], typed = plain(input.value), least = Number(q.node.getAttribute('data-least')), ticks, day;
      if (q.names.length && wrongName(q, say)) { return wrongName(q, say); }
      if (least) {
        ticks = q.inputs.filter(function (each) { return each.checked; }).length + names(q).length;
        return ticks && ticks < least ? say.few.replace('{least}', least) : '';
      }
      if (q.kind === 'number' && typed) {
        typed = typed.replace(/,/g, '');
        if (!/^[+-]?\d{1,10}$/.test(typed)) { return say.number; }
        return Number(typed) < Number(input.getAttribute('data-low')) || Number(typed) > Number(input.getAttribute('data-high')) ? between(say.between, input) : '';
      }
      if (q.kind !== 'date') { return ''; }
      if (input.validity && input.validity.badInput) { return say.day; }
      day = iso(typed);
      if (!typed || !day) { return typed ? say.day : ''; }
      return day < input.getAttribute('data-low') || day > input.getAttribute('data-high') ? between(say.within, input) : '';
    }
  } };
}());

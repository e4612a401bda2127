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
  window.pingyi = { more: {
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
      if (least) {
        ticks = q.inputs.filter(function (each) { return each.checked; }).length;
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

/* Reading a card aloud in the elder view, where the device has a voice of its own for the language of the page. A voice from the
   network would carry the names and what is chosen out of the hall: it is not used. */
(function () {
  'use strict';
  var b = (window.pingyi || {}).ballot, synth = window.speechSynthesis;
  if (!b) { return; }
  var say = b.say, tongue = document.documentElement.lang.slice(0, 2), button = null, speaking = false;
  function voice() {
    return synth.getVoices().filter(function (each) { return each.localService && each.lang.slice(0, 2).toLowerCase() === tongue; })[0];
  }
  function label(input) { return input.parentNode.textContent; }
  function words(card) {
    var said = [card.label], offered = '';
    b.asked(card).forEach(function (q) {
      var options = q.kind === 'rating' || q.kind === 'choice' ? q.inputs.map(label).join(say.pause) : '', chosen = q.inputs.filter(b.checked).map(label).concat(b.written(q)).join(say.pause);
      if (!options) { chosen = q.kind === 'opinion' || !q.inputs[0].value ? '' : q.inputs[0].value; }
      said.push(q.text);
      // The same answers are read once, not five times.
      if (options && options !== offered) { said.push(b.put(say.offers, { names: options })); offered = options; }
      if (q.kind !== 'opinion') { said.push(chosen ? b.put(say.chosen, { names: chosen }) : say.one); }
    });
    return said;
  }
  function hush() {
    speaking = false;
    synth.cancel();
    button.firstChild.textContent = say.hear;
  }
  function speak(card) {
    var lines = words(card), own = voice();
    speaking = true;
    button.firstChild.textContent = say.hush;
    lines.forEach(function (text, i) {
      var line = new SpeechSynthesisUtterance(text);
      line.voice = own;
      line.lang = own.lang;
      line.rate = 0.9;
      if (i === lines.length - 1) { line.onend = function () { if (speaking) { hush(); } }; }
      synth.speak(line);
    });
  }
  function place(card) {
    if (speaking) { hush(); }
    button.hidden = !b.here() || !voice();
    var who = card.node.querySelector('.who');
    if (who) { who.appendChild(button); } else { card.node.insertBefore(button, card.node.firstChild); }
  }
  if (synth && window.SpeechSynthesisUtterance && synth.getVoices) {
    button = b.make('button', '', 'hear');
    button.appendChild(b.make('span', say.hear));
    button.appendChild(b.make('small', say.heard));
    button.addEventListener('click', function () { if (speaking) { hush(); } else { speak(b.here()); } });
    b.arrived = place;
    window.addEventListener('pagehide', hush);
    document.addEventListener('told', hush);
    b.form.addEventListener('submit', hush);
    document.addEventListener('visibilitychange', function () { if (document.hidden && speaking) { hush(); } });
    if (synth.addEventListener) { synth.addEventListener('voiceschanged', function () { if (b.here()) { place(b.here()); } }); }
  }
  b.start();
}());

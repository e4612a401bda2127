"""A paper as cards: what the templates show, in parts and in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask_babel import gettext as _

from survey.domain.elections import NO_ELECTION
from survey.domain.papers import Paper, Target
from survey.domain.questionnaires import Audience, Kind, Question, Role
from survey.web.booth import hints
from survey.web.elections import election_words

# Up to six short answers stand side by side; more, or longer words, stand in a list.
MOST_ASIDE = 6
LONGEST_ASIDE = 6
LONGEST_PART = 13


@dataclass(frozen=True, slots=True)
class Item:
    """A question on a card. `name` is its form field, `scale` tells questions with the same answers, `hint` says how many or
    what may be answered, `when` after which answer it is asked, `write_ins` how many names may be written."""

    name: str
    question: Question
    options: tuple[tuple[str, str], ...]
    scale: int
    hint: str
    when: str
    after: str
    write_ins: int = 0

    @property
    def boxes(self) -> tuple[str, ...]:
        """The form fields for names written beside the candidates."""
        return tuple(f"{self.name}.w{n}" for n in range(1, self.write_ins + 1))

    @property
    def kind(self) -> Kind:
        """What it asks for."""
        return self.question.kind

    @property
    def text(self) -> str:
        """The question itself."""
        return self.question.text

    @property
    def ends(self) -> tuple[str, str]:
        """The least and the most a number or a day may be, as the script reads them."""
        low, high = self.question.bounds
        if self.kind is Kind.DATE:
            return date.fromordinal(low).isoformat(), date.fromordinal(high).isoformat()
        return str(low), str(high)

    @property
    def is_one_of(self) -> bool:
        """Whether one answer of several is taken: round marks, not square ones."""
        return self.kind is Kind.RATING or (self.question.choose == 1 and not self.write_ins)

    @property
    def shape(self) -> str:
        """How its answers stand: `c4` is four side by side."""
        words = [label for _code, label in self.options]
        if words and all(word.isascii() for word in words):
            return _alphabetic(words)
        if len(words) > MOST_ASIDE or any(len(word) > LONGEST_ASIDE for word in words):
            return "list"
        return f"c{len(words)}"

    @property
    def rule(self) -> str:
        """How a choice elects; a vote on many would say the same on every card."""
        return election_words(self.question.election) if self.kind is Kind.CHOICE else ""

    @property
    def is_marked(self) -> bool:
        """Whether it is answered by a mark; an opinion may always be left out."""
        return self.kind is not Kind.OPINION


@dataclass(frozen=True, slots=True)
class Card:
    """One branch, one person, or the general part."""

    number: int
    section: int
    label: str
    note: str
    place: str
    audience: Audience
    items: tuple[Item, ...]
    help: str = ""

    @property
    def is_rated(self) -> bool:
        """Whether it counts in the progress."""
        return any(item.is_marked for item in self.items)


@dataclass(frozen=True, slots=True)
class Part:
    """Cards under one heading."""

    heading: str
    note: str
    cards: tuple[Card, ...]
    help: str = ""

    @property
    def is_people(self) -> bool:
        """Whether every card needs its own name above it."""
        return self.cards[0].audience is Audience.MEMBER


def _alphabetic(words: list[str]) -> str:
    """Letters are narrower than characters but break only between words: two beside each other on a phone, or a list."""
    longest = max(len(part) for word in words for part in word.split() or [""])
    if len(words) in (2, 4, 6) and longest <= LONGEST_PART and max(map(len, words)) <= 2 * LONGEST_PART:
        return "c2" if len(words) == 2 else "pairs"
    return "c3" if len(words) == 3 and max(map(len, words)) <= LONGEST_PART // 2 + 2 else "list"


def parts(paper: Paper, *, only: str = "") -> tuple[Part, ...]:
    """The whole paper: each branch, then its members, and so on; the general part last. Or what is `only` of one section."""
    found = []
    for number, run in enumerate(_runs(paper)):
        targets = [t for t in run if only in ("", paper.targets[t].section)]
        if not targets:
            continue
        cards = tuple(_card(paper, t, f"{i + 1}/{len(targets)}") for i, t in enumerate(targets))
        heading, note = _heading(paper, cards)
        helps = {card.help for card in cards}
        # What helps with everybody is said once, above them all.
        once = helps.pop() if len(helps) == 1 else ""
        cards = tuple(replace(card, help="") for card in cards) if once else cards
        found.append(Part(_numbered(number + 1, heading), note, cards, once))
    return tuple(found)


def cards(paper: Paper) -> Iterator[Card]:
    """Every card of a paper."""
    for part in parts(paper):
        yield from part.cards


def progress_rules(paper: Paper) -> str:
    """Style for where no script runs: it counts finished cards, a card of section 0 is done when each question is marked or
    not asked; and it hides what is not asked. A browser that cannot look inside shows everything."""
    rules = []
    for key, section in enumerate(paper.sections):
        target = next(target for target in paper.targets if target.section == section.key)
        asked = paper.questions(target)
        done = ""
        for q, question in enumerate(asked):
            lacks = [f":not(:has({chosen}))" for chosen in _after(asked, question)]
            rules += [f'.s{key}{lack} [data-q="{q}"]{{display:none}}' for lack in lacks]
            if question.kind is not Kind.OPINION:
                state = "checked" if question.kind in (Kind.RATING, Kind.CHOICE) else "not(:placeholder-shown)"
                names = f',[name*=".{q}.w"]:not(:placeholder-shown)' if paper.write_ins(question) else ""
                marked = f':has([name$=".{q}"]:{state}{names})'
                done += f":is({','.join([marked, *lacks])})" if lacks else marked
        if done:
            rules.append(f".s{key}{done}{{counter-increment:done}}")
    return "@supports selector(:has(*)){" + "".join(rules) + "}"


def _after(asked: Sequence[Question], question: Question) -> Iterator[str]:
    """Selectors of the answers that must be chosen for a question to be asked, one for each question it hangs on."""
    condition = question.show_if
    while condition is not None:
        q = next(place for place, each in enumerate(asked) if each.key == condition.question)
        yield ",".join(f'[name$=".{q}"][value="{code}"]:checked' for code in condition.options)
        condition = asked[q].show_if


def is_plain(paper: Paper) -> bool:
    """Whether a paper needs nothing but what every paper needs: no numbers, dates, conditions, help, least number of
    ticks or election. The others get some more style and script."""
    questions = [question for section in paper.sections for question in section.questions]
    return not (
        paper.is_uneven
        or paper.is_conditional
        or any(section.help for section in paper.sections)
        or any(question.help or question.least > 1 or question.election != NO_ELECTION for question in questions)
    )


def _runs(paper: Paper) -> Iterator[list[int]]:
    """Target numbers under one heading: members in a row share one, a unit has its own."""

    def run(t: int) -> tuple[Audience, int]:
        audience = paper.targets[t].audience
        return audience, 0 if audience is Audience.MEMBER else t

    asked = [t for t, target in enumerate(paper.targets) if paper.questions(target)]
    for _key, numbers in groupby(asked, run):
        yield list(numbers)


def _card(paper: Paper, number: int, place: str) -> Card:
    target = paper.targets[number]
    section = [each.key for each in paper.sections].index(target.section)
    items = _items(paper, number, target)
    return Card(number, section, target.label, target.note, place, target.audience, items, paper.sections[section].help)


def _items(paper: Paper, number: int, target: Target) -> tuple[Item, ...]:
    scales = [scale.key for scale in paper.scales]
    asked = paper.questions(target)
    return tuple(
        Item(
            name=f"{number}.{q}",
            question=question,
            options=hints.options(paper, question),
            # One tap answers all of one scale at once; what may not be asked stays out of that.
            scale=scales.index(question.scale) if question.kind is Kind.RATING and not question.show_if else -1,
            hint=hints.bounds(question),
            when=hints.when(paper, asked, q),
            after=hints.after(asked, question, number),
            write_ins=paper.write_ins(question),
        )
        for q, question in enumerate(asked)
    )


def _heading(paper: Paper, cards: tuple[Card, ...]) -> tuple[str, str]:
    """What a part is called, and the line below."""
    first = cards[0]
    if first.audience is Audience.GENERAL:
        only_words = not any(item.is_marked or item.question.required for item in first.items)
        return first.label, _("可以不写。请不要写自己的姓名。") if only_words else ""
    section = paper.section(paper.targets[first.number])
    if first.audience is Audience.UNIT:
        # Where several are rated the name leads: it tells one from the next.
        return (first.label, section.title) if _has_several(paper) else (section.title, first.label)
    alike = len({card.section for card in cards}) == 1
    return section.title if alike else _("评党员"), _people(paper, cards)


def _people(paper: Paper, cards: tuple[Card, ...]) -> str:
    """How many members, of which branch when there are several, how many questions each, and the way out."""
    before = [target.label for target in paper.targets[: cards[0].number] if target.audience is Audience.UNIT]
    sizes = {sum(item.is_marked for item in card.items) for card in cards}
    unknown = _unknown(paper, cards[0])
    words = [
        _("%(unit)s，", unit=before[-1]) if before and _has_several(paper) else "",
        _("共 %(n)s 位，每位 %(q)s 项。", n=len(cards), q=sizes.pop())
        if len(sizes) == 1
        else _("共 %(n)s 位。", n=len(cards)),
        _("不熟悉的请选“%(answer)s”。", answer=unknown) if unknown else "",
    ]
    return "".join(words)


def _has_several(paper: Paper) -> bool:
    return sum(target.audience is Audience.UNIT for target in paper.targets) > 1


def _unknown(paper: Paper, card: Card) -> str:
    """The words for 不了解 when the scale offers them."""
    for question in paper.questions(paper.targets[card.number]):
        if question.kind is Kind.RATING:
            for option in paper.scale(question).options:
                if option.role is Role.UNKNOWN:
                    return option.label
    return ""


def _numbered(number: int, heading: str) -> str:
    ordinals = _("一 二 三 四 五 六 七 八 九 十").split(" ")
    ordinal = ordinals[number - 1] if number <= len(ordinals) else str(number)
    return _("%(number)s、%(heading)s", number=ordinal, heading=heading)


def numerals() -> tuple[str, ...]:
    """The words for 0 to 10 when counting things: 两项, 五项."""
    return tuple(_("零 一 两 三 四 五 六 七 八 九 十").split(" "))


def numeral(number: int) -> str:
    """A number of things, in words when it is small."""
    words = numerals()
    return words[number] if number < len(words) else str(number)

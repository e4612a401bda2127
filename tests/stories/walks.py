"""Every page somebody reaches from the first one, and every figure on it, held to what is known of whom it names."""

import html
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from urllib.parse import parse_qsl, urlsplit

from flask.testing import FlaskClient

from tests.stories.ledgers import LATE, SPANS, TURNS, About, Fact, Ledger
from tests.stories.pictures import check_drawn
from tests.stories.rows import told_of_rows
from tests.stories.truths import QUESTIONS, half_up
from tests.stories.years import Story
from tests.townships_for_tests import GROUPS

# The same lines in another order or fewer of them; pictures and paper are read elsewhere; and what has no figure of an answer.
_SIEVES = frozenset({"sort", "up", "page", "below", "all", "stage", "under", "q"})
_PAPER = re.compile(r"\.(png|svg|pdf|docx|xlsx|csv|zip|json)$|/(bundle|handin|trackers)$|^/board/rounds/\d+$")
_RATES = re.compile(r"(?<![\d.])(\d+\.\d\d)[ %]{1,2}(?:，?(?:基本满意)?以上率 )?(\d+\.\d\d)(?:%，有效(?:答案)?)? (\d+)(?![\d.%/])")
_NUMBER = re.compile(r"(?<![\d.])\d+\.\d\d(?!\d)")
_APART = re.compile(r"([+−]?)(?: 低)? ?(\d+\.\d\d)")
Rates = tuple[str, str, str]


def check_walks(story: Story, readers: Mapping[str, FlaskClient]) -> Mapping[str, str]:
    """Whoever runs the township, who leads a part of it, who leads one branch: what each reaches from the first page.

    The same target and question has one figure wherever it stands, since whatever is told of it is what was reckoned by hand; and
    whoever sees all is told all. What he reads, by address.
    """
    pages: dict[str, str] = {}
    truth, first = story.truth, min(story.names.keys() - {story.truth.root})
    units = list(truth.members)
    sees = {"secretary": [truth.root, *story.names], "head": [first, *units[:3], units[4]], "branch": [units[3]]}
    for login, client in readers.items():
        ledger = Ledger(story, frozenset(sees[login]))
        walk = Walk(ledger, sees[login][0])
        walk.check(client)
        assert {each.unit for each in walk.told} == {each.unit for each in ledger.every if each.unit in sees[login]}
        if login == "secretary":
            walk.check_pictures(client, f"/board/rounds/{story.rounds[1].number}/", "/board/periods/2026H2/")
            pages = walk.pages
            assert [each for each in ledger.every if each.turn != LATE and each.key[1:].isdecimal() and each.group in ("", *GROUPS) and each not in walk.told] == []
    return pages


@dataclass
class Walk:
    """What one reader finds: `told` is what was held on the way, `pages` what he read."""

    ledger: Ledger
    top: int
    told: set[Fact] = field(default_factory=set)
    pages: dict[str, str] = field(default_factory=dict)

    def check(self, client: FlaskClient) -> None:
        """Every page of counted meetings, of rounds and of spans of them."""
        for path, page in _walk(client):
            about, self.pages[path] = self._about(path), page
            firsts: dict[str, Rates] = {}
            held = self._quality(about, page) if about is not None and "评议的质量" in page else []
            for above, line in lines_of(page) if about is not None else ():
                assert line in held or self.odd(above, line, about or About("", 0)) == [], (path, above, line)
                if above.startswith("放在一起比"):
                    _side_by_side(line, firsts, above)

    def check_pictures(self, client: FlaskClient, *places: str) -> None:
        """What every picture on the pages of some places says of itself."""
        shown = {path: page for path, page in self.pages.items() if path.startswith(places)}
        links = {html.unescape(link) for page in shown.values() for link in re.findall(r'(?:href|src)="(/board[^"#]*/(?:trend|rounds|members|compared)\.svg[^"#]*)', page)}
        for link in links:
            about, (said,) = self._about(link), re.findall(r"(?s)<desc>(.*?)</desc>", client.get(link).text)
            for part in said.split("。"):
                above, _colon, several = part.partition("：") if "compared" in link or "rounds.svg" in link else ("", "", part)
                for line in several.split("；"):
                    assert about is not None and self.odd(above, line, about) == [], (link, line)
        assert len(links) > len(places)
        for name in ("trend", "rounds", "members", "compared"):
            some = sorted(link for link in links if f"/{name}.svg" in link)
            for link in some[:: max(1, len(some) // 3)]:
                about = self._about(link)
                assert about is not None
                check_drawn(client, link, {rate for each in self.ledger.every if (each.turn, each.unit) == (about.turn, about.unit) for rate in each.told[:2]})

    def odd(self, above: str, line: str, about: About) -> list[str]:
        """What no arithmetic gives for whom a line names."""
        left, found = _NUMBER.findall(line), []
        for before, rates in rates_in(line):
            facts = [each for each in self.ledger.allowed(above, before, about) if each.told == rates]
            self.told.update(facts)
            found += [] if facts else [f"{rates}"]
            for each in rates[:2]:
                left.remove(each)
        if above.startswith("放在一起比") or not left:
            return found
        shares = {each for each, part, whole in re.findall(r"(\d+\.\d\d)% (\d+)/(\d+)", line) if each == half_up(Fraction(100 * int(part), int(whole)), 2)}
        known = self.ledger.numbers(above, line, about) | shares
        return [*found, *(each for each in left if each not in known)]

    def _about(self, path: str) -> About | None:
        story, parts = self.ledger.story, urlsplit(path)
        asked = re.search(r"(?:units/|unit=|scores/u)(\d+)", path)
        unit = int(asked[1]) if asked else self.top
        key = next(iter(re.findall(r"/(m\d+)", parts.path)), "")
        unit = next((each for each, members in story.truth.members.items() if int(key[1:] or 0) in members), unit)
        numbers = {each.number: turn for each, turn in zip(story.rounds, TURNS, strict=True)}
        if found := re.match(r"/board/rounds/(\d+)", parts.path):
            return About(numbers[int(found[1])], unit, key)
        if found := re.match(r"/board/periods/(\w+)", parts.path):
            return About(found[1], unit, key) if found[1] in SPANS else None
        if found := re.match(r"/board/meetings/(\d+)", parts.path):
            held = {branch.meeting: (turn, branch.unit) for one, turn in zip(story.rounds, TURNS, strict=True) for branch in one.branches}
            held[story.late.meeting] = (LATE, story.late.unit)
            return About(*held[int(found[1])], key) if int(found[1]) in held else None
        return About(TURNS[-1], unit)

    def _quality(self, about: About, page: str) -> list[str]:
        """How many did not know and how much was left open, with what these are of: of the unit, and of its members together; and
        what whole ballots tell: the lines that do."""
        story = self.ledger.story
        one = next((one for one, turn in zip(story.rounds, TURNS, strict=True) if turn == about.turn), None)
        (branch,) = [each for each in one.branches if each.unit == about.unit] if one else [story.late]
        lines = [line for _above, line in lines_of(page)]
        told = set(re.findall(r"(\d+)/(\d+)", " ".join(lines)))
        rows = [[line for line in lines if f"{line} ".startswith(f"{each} ")] for each in told_of_rows(story.truth, branch)]
        assert all(len(found) == 1 for found in rows), (about, [*told_of_rows(story.truth, branch)], lines)
        for kind in "um" if story.truth.members[about.unit] else "u":
            keys = story.truth.keys(branch, kind)
            found = [story.truth.marks([(branch, GROUPS, keys)], question) for question in QUESTIONS[kind]]
            valid, slots = sum(marks.total() for marks, _slots in found), sum(slots for _marks, slots in found)
            assert {(f"{sum(marks[3] for marks, _slots in found)}", f"{valid}"), (f"{slots - valid}", f"{slots}")} <= told, about
        return [line for found in rows for line in found]


def _walk(client: FlaskClient, start: str = "/board") -> Iterator[tuple[str, str]]:
    """Each page once: its address, and what it holds."""
    known, waiting = {start}, deque([start])
    while waiting:
        path = waiting.popleft()
        answer = client.get(path)
        assert answer.status_code == 200, path
        yield path, answer.text
        for found in re.findall(r'(?:href|src)="(/board[^"#]*)', answer.text):
            link = html.unescape(found)
            parts = urlsplit(link)
            if link not in known and not _PAPER.search(parts.path) and not _SIEVES & dict(parse_qsl(parts.query)).keys():
                known.add(link)
                waiting.append(link)


def lines_of(page: str) -> Iterator[tuple[str, str]]:
    """The rows of all tables, each with what stands above it; then list items, figures with their names, paragraphs."""
    page = re.sub(r"(?s)<(style|script)\b.*?</\1>|<svg.*?</svg>", "", page)
    for table in re.findall(r"(?s)<table.*?</table>", page):
        above = _read("".join(re.findall(r"(?s)<caption.*?</caption>", table)))
        asked = ""
        for row in re.findall(r"(?s)<tr.*?</tr>", table):
            asked = _read(row) if 'scope="rowgroup"' in row else asked
            yield f"{above} {asked}".strip(), _read(row)
    rest = re.sub(r"(?s)<table.*?</table>", "", page)
    yield from (("", _read(each)) for each in re.findall(r"(?s)<li\b.*?</li>|<div><dt>.*?</div>|<p\b.*?</p>", rest))


def rates_in(line: str) -> Iterator[tuple[str, Rates]]:
    """Both rates with their base, wherever a line has them: with the words before, those of the whole line where there are none."""
    begin = 0
    for found in _RATES.finditer(line):
        before = line[begin : found.start()]
        yield before if begin == 0 or re.search(r"[^\W\d]", before) else line[: found.start()], (found[1], found[2], found[3])
        begin = found.end()


def _side_by_side(line: str, firsts: dict[str, Rates], above: str) -> None:
    """Behind the figures of each the difference to the first, as the printed ones differ."""
    for _before, rates in rates_in(line):
        behind = [Decimal(number) * (-1 if sign == "−" else 1) for sign, number in _APART.findall(line.partition(" ".join(rates))[2])]
        first = firsts.setdefault(above, rates)
        assert not behind or behind == [Decimal(now) - Decimal(then) for now, then in zip(rates[:2], first[:2], strict=True)], (above, line)


def _read(part: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", part))).strip()

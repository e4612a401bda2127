"""What one line of a pasted questionnaire is: a numbered question, answers, a heading, a row of a table, or bare words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from survey.domain.known_scales import is_known
from survey.domain.texts import line

_DIGITS = re.compile(
    r"(?:第\s*)?(\d{1,3})\s*题?\s*(?:[、：:，,。]|[.．](?!\d)|题)\s*|(\d{1,2}(?:[.．-]\d{1,2})+)[.、．]?\s+(?=\D)|(?:Q|q|Ｑ|题目|问题)\s*(\d{1,3})\s*[.、．:：)）]?\s*"
)
_CHINESE = re.compile(r"[（(]?([一二三四五六七八九十]{1,3})(?:[)）]\s*[.、．]?|\s*[、.．,，:：])\s*")
_PART = re.compile(
    r"第\s*[一二三四五六七八九十\d]{1,3}\s*(?:部分|篇|章|节|大题)\s*[:：、.]?\s*|(?:part|section)\s+(?:[ivx]+|[a-z]|\d{1,2})\b\s*[:.：、-]?\s*|#{1,4}\s+",
    re.IGNORECASE,
)
_ROUND = re.compile(r"[（(]\s*(\d{1,2})\s*[)）]\s*[.、．]?\s*|(\d{1,2})\s*[)）]\s*")
_LETTER = re.compile(r"[（(]?([A-Za-zＡ-Ｚａ-ｚ])(?:\s*[)）.、．:：,，。]|(?=\s*[\u3400-\u9fff]))\s*")
_BOXES = "□■○◯●◎☐☑☒◻◼▢⚪❏❑❍〇⬜⬛◇▪️"
_BOX = re.compile(rf"(?:[{_BOXES}]|\[\s?\]|【\s?】|（[\s_]*）|\([\s_]*\))\s*")
_CIRCLED = re.compile(r"[①-⑳]\s*")
_DASH = re.compile(r"(?:[-–—·•▪‣*]\s+|[•·]\s*)")
_STAR = re.compile(r"^\s*[*＊★]\s*(?=\S)")
_CELLS = re.compile(r"\t|\s*[|｜]\s*|\u3000+| {2,}")
_EMPTY_CELL = re.compile(rf"[{_BOXES}\s_()（）\[\]]*|\d{{1,2}}")
# What may stand in a tag: 单选题, 多选题, 最多选3项, 必答 …
_TAG = re.compile(
    r"[\[【（(［〔]\s*((?:[^\[\]【】（）()［］〔〕]{0,12})(?:单选|單選|多选|多選|複選|可选|限选|不定项|量表|矩阵|填空|评分|打分|排序|简答|问答|判断|必答|必填|选填|选做|选答|"
    r"最多选|至多选|至少选|任选|选择?\s*\d|限\s*\d|日期|数字题|single|multiple|choose|select|check|tick|required|optional|ranking|matrix|"
    r"rating|scale|open|text)[^\[\]【】（）()［］〔〕]{0,30})\s*[\]】）)］〕]",
    re.IGNORECASE,
)
# Letters of one line that are tried as the beginning of its answers.
_MOST_LOOKS = 30
_NUMBER = re.compile(r"\d{1,3}")
_CHINESE_DIGITS: Mapping[str, int] = dict(zip("一两二三四五六七八九十", (1, 2, *range(2, 11)), strict=True))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, the text as it is kept, and its cells when it looks like a row of a table."""

    place: int
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A line that begins a question or a section: what stood before its words (digits, chinese, round, part) and the words."""

    style: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Tags:
    """What the brackets and the asterisk of a question say."""

    kind: str = ""
    required: bool = False
    most: int = 0
    least: int = 0


_COUNTED = re.compile(r"(?<![\d.-])(\d{1,2})\s*[,，.、．)）]\s*")
_MARKED = re.compile(rf"[①②{_BOXES}]|[ABab]\s*[.、．。)）]")
_RUN_ON = re.compile(r"(?<![\d.-])(\d{1,3})\s*(?:[、。，,]|[.．](?!\d))")
_LONG = 60
# Looking at a line takes the square of its length and more: long blanks are made shorter, and a very long line is looked at in pieces.
_LONG_GAP = re.compile(r"(\s{8})\s+")
_LONG_BLANK = re.compile(r"([_＿]{60})[_＿]+")
_LONGEST_LINE = 1000


def lines(text: str) -> tuple[Line, ...]:
    """The lines that hold something, numbered from 1 as an editor shows them."""
    found = []
    for place, raw in enumerate(re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text), start=1):
        raw = _LONG_BLANK.sub(r"\1", _LONG_GAP.sub(r"\1", raw))
        kept = line(raw)
        if len(kept) > _LONGEST_LINE:
            found += [Line(place, piece, ()) for piece in _pieces(kept)]
        elif kept:
            # Cells at the right may be empty; what stands left of the first tab is the (empty) corner of a table.
            cells = tuple(line(cell) for cell in _CELLS.split(raw.strip("\r\n |｜")))
            pieces = _run_on(kept) if len(kept) > _LONG else [kept]
            if len(pieces) > 1:
                found += [Line(place, piece, ()) for piece in pieces]
            else:
                found.append(Line(place, kept, cells if len(cells) > 1 else ()))
    return tuple(found)


def _pieces(text: str) -> Iterator[str]:
    """A very long line in pieces that hold together all of its letters."""
    for start in range(0, len(text), _LONGEST_LINE):
        for piece in _run_on(text[start : start + _LONGEST_LINE]):
            if line(piece):
                yield line(piece)


def _run_on(text: str) -> list[str]:
    """Questions that lost their line breaks on the way: at least two numbers in a row that count on."""
    starts: list[int] = []
    last = None
    for found in _RUN_ON.finditer(text):
        if last is None or int(found[1]) == last + 1:
            starts.append(found.start())
            last = int(found[1])
    asks = sum("?" in piece or "？" in piece or bool(_MARKED.search(piece)) for piece in _cut(text, starts))
    return _cut(text, starts) if len(starts) > 1 and asks > 1 else [text]


def _cut(text: str, starts: list[int]) -> list[str]:
    ends = [*starts, len(text)]
    pieces = [text[: ends[0]], *(text[a:b] for a, b in pairwise(ends))]
    return [piece.strip() for piece in pieces if piece.strip()]


def head(text: str) -> Head | None:
    """The number in front of a question or a section."""
    star = _STAR.match(text)
    bare = text[star.end() :] if star else text
    kept = "* " if star else ""
    for style, form in (("part", _PART), ("digits", _DIGITS), ("chinese", _CHINESE), ("round", _ROUND)):
        found = form.match(bare)
        if found:
            digits = next((each for each in found.groups() if each), "") if found.groups() else ""
            return Head(style, int(digits) if digits.isdecimal() else 0, kept + bare[found.end() :].strip())
    return None


def answers(text: str) -> tuple[str, tuple[str, ...]]:
    """The answers of a line as (mark style, labels); ("", ()) when it begins with no mark."""
    for style, form in (("box", _BOX), ("circled", _CIRCLED), ("letter", _LETTER), ("round", _ROUND), ("dash", _DASH)):
        found = form.match(text)
        if found:
            labels = tuple(label for label in _parted(text, style, form) if label)
            return (style, labels) if labels else ("", ())
    return "", ()


def answers_inside(text: str) -> tuple[str, tuple[str, ...]]:
    """A question with its answers behind it in one line: (question, answers); no answers when there are not two."""
    best: tuple[int, tuple[str, ...]] = (len(text), ())
    for style, form in (("box", _BOX), ("circled", _CIRCLED), ("letter", _LETTER)):
        begins = [found.start() for found in islice(form.finditer(text), _MOST_LOOKS) if _begins(text, style, found)]
        # Later boxes and circled numbers are among the answers of the first; only another A may do better.
        for start in begins if style == "letter" else begins[:1]:
            labels = tuple(label for label in _parted(text[start:], style, form) if label)
            if len(labels) > 1 and 0 < start < best[0]:
                best = (start, labels)
    if best[1]:
        return text[: best[0]].strip(), best[1]
    asked, colon, rest = text.replace("：", ":").partition(":")
    words = rest.split()
    if colon and len(words) > 1 and all(map(is_known, words)):
        return asked, tuple(words)
    return text, ()


def _begins(text: str, style: str, found: re.Match[str]) -> bool:
    before = text[found.start() - 1 : found.start()]
    return style != "letter" or (found[1] in "AaＡａ" and not (before.isascii() and before.isalnum()))


def tags(text: str) -> tuple[str, Tags]:
    """A question's words without its tags and asterisk, and what these said."""
    kind, required, most, least = "", False, 0, 0
    for found in list(_TAG.finditer(text)):
        said = found[1]
        meant = _kind(said)
        numbers = _counts(said)
        if not (meant or numbers or re.search("必答|必填|选填|选做|选答|required|optional", said, re.IGNORECASE)):
            continue
        kind = kind or meant
        required = required or bool(re.search("必答|必填|required", said, re.IGNORECASE))
        least, most = (max(least, numbers[0]), max(most, numbers[1])) if numbers else (least, most)
        text = text.replace(found[0], " ", 1)
    bare = re.sub(r"\s+", " ", text).strip()
    starred = re.sub(r"^[*＊★]\s*|\s*[*＊]$", "", bare)
    return starred.strip(), Tags(kind, required or starred != bare, most, least)


def is_scale_row(each: Line) -> tuple[str, ...]:
    """The answers in the head of a table, when two or more of its cells are such and no other but the first ones."""
    cells = [cell for cell in each.cells if cell] or each.text.split()
    for start in range(min(3, len(cells))):
        rest = cells[start:]
        if (len(rest) > 1 and all(map(is_known, rest))) or (len(rest) > 2 and _counts_up(rest)):
            return tuple(rest)
    return ()


def _counts_up(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.isdecimal() and len(cell) < 3]
    return len(numbers) == len(cells) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def row_label(each: Line) -> str:
    """What a row of a table asks about, "" when the line is none: words first, then cells to tick."""
    if each.cells and all(_EMPTY_CELL.fullmatch(cell) for cell in each.cells[2:]):
        first, second = each.cells[0], each.cells[1]
        # A number of its own in the first column.
        if (
            re.fullmatch(r"\d{0,3}[.、]?|[一二三四五六七八九十]{1,3}", first)
            and second
            and not _EMPTY_CELL.fullmatch(second)
        ):
            return second
        if first and _EMPTY_CELL.fullmatch(second) and not _EMPTY_CELL.fullmatch(first):
            return first
    found = re.fullmatch(rf"(.*?[^\s{_BOXES}])\s*(?:[{_BOXES}]\s*){{2,}}", each.text)
    return found[1].strip() if found else ""


def answers_counted(text: str) -> tuple[str, ...]:
    """1, bike 2, car 3, bus: answers in one line behind numbers that count from 1; () when it is none."""
    starts = list(_COUNTED.finditer(text))
    kept: list[re.Match[str]] = []
    for found in starts:
        if int(found[1]) == len(kept) + 1:
            kept.append(found)
    if len(kept) < 2 or kept[0].start():
        return ()
    ends = [found.start() for found in kept[1:]] + [len(text)]
    labels = tuple(text[found.end() : end].strip(" ,，;；.)") for found, end in zip(kept, ends, strict=True))
    return labels if all(labels) and max(map(len, labels)) <= _LONG else ()


def numbers_in_a_row(text: str) -> tuple[str, int, int, str] | None:
    """很不满意 1 2 3 4 5 很满意: the words at the ends and the first and last number."""
    stars = len(re.findall("[★☆]", text))
    if stars > 2:
        return "", 1, stars, ""
    found = re.fullmatch(rf"(\D*?)\s*[{_BOXES}]?\s*((?:\d{{1,2}}[\s{_BOXES}、,，|-]+){{2,10}}\d{{1,2}})\s*(\D*)", text)
    if not found:
        return None
    numbers = [int(each) for each in _NUMBER.findall(found[2])]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[0] not in (0, 1):
        return None
    ends = [end.strip(f" {_BOXES}:：()（）-—~") for end in (found[1], found[3])]
    return (ends[0], numbers[0], numbers[-1], ends[1]) if max(map(len, ends)) <= 20 else None


def _parted(text: str, style: str, form: re.Pattern[str]) -> Iterator[str]:
    """The answers of a line: every box begins one; letters and numbers must go on counting."""
    starts: list[tuple[int, int]] = []
    expected = ""
    for found in form.finditer(text):
        before = text[found.start() - 1 : found.start()]
        if style == "dash" and found.start():
            continue
        if style in ("letter", "round"):
            sign = next(each for each in found.groups() if each)
            if starts and (sign != expected or (before.isascii() and before.isalnum())):
                continue
            # A letter without its dot begins an answer only after a space: 维生素B族 is one word.
            if starts and style == "letter" and not before.isspace() and found[0].strip() == sign:
                continue
            expected = chr(ord(sign) + 1) if style == "letter" else str(int(sign) + 1)
        starts.append((found.start(), found.end()))
    ends = [start for start, _ in starts[1:]] + [len(text)]
    for (_, first), last in zip(starts, ends, strict=True):
        # 男□ is 男: some put the box behind the answer.
        yield text[first:last].strip().rstrip("；;，," + (_BOXES if style != "box" else "")).strip()


def _kind(said: str) -> str:
    for kind, words in (
        ("matrix", "矩阵|matrix"), ("ranking", "排序|ranking"), ("multiple", "多选|多選|複選|不定项|任选|multiple|all that apply|check all|tick all"), ("scale", "量表|scale"),
        ("single", "单选|單選|single|one answer|choose one|select one"), ("score", "评分|打分|rating"), ("judge", "判断"), ("number", "数字题|number"),
        ("date", "日期|date"), ("text", "填空|简答|问答|open|text"),
    ):  # fmt: skip
        if re.search(words, said, re.IGNORECASE):
            return kind
    return "multiple" if re.search(r"可选|限选|最多|至多|至少|选择?\s*[2-9]|限\s*[2-9]|up to", said) else ""


def _counts(said: str) -> tuple[int, int] | None:
    """How many may be ticked: (at least, at most), 0 when not said."""
    plain = re.sub(
        "[一两二三四五六七八九十]",
        lambda found: str(_CHINESE_DIGITS[found[0]]),
        re.sub("单选|(?<![最至])多选", "", said),
    )
    numbers = [int(each) for each in _NUMBER.findall(plain)]
    if not numbers or not re.search("选|限|choose|select|check|tick|up to", plain, re.IGNORECASE):
        return None
    if len(numbers) > 1:
        return min(numbers[:2]), max(numbers[:2])
    least = bool(re.search("至少|最少|不少于|以上|at least", plain))
    most = bool(re.search("最多|至多|不超过|限|以内|以下|up to|at most", plain))
    return (numbers[0] if least or not most else 0, 0 if least else numbers[0])

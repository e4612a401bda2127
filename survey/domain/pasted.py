"""A questionnaire pasted as plain text: numbered questions with their answers below, headings, tables. Nothing of it is lost."""

import re
from collections.abc import Sequence
from dataclasses import replace

from survey.domain.pasted_lines import (
    Head,
    Line,
    Tags,
    answers,
    answers_counted,
    answers_inside,
    head,
    is_scale_row,
    lines,
    numbers_in_a_row,
    row_label,
    tags,
)
from survey.domain.pasted_questions import LONGEST_TITLE, Gathered, Maker, Part, digits_are_answers, filled
from survey.domain.questionnaires import Audience, Questionnaire, Section
from survey.domain.readings import Fate, Note, Reading

LONGEST = 100_000
_LONGEST_HELP = 500
_LONGEST_BARE = 40
_GREETING = re.compile(
    r"(?:尊敬|亲爱|各位|您好|你好|大家好|同志|为了|为|本问卷|本次|感谢|谢谢|填表|填写|说明|dear|thank|please|hello|this survey)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"[（(]?(?:.{0,12}(?:到此结束|填写完毕|作答完毕)|(?:再次|衷心|非常|最后)?[,，]?(?:感谢|谢谢)|祝您|thank)",
    re.IGNORECASE,
)
_JUMP = re.compile(r"跳至|跳转|跳到|请跳过|依赖于|转到?第|接第|请转|继续回答第|结束作答|skip to|go to", re.IGNORECASE)
_OTHER = re.compile(r"[:：]?\s*(?:[（(]\s*)?[_＿]{2}[\s_＿）)。.]*$")
_COUNTING = ("序号", "编号", "No.", "No", "#")
_LETTER_ALONE = re.compile(r"[A-Ha-h]\s*[.、．)）]?")
_ONLY_BLANK = re.compile(r"[_＿\s.。…—-]{2,}|[（(\s]*[)）]?")
_ASIDE = re.compile(r"[（(【\[].*[)）】\]]")


def read_pasted(text: str, *, title: str) -> Reading:
    """The form in a text, with an account line by line. `title` is for a text that has none of its own."""
    return _Walk(lines(text), title).reading()


class _Walk:
    """The lines from the first to the last: what has been gathered so far, and the account."""

    def __init__(self, found: Sequence[Line], title: str) -> None:
        self.lines = found
        self.title = ""
        self.untitled = title
        self.parts = [Part("")]
        self.maker = Maker()
        self.now: Gathered | None = None
        self.number = 0
        self.notes: list[Note] = []
        heads = [(each, head(each.text)) for each in found]
        self.styles = {one.style for _, one in heads if one}
        if digits_are_answers(found, [(n, one) for n, (_, one) in enumerate(heads) if one]):
            self.styles = (self.styles - {"digits"}) | {"digit answers"}

    def reading(self) -> Reading:
        for place, each in enumerate(self.lines):
            after = self.lines[place + 1] if place + 1 < len(self.lines) else None
            self._line(each, after)
        self._finish()
        if not self.title:
            self.title = self.untitled
            self.notes.insert(0, Note(0, self.title, Fate.CHANGED, "no_title"))
        sections = tuple(
            Section(
                f"s{number}",
                part.title or self.title,
                Audience.GENERAL,
                tuple(part.questions),
                help=" ".join(part.help),
            )
            for number, part in enumerate(filled(self.parts), start=1)
        )
        return Reading(Questionnaire("pasted", self.title, tuple(self.maker.scales), sections), tuple(self.notes))

    def _line(self, each: Line, after: Line | None) -> None:
        if self.now is not None and self._table(each):
            return
        found = head(each.text)
        counted = answers_counted(each.text) if self.now is not None and not self.now.has_answers else ()
        if counted and not self._is_next(found):
            self._answers(each, "counted", counted)
        elif found and found.style == "digits" and "digit answers" in self.styles:
            self._answers(each, "digits", (found.text,))
        elif found and self._is_heading(found, after):
            self._heading(each, found)
        elif found and not self._is_round_answer(found, after):
            self._question(each, found.text, numbered=True)
            self.number = found.number
        elif self.now is None and len(is_scale_row(each)) > 1 and each.cells:
            self.now = Gathered("", Tags(), len(self.notes))
            self._table(each)
        else:
            self._unnumbered(each, after)

    def _is_next(self, found: Head | None) -> bool:
        """Whether this number goes on from the present question's, so that it begins another."""
        return bool(found and found.style == "digits" and found.number == self.number + 1)

    def _is_heading(self, found: Head, after: Line | None) -> bool:
        if found.style == "part":
            return True
        if found.style != "chinese" or "digits" not in self.styles:
            return False
        below = answers(after.text)[1] if after and head(after.text) is None else ()
        return not (
            below or tags(found.text)[1].kind or answers_inside(found.text)[1] or re.search(r"[_＿]{3,}", found.text)
        )

    def _is_round_answer(self, found: Head, after: Line | None) -> bool:
        """（1） is an answer where a question waits for some, and has none of its own."""
        if found.style != "round" or self.now is None or tags(found.text)[1].kind or answers_inside(found.text)[1]:
            return False
        style, labels = answers(after.text) if after else ("", ())
        return not labels or style in ("round", "dash") or self.now.style == "round"

    def _heading(self, each: Line, found: Head) -> None:
        self._finish()
        self.parts.append(Part(found.text or each.text))
        self._note(each, Fate.TAKEN, "section")

    def _question(self, each: Line, text: str, *, numbered: bool) -> None:
        self._finish()
        bare, said = tags(text)
        bare, inline = answers_inside(bare)
        self.now = Gathered(bare, said, len(self.notes))
        self._note(each, Fate.TAKEN if numbered else Fate.CHANGED, "question" if numbered else "no_number")
        for label in inline:
            self._add(label)
        if inline:
            self.now.style = "inline"

    def _table(self, each: Line) -> bool:
        """A line that belongs to a table or a row of numbers under the present question."""
        now = self.now
        assert now is not None
        columns = is_scale_row(each)
        if columns and not now.options and not now.rows and (each.cells or " " in each.text) and not now.head:
            now.head = columns
            # What heads the column of the rows names the table when no question does.
            corner = [cell for cell in each.cells if cell and cell not in columns and cell not in _COUNTING]
            now.text = now.text or " ".join(corner)
            self._note(each, Fate.TAKEN, "columns")
            return True
        label = row_label(each) if now.head or now.tags.kind == "matrix" else ""
        bare = (
            now.tags.kind == "matrix" and (now.head or now.span) and not head(each.text) and not answers(each.text)[1]
        )
        if label or (bare and not _THANKS.match(each.text)):
            words = re.sub(r"^\d{1,3}\s*[.、．]\s*", "", label or each.text)
            now.rows.append((words, each.place))
            self._note(each, Fate.TAKEN, "row")
            return True
        span = None if now.has_answers else numbers_in_a_row(each.text)
        if span:
            now.span = span
            self._note(each, Fate.TAKEN, "columns")
        return bool(span)

    def _unnumbered(self, each: Line, after: Line | None) -> None:
        style, labels = answers(each.text)
        below = ("stars" if after.text.count("★") > 2 else answers(after.text)[0]) if after else ""
        kind = tags(each.text)[1].kind
        begins = (
            below not in ("", "dash")
            and (self.now is None or self.now.has_answers)
            and not head(after.text if after else "")
        )
        asks = each.text.endswith(("？", "?")) and not self.styles and (self.now is None or self.now.has_answers)
        if labels and self.now is not None and not (style == "dash" and self.now.options and self.now.style != "dash"):
            self._answers(each, style, labels)
        elif (
            not labels
            and (kind or begins or asks)
            and not (not self.title and self.now is None and not self.parts[0].help and not kind and self.styles)
        ):
            self._question(each, each.text, numbered=False)
        elif self.now is None:
            self._before(each)
        else:
            self._below(each, self.now)

    def _answers(self, each: Line, style: str, labels: Sequence[str]) -> None:
        if self.now is None:
            self._before(each)
            return
        jumps = any(_JUMP.search(label) for label in labels)
        other = any(_OTHER.search(label) for label in labels)
        self.now.style = self.now.style or style
        for label in labels:
            self._add(label)
        fate = Fate.CHANGED if jumps or other else Fate.TAKEN
        self._note(each, fate, "jump" if jumps else "other_text" if other else "answers", detail=str(len(labels)))

    def _add(self, label: str) -> None:
        assert self.now is not None
        self.now.options.append(_OTHER.sub("", label).strip() or label)

    def _before(self, each: Line) -> None:
        """Bare words before the first question of a part: the title, or what is said at the beginning."""
        part = self.parts[-1]
        first = not self.notes
        if (
            first
            and len(each.text) <= LONGEST_TITLE
            and not _GREETING.match(each.text)
            and not each.text.endswith(("。", "！", "!", "：", ":"))
        ):
            self.title = each.text
            self._note(each, Fate.TAKEN, "title")
        elif len(" ".join([*part.help, each.text])) <= _LONGEST_HELP:
            part.help.append(each.text)
            self._note(each, Fate.TAKEN, "said_first")
        else:
            self._note(each, Fate.LEFT, "too_long")

    def _below(self, each: Line, now: Gathered) -> None:
        """Bare words below a question."""
        if now.is_waiting:
            now.is_waiting = False
            self._add(each.text)
            self._note(each, Fate.TAKEN, "answers", detail="1")
        elif _THANKS.match(each.text):
            self._note(each, Fate.LEFT, "thanks")
        elif _LETTER_ALONE.fullmatch(each.text):
            # Its answer stands in the next line.
            now.is_waiting, now.style = True, now.style or "letter"
            self._note(each, Fate.TAKEN, "answers", detail="0")
        elif _ONLY_BLANK.fullmatch(each.text):
            self._note(each, Fate.TAKEN, "room")
        elif _JUMP.search(each.text):
            self._note(each, Fate.LEFT, "jump")
        elif not now.text:
            now.text = tags(each.text)[0]
            self._note(each, Fate.TAKEN, "question")
        elif self._is_bare_answer(each, now):
            now.style = "bare"
            self._add(each.text)
            told = now.tags.kind in ("single", "multiple", "scale", "judge", "ranking")
            self._note(each, Fate.TAKEN if told else Fate.CHANGED, "answers" if told else "bare_answer", detail="1")
        elif len(" ".join([*now.help, each.text])) <= _LONGEST_HELP:
            now.help.append(each.text)
            self._note(each, Fate.CHANGED, "help")
        else:
            self._note(each, Fate.LEFT, "too_long")

    def _is_bare_answer(self, each: Line, now: Gathered) -> bool:
        if now.style not in ("", "bare") or now.head or now.tags.kind in ("text", "number", "date", "score", "matrix"):
            return False
        plain = not _ASIDE.fullmatch(each.text) and not each.text.endswith(("。", "？", "?", "：", ":", "；"))
        return plain and len(each.text) <= _LONGEST_BARE and not re.search("[_＿]{2,}", now.text)

    def _finish(self) -> None:
        """The present question is whole: it goes into its part; a table is a part of its own, named by its question."""
        now, self.now = self.now, None
        if now is None:
            return
        if now.style == "bare" and len(now.options) == 1:
            # One line below a question is no choice.
            now.help = [*now.options, *now.help]
            now.options = []
            self.notes[-1] = replace(self.notes[-1], fate=Fate.CHANGED, why="help")
        made, why = self.maker.questions(now)
        part = self.parts[-1]
        if now.is_table:
            title = now.text or part.title
            long = len(title) > LONGEST_TITLE
            words = ([title] if long else []) + now.help
            self.parts.append(Part(title, words, list(made), is_table=True))
        else:
            if part.is_table:
                before = next((each.title for each in reversed(self.parts) if not each.is_table), "")
                self.parts.append(Part(before))
            self.parts[-1].questions.extend(made)
        note = self.notes[now.note]
        self.notes[now.note] = replace(note, detail=made[0].kind.value)
        if why:
            self.notes[now.note] = replace(note, fate=Fate.CHANGED, why=why, detail=made[0].kind.value)

    def _note(self, each: Line, fate: Fate, why: str, *, detail: str = "") -> None:
        self.notes.append(Note(each.place, each.text, fate, why, detail))

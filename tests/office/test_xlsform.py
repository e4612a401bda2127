"""XLSForms: any form there and back, and what others wrote, with an account of every row."""

import io
from collections.abc import Sequence
from datetime import date
from time import process_time

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.actions.questionnaires import library
from survey.domain.elections import Pool
from survey.domain.questionnaires import Audience, Condition, Kind, Question, Questionnaire, Role
from survey.domain.readings import BadForm, Fate, Reading
from survey.office.files import BadFile
from survey.office.xlsform import read_xlsform
from survey.office.xlsform_rules import condition, limits, parameters, ticks
from survey.office.xlsform_writing import write_xlsform
from tests.office.test_files import compound, repacked
from tests.questionnaires_for_tests import questionnaires

QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
Rows = Sequence[Sequence[object]]
YES_NO: Rows = [("list_name", "name", "label"), ("yn", "y", "去过"), ("yn", "n", "没去过")]


def book(survey: Rows, choices: Rows = YES_NO, options: Rows = ()) -> bytes:
    """A workbook with these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in (("survey", survey), ("choices", choices), ("settings", options)):
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(survey: Rows, choices: Rows = YES_NO, options: Rows = ()) -> Reading:
    return read_xlsform(book(survey, choices, options), "form.xlsx", title="没有名称")


def asked(reading: Reading) -> list[Question]:
    return [question for section in reading.form.sections for question in section.questions]


def told(reading: Reading) -> list[tuple[int, str]]:
    """Rows of the survey that were not simply taken."""
    return [(note.place, note.why) for note in reading.notes if note.fate is not Fate.TAKEN and note.why != "no_title"]


def row(kind: str, **more: object) -> Question:
    """One row under a header of what is given, read."""
    header = ("type", "name", "label", *more)
    (question,) = asked(read([header, (kind, "q", "问题", *more.values())]))
    return question


@given(questionnaires(pools=tuple(Pool)))
@QUICK
def test_any_questionnaire_survives_its_workbook_with_every_row_taken(form: Questionnaire) -> None:
    reading = read_xlsform(write_xlsform(form), "a.xlsx", title="?")
    assert reading.form == form
    assert {note.fate for note in reading.notes} == {Fate.TAKEN}


def test_everything_in_the_library_survives_its_workbook() -> None:
    for form in library().values():
        assert read_xlsform(write_xlsform(form), "a.xlsx", title="?").form == form


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("text", Kind.OPINION), ("integer", Kind.NUMBER), ("decimal", Kind.NUMBER), ("date", Kind.DATE), ("select_one yn", Kind.CHOICE),
        ("select one from yn", Kind.CHOICE), ("select_multiple yn", Kind.CHOICE), ("select all that apply from yn", Kind.CHOICE), ("SELECT1 yn", Kind.CHOICE),
        ("select_one yn or_other", Kind.CHOICE), ("rank yn", Kind.CHOICE), ("range", Kind.NUMBER),
    ],
)  # fmt: skip
def test_every_type_that_can_be_asked_is_taken(kind: str, found: Kind) -> None:
    assert row(kind).kind is found


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("start", "recorder"), ("deviceid", "recorder"), ("audit", "recorder"), ("geopoint", "place"), ("image", "media"), ("calculate", "computed"),
        ("dateTime", "clock"), ("time", "clock"), ("select_one_from_file towns.csv", "external"), ("select_one nowhere", "no_list"), ("barcode", "type"),
        ("wibble", "type"), ("", "no_type"), ("# later", "comment"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_left_with_its_reason(kind: str, why: str) -> None:
    reading = read([("type", "name", "label"), (kind, "q", "问题"), ("text", "w", "意见")])
    assert [(note.fate, note.place, note.why, note.text) for note in reading.notes if note.place == 2 and note.sheet == "survey"] == [
        (Fate.LEFT, 2, why, "问题")
    ]
    assert [question.key for question in asked(reading)] == ["w"]


def test_limits_and_ticks_are_read_from_constraints() -> None:
    assert (row("integer", constraint=". >= 1 and . < 10").low, row("integer", constraint="(. <= -5)").high) == (1, -5)
    days = row("date", constraint=". >= date('2026-01-01') and . <= '2026-12-31'")
    assert (days.low, days.high) == (date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal())
    several = row("select_multiple yn", constraint="count-selected(.) >= 1 and count-selected(.) <= 1")
    assert (several.choose, several.least) == (1, 1)
    assert row("range", parameters="start=0 end=100 step=1").kind is Kind.SCORE
    assert row("range", parameters="start=0;end=10").high == 10
    reading = read([("type", "name", "label", "constraint"), ("integer", "q", "问题", ". <= ${other}")])
    assert told(reading) == [(2, "constraint")]


def test_conditions_on_earlier_answers_are_kept_and_others_named() -> None:
    header = ("type", "name", "label", "relevant")
    reading = read([
        header, ("select_one yn", "been", "去过吗", ""), ("text", "a", "怎样", "${been} = 'y'"), ("text", "b", "为何", 'selected(${been}, "n") or ${been}="y"'),
        ("text", "c", "三", "${been} = 'y' and ${a} != ''"), ("text", "d", "四", "${nobody} = 'y'"), ("text", "e", "五", "${a} = 'y'"),
        ("text", "f", "六", "${been} = 'perhaps'"), ("begin_group", "g", "第二部分", ""), ("text", "h", "七", "${been} = 'y'"), ("end_group", "", "", ""),
    ])  # fmt: skip
    shown = {question.key: question.show_if for question in asked(reading)}
    assert shown["a"] == Condition("been", (0,))
    assert shown["b"] == Condition("been", (1, 0))
    assert {shown[key] for key in "cdefh"} == {None}
    assert told(reading) == [
        (5, "condition_form"), (6, "condition_unknown"), (7, "condition_kind"), (8, "condition_answer"), (10, "condition_section"),
    ]  # fmt: skip


def test_groups_are_sections_and_those_without_a_label_only_keep_questions_together() -> None:
    reading = read([
        ("type", "name", "label", "audience", "only"), ("text", "a", "一", "", ""), ("begin group", "g", "支部", "unit", "rural, school"),
        ("note", "n", "请如实评。", "", ""), ("begin_group", "h", "", "", ""), ("text", "b", "二", "", ""), ("end_group", "", "", "", ""), ("end group", "", "", "", ""),
        ("begin_repeat", "r", "党员", "member", ""), ("text", "c", "三", "", ""), ("end_repeat", "", "", "", ""), ("text", "d", "四", "", ""),
    ])  # fmt: skip
    assert [(s.title, s.audience, s.only, s.help, [q.key for q in s.questions]) for s in reading.form.sections] == [
        ("没有名称", Audience.GENERAL, (), "", ["a"]), ("支部", Audience.UNIT, ("rural", "school"), "请如实评。", ["b"]),
        ("党员", Audience.MEMBER, (), "", ["c"]), ("没有名称", Audience.GENERAL, (), "", ["d"]),
    ]  # fmt: skip
    assert told(reading) == []
    (loose,) = read([("type", "name", "label"), ("begin_repeat", "r", "孩子"), ("text", "c", "三"), ("end_repeat",)]).form.sections
    assert loose.audience is Audience.GENERAL


def test_roles_make_a_scale_and_known_words_do_so_where_there_is_no_column_of_roles() -> None:
    grades = [("l", 1, "满意"), ("l", 2, "基本满意"), ("l", 3, "不满意")]
    survey = [("type", "name", "label"), ("select_one l", "q", "总的来说")]
    guessed = read(survey, [("list_name", "name", "label"), *grades])
    assert [option.role for option in guessed.form.scales[0].options] == [Role.SATISFIED, Role.BASIC, Role.UNSATISFIED]
    assert told(guessed) == [(2, "known_scale")]
    plain = read(survey, [("list_name", "name", "label", "role"), *grades])
    assert (asked(plain)[0].kind, told(plain)) == (Kind.CHOICE, [])
    roles = read(survey, [("list_name", "name", "label", "role", "points"), *((*g, r, p) for g, r, p in zip(grades, ("满意", "basic", "?"), (100, "2.5", "x"), strict=True))])
    assert [(o.code, o.role, o.points) for o in roles.form.scales[0].options] == [(1, Role.SATISFIED, 100), (2, Role.BASIC, 2.5), (3, Role.BASIC, None)]
    assert told(roles) == [(4, "role"), (4, "points")]


def test_chinese_is_taken_of_several_languages_and_the_others_are_named() -> None:
    survey = [("type", "name", "label::English (en)", "label::中文 (zh)", "hint::English (en)"), ("text", "q", "What?", "什么", "any"), ("text", "w", "Why?", "", "")]
    reading = read(survey)
    assert [(question.text, question.help) for question in asked(reading)] == [("什么", "any"), ("Why?", "")]
    assert [(note.why, note.detail) for note in reading.notes if note.why == "languages"] == [("languages", "English (en)")]


def test_columns_nobody_reads_are_named_once() -> None:
    reading = read([("type", "name", "label", "calculation", "media::image"), ("text", "q", "问", "1+1", "a.png"), ("text", "w", "问", "2", "")])
    assert [note.detail for note in reading.notes if note.why == "column"] == ["calculation", "media::image"]


def test_an_old_workbook_reads_the_same() -> None:
    old = xlwt.Workbook()
    for title, rows in (("survey", [("type", "name", "label"), ("select_one yn", "q", "去过吗")]), ("choices", YES_NO)):
        sheet = old.add_sheet(title)
        for r, cells in enumerate(rows):
            for c, cell in enumerate(cells):
                sheet.write(r, c, cell)
    out = io.BytesIO()
    old.save(out)
    assert asked(read_xlsform(out.getvalue(), "form.xls", title="?"))[0].candidates == ("去过", "没去过")


def test_formulas_long_cells_and_unseen_letters_are_texts() -> None:
    reading = read([("type", "name", "label", "hint"), ("text", "q", "=1+1", "长" * 10_000), ("text", "w", "一\u202e二\n三\u200b", "")])
    first, second = asked(reading)
    assert first.text == "q"
    assert len(first.help) == 10_000
    assert second.text == "一二 三"
    assert (2, "name_as_label") in told(reading)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"), (b"type,name,label\n", "not_workbook"), (b"%PDF-1.7", "wrong_kind"), (b"PK\x03\x04cut", "cut_off"), (compound("EncryptedPackage"), "encrypted"),
        (repacked({"xl/media/big.bin": b"\0" * (25 << 20)}), "unsafe"), (book([("题号", "内容")]), "no_survey"), (book([("type", "name", "label")])[:-900], "cut_off"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_form_says_why(data: bytes, why: str) -> None:
    with pytest.raises((BadFile, BadForm)) as caught:
        read_xlsform(data, "form.xlsx", title="?")
    assert caught.value.why == why


CELLS = st.sampled_from((
    "", "text", "select_one yn", "select_multiple yn", "begin_group", "end_group", "begin_repeat", "end_repeat", "note", "calculate", "range", "q", "问", "yes",
    "${q} = 'y'", ". > 1", "selected(${q}, 'y')", "count-selected(.) <= 0", "start=9 end=1 step=0", ". >= date('2026-02-31')", "unit", "member", "likert", "y", "1e9", "-",
))  # fmt: skip
HEADER = ("type", "name", "label", "relevant", "constraint", "parameters", "audience", "key", "appearance")


@given(st.lists(st.lists(CELLS, min_size=9, max_size=9), max_size=8))
@QUICK
def test_whatever_stands_in_the_rows_is_read_with_an_account(rows: list[list[str]]) -> None:
    reading = read([HEADER, *rows])
    places = {note.place for note in reading.notes if note.sheet == "survey"}
    written = {n for n, cells in enumerate(rows, start=2) if any(cells[:3]) and not cells[0].startswith("end_") and (cells[0] or cells[1] or cells[2])}
    assert written <= places | {0}


@given(st.text("${}=' orselectd(),and.<>-0123456789ynq", max_size=40))
@settings(QUICK, max_examples=300)
def test_whatever_is_written_as_a_rule_is_understood_or_not(text: str) -> None:
    condition(text), limits(text), limits(text, days=True), ticks(text)


@pytest.mark.parametrize("nasty", ["${" + " " * 200_000, "(" * 100_000 + ")" * 100_000, "a" * 200_000, "and " * 50_000, "${" + " " * 1_900])
def test_no_rule_makes_its_reader_wait(nasty: str) -> None:
    """Guards: the length of a rule that is read, and that no two parts of one pattern may share a run of blanks."""
    before = process_time()
    assert (condition(nasty), limits(nasty), ticks(nasty)) == (None, None, None) and parameters(nasty) == {}
    assert process_time() - before < 1


def test_a_name_in_a_rule_may_stand_between_blanks() -> None:
    found = condition("${ q 1 } = 'a' or selected(${ q 1}, 'b')")
    assert found is not None and (found.name, found.values) == ("q 1", ("a", "b"))

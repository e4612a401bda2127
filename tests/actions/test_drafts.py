"""Questionnaires of one's own in the house: saved by revision, finished in versions, shared down the tree, used in meetings."""

from dataclasses import replace
from random import Random
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from survey.actions import drafts, meetings
from survey.actions.house import House
from survey.actions.questionnaires import library
from survey.domain.drafts import Work, add_question, move_section, put_back, remove_question, remove_section
from survey.domain.meetings import Entry
from survey.domain.questionnaires import Kind, Question, Questionnaire
from survey.domain.refusals import NotAllowed, NotFound, Refused, Stale, Unfinished
from survey.domain.staff import StaffRole
from survey.store import drafts as kept
from survey.store import journal, questionnaires, rounds
from survey.store import meetings as meetings_kept
from survey.store.tables import QuestionnaireRow, VersionRow
from tests.conftest import NOW, TODAY, Hall, hire, make_people, person

READY = "five_goods_five_leads"


@pytest.fixture
def hall(house: House) -> Hall:
    hall = make_people(house)
    for login, unit in (("below", hall.branch), ("aside", hall.other_branch)):
        hire(house, login, login, role=StaffRole.SECRETARY, unit=unit)
    return hall


def begin(hall: Hall, login: str = "secretary") -> int:
    return drafts.begin(hall.house, library()[READY], by=person(hall.house, login), now=NOW)


def stands(hall: Hall, draft: int) -> kept.Draft:
    with hall.house.store.read() as db:
        return kept.get(db, draft)


def renamed(title: str):
    return lambda work: replace(work, form=replace(work.form, title=title))


def number(hall: Hall, table: type) -> int:
    with hall.house.store.read() as db:
        return db.execute(select(func.count()).select_from(table)).scalar_one()


def acts(hall: Hall) -> list[str]:
    with hall.house.store.read() as db:
        return list(db.execute(select(journal.JournalRow.act).order_by(journal.JournalRow.id)).scalars())



def test_a_draft_is_begun_under_a_key_of_its_own_and_saved_by_revision(hall: Hall) -> None:
    draft = begin(hall)
    assert stands(hall, draft).form == replace(library()[READY], key=f"d{draft}")
    after, _ = drafts.change(hall.house, draft, renamed("新名"), seen=1, by=hall.secretary, now=NOW)
    assert (after.form.title, after.revision, after.name) == ("新名", 2, "李秘书")
    same, _ = drafts.change(hall.house, draft, renamed("新名"), seen=2, by=hall.secretary, now=NOW)
    assert same.revision == 2, "nothing was changed, so nothing was saved"


def test_the_second_of_two_editors_is_refused_and_the_first_ones_words_stay(hall: Hall) -> None:
    draft = begin(hall)
    drafts.change(hall.house, draft, renamed("先"), seen=1, by=hall.secretary, now=NOW)
    with pytest.raises(Stale):
        drafts.change(hall.house, draft, renamed("后"), seen=1, by=person(hall.house, "admin"), now=NOW)
    assert stands(hall, draft).form.title == "先"


def test_of_two_who_save_at_once_exactly_one_does(hall: Hall) -> None:
    draft, gate, done = begin(hall), Barrier(2), []

    def save(title: str) -> None:
        gate.wait()
        try:
            drafts.change(hall.house, draft, renamed(title), seen=1, by=hall.secretary, now=NOW)
            done.append(title)
        except Refused as refused:
            done.append(refused.key)

    both = [Thread(target=save, args=(title,)) for title in ("甲", "乙")]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(done)[0] == "stale" and stands(hall, draft).form.title == sorted(done)[1]


def test_deletions_are_put_back_the_last_one_first_by_whoever_may_edit(hall: Hall) -> None:
    draft = begin(hall)
    before = stands(hall, draft).form
    drafts.change(hall.house, draft, lambda work: remove_question(work, "unit", "good2"), seen=1, by=hall.secretary, now=NOW)
    drafts.change(hall.house, draft, lambda work: remove_section(work, "member"), seen=2, by=hall.secretary, now=NOW)
    gone = stands(hall, draft).deleted
    assert [(each.what, each.words) for each in gone] == [("question", before.sections[0].questions[1].text), ("section", before.sections[1].title)]
    drafts.change(hall.house, draft, put_back, seen=3, by=person(hall.house, "admin"), now=NOW)
    after = stands(hall, draft)
    assert len(after.deleted) == 1 and after.form.sections[1] == before.sections[1]
    drafts.change(hall.house, draft, put_back, seen=4, by=hall.secretary, now=NOW)
    assert stands(hall, draft).form == before
    with pytest.raises(NotFound):
        drafts.change(hall.house, draft, put_back, seen=5, by=hall.secretary, now=NOW)


def test_a_version_is_made_only_when_it_differs_from_the_last(hall: Hall) -> None:
    draft = begin(hall)
    assert drafts.finish(hall.house, draft, seen=1, by=hall.secretary, now=NOW) == 1
    assert drafts.finish(hall.house, draft, seen=1, by=hall.secretary, now=NOW) == 1
    assert not stands(hall, draft).is_changed
    drafts.change(hall.house, draft, lambda work: move_section(work, "unit", 1), seen=1, by=hall.secretary, now=NOW)
    assert stands(hall, draft).is_changed
    drafts.change(hall.house, draft, lambda work: move_section(work, "unit", -1), seen=2, by=hall.secretary, now=NOW)
    assert drafts.finish(hall.house, draft, seen=3, by=hall.secretary, now=NOW) == 1, "it is what it was"
    assert not stands(hall, draft).is_changed and number(hall, VersionRow) == 1
    drafts.change(hall.house, draft, renamed("又一版"), seen=3, by=hall.secretary, now=NOW)
    assert drafts.finish(hall.house, draft, seen=4, by=hall.secretary, now=NOW) == 2
    with pytest.raises(Stale):
        drafts.finish(hall.house, draft, seen=3, by=hall.secretary, now=NOW)
    assert acts(hall)[-3:] == ["begin_draft", "finish_draft", "finish_draft"]


def test_what_is_at_fault_is_not_finished(hall: Hall) -> None:
    draft = begin(hall)
    drafts.change(hall.house, draft, lambda work: add_question(work, "unit", Question("", Kind.CHOICE, "")), seen=1, by=hall.secretary, now=NOW)
    with pytest.raises(Unfinished) as refused:
        drafts.finish(hall.house, draft, seen=2, by=hall.secretary, now=NOW)
    assert {fault.why for fault in refused.value.facts["faults"]} >= {"empty", "few_options"}
    assert number(hall, VersionRow) == 0


def test_a_used_version_stays_as_it_is_whatever_becomes_of_the_draft(hall: Hall) -> None:
    house, draft = hall.house, begin(hall)
    drafts.finish(house, draft, seen=1, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        form = drafts.chosen(db, f"d{draft}", by=hall.secretary)
    assert isinstance(form, Questionnaire)
    new = meetings.NewMeeting(hall.branch, TODAY, "", Entry.SLIPS, [("党员", 9, 9)], questionnaire=form)
    made = meetings.create(house, new, by=hall.secretary, now=NOW)
    drafts.change(house, draft, lambda work: remove_section(work, "member"), seen=1, by=hall.secretary, now=NOW)
    drafts.finish(house, draft, seen=2, by=hall.secretary, now=NOW)
    drafts.shelve(house, draft, True, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        season = rounds.get(db, meetings_kept.get(db, made).round)
        assert questionnaires.get(db, season.questionnaire) == form
        assert [(row.number, row.used) for row in kept.versions(db, draft)] == [(2, 0), (1, 1)]
        assert drafts.chosen(db, f"d{draft}", by=hall.secretary) is None, "what is put aside is not used"
        assert drafts.usable(db, by=hall.secretary) == ()
        (line,) = kept.listed(db, kept.Asked(hall.secretary.unit, shelved=True), most=9)
    assert (line.finished, line.used, line.shelved) == (2, 1, True)
    meetings.open_box(house, made, by=hall.secretary, now=NOW)


@pytest.mark.parametrize("value", ["d0", "d", "d-1", "d１", "d" + "9" * 30, "dd1", "1", "d1 "])
def test_no_other_word_names_a_draft(hall: Hall, value: str) -> None:
    drafts.finish(hall.house, begin(hall), seen=1, by=hall.secretary, now=NOW)
    with hall.house.store.read() as db:
        assert drafts.chosen(db, value, by=hall.secretary) is None


def test_a_shared_draft_is_read_copied_and_used_below_and_changed_by_nobody_there(hall: Hall) -> None:
    house, draft = hall.house, begin(hall)
    drafts.finish(house, draft, seen=1, by=hall.secretary, now=NOW)
    below = person(house, "below")
    with house.store.read() as db, pytest.raises(NotFound):
        drafts.look(db, draft, by=below)
    drafts.share(house, draft, True, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert drafts.look(db, draft, by=below).shared
        assert drafts.chosen(db, f"d{draft}", by=below) is not None
        assert [line.id for line in drafts.usable(db, by=below)] == [draft]
        with pytest.raises(NotAllowed):
            drafts.look(db, draft, by=hall.leader)
    for act in (
        lambda: drafts.change(house, draft, renamed("改"), seen=1, by=below, now=NOW),
        lambda: drafts.finish(house, draft, seen=1, by=below, now=NOW),
        lambda: drafts.share(house, draft, False, by=below, now=NOW),
        lambda: drafts.shelve(house, draft, True, by=below, now=NOW),
    ):
        with pytest.raises(NotAllowed):
            act()
    drafts.share(house, draft, False, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert drafts.chosen(db, f"d{draft}", by=below) is None


def test_a_draft_below_is_edited_from_above_and_not_there_beside(hall: Hall) -> None:
    house, draft = hall.house, begin(hall, "below")
    drafts.change(house, draft, renamed("上级改的"), seen=1, by=hall.secretary, now=NOW)
    drafts.share(house, draft, True, by=hall.secretary, now=NOW)
    aside = person(house, "aside")
    for act in (
        lambda: drafts.change(house, draft, renamed("改"), seen=2, by=aside, now=NOW),
        lambda: drafts.share(house, draft, False, by=aside, now=NOW),
    ):
        with pytest.raises(NotFound):
            act()
    with house.store.read() as db:
        assert kept.listed(db, kept.Asked(aside.unit, kept.above(db, aside.unit)), most=9) == ()


def test_a_plain_survey_is_offered_to_surveys_alone(hall: Hall) -> None:
    house = hall.house
    survey = replace(library()[READY], sections=library()[READY].sections[-1:])
    told = drafts.begin(house, survey, by=hall.secretary, now=NOW)
    asked = begin(hall)
    for draft in (told, asked):
        drafts.finish(house, draft, seen=1, by=hall.secretary, now=NOW)
    with house.store.read() as db:
        assert [line.id for line in drafts.usable(db, by=hall.secretary)] == [asked]
        assert [line.id for line in drafts.usable(db, by=hall.secretary, rates=False)] == [told]


def test_odd_letters_are_kept_and_found(hall: Hall) -> None:
    """What is imported may hold what no form sends: halves of letters, NUL, ten thousand characters."""
    odd = replace(library()[READY], title="\ud800\x00" + "长" * 10_000 + "%_\\")
    draft = drafts.begin(hall.house, odd, by=hall.secretary, now=NOW)
    assert stands(hall, draft).form.title == odd.title
    with pytest.raises(Unfinished):
        drafts.finish(hall.house, draft, seen=1, by=hall.secretary, now=NOW)
    fine = drafts.begin(hall.house, replace(odd, title="100%_好\\"), by=hall.secretary, now=NOW)
    with hall.house.store.read() as db:
        for words, found in (("%_好\\", [fine]), ("%", [fine]), ("_", [fine]), ("0好", [])):
            assert [line.id for line in kept.listed(db, kept.Asked(hall.secretary.unit, words=words), most=9)] == found


def test_two_thousand_questions_are_saved_and_finished(hall: Hall) -> None:
    draw = Random(4)
    section = library()[READY].sections[0]
    many = tuple(replace(section.questions[0], key=f"x{n}", text=f"第 {n} 题 {draw.random()}") for n in range(200))
    large = replace(library()[READY], sections=tuple(replace(section, key=f"p{n}", questions=many) for n in range(10)))
    draft = drafts.begin(hall.house, large, by=hall.secretary, now=NOW)

    def last(work: Work) -> Work:
        return remove_question(work, "p9", "x199")

    drafts.change(hall.house, draft, last, seen=1, by=hall.secretary, now=NOW)
    assert drafts.finish(hall.house, draft, seen=2, by=hall.secretary, now=NOW) == 1
    assert number(hall, QuestionnaireRow) == 1

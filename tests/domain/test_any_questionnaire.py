"""Any questionnaire: JSON and back, frozen, filled, packed and counted, against sums made by hand."""

import json
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.domain.ballots import Opened, fill, pack, unpack
from survey.domain.elections import Pool
from survey.domain.papers import Paper, read_paper, targets, used
from survey.domain.questionnaire_checks import faults
from survey.domain.questionnaire_json import as_json, questionnaire
from survey.domain.questionnaires import Questionnaire
from survey.domain.results import tally
from survey.domain.rounds import Scheme
from survey.domain.units import Member, MemberKind, Unit, UnitKind
from tests.questionnaires_for_tests import fillings, questionnaires

PEOPLE = [Member(1, 1, "张三", MemberKind.LEADING), Member(2, 1, "李四", MemberKind.RETIRED)]
BRANCHES = [(Unit(1, None, UnitKind.BRANCH, "一支部", "rural"), PEOPLE), (Unit(2, None, UnitKind.BRANCH, "二支部"), [])]
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


def frozen(form: Questionnaire) -> Paper:
    chosen = targets(form, BRANCHES)
    sections, scales = used(form, chosen)
    return Paper(7, 3, "会", "群众", form.title, "0" * 64, chosen, sections, scales, True)


@given(questionnaires(pools=tuple(Pool)))
@QUICK
def test_any_questionnaire_is_whole_and_survives_json(form: Questionnaire) -> None:
    assert faults(form) == ()
    assert questionnaire(json.loads(json.dumps(as_json(form)))) == form
    assert read_paper(frozen(form).as_json()) == frozen(form)


@given(st.data())
@QUICK
def test_any_ballots_of_any_questionnaire_are_counted_as_by_hand(data: st.DataObject) -> None:
    paper = frozen(data.draw(questionnaires()))
    filled = data.draw(st.lists(fillings(paper), min_size=1, max_size=4))
    boxed = [pack(paper, fill(paper, each.fields), "A" * 10) for each in filled]
    found = tally(paper, [Opened(unpack(paper, plain).marks, "A" * 10) for plain in boxed], Scheme())
    by_hand = Counter(mark for each in filled for mark in each.marks)
    assert {(c.target, c.question, c.option): c.ballots for c in found.counts} == by_hand
    assert Counter((o.target, o.question, o.text) for o in found.opinions) == Counter(
        opinion for each in filled for opinion in each.opinions
    )
    assert Counter(found.names) == Counter(name for each in filled for name in each.names)
    assert found.abstained == sum(not each.marks and not each.opinions and not each.names for each in filled)

"""Two people at one form: whatever both change, nobody's words are lost unasked, and only what differs is asked about."""

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.domain.merging import GONE, mark, meet

FIELDS = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "甲", "乙", "\ud800"]))


@given(base=FIELDS, mine=FIELDS, theirs=FIELDS)
@settings(max_examples=200, deadline=None)
def test_every_field_is_his_who_alone_changed_it_and_asked_about_when_both_did(
    base: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    met = meet({name: mark(value) for name, value in base.items()}, mine, theirs)
    for name, value in mine.items():
        is_changed, was_changed = value != base.get(name), theirs.get(name) != base.get(name)
        both_did = is_changed and was_changed and value != theirs.get(name)
        assert (name in met.both) == (both_did or (name not in base and name not in theirs))
        assert (name in met.taken) == (is_changed and not was_changed and name in theirs)
        assert met.taken.get(name, value) == value
    assert set(met.taken) | set(met.both) <= set(mine)


def test_what_is_gone_is_written_again_once_that_is_chosen() -> None:
    assert meet({"a": mark("甲")}, {"a": "乙"}, {}).both == ("a",)
    assert meet({"a": GONE}, {"a": "乙"}, {}).taken == {"a": "乙"}

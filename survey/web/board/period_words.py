"""A half-year or a year in a few sentences, before its tables: whose rates rose or fell, who was below the line every time."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from analysis import standouts
from survey.office.figures import Verdict
from survey.web.board.period_figures import Line, Told
from survey.web.board.turns import Span

# As many names stand in a sentence.
_NAMES = 5


def first_said(made: Told) -> tuple[str, ...]:
    """Nothing where there is a single round, or no unit below this one stands by itself."""
    if len(made.rows) < 2:
        return ()
    return (*_moved(made.lines), *_below(made.span, made.lines))


def _moved(lines: Sequence[Line]) -> Iterator[str]:
    """From the first to the last round in which each stands by itself."""
    moved = [(each.change.narrow, each.label) for each in lines if each.change is not None and each.change.narrow is not None]
    far = sorted((each for each in moved if abs(each[0]) >= standouts.MOVED), key=lambda each: -abs(each[0]))
    if not moved:
        return
    if not far:
        yield _("从第一轮到最后一轮都平稳：没有哪个单位的满意率升降满 %(points)s 个百分点。", points=standouts.MOVED)
        return
    for by, label in far[:_NAMES]:
        text = _("%(name)s的满意率从第一轮到最后一轮升了 %(by)s 个百分点。") if by > 0 else _("%(name)s的满意率从第一轮到最后一轮降了 %(by)s 个百分点。")
        yield text % {"name": label, "by": abs(by)}
    if len(far) > _NAMES:
        yield _("另有 %(n)s 个也升降了 %(points)s 个百分点以上。", n=len(far) - _NAMES, points=standouts.MOVED)
    if len(moved) > len(far):
        yield _("其余 %(n)s 个变化不到 %(points)s 个百分点，可以看作没变。", n=len(moved) - len(far), points=standouts.MOVED)


def _below(span: Span, lines: Sequence[Line]) -> Iterator[str]:
    names = [each.label for each in lines if _is_below(span, each.key)]
    if names:
        yield _("每轮都没到满意线的：%(names)s。", names=_named(names))


def _is_below(span: Span, key: str) -> bool:
    """Whether it stands by itself in every round, below the line of 满意 in each."""
    return all(
        key in each.reading.standings and each.reading.standings.verdict(each.reading.roll.spots[key]) in (Verdict.BASIC, Verdict.BELOW) for each in span.turns
    )


def _named(names: Sequence[str]) -> str:
    return _("、").join(names[:_NAMES]) + (_("等，共 %(n)s 个", n=len(names)) if len(names) > _NAMES else "")

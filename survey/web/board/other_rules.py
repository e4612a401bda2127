"""Earlier rounds that were read by other rules than this one: what differs, and whether their rates may still be put beside each other."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.domain.publications import Publication
from survey.domain.scheme_versions import rates_by
from survey.web.board.changes import Then
from survey.web.board.roll_ups import Reading
from survey.web.scheme_facts import Changed, Labels, answers, changes
from survey.web.words import round_name, sectors, unit_kinds


@dataclass(frozen=True, slots=True)
class Otherwise:
    """A round by its name, its rules against those of this one (`before` is its own), and whether both make rates alike."""

    name: str
    changed: tuple[Changed, ...]
    is_compared: bool


def otherwise(now: Reading, then: Iterable[Then]) -> tuple[Otherwise, ...]:
    """Those of some earlier rounds whose rules are others, the last first."""
    return tuple(
        Otherwise(
            round_name(each.listed), changes(each.reading.scheme, now.scheme, _labels(each.reading.made, now.made)),
            rates_by(each.reading.scheme) == rates_by(now.scheme),
        )
        for each in then
        if each.reading.scheme != now.scheme
    )  # fmt: skip


def _labels(*some: Publication) -> Labels:
    scales = (scale for made in some for form in made.forms.values() for scale in form.scales)
    return Labels(answers(scales), {key.value: label for key, label in unit_kinds().items()} | dict(sectors()))

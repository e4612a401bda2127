"""What was typed into the page of the rules of a round: kept as it was for the next try, or read into a scheme."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from survey.domain.refusals import BadField
from survey.domain.rounds import MOST_WEIGHT, Base, Scheme, SpoilRule
from survey.domain.scheme_checks import check_scheme
from survey.domain.scheme_parts import Missing, Source, Ties, Validity
from survey.domain.texts import line
from survey.web.desk.fields import Errors, number, row_by_row
from survey.web.errors import sentence
from survey.web.scheme_words import in_percent

# So many rows of sources and of grades the form always has; what stays empty does not count.
ROWS = 6
# With more groups only one, or all of them, are offered as a source.
_MOST_JOINED = 4
_CHOICES: Mapping[str, type[Base] | type[Validity] | type[SpoilRule] | type[Missing] | type[Ties]] = {
    "base": Base, "validity": Validity, "spoil": SpoilRule, "missing": Missing, "ties": Ties,
}  # fmt: skip
_SWITCHES = ("quorum", "trim_ends", "league")
# In per cent on the page, shares in the scheme.
_SHARES = ("satisfied_at", "basic_at", "trim")
_WHOLE = ("below", "bonus", "decimals")
_TEXTS = (*_CHOICES, *_SWITCHES, *_SHARES, *_WHOLE, "quota_part", "quota_whole", "seen")
_NUMBER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,2})?")
Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rules of a round speak of: its groups by name, the answers of its questionnaires (scale and code), and units by
    kind and sector."""

    groups: tuple[str, ...]
    answers: tuple[tuple[str, int], ...]
    kinds: tuple[str, ...]

    def joined(self, kept: Iterable[Source] = ()) -> tuple[tuple[str, ...], ...]:
        """Which groups can make up a source."""
        most = len(self.groups) if len(self.groups) < _MOST_JOINED else 1
        some = [each for n in range(1, most + 1) for each in combinations(self.groups, n)]
        return tuple(dict.fromkeys([*some, self.groups, *(each.groups for each in kept if each.groups)]))


@dataclass(frozen=True, slots=True)
class Typed:
    """The page as it was typed: fields by name, and rows."""

    texts: Mapping[str, str] = field(default_factory=dict)
    points: Pairs = ()
    weights: Pairs = ()
    kinds: Pairs = ()
    sources: tuple[tuple[str, str, str], ...] = ()
    grades: Pairs = ()


def of(scheme: Scheme, ground: Ground) -> Typed:
    """A scheme as the page shows it."""
    texts = {name: getattr(scheme, name).value for name in _CHOICES}
    texts |= {name: "1" if getattr(scheme, name) else "0" for name in _SWITCHES}
    texts |= {name: in_percent(getattr(scheme, name)) for name in _SHARES} | {name: str(getattr(scheme, name)) for name in _WHOLE}
    texts |= {"below": str(scheme.below or ""), "bonus": str(scheme.bonus or "")}
    texts |= dict(zip(("quota_part", "quota_whole"), map(str, scheme.quota or ("", "")), strict=True))
    points = {(scale, code): f"{earned:g}" for scale, code, earned in scheme.points}
    weights, kinds = dict(scheme.weights), dict(scheme.kinds)
    return Typed(
        texts,
        tuple((f"{scale}:{code}", points.get((scale, code), "")) for scale, code in ground.answers),
        tuple((name, str(weights.get(name, ""))) for name in ground.groups),
        tuple((name, str(kinds.get(name, ""))) for name in dict.fromkeys([*ground.kinds, *kinds])),
        tuple((each.name, str(each.weight), whose(each.groups, ground)) for each in scheme.sources),
        tuple((label, f"{lowest:g}") for label, lowest in scheme.grades),
    )


def typed(form: MultiDict[str, str]) -> Typed:
    """The form as it was typed; a button fills in the sources or the grades that are usual."""
    found = Typed(
        {name: line(form.get(name, "")) for name in _TEXTS},
        _pairs(form, "answer", "points"), _pairs(form, "group", "weight"), _pairs(form, "kind", "kind_weight"),
        tuple((a, b, c) for a, b, c in row_by_row(form, "source", "source_weight", "source_from")), _pairs(form, "grade", "grade_from"),
    )  # fmt: skip
    if "usual_sources" in form:
        found = replace(found, sources=_usual_sources(found))
    if "usual_grades" in form:
        found = replace(found, grades=((_("优秀"), "90"), (_("良好"), "80"), (_("合格"), "60"), (_("不合格"), "0")))
    return found


def is_filling(form: MultiDict[str, str]) -> bool:
    """Whether a button was pressed that only fills in rows."""
    return "usual_sources" in form or "usual_grades" in form


def whose(groups: Sequence[str], ground: Ground) -> str:
    """A choice of groups as the value of its option: their places."""
    return ",".join(str(ground.groups.index(each)) for each in groups if each in ground.groups)


def read(form: Typed, before: Scheme, ground: Ground) -> tuple[Scheme | None, Errors]:
    """The scheme that was asked for, or a sentence for each field to change."""
    wrong: Errors = {}
    values: dict[str, object] = {}
    for name, kind in _CHOICES.items():
        if form.texts.get(name) in set(kind):
            values[name] = kind(form.texts[name])
        else:
            wrong[name] = _("请选一种。")
    values |= {name: form.texts.get(name) == "1" for name in _SWITCHES}
    for name in _SHARES:
        if (share := _decimal(form.texts.get(name, ""))) is None:
            wrong[name] = _("请填 0 到 100 的数，例如 80。")
        else:
            values[name] = share / 100
    for name in _WHOLE:
        found = number(form.texts.get(name, "") or "0", most=100)
        if found is None:
            wrong[name] = _("请填 0 到 100 的整数。")
        else:
            values[name] = found
    values |= _read_rows(form, ground, wrong)
    values["quota"] = _quota(form, wrong)
    if wrong:
        return None, wrong
    scheme = replace(before, **values)  # type: ignore[arg-type]
    try:
        check_scheme(scheme)
    except BadField as refused:
        return None, {slot(refused): sentence(refused).text}
    return scheme, {}


def slot(refused: BadField) -> str:
    """The place on the page where a refusal is said."""
    name = str(refused.facts.get("field"))
    return "weights" if name == "weight" else name


def _read_rows(form: Typed, ground: Ground, wrong: Errors) -> dict[str, object]:
    known = {f"{scale}:{code}": (scale, code) for scale, code in ground.answers}
    points = []
    for key, text in form.points:
        earned = _decimal(text)
        if text and (earned is None or key not in known):
            wrong["points"] = _("“%(value)s”不是一个分数。请填数，例如 80；空着就照问卷上写的。", value=text)
        elif earned is not None and text:
            points.append((*known[key], earned))
    weights = _weights("weights", form.weights, ground.groups, wrong)
    kinds = [each for each in _weights("kinds", form.kinds, [name for name, _text in form.kinds], wrong) if each[1]]
    if {name for name, weight in form.kinds if weight} - {*ground.kinds}:
        wrong["kinds"] = _("有一类单位已经不在列表里了。请刷新后再填。")
    return {"points": tuple(points), "weights": weights, "kinds": tuple(kinds), "sources": _sources(form, ground, wrong), "grades": _grades(form, wrong)}


def _weights(where: str, rows: Pairs, known: Sequence[str], wrong: Errors) -> tuple[tuple[str, int], ...]:
    """Whole numbers by name; () when nothing was typed, an empty one among others weighs nothing."""
    found = []
    for name, text in rows:
        weight = number(text or "0", most=MOST_WEIGHT)
        if weight is None or name not in known:
            wrong[where] = _("“%(value)s”的权重要填 0 到 %(most)s 的整数。", value=name, most=MOST_WEIGHT)
        else:
            found.append((name, weight))
    return tuple(found) if any(text for _name, text in rows) else ()


def _sources(form: Typed, ground: Ground, wrong: Errors) -> tuple[Source, ...]:
    found = []
    for name, text, chosen in form.sources:
        if not (name or text):
            continue
        weight, places = number(text or "0", most=MOST_WEIGHT), [number(each) for each in chosen.split(",") if chosen]
        groups = tuple(ground.groups[at] for at in places if at is not None and at < len(ground.groups))
        if weight is None or len(groups) < len(places):
            wrong["sources"] = _("来源“%(value)s”的权重要填 0 到 %(most)s 的整数，分从哪里来请从列表中选。", value=name, most=MOST_WEIGHT)
        else:
            found.append(Source(name, weight, groups))
    return tuple(found)


def _grades(form: Typed, wrong: Errors) -> tuple[tuple[str, float], ...]:
    found = []
    for label, text in form.grades:
        if not (label or text):
            continue
        lowest = _decimal(text)
        if lowest is None:
            wrong["grades"] = _("等次“%(value)s”要填最低多少分，例如 90。", value=label)
        else:
            found.append((label, lowest))
    return tuple(found)


def _quota(form: Typed, wrong: Errors) -> tuple[int, int] | None:
    part, whole = form.texts.get("quota_part", ""), form.texts.get("quota_whole", "")
    if not (part or whole):
        return None
    numbers = number(part, most=MOST_WEIGHT), number(whole, most=MOST_WEIGHT)
    if numbers[0] is None or numbers[1] is None:
        wrong["quota"] = _("名额的两格都要填整数，例如 1 和 3；不限就两格都空着。")
        return None
    return numbers[0], numbers[1]


def _decimal(text: str) -> float | None:
    """A number with at most two decimals, also in full-width digits; None for anything else."""
    plain = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
    return float(plain) if _NUMBER.fullmatch(plain) else None


def _usual_sources(form: Typed) -> tuple[tuple[str, str, str], ...]:
    every = ",".join(str(at) for at in range(len(form.weights)))
    typed_ones = ((_("自评"), "10", ""), (_("互评"), "20", ""), (_("支部评议"), "20", ""), (_("领导评价"), "20", ""))
    return (*typed_ones, (_("群众评议"), "30", every))


def _pairs(form: MultiDict[str, str], *names: str) -> Pairs:
    return tuple((a, b) for a, b in row_by_row(form, *names))

"""One row of the sheet `survey` as a question of ours, with what had to be changed; or why there is none."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from survey.domain.elections import Election, election_json, read_election
from survey.domain.questionnaires import MOST_CODE, Kind, Question, Scale
from survey.office.xlsform_lists import Answers
from survey.office.xlsform_rows import Row
from survey.office.xlsform_rules import Limits, limits, parameters, ticks

SELECT = re.compile(
    r"(?:add\s+)?(?P<how>select[_ ]one[_ ]external|select[_ ]one[_ ]from[_ ]file|select[_ ]multiple[_ ]from[_ ]file|select[_ ]one|select1|"
    r"select[_ ]multiple|select[_ ]all[_ ]that[_ ]apply|rank)(?:\s+prompt)?(?:\s+(?:using|from))?\s+(?P<list>\S+)\s*(?P<other>or[_ ]specify[_ ]other|or[_ ]other)?",
    re.IGNORECASE,
)
_YES = frozenset(("yes", "true", "true()", "1", "是", "y", "必答"))
_WRITTEN: Mapping[str, Kind] = {"text": Kind.OPINION, "string": Kind.OPINION, "date": Kind.DATE, "integer": Kind.NUMBER, "int": Kind.NUMBER,
                                "decimal": Kind.NUMBER, "range": Kind.NUMBER, "add text prompt": Kind.OPINION, "add date prompt": Kind.DATE,
                                "add integer prompt": Kind.NUMBER, "add decimal prompt": Kind.NUMBER}  # fmt: skip
# Why a type is not taken over.
_LEFT: Mapping[str, str] = {
    **dict.fromkeys(("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "phone number", "username", "email", "audit",
                     "imei", "start-geopoint", "background-geopoint", "start time", "end time", "device id", "subscriber id", "sim id",
                     "get start time", "get end time", "get today", "get device id", "uri:deviceid", "uri:subscriberid", "uri:simserial",
                     "uri:phonenumber", "uri:username", "uri:email", "time start", "time end"), "recorder"),
    **dict.fromkeys(("geopoint", "geotrace", "geoshape", "location", "gps", "add location prompt"), "place"),
    **dict.fromkeys(("image", "photo", "picture", "audio", "video", "file", "background-audio", "add image prompt", "add audio prompt",
                     "add video prompt", "add photo prompt", "add picture prompt", "signature", "draw"), "media"),
    **dict.fromkeys(("calculate", "hidden", "xml-external", "csv-external", "calculation", "add calculate prompt"), "computed"),
    **dict.fromkeys(("time", "datetime", "add time prompt", "add datetime prompt"), "clock"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Taken:
    """A question, its scale when it has one, and the keys of what was changed with what they speak of."""

    question: Question | None
    changed: tuple[tuple[str, str], ...] = ()
    left: str = ""
    scale: Scale | None = None
    answers: Answers | None = None


def question(row: Row, known: Mapping[str, Answers], *, roles: bool) -> Taken:
    """A question, or why the row is left. `roles` is whether the form has a column for them."""
    kind = row["type"].strip()
    select = SELECT.fullmatch(kind)
    if select:
        return _select(row, select, known, roles=roles)
    word = kind.lower()
    if word not in _WRITTEN:
        return Taken(None, left=_LEFT.get(word, "type"))
    asked = _WRITTEN[word]
    changed: list[tuple[str, str]] = []
    found = Limits()
    if word == "range":
        asked, found = _range(row, changed)
    elif row["constraint"]:
        said = limits(row["constraint"], days=asked is Kind.DATE) if asked is not Kind.OPINION else None
        if said is None:
            changed.append(("constraint", row["constraint"]))
        found = said or found
    if "decimal" in word:
        changed.append(("decimal", ""))
    return Taken(_made(row, asked, changed, low=found.low, high=found.high), tuple(changed))


def _select(row: Row, select: re.Match[str], known: Mapping[str, Answers], *, roles: bool) -> Taken:
    how = re.sub("[_ ]+", " ", select["how"].lower())
    if "external" in how or "file" in how:
        return Taken(None, left="external")
    answers = known.get(select["list"])
    if answers is None:
        return Taken(None, left="no_list" if "$" not in select["list"] else "computed")
    one = how in ("select one", "select1")
    changed: list[tuple[str, str]] = []
    likert = "likert" in row["appearance"].lower()
    scale, guessed = answers.as_scale(likert=likert, roles=roles) if one else (None, "")
    if guessed:
        changed.append((guessed, ""))
    if row["choice_filter"]:
        changed.append(("choice_filter", row["choice_filter"]))
    if "randomize" in row["parameters"].lower():
        changed.append(("randomize", ""))
    if how == "rank":
        changed.append(("ranking", ""))
    candidates = answers.labels
    if select["other"]:
        changed.append(("other_text", ""))
        candidates = (*candidates, "其他" if re.search("[\u3400-\u9fff]", "".join(candidates)) else "Other")
    limit = ticks(row["constraint"]) if row["constraint"] else Limits()
    if limit is None:
        changed.append(("constraint", row["constraint"]))
        limit = Limits()
    if scale is not None and not select["other"]:
        return Taken(_made(row, Kind.RATING, changed, scale=scale.key), tuple(changed), "", scale, answers)
    election = _election(row["election"], [])
    # Whoever stands is only known when the meeting opens.
    every = MOST_CODE if election.pool else len(candidates)
    candidates = () if election.pool else candidates
    most = 1 if one else min(limit.high or every, every)
    least = min(max(limit.low or 0, 0), most)
    made = _made(row, Kind.CHOICE, changed, candidates=candidates, choose=most, least=least)
    return Taken(made, tuple(changed), answers=answers)


def _range(row: Row, changed: list[tuple[str, str]]) -> tuple[Kind, Limits]:
    """0 to 100 by ones is a score; other ranges are numbers."""
    said = {"start": "1", "end": "10", "step": "1"} | parameters(row["parameters"])
    found = limits(f". >= {said['start']} and . <= {said['end']}") or Limits()
    if (said["start"], said["end"], said["step"]) == ("0", "100", "1"):
        return Kind.SCORE, Limits()
    if said["step"] != "1":
        changed.append(("step", said["step"]))
    return Kind.NUMBER, found


def _made(row: Row, kind: Kind, changed: list[tuple[str, str]], **more: object) -> Question:
    if not row["label"] and row["name"]:
        changed.append(("name_as_label", ""))
    if re.search(r"\$\{[^}]{0,200}\}", row["label"]) and not row["key"]:
        changed.append(("reference", row["label"]))
    required = row["required"].strip().lower()
    if required and required not in _YES and required not in ("no", "false", "false()", "0", "否", "n"):
        changed.append(("required", row["required"]))
    text = row["label"] or row["name"]
    more["election"] = _election(row["election"], changed)
    return Question(row["key"] or row["name"], kind, text, required=required in _YES, help=row["hint"], **more)  # type: ignore[arg-type]


def _election(said: str, changed: list[tuple[str, str]]) -> Election:
    """How a question elects, as names with values; what cannot be read elects nobody, and is told."""
    values = {name: int(value) if value.isascii() and value.isdecimal() else value for name, value in parameters(said).items()}
    try:
        found = read_election(values)
    except (TypeError, ValueError):
        found = Election()
    if said and not values.keys() <= election_json(found).keys():
        changed.append(("election", said))
    return found

"""What was taken out of a form under work: kept whole with its place, until it is put back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deleted:
    """Something that was taken out: a section, a question of the section `part`, or a scale; its place, and itself as JSON."""

    what: str
    place: int
    body: Mapping[str, Any]
    part: str = ""

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"what": self.what, "place": self.place, "body": dict(self.body), "part": self.part}

    @property
    def key(self) -> str:
        """Its key, which nothing else gets meanwhile."""
        return str(self.body["key"])

    @property
    def keys(self) -> frozenset[str]:
        """Its key and those of its questions."""
        return frozenset({self.key, *(str(each["key"]) for each in self.body.get("questions", ()))})

    @property
    def words(self) -> str:
        """What people know it by."""
        return str(self.body.get("text" if self.what == "question" else "title" if self.what == "section" else "label", ""))


def read_deleted(data: Mapping[str, Any]) -> Deleted:
    """Read it back from JSON values."""
    return Deleted(data["what"], data["place"], data["body"], data["part"])

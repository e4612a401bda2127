"""Long lists: what somebody looks for, the page that was asked for, and how many there are."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from flask import request

from survey.domain.texts import line

LONGEST_SEARCH = 100
Thing = TypeVar("Thing")
# No list has a million pages.
_LONGEST_PAGE = 6


def looked_for(given: Mapping[str, str], field: str = "q") -> str:
    """What was typed to look for, on one line and no longer than any name."""
    return line(given.get(field, ""))[:LONGEST_SEARCH]


def asked_page() -> int:
    """The page the address asks for; the first when it asks for none there can be."""
    text = request.args.get("page", "").strip()
    return max(1, int(text)) if text.isdecimal() and len(text) <= _LONGEST_PAGE else 1


def pages(total: int, each: int) -> int:
    """How many pages a list fills; an empty one has one."""
    return max(1, -(-total // each))


def on_page(rows: Sequence[Thing], each: int) -> tuple[Sequence[Thing], int, int]:
    """The part of a list that the address asks for, which page that is, and of how many; past the last one it is the last."""
    many = pages(len(rows), each)
    page = min(asked_page(), many)
    return rows[(page - 1) * each : page * each], page, many

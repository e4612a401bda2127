"""The numbers by which addresses and forms name what is kept."""

from survey.store.meetings import MOST_ID


def id_of(text: str) -> int | None:
    """A number that something could have; None for anything else."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST_ID)) and int(text) <= MOST_ID
    return int(text) if is_id else None

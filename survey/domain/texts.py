"""Text as people typed it and as it is kept: one line, nothing that nobody can see."""

import unicodedata


def line(text: str) -> str:
    """One line of text: breaks, tabs and other spaces become a space, what cannot be seen goes.

    Control characters (NUL among them, which PostgreSQL refuses), zero-width marks and those that turn the direction of
    reading, lone surrogates, private and unassigned characters are no part of a name: two names that look alike
    would differ, or one would turn round the page it stands on.
    """
    spaced = (" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in spaced if letter == " " or unicodedata.category(letter)[0] != "C").strip()

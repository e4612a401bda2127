"""Grades in the language of the page: a scheme's own are its labels, without them there are the verdicts."""

from flask_babel import gettext as _


def grade_word(grade: str) -> str:
    """A grade as it is read."""
    return {"satisfied": _("满意"), "basic": _("基本满意以上"), "below": _("未达到")}.get(grade, grade)

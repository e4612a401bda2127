"""Which language a page speaks: Chinese, or English when `?lang=en` or the desk's choice says so."""

from flask import has_request_context, request

LANGUAGES = ("zh", "en")


def choose_language() -> str:
    """`?lang=` only: the booth keeps nothing about anybody."""
    asked = request.args.get("lang", "") if has_request_context() else ""
    return asked if asked in LANGUAGES else LANGUAGES[0]

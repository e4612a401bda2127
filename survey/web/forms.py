"""What every form of staff needs: a key that lets it work once."""

from flask import Flask

from survey.web.doors import house


def lend_form_keys(app: Flask) -> None:
    """Let templates of staff write `<input type="hidden" name="form" value="{{ form_key() }}">` into forms that create."""
    app.jinja_env.globals["form_key"] = form_key


def form_key() -> str:
    """A fresh key for one form on one page; see `survey.store.forms`."""
    return f"{house().random.getrandbits(128):032x}"

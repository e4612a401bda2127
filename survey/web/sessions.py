"""Sessions are for staff: whatever a browser brings along, the booth neither renews nor sets a session cookie."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class StaffSessions(SecureCookieSessionInterface):
    """Signed cookies everywhere but in the booth."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Nothing is saved for a voter, not even that a member of staff is one."""
        if request.blueprint != "booth":
            super().save_session(app, session, response)

"""Let a form of staff work once: sent again, it leads where it led the first time."""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from survey.actions.house import House
from survey.domain.refusals import Refused
from survey.store.forms import Claim, claim

# The first sending has committed and is only being answered.
_WAIT_SECONDS, _STEP_SECONDS = 3.0, 0.02


@dataclass(frozen=True, slots=True)
class Sending:
    """One form on its way: `house` claims it with the first thing it changes."""

    house: House
    _plain: House
    _claim: Claim

    @property
    def works(self) -> bool:
        """Whether this sending, and not another one of the same form, has changed something."""
        return self._claim.mine

    def before(self) -> str | None:
        """Where the same form led that was sent before, or is being answered now; None when there was none."""
        patience = time.monotonic() + _WAIT_SECONDS
        while True:
            with self._plain.store.read() as db:
                made = self._claim.made(db)
            if made != "" or time.monotonic() > patience:
                return made
            time.sleep(_STEP_SECONDS)

    def settle(self, made: str) -> None:
        """It worked, and led there. Its act is done: when this cannot be written, the form is only not known again."""
        with suppress(Refused), self._plain.store.write() as db:
            self._claim.settle(db, made)

    def drop(self) -> None:
        """It did not work, or its answer is a page of its own: it may be sent again."""
        with suppress(Refused), self._plain.store.write() as db:
            self._claim.drop(db)


def sending(house: House, key: str, fields: Iterable[tuple[str, str]], *, by: int, now: datetime) -> Sending:
    """A form with its key and all its fields, sent by a person."""
    taken = claim(key, fields, by=by, now=now)
    return Sending(replace(house, store=house.store.beginning(taken.take)), house, taken)

"""Refusals: what the house will not do, each with a key and its facts. The sentences people read live in web/errors."""

from typing import ClassVar


class Refused(Exception):
    """A request that is refused before anything was changed.

    Attributes
    ----------
    key : str
        Names the reason; web/errors holds one sentence and one HTTP status per key.
    facts : dict
        What the sentence needs to be whole: names, numbers, rows.
    """

    key: ClassVar[str] = "refused"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.key)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.key} {self.facts}" if self.facts else self.key


class NotFound(Refused):
    """There is no such thing, or it is none of the asker's business: both read alike."""

    key = "not_found"


class NotAllowed(Refused):
    """The role does not carry this right."""

    key = "not_allowed"


class BadField(Refused):
    """A field of a form or of a file cannot be used. Facts: field, value, why."""

    key = "bad_field"


class Unfinished(Refused):
    """A questionnaire that cannot be used yet. Facts: faults."""

    key = "unfinished"


class BadAnswer(Refused):
    """An answer the paper does not offer. Facts: target, question, why. The slip stays good."""

    key = "bad_answer"


class MissingAnswer(Refused):
    """A required question is open. Facts: target, question. The slip stays good."""

    key = "missing_answer"


class TextTooLong(Refused):
    """The opinions of one ballot are longer than it can hold. Facts: length, most."""

    key = "text_too_long"


class UnknownCode(Refused):
    """No slip has this code."""

    key = "unknown_code"


class OnPaper(Refused):
    """This code stands on a paper form, which is filled in with a pen: no phone casts it. Facts: title."""

    key = "on_paper"


class BadForm(Refused):
    """A paper form that cannot be keyed, or not now. Facts: why, and what the sentence needs."""

    key = "bad_form"


class HalfKeyed(Refused):
    """Paper forms were keyed once and wait for their second time. Facts: waiting."""

    key = "half_keyed"


class UsedCode(Refused):
    """The ballot of this slip is in the box. Facts: tracker."""

    key = "used_code"


class VoidSlip(Refused):
    """This slip was made void, or its whole meeting was. Facts: meeting (True for the meeting)."""

    key = "void_slip"


class WrongStage(Refused):
    """The meeting is not at the stage this act needs. Facts: stage, wanted."""

    key = "wrong_stage"


class NoSection(Refused):
    """No section of the questionnaire fits a target. Facts: target."""

    key = "no_section"


class TooFew(Refused):
    """A meeting or a group of fewer than k people. Facts: group (or None), present, fewest."""

    key = "too_few"


class TooMany(Refused):
    """More slips than people. Facts: group, way, most, asked."""

    key = "too_many"


class BadSheet(Refused):
    """Counts of a meeting that cannot be true. Facts: group, why and the numbers."""

    key = "bad_sheet"


class Stale(Refused):
    """Somebody else changed it since this form was made; nothing was written. Facts: what."""

    key = "stale"


class UnitStays(Refused):
    """The tree of units cannot be changed like this. Facts: why, unit, and what the sentence needs."""

    key = "unit_stays"


class WrongScrutineer(Refused):
    """The code typed is not the one on the scrutineer's slip."""

    key = "wrong_scrutineer"


class BoxDiffers(Refused):
    """The box does not hold what it must: a ballot was added, removed or changed. Facts: why, expected, found."""

    key = "box_differs"


class ExchangedKey(Refused):
    """The public key of the box is not the one it was opened with. The slip stays good."""

    key = "exchanged_key"


class NoKey(Refused):
    """The key of the box does not lie in this machine's key room."""

    key = "no_key"


class BadKey(Refused):
    """What was typed as the key of a box is none, or another box's. Facts: why, never what was typed."""

    key = "bad_key"


class NotRehearsed(Refused):
    """The key of the box stands on the scrutineer's slip alone, and nobody has read it back yet."""

    key = "not_rehearsed"


class BoxNotEmpty(Refused):
    """The act needs an empty box, and ballots lie in it. Facts: ballots."""

    key = "box_not_empty"


class StaleTurn(Refused):
    """The code on the screen has turned over since this page was made."""

    key = "stale_turn"


class BadLogin(Refused):
    """Name and password do not fit. Facts: wait (seconds until the next try, 0 when at once)."""

    key = "bad_login"


class Locked(Refused):
    """Name and password fit, and the account is locked."""

    key = "locked"


class BadInvitation(Refused):
    """No invitation has this key, any more or ever: used, withdrawn, run out and mistyped read alike."""

    key = "bad_invitation"


class LastAdmin(Refused):
    """The root of the tree would be left without an admin."""

    key = "last_admin"


class Repeated(Refused):
    """This very form was sent before and did its work. Facts: made (what it made, as the verb noted it)."""

    key = "repeated"


class NotPublished(Refused):
    """A round cannot be published. Facts: why (done, running, nothing, changed), n (meetings that run)."""

    key = "not_published"


class AlteredRound(Refused):
    """What is kept of a published round is not what its digest names. Facts: name (of the round)."""

    key = "altered_round"


class NotGraded(Refused):
    """A grade cannot be decided, or not now. Facts: why (ended, open, nothing, changed, decided, quota, rows, reason, no_reason, long), and what the sentence needs."""

    key = "not_graded"


class NoBundle(Refused):
    """There is no file with all sheets to be taken away. Facts: why (unfinished, gone, moved)."""

    key = "no_bundle"


class KeyStays(Refused):
    """The act is done and the key of its box could not be destroyed: the key room cannot be written."""

    key = "key_stays"


class Away(Refused):
    """The database cannot be reached just now, or somebody else holds its lock: try again."""

    key = "away"


class NoRoom(Away):
    """Disk or memory is full; nothing was changed. Facts: what (disk, keyroom, memory)."""

    key = "no_room"


class InUse(Refused):
    """Somebody else is connected to a database that must be nobody's while it is filled."""

    key = "in_use"


class NewerDatabase(Refused):
    """The database, or the backup, is of a release this one does not know. Facts: found (its revision)."""

    key = "newer_database"


class BadBackup(Refused):
    """A backup cannot be written, read or put back. Facts: why, and what the sentence needs."""

    key = "bad_backup"

"""The commands `pingyi backup` and `pingyi restore`: what they say of what they do, on a terminal, in whole sentences."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from survey.actions import backups
from survey.app import open_house
from survey.config import Config, Unsafe, exchange_pepper, release
from survey.domain.refusals import Away, BadBackup, BadField, InUse, KeyStays, NewerDatabase, NoRoom, Refused
from survey.store import backup_files

_SECONDS_BETWEEN = 1.0
_WHY = {
    "nothing": "There is no Pingyi database to back up. Look at PINGYI_INSTANCE and PINGYI_DATABASE.",
    "exists": "There is already something at {path}. Choose another name; nothing was written.",
    "unwritable": "The backup cannot be written to {path} ({said}). No file was left.",
    "unreadable": "The backup cannot be read from {path} ({said}). Nothing was written.",
    "foreign": "{path} is no backup of Pingyi. Nothing was written.",
    "cut": "{path} is cut off: its end is missing. Copy the file again. Nothing was written.",
    "altered": "The part {part} of the backup is not what was written then. Use another backup. Nothing was written.",
    "rows": "The part {part} of the backup does not fit this database. Use another backup. Nothing was written.",
    "not_empty": "The database is not empty, and a restore never overwrites one. Name an empty one by PINGYI_DATABASE "
    "or PINGYI_INSTANCE. Nothing was written.",
}


def write_backup(config: Config, path: Path) -> int:
    """Write a backup and say what is in it."""
    path = path.absolute()
    if path.resolve().is_relative_to(config.keyroom):
        raise Unsafe("A backup must not lie in the key room: who takes the folder would have box and key together.")
    house = open_house(config)
    try:
        made = backups.backup(house, path, version=release(), now=datetime.now(UTC), progress=_progress())
    finally:
        house.store.close()
    print(f"{path}: {made.rows} rows of {len(made.parts)} tables and the pepper, {path.stat().st_size} bytes.")
    print(f"SHA-256 {backup_files.digest(path)}")
    if made.unsettled:
        print(f"Not yet counted in it: {_names(made.unsettled)}.")
        print("The key of a box is never in a backup. Where the key room is lost too, such a box can never be counted.")
    return 0


def put_back(config: Config, path: Path) -> int:
    """Restore a backup and say what it means for boxes that were not counted."""
    house = open_house(config)
    try:
        done = backups.restore(
            house, path, keep_pepper=lambda pepper: exchange_pepper(config, pepper), progress=_progress()
        )
    finally:
        house.store.close()
    made = done.manifest
    print(
        f"Restored: {made.rows} rows of {len(made.parts)} tables, as they were at {made.made}. Everybody logs in anew."
    )
    if done.with_key:
        print(f"Not yet counted, and the key lies in this key room: {_names(done.with_key)}.")
        print("Ballots cast after the backup are lost; their slips are fresh again and can be used once more.")
    if done.without_key:
        print(f"Not yet counted, and without a key here: {_names(done.without_key)}.")
        print(
            "Unless its key room still stands somewhere, such a box can never be counted. Void the meeting on its page."
        )
    return 0


_PASSWORDS = {
    "short": "The password needs {least} characters at least. Three words that have nothing to do with each other are best.",
    "long": "The password may have {most} characters at most.",
    "different": "The two passwords differ. Nothing was changed.",
    "common": "This password is too easily guessed. Take three words that have nothing to do with each other.",
}


def words(refused: Refused) -> str:
    """The sentence for a refusal of these commands, else the refusal as it is."""
    if isinstance(refused, BadBackup):
        return _WHY[str(refused.facts["why"])].format(**refused.facts)
    if isinstance(refused, NewerDatabase):
        return (
            f"This was written by a later Pingyi ({refused.facts['found']}). Install that release. Nothing was written."
        )
    if isinstance(refused, InUse):
        return "Somebody is connected to this database. Stop the server over it, then restore. Nothing was written."
    if isinstance(refused, KeyStays):
        return "The key room cannot be written, and the key of a box that is done with still lies there. Mend it, start again."
    if isinstance(refused, NoRoom):
        return f"The {refused.facts['what']} is full. Make room and try again. Nothing was changed."
    if isinstance(refused, Away):
        return "The database does not answer, or another program holds its lock. Nothing was changed."
    if isinstance(refused, BadField) and refused.facts.get("field") == "password":
        return _PASSWORDS.get(str(refused.facts["why"]), _PASSWORDS["common"]).format(**refused.facts)
    return str(refused)


def _names(titles: tuple[str, ...]) -> str:
    return ", ".join(f"“{title}”" for title in titles)


def _progress() -> backups.Progress:
    """Say on the standard error how far it is, once a second at most: a small town is through before."""
    said = time.monotonic()

    def say(table: str, rows: int) -> None:
        nonlocal said
        if time.monotonic() - said >= _SECONDS_BETWEEN:
            said = time.monotonic()
            print(f"{table}: {rows} rows", file=sys.stderr, flush=True)

    return say

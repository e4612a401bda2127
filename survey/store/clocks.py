"""Moments as the databases keep them: in UTC without saying so."""

from datetime import UTC, datetime


def plain(moment: datetime) -> datetime:
    """A moment in UTC, bare."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def minute(moment: datetime) -> datetime:
    """The minute of a moment: at which second somebody of the staff did something is nobody's business."""
    return plain(moment).replace(second=0, microsecond=0)

"""Moments as the day and the hour where the conferences are held."""

from datetime import UTC, date, datetime, timedelta, timezone

HERE = timezone(timedelta(hours=7))  # Việt Nam has had no other time since 1975


def moment_here(ms: int) -> datetime:
    """A moment in ms since 1970 UTC, as the clock on the wall there showed it; absurd ones are the last there is."""
    try:
        return datetime.fromtimestamp(ms / 1000, UTC).astimezone(HERE)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=HERE)


def day_here(ms: int) -> date:
    return moment_here(ms).date()

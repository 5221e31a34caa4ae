"""The clock, and days as people write them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

PARIS = ZoneInfo("Europe/Paris")
NO_BREAK_SPACE = "\u00a0"


def utcnow() -> dt.datetime:
    """The present instant, in UTC."""
    return dt.datetime.now(dt.UTC)


def date_fr(value: dt.date | None) -> str:
    """« 1er mars 2026 »; an instant is told by its day in Paris; "" for None."""
    if value is None:
        return ""
    day = day_in_paris(value)
    return f"{'1er' if day.day == 1 else day.day}{NO_BREAK_SPACE}{_month(day.year, day.month)}"


@lru_cache(maxsize=1000)
def _month(year: int, month: int) -> str:
    return format_date(dt.date(year, month, 1), f"MMMM{NO_BREAK_SPACE}y", locale="fr")


def month_fr(value: dt.date) -> str:
    """« mars 2026 »; an instant is told by its month in Paris."""
    day = day_in_paris(value)
    return _month(day.year, day.month)


def day_in_paris(value: dt.date) -> dt.date:
    """The day of a date, or of an instant as it is in Paris."""
    if isinstance(value, dt.datetime):
        return (value.astimezone(PARIS) if value.tzinfo else value).date()
    return value

"""Dates, figures and distances as French typography writes them; a text as its paragraphs."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask

PARIS = ZoneInfo("Europe/Paris")
NARROW_SPACE = "\u202f"
"""U+202F between thousands, as French typography asks; it never breaks a line."""
NO_BREAK_SPACE = "\u00a0"


def date_fr(value: dt.date | None) -> str:
    """« 1er mars 2026 »; an instant is told by its day in Paris; "" for None."""
    if value is None:
        return ""
    day = _day(value)
    month_year = format_date(day, f"MMMM{NO_BREAK_SPACE}y", locale="fr")
    return f"{'1er' if day.day == 1 else day.day}{NO_BREAK_SPACE}{month_year}"


def year(value: dt.date | int | None) -> str:
    """The year alone, without a space between its thousands; "" for None."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else str(_day(value).year)


def number_fr(value: float | None, digits: int = 0) -> str:
    """« 12 129 », « 2,35 » with at most so many decimals; "" for None."""
    if value is None:
        return ""
    pattern = "#,##0" + ("." + "#" * digits if digits else "")
    return format_decimal(value, pattern, locale="fr").replace(NO_BREAK_SPACE, NARROW_SPACE)


def distance_fr(km: float | None) -> str:
    """« 4 218 km », « 3,4 km » under ten kilometres, « moins de 1 km »; "" for None."""
    if km is None:
        return ""
    if km < 1:
        return f"moins de{NO_BREAK_SPACE}1{NO_BREAK_SPACE}km"
    return f"{number_fr(km, 1 if km < 9.95 else 0)}{NO_BREAK_SPACE}km"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text: each line break begins one."""
    return [part.strip() for part in text.splitlines() if part.strip()]


def init_app(app: Flask) -> None:
    """Offer the formats to templates as filters."""
    app.jinja_env.filters.update(
        date_fr=date_fr, distance_fr=distance_fr, number_fr=number_fr, paragraphs=paragraphs, year=year
    )


def _day(value: dt.date) -> dt.date:
    if isinstance(value, dt.datetime):
        return (value.astimezone(PARIS) if value.tzinfo else value).date()
    return value

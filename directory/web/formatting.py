"""Dates, figures and distances as French typography writes them; a text as its paragraphs."""

from __future__ import annotations

import datetime as dt
import re

from babel.numbers import format_decimal
from flask import Flask

from directory.core.time import date_fr, day_in_paris, month_fr

NARROW_SPACE = "\u202f"
"""U+202F between thousands, as French typography asks; it never breaks a line."""
NO_BREAK_SPACE = "\u00a0"
_CLOSING = re.compile(r" ([:;?!»])")


def year(value: dt.date | int | None) -> str:
    """The year alone, without a space between its thousands; "" for None."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else str(day_in_paris(value).year)


def number_fr(value: float | None, digits: int = 0) -> str:
    """« 12 129 », « 2,35 » with at most so many decimals; "" for None."""
    if value is None:
        return ""
    if isinstance(value, int) and not digits:
        return f"{value:,}".replace(",", NARROW_SPACE)  # a page tells hundreds: a format read again costs 20 µs each
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


def spaced(text: str) -> str:
    """A text as it is shown, with no-break spaces before : ; ? ! and inside « »: no sign begins a line alone."""
    return _CLOSING.sub(NO_BREAK_SPACE + r"\1", text.replace("« ", f"«{NO_BREAK_SPACE}"))


def init_app(app: Flask) -> None:
    """Offer the formats to templates as filters."""
    app.jinja_env.filters.update(
        date_fr=date_fr,
        distance_fr=distance_fr,
        month_fr=month_fr,
        number_fr=number_fr,
        paragraphs=paragraphs,
        spaced=spaced,
        year=year,
    )

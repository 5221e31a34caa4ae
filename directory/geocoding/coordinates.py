"""Coordinates typed as text: « 14.69, -17.44 », « 14,69 N 17,44 O », « 14°41'24\"N 17°26'W »."""

import re
from typing import Final, NamedTuple

_NUMBER: Final = (
    r"([+−-]?)\s*(\d{1,3})(?:[.,](\d{1,12}))?\s*(?:°\s*(?:(\d{1,2})(?:[.,](\d{1,6}))?\s*['’′]\s*"
    r"(?:(\d{1,2}(?:[.,]\d{1,6})?)\s*(?:''|’’|[\"″”]))?)?)?\s*([NSEOW]?)"
)
_BETWEEN: Final = r"\s*(?:[,;/\s]|\s-\s)\s*(?:lon[a-z]{0,6}\s?[:=]?\s*)?"
_PAIR: Final = re.compile(rf"^(?:lat[a-z]{{0,5}}\s?[:=]?\s*)?{_NUMBER}{_BETWEEN}{_NUMBER}\s*$", re.I | re.A)
_SOUTH_OR_WEST: Final = frozenset("SOW")
_EAST_OR_WEST: Final = frozenset("EOW")


class Coordinates(NamedTuple):
    """A point in degrees; ``lat`` and ``lon`` in the order the letters tell, else latitude first."""

    lat: float
    lon: float

    @property
    def swapped(self) -> "Coordinates | None":
        """Return the point read the other way round, or None where that is no point."""
        return Coordinates(self.lon, self.lat) if abs(self.lon) <= 90 else None

    @property
    def words(self) -> str:
        """Return « 14,69° N, 17,44° O »."""
        lat = f"{abs(self.lat):.4f}".rstrip("0").rstrip(".").replace(".", ",")
        lon = f"{abs(self.lon):.4f}".rstrip("0").rstrip(".").replace(".", ",")
        return f"{lat}°\u00a0{'N' if self.lat >= 0 else 'S'}, {lon}°\u00a0{'E' if self.lon >= 0 else 'O'}"


def _degrees(parts: tuple[str | None, ...]) -> tuple[float, str]:
    sign, whole, fraction, minutes, tenths, seconds, letter = parts
    value = float(f"{whole}.{fraction or 0}") + float(f"{minutes or 0}.{tenths or 0}") / 60
    value += float((seconds or "0").replace(",", ".")) / 3600
    letter = (letter or "").upper()
    return (-value if sign in ("-", "−") or letter in _SOUTH_OR_WEST else value), letter


def read_coordinates(text: str) -> Coordinates | None:
    """Return the point that a text is, or None: two whole numbers without a letter are no coordinates."""
    matched = _PAIR.match(text.strip(" ()[]"))
    if matched is None:
        return None
    groups = matched.groups()
    is_precise = all(half[2] or half[3] or half[6] for half in (groups[:7], groups[7:]))
    (first, first_letter), (second, second_letter) = _degrees(groups[:7]), _degrees(groups[7:])
    if first_letter in _EAST_OR_WEST and second_letter not in _EAST_OR_WEST:
        first, second = second, first
    is_point = abs(first) <= 90 and abs(second) <= 180
    if not is_precise or not (is_point or (abs(first) <= 180 and abs(second) <= 90)):
        return None
    return Coordinates(first, second) if is_point else Coordinates(second, first)

"""The one scheme of territory keys: a letter for the level, a colon, the code of the source.

Here: ``c:29151`` commune (INSEE), ``e:243500139`` EPCI (SIREN), ``d:29`` département, ``r:53`` région,
``z:FX`` zone of France. There: ``v:2463232`` town (GeoNames id), ``a:ML.01`` first-level division (GeoNames),
``p:ML`` country (ISO 3166-1). A key tells its side and its level by itself; whether the territory exists is for
the table ``territory`` and the gazetteer to say. A territory of France is never "there": ``p:FR``, ``p:RE`` or
``a:FR.53`` are malformed, so that France and its overseas territories have one key each.
"""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Side(StrEnum):
    """The end of a link: ici (France, overseas included) or là-bas (everywhere else)."""

    HERE = "here"
    THERE = "there"


class Level(StrEnum):
    """How coarse a territory is, finest first on each side."""

    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"
    ZONE = "zone"
    TOWN = "town"
    DIVISION = "division"
    COUNTRY = "country"


#: Zones of France, the level above the région: the hexagone with Corse, the five overseas régions (INSEE code of
#: the région), the overseas collectivities (ISO 3166-1 code; CP, Clipperton, is reserved there).
#: Value: that code (FR, GP, MQ…).
FRANCE_ZONES: Final = MappingProxyType(
    {
        "FX": "FR",
        "01": "GP",
        "02": "MQ",
        "03": "GF",
        "04": "RE",
        "06": "YT",
        "PM": "PM",
        "BL": "BL",
        "MF": "MF",
        "WF": "WF",
        "PF": "PF",
        "NC": "NC",
        "TF": "TF",
        "CP": "CP",
    }
)

#: ISO 3166-1 codes that mean a territory of France: never a country "there".
FRENCH_COUNTRY_CODES: Final = frozenset(FRANCE_ZONES.values())

_LEVELS: Final = MappingProxyType(
    {
        "c": Level.COMMUNE,
        "e": Level.EPCI,
        "d": Level.DEPARTEMENT,
        "r": Level.REGION,
        "z": Level.ZONE,
        "v": Level.TOWN,
        "a": Level.DIVISION,
        "p": Level.COUNTRY,
    }
)
_LETTERS: Final = MappingProxyType({level: letter for letter, level in _LEVELS.items()})
_HERE_LETTERS: Final = frozenset("cedrz")
_CODES: Final = MappingProxyType(
    {
        "c": re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}", re.ASCII),
        "e": re.compile(r"[0-9]{9}", re.ASCII),
        "d": re.compile(r"(?:0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|97[0-9]|98[0-9])", re.ASCII),
        "r": re.compile(r"[0-9]{2}", re.ASCII),
        "z": re.compile("|".join(FRANCE_ZONES)),
        "v": re.compile(r"[1-9][0-9]{0,9}", re.ASCII),
        "a": re.compile(r"[A-Z]{2}\.[A-Z0-9]{1,12}", re.ASCII),
        "p": re.compile(r"[A-Z]{2}", re.ASCII),
    }
)


def parse_key(text: str) -> str:
    """Return the key unchanged when it is well formed; raise ``ValueError`` otherwise.

    Nothing is repaired (no trimming, no change of case): a territory has exactly one spelling, so that an address,
    a filter and a cached answer never exist twice.
    """
    letter, separator, code = text.partition(":")
    pattern = _CODES.get(letter)
    if pattern is None or not separator or pattern.fullmatch(code) is None:
        raise ValueError(f"malformed territory key: {text[:40]!r}")
    if letter in "ap" and code[:2] in FRENCH_COUNTRY_CODES:
        raise ValueError(f"a territory of France is not a country there: {text!r}")
    return text


def make_key(level: Level, code: str) -> str:
    """Build the key of a territory from its level and the code of the source; raise ``ValueError`` if malformed."""
    return parse_key(f"{_LETTERS[level]}:{code}")


def level_of(key: str) -> Level:
    """Return the level that a key names; raise ``ValueError`` when its letter is unknown."""
    level = _LEVELS.get(key[:1]) if key[1:2] == ":" else None
    if level is None:
        raise ValueError(f"malformed territory key: {key[:40]!r}")
    return level


def side_of(key: str) -> Side:
    """Return the side on which the territory of a key lies; raise ``ValueError`` when its letter is unknown."""
    level_of(key)
    return Side.HERE if key[0] in _HERE_LETTERS else Side.THERE


def code_of(key: str) -> str:
    """Return the code of the source, without the letter of the level (``29151`` for ``c:29151``)."""
    level_of(key)
    return key[2:]


def country_of(key: str) -> str | None:
    """Return the ISO 3166-1 code told by the key itself: countries, divisions and zones; ``None`` for the others."""
    code = code_of(key)
    match level_of(key):
        case Level.COUNTRY | Level.DIVISION:
            return code[:2]
        case Level.ZONE:
            return FRANCE_ZONES.get(code)
        case _:
            return None

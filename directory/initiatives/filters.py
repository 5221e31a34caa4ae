"""The selection written in an address: parsed once, the same for list, map, export and feed. It selects initiatives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from directory.core.errors import BadFilter, InvalidText
from directory.core.geography import Box
from directory.core.text import clean_text
from directory.core.time import utcnow
from directory.initiatives.vocabulary import STAGE_SLUGS
from directory.reference.keys import Side, parse_key, side_of

MAX_QUERY = 200
MAX_VALUES = 50
TWINS_ONLY = "seuls"
"""The value of `jumelages`."""
MAX_PAGE = 50_000
"""A million initiatives, twenty a page."""
OLDEST_YEAR = 1800


class Sort(StrEnum):
    """Orders of a list; the value is that of `tri`."""

    RELEVANCE = "pertinence"
    NEWEST = "recent"
    NEAREST = "proche"
    TITLE = "titre"


@dataclass(frozen=True)
class KnownValues:
    """The values that filters may take, with the words people read; territories by key."""

    sectors: Mapping[str, str] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    actor_types: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    publics: Mapping[str, str] = field(default_factory=dict)
    needs: Mapping[str, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(STAGE_SLUGS.values(), ""))
    territories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Filters:
    """One selection: values of one facet widen, facets narrow."""

    q: str = ""
    sectors: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    departements: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    actor_types: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    publics: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    twins: str = ""
    """TWINS_ONLY for the twin towns of public lists, which nothing else selects: they are no citizen initiatives."""
    since: int | None = None
    here: tuple[str, ...] = ()
    there: tuple[str, ...] = ()
    bbox: Box | None = None
    sort: Sort | None = None
    page: int = 1

    @classmethod
    def parse(cls, args: Any, known: KnownValues) -> Filters:
        """The filters of a query string (a MultiDict); raises BadFilter at the first value that means nothing.

        Keys that are not filters are ignored.
        """
        values: dict[str, Any] = {}
        for attribute, (name, read) in _READERS.items():
            given = [text for text in args.getlist(name) if text]
            if not given:
                continue
            if len(given) > MAX_VALUES:
                what = _WHAT.get(name, "une valeur").split(" ", 1)[1].rstrip(",")
                raise BadFilter(name, f"Cette adresse choisit {len(given)} fois {_shown(what)} : {MAX_VALUES} au plus.")
            values[attribute] = read(name, given, known)
        return cls(**values)

    def to_query(self, **changes: Any) -> list[tuple[str, str]]:
        """The canonical pairs of this selection, in one order, page 1 left out; `changes` replaces attributes."""
        changed = replace(self, **changes)
        pairs = []
        for attribute, (name, _) in _READERS.items():
            value = getattr(changed, attribute)
            if isinstance(value, tuple):
                pairs += [(name, text) for text in value]
            elif value is not None and value != "" and not (attribute == "page" and value == 1):
                pairs.append((name, str(value)))
        return pairs

    @property
    def is_empty(self) -> bool:
        """True when everything is selected."""
        return replace(self, sort=None, page=1) == Filters()


@dataclass(frozen=True)
class Chip:
    """One applied choice: what it says, and the query that takes it off."""

    facet: str
    label: str
    query_without: list[tuple[str, str]]


def chips(filters: Filters, known: KnownValues) -> list[Chip]:
    """The applied choices, in the order of the address."""
    found = []
    for item in fields(filters):
        name, value = _READERS[item.name][0], getattr(filters, item.name)
        if isinstance(value, tuple):
            for one in value:
                rest = tuple(other for other in value if other != one)
                query = filters.to_query(**{item.name: rest, "page": 1})
                found.append(Chip(name, label_of(item.name, one, known), query))
        elif value and item.name in {"q", "twins", "since", "bbox"}:
            empty: Any = "" if item.name in {"q", "twins"} else None
            found.append(Chip(name, _plain_label(item.name, value), filters.to_query(**{item.name: empty, "page": 1})))
    return found


def _plain_label(attribute: str, value: Any) -> str:
    return {
        "q": f"« {value} »",
        "twins": "jumelages de listes publiques",
        "since": f"depuis {value}",
        "bbox": "zone de la carte",
    }[attribute]


def label_of(attribute: str, value: str, known: KnownValues) -> str:
    """The words for one value of one facet (attribute of Filters)."""
    if attribute in _TERRITORY_LETTERS:
        return known.territories.get(_TERRITORY_LETTERS[attribute] + value, value)
    if attribute in {"here", "there"}:
        return known.territories.get(value, value)
    labels: Mapping[str, str] = getattr(known, attribute)
    return labels.get(value) or value


_TERRITORY_LETTERS = {"countries": "p:", "regions": "r:", "departements": "d:"}

_Reader = Callable[[str, list[str], KnownValues], Any]


_WHAT = {
    "secteur": "un domaine d’intervention",
    "odd": "un objectif de développement durable, de 1 à 17,",
    "pays": "un pays",
    "region": "une région",
    "departement": "un département",
    "reseau": "un réseau",
    "acteur": "un type d’acteur",
    "organisation": "une structure",
    "jumelages": "un choix de jumelages",
    "etat": "une étape d’initiative",
    "public": "un public",
    "besoin": "un besoin",
    "ici": "un territoire d’ici",
    "labas": "un lieu de là-bas",
    "tri": "un ordre",
}
"""What a value of each filter is, in words that follow « n’est pas »."""


def _shown(value: str) -> str:
    """A value of the address as a sentence may carry it."""
    text = "".join(character if character.isprintable() else "?" for character in value[:60])
    return f"« {text}{'…' if len(value) > 60 else ''} »"


def _unknown(name: str, value: str) -> BadFilter:
    return BadFilter(name, f"{_shown(value)} n’est pas {_WHAT[name]} que l’annuaire connaît.")


def _one_of(attribute: str) -> _Reader:
    def read(name: str, given: list[str], known: KnownValues) -> tuple[str, ...]:
        accepted: Mapping[str, str] = getattr(known, attribute)
        for value in given:
            if value not in accepted:
                raise _unknown(name, value)
        return tuple(dict.fromkeys(given))

    return read


def _territory(letter: str) -> _Reader:
    def read(name: str, given: list[str], known: KnownValues) -> tuple[str, ...]:
        for value in given:
            if letter + value not in known.territories:
                raise _unknown(name, value)
        return tuple(dict.fromkeys(given))

    return read


def _keys(side: Side) -> _Reader:
    def read(name: str, given: list[str], known: KnownValues) -> tuple[str, ...]:
        for value in given:
            try:
                is_right = side_of(parse_key(value)) is side
            except ValueError:
                is_right = False
            # Towns there are known to the gazetteer alone: any well-formed key may simply have no initiative.
            if not is_right or (value not in known.territories and not value.startswith("v:")):
                raise _unknown(name, value)
        return tuple(dict.fromkeys(given))

    return read


def _read_words(name: str, given: list[str], known: KnownValues) -> str:
    if len(given[0]) > MAX_QUERY:
        raise BadFilter(name, f"Une recherche compte {MAX_QUERY} caractères au plus : gardez les mots qui comptent.")
    try:
        return clean_text(given[0], MAX_QUERY)
    except InvalidText as error:
        raise BadFilter(name, error.message) from error


def _read_twins(name: str, given: list[str], known: KnownValues) -> str:
    if given[0] != TWINS_ONLY:
        raise _unknown(name, given[0])
    return TWINS_ONLY


def _read_year(name: str, given: list[str], known: KnownValues) -> int:
    year = int(given[0]) if re.fullmatch(r"[0-9]{4}", given[0], re.ASCII) else 0
    if year > utcnow().year:
        raise BadFilter(name, f"L’année {year} n’est pas encore arrivée. Écrivez par exemple 2015.")
    if year < OLDEST_YEAR:
        raise BadFilter(name, f"{_shown(given[0])} n’est pas une année de début : écrivez par exemple 2015.")
    return year


def _read_box(name: str, given: list[str], known: KnownValues) -> Box:
    try:
        return Box.parse(given[0])
    except ValueError as error:
        raise BadFilter(name, "La zone de la carte s’écrit ouest,sud,est,nord, en degrés.") from error


def _read_sort(name: str, given: list[str], known: KnownValues) -> Sort:
    try:
        return Sort(given[0])
    except ValueError as error:
        raise _unknown(name, given[0]) from error


def _read_page(name: str, given: list[str], known: KnownValues) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", given[0], re.ASCII) or int(given[0]) > MAX_PAGE:
        raise BadFilter(name, f"Cette liste n’a pas de page {_shown(given[0])}.")
    return int(given[0])


_READERS: dict[str, tuple[str, _Reader]] = {
    "q": ("q", _read_words),
    "sectors": ("secteur", _one_of("sectors")),
    "goals": ("odd", _one_of("goals")),
    "countries": ("pays", _territory("p:")),
    "regions": ("region", _territory("r:")),
    "departements": ("departement", _territory("d:")),
    "networks": ("reseau", _one_of("networks")),
    "actor_types": ("acteur", _one_of("actor_types")),
    "organisations": ("organisation", _one_of("organisations")),
    "stages": ("etat", _one_of("stages")),
    "publics": ("public", _one_of("publics")),
    "needs": ("besoin", _one_of("needs")),
    "twins": ("jumelages", _read_twins),
    "since": ("depuis", _read_year),
    "here": ("ici", _keys(Side.HERE)),
    "there": ("labas", _keys(Side.THERE)),
    "bbox": ("bbox", _read_box),
    "sort": ("tri", _read_sort),
    "page": ("page", _read_page),
}
NAMES = {attribute: name for attribute, (name, _) in _READERS.items()}
"""The name in addresses of each attribute of Filters."""

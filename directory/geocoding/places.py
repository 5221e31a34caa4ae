"""What the gazetteer answers: a place, its precision and how sure the answer is. Pure Python."""

from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from typing import Final, Self

from directory.reference.keys import Level, Side, level_of, side_of


class Precision(StrEnum):
    """How precisely the coordinates tell where the place is, finest first."""

    POINT = "point"
    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"
    COUNTRY = "country"


class Verdict(StrEnum):
    """How far an answer may be trusted: accept, ask to confirm, ask to choose, or show as an approximation."""

    SURE = "sûr"
    PROBABLE = "probable"
    AMBIGUOUS = "ambigu"
    APPROXIMATE = "approché"


class Kind(IntEnum):
    """What sort of place a row of the gazetteer holds; the numbers are stored in its file."""

    TOWN = 0
    COMMUNE = 1
    FORMER_COMMUNE = 2
    BOROUGH = 3
    EPCI = 4
    DEPARTEMENT = 5
    REGION = 6
    DIVISION = 7
    SUBDIVISION = 8
    COUNTRY = 9
    LANDSCAPE = 10
    ZONE = 11

    @property
    def word(self) -> str:
        """Return the French word shown beside the name."""
        return _WORDS[self]

    @property
    def precision(self) -> Precision:
        """Return the precision of a place of this sort, unless its row says a coarser one."""
        return _PRECISIONS[self]


PRECISION_ORDER: Final = {precision: order for order, precision in enumerate(Precision)}
SETTLEMENTS: Final = frozenset({Kind.TOWN, Kind.COMMUNE, Kind.FORMER_COMMUNE, Kind.BOROUGH})

_WORDS: Final = {
    Kind.TOWN: "ville",
    Kind.COMMUNE: "commune",
    Kind.FORMER_COMMUNE: "ancienne commune",
    Kind.BOROUGH: "arrondissement",
    Kind.EPCI: "intercommunalité",
    Kind.DEPARTEMENT: "département",
    Kind.REGION: "région",
    Kind.DIVISION: "région",
    Kind.SUBDIVISION: "district",
    Kind.COUNTRY: "pays",
    Kind.LANDSCAPE: "territoire",
    Kind.ZONE: "territoire",
}
_PRECISIONS: Final = {
    Kind.TOWN: Precision.COMMUNE,
    Kind.COMMUNE: Precision.COMMUNE,
    Kind.FORMER_COMMUNE: Precision.COMMUNE,
    Kind.BOROUGH: Precision.COMMUNE,
    Kind.EPCI: Precision.EPCI,
    Kind.DEPARTEMENT: Precision.DEPARTEMENT,
    Kind.REGION: Precision.REGION,
    Kind.DIVISION: Precision.REGION,
    Kind.SUBDIVISION: Precision.DEPARTEMENT,
    Kind.COUNTRY: Precision.COUNTRY,
    Kind.LANDSCAPE: Precision.REGION,
    Kind.ZONE: Precision.REGION,
}


@dataclass(frozen=True, slots=True)
class Place:
    """A place as shown and stored.

    ``keys`` are territory keys, finest first; coordinates are WGS 84 degrees; ``country`` is ISO 3166-1 (``FR`` for
    all of France, overseas included); ``confidence`` goes from 0 to 1; ``comment`` is French, for people.
    """

    keys: tuple[str, ...]
    kind: str
    name: str
    context: str
    lon: float
    lat: float
    precision: Precision
    country: str
    population: int | None = None
    verdict: Verdict | None = None
    confidence: float = 0.0
    comment: str = ""

    @property
    def key(self) -> str:
        """Return the finest territory key."""
        return self.keys[0]

    @property
    def level(self) -> Level:
        """Return the level of the finest territory key."""
        return level_of(self.key)

    @property
    def side(self) -> Side:
        """Return the side, here or there, on which the place lies."""
        return side_of(self.key)

    @property
    def label(self) -> str:
        """Return the name followed by its context: « Morlaix (Finistère) »."""
        return f"{self.name} ({self.context})" if self.context else self.name

    def judged(self, verdict: Verdict | None, confidence: float, comment: str = "") -> Self:
        """Return the same place with the verdict of a search."""
        return replace(self, verdict=verdict, confidence=round(confidence, 3), comment=comment)

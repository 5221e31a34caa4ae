"""Measuring a gazetteer against queries whose place is known."""

import csv
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

from directory.core.geography import distance_km
from directory.reference.keys import Side

from .gazetteer import Gazetteer
from .places import Place, Verdict

#: The names of the sides in the files and in the answers.
SIDES: Final = {"ici": Side.HERE, "labas": Side.THERE}
FRENCH_CODES: Final = frozenset("FR GP MQ GF RE YT PM BL MF WF PF NC TF".split())
COMPARED: Final = 5


@dataclass(frozen=True, slots=True)
class Expected:
    """A query and where its place is: coordinates in degrees, tolerance in kilometres; ``code`` is INSEE's, here."""

    query: str
    side: str
    country: str
    code: str
    lat: float
    lon: float
    tolerance_km: float

    def is_met_by(self, place: Place) -> bool:
        """Return whether a place is the expected one."""
        is_near = distance_km(self.lon, self.lat, place.lon, place.lat) <= self.tolerance_km
        if self.side == "ici":
            return place.side is Side.HERE and (is_near or place.key.partition(":")[2] == self.code)
        return is_near and place.country == self.country


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gazetteer answered to one query, and in how many milliseconds."""

    expected: Expected
    places: list[Place]
    milliseconds: float

    @property
    def is_right(self) -> bool:
        """Return whether the first place is the expected one."""
        return bool(self.places) and self.expected.is_met_by(self.places[0])

    @property
    def is_among(self) -> bool:
        """Return whether the expected place is among those shown."""
        return any(self.expected.is_met_by(place) for place in self.places)

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict of the first place, if any."""
        return self.places[0].verdict if self.places else None


@dataclass(frozen=True, slots=True)
class Measure:
    """The figures of one side: shares from 0 to 1, times in milliseconds."""

    queries: int
    accuracy_at_1: float
    accuracy_at_5: float
    unanswered: float
    sure: float
    wrong_while_sure: float
    milliseconds_median: float
    milliseconds_p95: float
    milliseconds_max: float


def read(path: Path) -> list[Expected]:
    """Read a file of queries; raise ``ValueError`` or ``KeyError`` when it is not one."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Expected(
                row["query"],
                "ici" if row["kind"].startswith("ici") else "labas",
                row["expected_country"],
                row["expected_name"],
                float(row["lat"]),
                float(row["lon"]),
                float(row["tolerance_km"]),
            )
            for row in csv.DictReader(stream)
        ]


def ask(gazetteer: Gazetteer, expected: list[Expected]) -> list[Outcome]:
    """Ask all queries."""
    outcomes = []
    for item in expected:
        start = perf_counter()
        places = gazetteer.find(item.query, side=SIDES[item.side], limit=COMPARED)
        outcomes.append(Outcome(item, places, (perf_counter() - start) * 1000))
    return outcomes


def measure(outcomes: list[Outcome]) -> Measure:
    """Return the figures of some outcomes, at least one."""
    size = len(outcomes)
    sure = [outcome for outcome in outcomes if outcome.verdict is Verdict.SURE]
    times = sorted(outcome.milliseconds for outcome in outcomes)
    return Measure(
        queries=size,
        accuracy_at_1=round(sum(outcome.is_right for outcome in outcomes) / size, 4),
        accuracy_at_5=round(sum(outcome.is_among for outcome in outcomes) / size, 4),
        unanswered=round(sum(not outcome.places for outcome in outcomes) / size, 4),
        sure=round(len(sure) / size, 4),
        wrong_while_sure=round(sum(not outcome.is_right for outcome in sure) / max(len(sure), 1), 4),
        milliseconds_median=round(median(times), 2),
        milliseconds_p95=round(times[int(0.95 * size)], 2),
        milliseconds_max=round(times[-1], 2),
    )


def evaluate(gazetteer: Gazetteer, path: Path) -> dict[str, dict[str, float]]:
    """Return the figures of each side that has queries in a file."""
    outcomes = ask(gazetteer, read(path))
    by_side = {side: [outcome for outcome in outcomes if outcome.expected.side == side] for side in SIDES}
    return {side: asdict(measure(some)) for side, some in by_side.items() if some}

"""Measuring a gazetteer against queries whose place is known."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

from directory.core.geography import distance_km
from directory.reference.keys import Side

from .gazetteer import Gazetteer
from .places import Place, Verdict
from .spelling import fold
from .wording import without_opening

#: The names of the sides in the files and in the answers.
SIDES: Final = {"ici": Side.HERE, "labas": Side.THERE}
FRENCH_CODES: Final = frozenset("FR GP MQ GF RE YT PM BL MF WF PF NC TF".split())
COMPARED: Final = 5
#: Suggestions begin with the second letter.
FIRST_LETTERS: Final = 2
_BESIDES: Final = re.compile(r"\s*(?:[(,—–].*|\b\d{5}\b)", re.DOTALL)
WORDS: Final = {
    "accuracy_at_1": "juste en premier",
    "accuracy_at_5": "juste parmi cinq",
    "wrong_country": "dans un autre pays",
    "unanswered": "sans réponse",
    "milliseconds_median": "millisecondes, médiane",
    "milliseconds_p95": "millisecondes, 95 sur 100",
    "keystrokes_median": "lettres à taper, médiane",
    "keystrokes_p90": "lettres à taper, 9 sur 10",
    "keystrokes_never": "jamais proposé",
}
PERCENTAGES: Final = frozenset(("accuracy_at_1", "accuracy_at_5", "wrong_country", "unanswered", "keystrokes_never"))
Figures = dict[str, Any]


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
    def is_elsewhere(self) -> bool:
        """Return whether the first place is in another country than the expected one."""
        return bool(self.places) and self.places[0].country != self.expected.country

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict of the first place, if any."""
        return self.places[0].verdict if self.places else None


def share(some: Iterable[object], size: int) -> float:
    """Return the share of the true values, from 0 to 1."""
    return round(sum(map(bool, some)) / size, 4) if size else 0.0


def read(path: Path) -> list[Expected]:
    """Read a file of queries; raise ``ValueError`` or ``KeyError`` when it is not one."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            Expected(
                row["query"],
                "ici" if row["kind"].startswith("ici") else "labas",
                "FR" if row["expected_country"] in FRENCH_CODES else row["expected_country"],
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


def keystrokes(gazetteer: Gazetteer, expected: list[Expected]) -> list[int | None]:
    """Return how many letters must be typed to see each place among five; None when it never comes.

    Typed is the name itself, without « communauté de communes de », postcode, département nor country.
    """
    counts: list[int | None] = []
    for item in expected:
        text = without_opening(fold(_BESIDES.sub("", item.query)))[0] or item.query
        shown = (
            count
            for count in range(FIRST_LETTERS, len(text) + 1)
            if any(map(item.is_met_by, gazetteer.suggest(text[:count], COMPARED, SIDES[item.side])))
        )
        counts.append(next(shown, None))
    return counts


def measure(outcomes: list[Outcome], typed: list[int | None]) -> Figures:
    """Return the figures of some outcomes, at least one: shares from 0 to 1, times in milliseconds."""
    size = len(outcomes)
    by_verdict = {verdict: [outcome for outcome in outcomes if outcome.verdict is verdict] for verdict in Verdict}
    times = sorted(outcome.milliseconds for outcome in outcomes)
    reached = sorted(count for count in typed if count is not None)
    sure = by_verdict[Verdict.SURE]
    return {
        "queries": size,
        "accuracy_at_1": share((outcome.is_right for outcome in outcomes), size),
        "accuracy_at_5": share((outcome.is_among for outcome in outcomes), size),
        "wrong_country": share((outcome.is_elsewhere for outcome in outcomes), size),
        "unanswered": share((not outcome.places for outcome in outcomes), size),
        "sure": share(sure, size),
        "wrong_while_sure": share((not outcome.is_right for outcome in sure), len(sure)),
        "verdicts": {
            verdict.value: {
                "share": share(some, size),
                "errors": share((not outcome.is_right for outcome in some), len(some)),
                "wrong": sum(not outcome.is_right for outcome in some),
            }
            for verdict, some in by_verdict.items()
        },
        "milliseconds_median": round(median(times), 2),
        "milliseconds_p95": round(times[int(0.95 * size)], 2),
        "milliseconds_max": round(times[-1], 2),
        "keystrokes_median": float(median(reached)) if reached else 0.0,
        "keystrokes_p90": float(reached[int(0.9 * len(reached))]) if reached else 0.0,
        "keystrokes_never": share((count is None for count in typed), len(typed)),
    }


def evaluate(gazetteer: Gazetteer, path: Path) -> dict[str, Figures]:
    """Return the figures of each side that has queries in a file."""
    figures = {}
    expected = read(path)
    for side in SIDES:
        some = [item for item in expected if item.side == side]
        if some:
            figures[side] = measure(ask(gazetteer, some), keystrokes(gazetteer, some))
    return figures


def report(figures: dict[str, Figures]) -> list[str]:
    """Return the figures as French lines, for people."""
    lines = []
    for side, values in figures.items():
        lines += ["Ici" if side == "ici" else "Là-bas", f"  {'demandes':<34}{values['queries']:>9}"]
        for name, words in WORDS.items():
            value = values[name]
            shown = f"{100 * value:.1f}\u202f%" if name in PERCENTAGES else f"{value:g}"
            lines.append(f"  {words:<34}{shown.replace('.', ','):>9}")
        lines.append(f"  {'verdict':<14}{'part':>9}{'erreurs':>10}{'fausses':>10}")
        for verdict, about in values["verdicts"].items():
            rates = (f"{100 * about[name]:.1f}\u202f%".replace(".", ",") for name in ("share", "errors"))
            first, second = rates
            lines.append(f"  {verdict:<14}{first:>9}{second:>10}{about['wrong']:>10}")
    return lines

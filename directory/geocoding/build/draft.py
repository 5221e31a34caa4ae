"""The gazetteer while it is being built: places and the names under which they are found."""

import math
from dataclasses import dataclass, field
from typing import Final

from directory.geocoding.places import Kind, Precision
from directory.geocoding.spelling import words

#: Longer keys are descriptions, not names.
LONGEST_KEY: Final = 48


def prior(population: int, bonus: float = 0.0) -> float:
    """Return how likely a place is to be meant, before any query: from about 0.27 (a hamlet) to about 1."""
    return min(1.0, math.log10(max(population, 0) + 100) / 7.5) + bonus


@dataclass(slots=True)
class Entry:
    """One place: ``division`` is the département here, the GeoNames admin1 code there; ``parent`` an entry's index."""

    kind: Kind
    name: str
    country: str
    lat: float
    lon: float
    population: int
    prior: float
    key: str | None = None
    division: str | None = None
    parent: int | None = None
    precision: Precision | None = None
    title: str | None = None


@dataclass
class Draft:
    """All entries, their names (compact key → quality of the name, 10 is official) and the postcodes."""

    entries: list[Entry] = field(default_factory=list)
    names: list[dict[str, int]] = field(default_factory=list)
    postcodes: list[tuple[str, int]] = field(default_factory=list)
    country_words: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)

    def add(self, entry: Entry, *names: str, quality: int = 10) -> int:
        """Add an entry under its names; return its index."""
        self.entries.append(entry)
        self.names.append({})
        index = len(self.entries) - 1
        for name in names:
            self.name(index, name, quality)
        return index

    def name(self, index: int, text: str, quality: int) -> bool:
        """Let an entry be found under a name too; return whether the name was new to it."""
        key = "".join(words(text))
        if not key or len(key) > LONGEST_KEY:
            return False
        known = self.names[index].get(key)
        if known is None or known < quality:
            self.names[index][key] = quality
        return known is None

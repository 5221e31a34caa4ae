"""The names of the territories of the corpus, each with how many initiatives it gives: what a place typed finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from directory.initiatives.columns import Columns
from directory.initiatives.ends import Ends
from directory.initiatives.index import Corpus
from directory.initiatives.names import Beginnings, typed
from directory.initiatives.territories import Codes, Territories
from directory.reference import wording

MOST_FOUND = 10
"""Territories with initiatives found by one question, on each side."""
MOST_WITHOUT = 2
"""Communes and EPCI without any initiative yet, shown where few others are found."""
_SORTS = np.full(128, 1, dtype=np.int8)
_SORTS[[ord("c"), ord("v")]] = 0
_SORTS[ord("e")] = 2
"""Among territories as linked as one another, towns come first and EPCI last."""
CLEAR = 5
"""Letters that tell which commune is meant."""
_COLUMNS = {"here": (("own", b"c"), ("epci", b"e"), ("middle", b"d"), ("far", b"r"), ("wide", b"z")),
            "there": (("own", b"v"), ("middle", b"a"), ("far", b"p"))}  # fmt: skip
_KINDS = {
    "c": "commune", "e": "intercommunalité", "d": "département", "r": "région", "z": "territoire",
    "v": "ville", "a": "région", "p": "pays",
}  # fmt: skip
_PREFERRED = "rdzecvap"
"""Where a région, its département and its zone bear one name (La Réunion), the first is shown."""


@dataclass(frozen=True)
class Found:
    """A territory by its key, the name that people use, and the distinct initiatives that end there."""

    key: str
    name: str
    count: int


class Ranked(NamedTuple):
    """A territory that answers to what was typed; the smallest is the best."""

    is_other: bool
    """Its name is not what was typed."""
    begins_otherwise: bool
    fewer: int
    sort: int
    code: int


class Labelled(NamedTuple):
    """A value of a short list that some initiative has: what people read, its folded words, how many initiatives."""

    value: str
    label: str
    folded: str
    initiatives: int


@dataclass(frozen=True)
class Listed:
    """The names of the reference lists, which change with the lists only."""

    digest: str
    here: Beginnings
    there: Beginnings


@dataclass(frozen=True)
class Shore:
    """One side: its territories, their names as typed, and the count of each."""

    ends: Ends
    listed: Beginnings
    met: Beginnings
    counts: Codes

    @property
    def territories(self) -> Territories:
        """The territories by code."""
        return self.ends.territories

    def find(self, wanted: str) -> list[Ranked]:
        """The territories with initiatives whose name holds the words, best first."""
        codes, is_first = self._holding(wanted)
        has_some = self.counts[codes] > 0
        codes, is_first = codes[has_some], is_first[has_some]
        is_whole = is_first & (self._lengths(codes) == len(wanted.encode()))
        sort = _SORTS[self.territories.keys[codes].astype("S1").view(np.uint8)]
        columns = (~is_whole, ~is_first, -self.counts[codes], sort, codes)
        best = np.lexsort(columns[::-1])[: MOST_FOUND * 2]
        return [Ranked(*rank) for rank in zip(*(column[best].tolist() for column in columns), strict=True)]

    def find_without(self, wanted: str) -> list[int]:
        """The communes and EPCI of the lists whose name begins so and that have no initiative yet, shortest first."""
        codes, is_first = self._holding(wanted)
        codes = codes[is_first & (self.counts[codes] == 0)]
        codes = codes[self._is_local(codes)]
        return _once(codes[np.lexsort([codes, self._lengths(codes)])], MOST_WITHOUT)

    def _holding(self, wanted: str) -> tuple[Codes, NDArray[np.bool_]]:
        listed, met = self.listed.find(wanted), self.met.find(wanted)
        return np.concatenate([listed[0], met[0] + self.territories.listed]), np.concatenate([listed[1], met[1]])

    def _lengths(self, codes: Codes) -> Codes:
        lengths = np.concatenate([np.diff(self.listed.folded.bounds), np.diff(self.met.folded.bounds)])
        return lengths[codes].astype(np.int64)

    def _is_local(self, codes: Codes) -> NDArray[np.bool_]:
        initials = self.territories.keys[codes].astype("S1")
        return np.isin(initials, (b"c", b"e"))

    def found(self, key: str) -> Found | None:
        """The territory of a key, or nothing when neither the lists nor an initiative know it."""
        code = self.territories.code(key)
        return None if code is None else self.told(code)

    def country_of(self, key: str) -> str:
        """The country of a town where an initiative ends, as a key; empty when none does."""
        code = self.territories.code(key)
        at = np.flatnonzero(self.ends.own == (-1 if code is None else code))[:1]
        return self.territories.key(int(self.ends.far[at[0]])) if len(at) else ""

    def told(self, code: int) -> Found:
        """The territory of a code."""
        key = self.territories.key(code)
        return Found(key, wording.short(key, self.territories.names[code]), int(self.counts[code]))


@dataclass(frozen=True)
class Atlas:
    """Both sides of one corpus, with the counts of the sectors and of the networks."""

    columns: Columns
    here: Shore
    there: Shore
    sectors: tuple[Labelled, ...]
    networks: tuple[Labelled, ...]

    @classmethod
    def of(cls, corpus: Corpus, listed: Listed, before: Atlas | None) -> Atlas:
        """The atlas of a corpus; names met that did not change since the one before are kept."""
        everything = corpus.citizens
        return cls(
            columns=corpus.columns,
            here=_shore(corpus, "here", listed.here, before.here if before else None),
            there=_shore(corpus, "there", listed.there, before.there if before else None),
            sectors=_labelled(corpus.known.sectors, corpus.count(everything, "sectors")),
            networks=_labelled(corpus.known.networks, corpus.count(everything, "networks")),
        )

    def is_of(self, corpus: Corpus) -> bool:
        """Whether it was made from these very columns."""
        return self.columns is corpus.columns

    def find(self, wanted: str) -> list[Found]:
        """The territories of both sides with initiatives whose name holds folded words, best first."""
        ranked = [(rank, shore) for shore in (self.here, self.there) for rank in shore.find(wanted)]
        ranked.sort(key=lambda one: one[0])
        return _one_by_name([shore.told(rank.code) for rank, shore in ranked[: MOST_FOUND * 2]])[:MOST_FOUND]

    def find_without(self, wanted: str) -> list[Found]:
        """The communes and EPCI whose name begins so and that have no initiative yet; none for too few letters."""
        return [self.here.told(code) for code in self.here.find_without(wanted)] if len(wanted) >= CLEAR else []

    def count(self, key: str) -> int:
        """How many initiatives end in a territory."""
        found = self.found(key)
        return found.count if found else 0

    def found(self, key: str) -> Found | None:
        """The territory of a key on its side."""
        return (self.here if key[0] in "cedrz" else self.there).found(key)

    def context(self, corpus: Corpus, key: str) -> str:
        """What sort of place it is, and where: « commune, Finistère », « région, Mali »."""
        names = corpus.known.territories
        sort, holder = _KINDS[key[0]], self._holder(key)
        return ", ".join(part for part in (sort, names.get(holder, "")) if part) if sort != "pays" else sort

    def around(self, corpus: Corpus, key: str) -> Found | None:
        """The département of a commune, when initiatives end there."""
        holder = self.found(self._holder(key)) if key[0] == "c" else None
        return holder if holder is not None and holder.count else None

    def _holder(self, key: str) -> str:
        """The département of a commune, the country of a division or of a town; empty for the others."""
        if key[0] == "c":
            return f"d:{key[2:5] if key[2:4] in ('97', '98') else key[2:4]}"
        if key[0] == "a":
            return f"p:{key[2:4]}"
        return self.there.country_of(key) if key[0] == "v" else ""


def names_of(corpus: Corpus, before: Listed | None) -> Listed:
    """The names of the lists of a corpus; those already known when the lists are the same."""
    digest = corpus.lists.digest
    if before is not None and before.digest == digest:
        return before
    return Listed(digest, *(_beginnings(ends.territories, is_listed=True) for ends in (corpus.here, corpus.there)))


def _beginnings(territories: Territories, *, is_listed: bool) -> Beginnings:
    """The names of the lists, or of the territories met beside them."""
    codes = np.arange(len(territories.keys))
    told = territories.told(codes[: territories.listed] if is_listed else codes[territories.listed :])
    return Beginnings.of([wording.short(key, name) for key, name in told])


def _shore(corpus: Corpus, side: str, listed: Beginnings, before: Shore | None) -> Shore:
    ends: Ends = getattr(corpus, side)
    is_same = before is not None and _meets_the_same(before.territories, ends.territories)
    met = before.met if before is not None and is_same else _beginnings(ends.territories, is_listed=False)
    return Shore(ends, listed, met, _counts(corpus, ends, side))


def _meets_the_same(one: Territories, other: Territories) -> bool:
    """Whether two tables of the same lists were met by the same names under the same codes."""
    if one is other:
        return True
    pairs = ((one.keys, other.keys), (np.diff(one.names.bounds), np.diff(other.names.bounds)))
    is_same = one.listed == other.listed and all(np.array_equal(mine, theirs) for mine, theirs in pairs)
    return is_same and np.array_equal(one.names.blob, other.names.blob)


def _counts(corpus: Corpus, ends: Ends, side: str) -> Codes:
    """Of each territory of a side, the distinct initiatives that end there."""
    tally = corpus.tally(corpus.citizens)
    initials = ends.territories.keys.astype("S1")
    total = np.zeros(len(initials), dtype=np.int64)
    for name, letter in _COLUMNS[side]:
        # A place coarser than a level keeps its own territory there: it counts at its own level.
        total += np.where(initials == letter, tally.territories(side, name), 0)
    return total


def _labelled(labels: Mapping[str, str], counts: Mapping[str, int]) -> tuple[Labelled, ...]:
    return tuple(
        Labelled(value, label, typed(label), counts[value]) for value, label in labels.items() if counts.get(value)
    )


def _once(codes: Codes, most: int) -> list[int]:
    """The first distinct codes, in their order."""
    return list(dict.fromkeys(codes[: most * 3].tolist()))[:most]


def _one_by_name(found: list[Found]) -> list[Found]:
    """Of the large territories here that bear one name, the preferred one."""
    best: dict[str, Found] = {}
    for one in found:
        mark = one.name if one.key[0] in "rdz" else one.key
        known = best.get(mark)
        if known is None or _PREFERRED.index(one.key[0]) < _PREFERRED.index(known.key[0]):
            best[mark] = one
    return list(best.values())

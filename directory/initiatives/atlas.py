"""The names of the territories of the corpus, each with how many initiatives it gives: what a place typed finds."""

from __future__ import annotations

from dataclasses import dataclass

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
"""Communes and EPCI without any initiative yet, shown after the others."""
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

    def find(self, wanted: str) -> tuple[list[int], list[int]]:
        """The codes with initiatives that hold the words, best first; then those of the lists that have none yet."""
        codes, is_first = self._holding(wanted)
        counts = self.counts[codes]
        is_whole = is_first & (self._lengths(codes) == len(wanted.encode()))
        order = np.lexsort([codes, -counts, ~is_first, ~is_whole])
        ranked = codes[order]
        has_some = counts[order] > 0
        without = np.flatnonzero(is_first & (counts == 0) & self._is_local(codes))
        shortest = codes[without][np.lexsort([codes[without], self._lengths(codes[without])])]
        return _once(ranked[has_some], MOST_FOUND), _once(shortest, MOST_WITHOUT)

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
    sectors: dict[str, int]
    networks: dict[str, int]

    @classmethod
    def of(cls, corpus: Corpus, listed: Listed, before: Atlas | None) -> Atlas:
        """The atlas of a corpus; names met that did not change since the one before are kept."""
        everything = np.ones(corpus.size, dtype=bool)
        return cls(
            columns=corpus.columns,
            here=_shore(corpus, "here", listed.here, before.here if before else None),
            there=_shore(corpus, "there", listed.there, before.there if before else None),
            sectors=corpus.count(everything, "sectors"),
            networks=corpus.count(everything, "networks"),
        )

    def is_of(self, corpus: Corpus) -> bool:
        """Whether it was made from these very columns."""
        return self.columns is corpus.columns

    def find(self, wanted: str) -> list[Found]:
        """The territories of both sides that hold folded words: those with initiatives first, each name once a side."""
        some, none = [], []
        for shore in (self.here, self.there):
            with_some, without = shore.find(wanted)
            some += [shore.told(code) for code in with_some]
            none += [shore.told(code) for code in without]
        some = _one_by_name(some)
        some.sort(key=lambda one: (not _is_named(one, wanted), not _begins(one, wanted), -one.count))
        return some[:MOST_FOUND] + none

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
    return Listed(digest, *(_beginnings(ends.territories, 0) for ends in (corpus.here, corpus.there)))


def _beginnings(territories: Territories, first: int) -> Beginnings:
    """The names from a code on, or those of the lists when it is 0."""
    last = territories.listed if first == 0 else len(territories.keys)
    told = territories.told(np.arange(first, last))
    return Beginnings.of([wording.short(key, name) for key, name in told])


def _shore(corpus: Corpus, side: str, listed: Beginnings, before: Shore | None) -> Shore:
    ends: Ends = getattr(corpus, side)
    territories = ends.territories
    is_same = before is not None and before.territories is territories
    met = before.met if before is not None and is_same else Beginnings.of(
        [name for _, name in territories.told(np.arange(territories.listed, len(territories.keys)))]
    )  # fmt: skip
    return Shore(ends, listed, met, _counts(corpus.columns, ends, side))


def _counts(columns: Columns, ends: Ends, side: str) -> Codes:
    """Of each territory of a side, the distinct initiatives that end there."""
    links = getattr(columns, side)
    initials = ends.territories.keys.astype("S1")
    total = np.zeros(len(initials), dtype=np.int64)
    for name, letter in _COLUMNS[side]:
        codes = getattr(ends, name)
        # A place coarser than a level keeps its own territory there: it counts at its own level.
        is_level = (codes >= 0) & (initials[codes] == letter)
        total += columns.distinct(codes[links], is_level[links], len(initials))
    return total


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


def _is_named(one: Found, wanted: str) -> bool:
    return typed(one.name) == wanted


def _begins(one: Found, wanted: str) -> bool:
    return typed(one.name).startswith(wanted)

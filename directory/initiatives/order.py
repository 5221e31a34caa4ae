"""The order of a selection: any page of it without sorting or reading the rest, and where one initiative stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from directory.initiatives.columns import Mask, Rows

PART = 1 << 16
"""Rows looked at together: a first page is nearly always found in the first part."""


class Order(Protocol):
    """Selected rows, in an order."""

    @property
    def total(self) -> int:
        """How many rows are selected."""

    def rows(self, first: int, count: int) -> Rows:
        """The rows from the position `first` (0 is the first) on, `count` at most."""

    def position(self, row: int) -> int | None:
        """Where a row stands; None when it is not selected."""


@dataclass(frozen=True)
class Ranked:
    """Rows in an order known beforehand (a permutation of all), tier after tier; None selects every row."""

    ranking: Rows
    tiers: Sequence[Mask | None]

    @property
    def total(self) -> int:
        """How many rows are selected."""
        return sum(self._size(tier) for tier in self.tiers)

    def _size(self, tier: Mask | None) -> int:
        return len(self.ranking) if tier is None else int(np.count_nonzero(tier))

    def rows(self, first: int, count: int) -> Rows:
        """The rows from a position on: parts of the ranking are looked at until there are enough."""
        found: list[Rows] = []
        for tier in self.tiers:
            size = self._size(tier)
            if first < size and count > 0:
                part = self._within(tier, first, count)
                found.append(part)
                count -= len(part)
            first = max(0, first - size)
        return np.concatenate(found) if found else self.ranking[:0]

    def _within(self, tier: Mask | None, first: int, count: int) -> Rows:
        if tier is None:
            return self.ranking[first : first + count]
        found: list[Rows] = []
        passed = 0
        for start in range(0, len(self.ranking), PART):
            part = self.ranking[start : start + PART]
            part = part[tier[part]]
            found.append(part[max(0, first - passed) : max(0, first + count - passed)])
            passed += len(part)
            if passed >= first + count:
                break
        return np.concatenate(found)

    def position(self, row: int) -> int | None:
        """Where a row stands: what is selected before it in its tier, after the tiers above."""
        above = 0
        for tier in self.tiers:
            if tier is None or tier[row]:
                place = int(np.flatnonzero(self.ranking == row)[0])
                before = place if tier is None else int(np.count_nonzero(tier[self.ranking[:place]]))
                return above + before
            above += self._size(tier)
        return None


@dataclass(frozen=True)
class Nearest:
    """Rows by a distance, then by number; only those of a page and before are sorted."""

    kilometres: NDArray[np.float64]
    mask: Mask

    @property
    def total(self) -> int:
        """How many rows are selected."""
        return int(np.count_nonzero(self.mask))

    def rows(self, first: int, count: int) -> Rows:
        """The rows from a position on: what is farther than the last of them is never sorted."""
        rows = np.flatnonzero(self.mask)
        distances = self.kilometres[rows]
        last = first + count
        if 0 < last < len(rows):
            is_near = distances <= np.partition(distances, last - 1)[last - 1]
            rows, distances = rows[is_near], distances[is_near]
        return rows[np.argsort(distances, kind="stable")][first:last]

    def position(self, row: int) -> int | None:
        """Where a row stands: what is nearer, then what is as near with a smaller number."""
        if not self.mask[row]:
            return None
        own = self.kilometres[row]
        as_near = np.count_nonzero(self.mask[:row] & (self.kilometres[:row] == own))
        return int(np.count_nonzero(self.mask & (self.kilometres < own)) + as_near)

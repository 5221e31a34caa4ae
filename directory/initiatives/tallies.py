"""Counts of one selection: where its initiatives end, each once a territory.

Filters select whole initiatives, so that a link counts at a level, or not, whatever is selected: the first link of an
initiative always does, and `Columns.again` says which of its further links end in a territory that it already has.
What every level of a side has in common, how many first links end at each place, is counted once.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from directory.initiatives.columns import AGAIN, Columns, Mask, Rows
from directory.initiatives.ends import Ends, Flags, Whole


class Tally:
    """The distinct initiatives of a selection by territory, at any level of both sides."""

    def __init__(self, columns: Columns, here: Ends, there: Ends, mask: Mask) -> None:
        self._columns, self._ends = columns, {"here": here, "there": there}
        self.mask = mask
        self._is_all = bool(mask.all())
        self._heads: dict[str, Rows] = {}

    @cached_property
    def further(self) -> Rows:
        """The further links of the selected rows, by their place after the first ones."""
        rows = self._columns.extra_row
        return np.arange(len(rows)) if self._is_all else np.flatnonzero(self.mask.take(rows))

    def territories(self, side: str, column: str) -> Rows:
        """How many selected rows end in each territory of a level, by its code; `column` is one of `ends.PLACE`.

        An end coarser than the level counts where it is. A territory that no end has (-1, no EPCI) is left out.
        """
        ends = self._ends[side]
        codes: Whole = getattr(ends, column)
        heads = self._places(side)
        links = self.further
        links = links.compress(self._columns.again.take(links) & AGAIN[side, column] == 0)
        tails = codes.take(self._further_places(side).take(links))
        if column == "epci":  # the only level that a place may lack
            told = codes >= 0
            codes, heads, tails = codes[told], heads[told], tails[tails >= 0]
        size = len(ends.territories.keys)
        # Whole numbers far below 2**53: doubles count them exactly.
        found = np.bincount(codes, weights=heads, minlength=size).astype(np.int64)
        return found + np.bincount(tails, minlength=size) if len(tails) else found

    def reached(self, side: str) -> Flags:
        """The places of a side at which a selected row ends."""
        found: Flags = self._places(side) > 0
        further = self._further_places(side)
        found[further if self._is_all else further.take(self.further)] = True
        return found

    def _further_places(self, side: str) -> Whole:
        """The places at which further links end, whatever is selected."""
        places: Whole = getattr(self._columns, side)[self._columns.size :]
        return places

    def _places(self, side: str) -> Rows:
        """How many first links of the selected rows end at each place."""
        if side not in self._heads:
            first = getattr(self._columns, side)[: self._columns.size]
            taken = first if self._is_all else first.compress(self.mask)
            self._heads[side] = np.bincount(taken, minlength=self._ends[side].size)
        return self._heads[side]

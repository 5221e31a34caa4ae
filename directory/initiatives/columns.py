"""The published initiatives and their links as columns of small integers, and exact counts over them.

Initiatives are numbered 0…n-1 by identifier ("rows"). Links come in the same order: link `i` below n joins the first
end here and the first end there of row `i`; the few others of the star follow, grouped by row. So a link needs no
object, an initiative with one link needs no row number, and only the others make counting distinct hard.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from directory.initiatives.ends import Flags, Whole
from directory.initiatives.territories import Codes

Rows = NDArray[np.int64]
Mask = Flags
"""One flag a row."""

T = TypeVar("T")

KEPT = 100
"""Answers remembered at once."""
LEVELS = (
    ("here", "own"),
    ("here", "middle"),
    ("here", "far"),
    ("here", "wide"),
    ("here", "epci"),
    ("there", "own"),
    ("there", "middle"),
    ("there", "far"),
)
"""The levels at which initiatives are counted: side, column of its places."""
AGAIN = {level: 1 << bit for bit, level in enumerate(LEVELS)} | {("there", "wide"): 1 << len(LEVELS) - 1}
"""The bit of each level; the world has countries there."""
CHUNK = 12
"""Bits counted at once at most: 4,096 counters stay in the fastest memory."""


@dataclass(frozen=True)
class Columns:
    """Everything that filters and counts need, but places. Several values of an initiative are bits of one number."""

    ids: Whole
    since: Whole
    stage: Whole
    network: Whole
    sectors: Whole
    goals: Whole
    actors: Whole
    publics: Whole
    needs: Whole
    twins: Whole
    """True for the twin towns of a public list: they are shown to who asks for them, and are no citizen initiative."""
    newest: Whole
    """Rows, the last published first."""
    alphabetical: Whole
    """Rows, by folded title."""
    extra_row: Whole
    """The row of each link from n on, never decreasing."""
    here: Whole
    there: Whole
    """The place (number in Ends) at both ends of each link."""
    again: Whole
    """Of each link from n on, as the bits of AGAIN: the levels at which its row has an earlier link that ends there."""
    pair: Whole
    """Of each link, the number of its couple of territories shown, from the world's point of view."""
    pair_link: Whole
    """One link of each couple."""

    @property
    def size(self) -> int:
        """How many initiatives there are."""
        return len(self.ids)

    @property
    def links(self) -> int:
        """How many links they have."""
        return len(self.here)

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        columns: list[Whole] = [getattr(self, item.name) for item in fields(self)]
        return sum(column.nbytes for column in columns) + self.several.nbytes + self.several_rows.nbytes

    @cached_property
    def remembered(self) -> OrderedDict[Hashable, Any]:
        """Answers already made of these columns, by what was asked, the oldest first: they are forgotten together."""
        return OrderedDict()

    def once(self, asked: Hashable, make: Callable[[], T]) -> T:
        """The answer to a question about these columns, made at its first asking and kept a while."""
        kept: T | None = self.remembered.get(asked)
        if kept is not None:
            return kept
        made = make()
        self.remembered[asked] = made
        if len(self.remembered) > KEPT:
            with suppress(KeyError):  # another thread forgot it first
                self.remembered.popitem(last=False)
        return made

    @cached_property
    def several(self) -> Whole:
        """The links of the initiatives that have several, those of one initiative together."""
        rows = np.unique(self.extra_row)
        links = np.concatenate([rows, np.arange(self.size, self.links)])
        order = np.argsort(np.concatenate([rows, self.extra_row]), kind="stable")
        return links[order].astype(np.int32)

    @cached_property
    def several_rows(self) -> Whole:
        """The rows of `several`."""
        return self.rows_of(self.several).astype(np.int32)

    def rows_of(self, links: Codes) -> Codes:
        """The rows of links."""
        rows = np.array(links, dtype=np.int64)
        is_extra = rows >= self.size
        rows[is_extra] = self.extra_row[rows[is_extra] - self.size]
        return rows

    def links_of(self, mask: Mask) -> Flags:
        """The links of selected rows."""
        return np.concatenate([mask, mask.take(self.extra_row)])

    def rows_having(self, links: Flags) -> Mask:
        """The rows that have one of the links."""
        rows = links[: self.size].copy()
        rows[self.extra_row.compress(links[self.size :])] = True
        return rows

    def rows_ending(self, here: Flags | None, there: Flags | None) -> Mask:
        """The rows with an end at one of the places (one flag a place; None for no place of that side)."""
        links = np.zeros(self.links, dtype=bool)
        if here is not None:
            links |= here.take(self.here)
        if there is not None:
            links |= there.take(self.there)
        return self.rows_having(links)

    def repeated(self, codes: Codes, chosen: Flags) -> Codes:
        """Of the chosen links, the codes (one a link) that the same initiative already has: to take off a count."""
        taken = np.flatnonzero(chosen.take(self.several))
        return repeats(self.several_rows.take(taken), codes.take(self.several.take(taken)))

    def distinct(self, codes: Whole, chosen: Flags, size: int) -> Codes:
        """How many distinct initiatives have each code (below size) among the chosen links."""
        taken = codes if chosen.all() else codes.compress(chosen)
        return np.bincount(taken, minlength=size) - np.bincount(self.repeated(codes, chosen), minlength=size)


def comes_again(extra_row: Whole, size: int, levels: Sequence[Codes]) -> Whole:
    """The bits of `Columns.again`; `levels` holds the codes of every link at each level, in the order of the bits."""
    owners = np.unique(extra_row)
    rows = np.concatenate([owners, extra_row])
    order = np.argsort(rows, kind="stable")  # the first link of a row, then its further ones
    rows, links = rows[order], np.concatenate([owners, np.arange(size, size + len(extra_row))])[order]
    found = np.zeros(len(extra_row), dtype=np.uint8)
    for bit, codes in enumerate(levels):
        found[links[_come_again(rows, codes[links])] - size] |= 1 << bit
    return found


def repeats(rows: Codes, codes: Codes) -> Codes:
    """The codes that come again within one row; equal rows stand together."""
    return codes.compress(_come_again(rows, codes))


def _come_again(rows: Codes, codes: Codes) -> Flags:
    again = np.zeros(len(rows), dtype=bool)
    for step in range(1, len(rows)):
        is_same_row = rows[step:] == rows[:-step]
        if not is_same_row.any():
            break
        again[step:] |= is_same_row & (codes[step:] == codes[:-step])
    return again


def count_values(column: Whole, mask: Mask, size: int) -> Codes:
    """How many selected rows have each value below size."""
    return np.bincount(_taken(column, mask), minlength=size)


def count_bits(column: Whole, mask: Mask, size: int) -> Codes:
    """How many selected rows have each bit below size; no row has another."""
    taken = _taken(column, mask)
    width = -(-size // max(1, -(-size // CHUNK)))
    counts = [np.zeros(0, dtype=np.int64)]
    for first in range(0, size, max(1, width)):
        part = taken >> first if first else taken
        if first + width < size:  # the last part has nothing above it
            part = part & ((1 << width) - 1)
        found = np.bincount(part.astype(np.int64), minlength=1 << width)
        counts.append((found @ _bits(width)).astype(np.int64))
    return np.concatenate(counts)[:size]


@lru_cache(maxsize=CHUNK)
def _bits(width: int) -> NDArray[np.float64]:
    """A row of zeros and ones for each number of so many bits; doubles are multiplied faster, and exactly here."""
    bits: NDArray[np.float64] = (np.arange(1 << width)[:, None] >> np.arange(width) & 1).astype(np.float64)
    return bits


def _taken(column: Whole, mask: Mask) -> Whole:
    return column if mask.all() else column.compress(mask)


def couples(here: Codes, there: Codes) -> tuple[Whole, Whole]:
    """Number the couples (territory here, territory there) of links by order, and one link of each."""
    joined = here.astype(np.int64) << 32 | there
    _, link, pair = np.unique(joined, return_index=True, return_inverse=True)
    return pair.astype(np.int32), link.astype(np.int32)


def star(here: tuple[Codes, Codes], there: tuple[Codes, Codes], size: int) -> tuple[Whole, Whole, Whole]:
    """Links from ends: every end there with the first end here, every further end here with the first end there.

    Each side is (row, place) of its ends, in the order of rows and positions; every row has an end on both sides.
    Returns extra_row, and the place here and there of every link.
    """
    first_here, first_there = (np.flatnonzero(np.diff(row, prepend=-1)) for row, _ in (here, there))
    main_here, main_there = here[1][first_here], there[1][first_there]
    more_here, more_there = np.ones(len(here[0]), dtype=bool), np.ones(len(there[0]), dtype=bool)
    more_here[first_here], more_there[first_there] = False, False
    rows = np.concatenate([there[0][more_there], here[0][more_here]])
    order = np.argsort(rows, kind="stable")
    ends_here = np.concatenate([main_here[there[0][more_there]], here[1][more_here]])[order]
    ends_there = np.concatenate([there[1][more_there], main_there[here[0][more_here]]])[order]
    if len(main_here) != size or len(main_there) != size:
        raise ValueError("an initiative lacks an end")
    return (
        rows[order].astype(np.int32),
        np.concatenate([main_here, ends_here]).astype(np.int32),
        np.concatenate([main_there, ends_there]).astype(np.int32),
    )

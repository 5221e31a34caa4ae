"""Words → initiatives, on both engines: everything that a query wants must be there, nothing that it excludes.

Found by their title and places first, then by anything else; then the newest, then the identifier: a rank that no
engine computes, so that both give the same pages, and that costs nothing to compute.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from directory.initiatives import spelling
from directory.initiatives.analysis import Query, parse
from directory.initiatives.postings import Flags, Ids, Kept, beginning, everybody, holders

SUGGESTED = 10


class Found(NamedTuple):
    """The initiatives that a query finds, and among them those found by their title and places, which come first."""

    ids: Ids
    """Sorted."""
    heading: Ids
    """Sorted; some of `ids`."""


def find(session: Session, text: str, kept: Kept | None = None) -> Found:
    """The initiatives that a typed text finds: none when it holds no word, all the others when it only excludes.

    `kept` is what this process remembers of frequent words at the version of the corpus that the session sees.
    """
    return Found(*(np.flatnonzero(flags) for flags in _flags(session, parse(text), kept)))


def among(ids: NDArray[np.integer], found: Ids) -> Flags:
    """Which of some identifiers were found."""
    flags = np.zeros(1 + max(int(ids.max(initial=0)), int(found.max(initial=0))), dtype=bool)
    flags[found] = True
    chosen: Flags = flags[ids]
    return chosen


def did_you_mean(session: Session, text: str) -> str:
    """The text with its words spelt as the corpus spells them, when that finds something; else nothing.

    For a query that found nothing. Takes at most some tens of milliseconds, whatever is asked.
    """
    meant = spelling.respelt(session, text)
    return meant if meant and len(find(session, meant).ids) else ""


def heading_beginning(session: Session, words: Sequence[str], limit: int = SUGGESTED) -> list[int]:
    """Some initiatives whose title or places hold these folded words, the last one being the beginning of one."""
    return beginning(session, words, limit) if words else []


def _flags(session: Session, query: Query, kept: Kept | None) -> tuple[Flags, Flags]:
    """One flag an identifier: found, found by title and places."""
    nobody = np.zeros(0, dtype=bool)
    if query.is_empty:
        return nobody, nobody
    if query.wanted:
        sets = [holders(session, unit, kept) for unit in query.wanted]
        anywhere, heading = (reduce(_both, (one[side] for one in sets)) for side in (0, 1))
    else:
        anywhere = everybody(session)
        heading = nobody
    for unit in query.excluded:
        anywhere = _without(anywhere, holders(session, unit, kept).anywhere)
    return anywhere, _both(heading, anywhere)


def _both(one: Flags, other: Flags) -> Flags:
    size = min(len(one), len(other))
    return one[:size] & other[:size]


def _without(one: Flags, other: Flags) -> Flags:
    size = min(len(one), len(other))
    return np.concatenate([one[:size] & ~other[:size], one[size:]])

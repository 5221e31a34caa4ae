"""A publication or a withdrawal applied to a copy of the columns: the same arrays as a load of everything, sooner."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.core.database import instant
from directory.initiatives.columns import Columns, Rows, couples
from directory.initiatives.ends import PLACE, Ends, Whole, gathered, recoded
from directory.initiatives.loading import Lists, Part, actors, fetched, load, positions
from directory.initiatives.models import Anchor, Initiative, Participation
from directory.initiatives.territories import Territories
from directory.initiatives.vocabulary import State

MOST = 500
"""Changes applied one by one; beyond, everything is loaded again."""

_BY_ROW = ("since", "stage", "network", "sectors", "goals", "actors", "publics", "needs", "twins")

Key = tuple[Any, int]
"""What a row is ordered by, then the row."""


def apply(
    session: Session, columns: Columns, here: Ends, there: Ends, lists: Lists, changed: Sequence[int]
) -> tuple[Columns, Ends, Ends]:
    """The columns with the initiatives of `changed` read again: those no longer published are gone."""
    tables = _lists_only(here.territories), _lists_only(there.territories)
    part = load(session, lists, tables, changed)
    kept = ~np.isin(columns.ids, np.array(changed))
    ids = np.concatenate([columns.ids[kept], part.columns.ids])
    order = np.argsort(ids, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    remaining = int(kept.sum())
    old_rows = np.full(columns.size, -1, dtype=np.int64)
    old_rows[kept], new_rows = place[:remaining], place[remaining:]
    values = {
        name: np.concatenate([getattr(columns, name)[kept], getattr(part.columns, name)])[order] for name in _BY_ROW
    }
    links = _links(columns, part.columns, kept, order, (old_rows, new_rows))
    gone = columns.links_of(~kept)
    here, ends_here = _merged(session, here, part.here, links[1], columns.here[gone])
    there, ends_there = _merged(session, there, part.there, links[2], columns.there[gone])
    pair, pair_link = couples(here.own[ends_here], there.own[ends_there])
    merged = Columns(
        ids=ids[order],
        newest=_newest(session, columns, part, ids[order], kept, (old_rows, new_rows)),
        alphabetical=_alphabetical(session, columns, part, ids[order], kept, (old_rows, new_rows)),
        extra_row=links[0],
        again=links[3],
        here=ends_here,
        there=ends_there,
        pair=pair,
        pair_link=pair_link,
        **values,
    )
    return _with_actors(session, merged, lists, changed), here, there


def _lists_only(table: Territories) -> Territories:
    return table.without_unused(np.zeros(len(table.keys), dtype=bool))


def _links(
    old: Columns, new: Columns, kept: Whole, order: Rows, rows: tuple[Rows, Rows]
) -> tuple[Whole, tuple[Whole, Whole], tuple[Whole, Whole], Whole]:
    """The rows of the further links, for each side the places of all links, and where these come again.

    Places are (place, True where it is a new one).
    """
    is_kept = kept[old.extra_row]
    owners = np.concatenate([rows[0][old.extra_row[is_kept]], rows[1][new.extra_row]])
    further = np.argsort(owners, kind="stable")
    sides = []
    for name in ("here", "there"):
        before, after = getattr(old, name), getattr(new, name)
        main = np.concatenate([before[: old.size][kept], after[: new.size]])[order]
        more = np.concatenate([before[old.size :][is_kept], after[new.size :]])[further]
        is_new = np.concatenate(
            [
                np.repeat([False, True], [int(kept.sum()), new.size])[order],
                np.repeat([False, True], [int(is_kept.sum()), len(new.extra_row)])[further],
            ]
        )
        sides.append((np.concatenate([main, more]), is_new))
    again = np.concatenate([old.again[is_kept], new.again])[further]
    return owners[further].astype(np.int32), sides[0], sides[1], again


def _merged(session: Session, old: Ends, new: Ends, ends: tuple[Whole, Whole], gone: Whole) -> tuple[Ends, Whole]:
    """The places of both, used ones only, and the ends of links under their numbers.

    `gone` are the places of the links read again: a name that only a withdrawn or changed sheet gave goes with it.
    """
    met = _met(new, np.arange(new.size)) | _met(old, gone)
    table = old.territories.meeting(dict.fromkeys(met, "")).naming(_names(session, met))
    both = [recoded(old, table), recoded(new, table)]
    columns = {name: np.concatenate([part[name] for part in both]) for name in both[0]}
    number = ends[0] + np.where(ends[1], old.size, 0)
    places, found = gathered(table, columns, np.bincount(number, minlength=old.size + new.size))
    return places, found[number].astype(np.int32)


def _met(ends: Ends, places: Whole) -> dict[str, None]:
    """The keys of some places that no list holds."""
    codes = np.unique(np.concatenate([getattr(ends, name)[places] for name in PLACE]))
    return {ends.territories.key(code): None for code in codes[codes >= ends.territories.listed].tolist()}


def _names(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """The name that each key has in the first published anchor that shows it, else the key itself."""
    wanted = list(keys)
    if not wanted:  # nearly always so here, and an empty list is looked for in every anchor
        return {}
    shown = select(Anchor.key, func.min(Anchor.initiative_id).label("first")).join(
        Initiative, Initiative.id == Anchor.initiative_id
    )
    first = (
        shown.where(Initiative.state == State.PUBLISHED.value, Anchor.key.in_(wanted)).group_by(Anchor.key).subquery()
    )
    rows = session.execute(
        select(Anchor.key, Anchor.name)
        .join(first, (first.c.key == Anchor.key) & (first.c.first == Anchor.initiative_id))
        .order_by(Anchor.side.desc(), Anchor.position.desc())
    )
    return {key: key for key in wanted} | {key: name or key for key, name in rows}


def _newest(session: Session, columns: Columns, part: Part, ids: Whole, kept: Whole, rows: tuple[Rows, Rows]) -> Whole:
    new = [(-int(at), int(row)) for at, row in zip(part.published, rows[1], strict=True)]

    def keys(wanted: Sequence[int]) -> dict[int, Key]:
        found = _values(session, instant(Initiative.__table__.c.published_at), ids, wanted)
        return {row: (-int(np.datetime64(value, "us").astype(np.int64)), row) for row, value in found.items()}

    return _inserted(rows[0][columns.newest[kept[columns.newest]]], new, keys)


def _alphabetical(
    session: Session, columns: Columns, part: Part, ids: Whole, kept: Whole, rows: tuple[Rows, Rows]
) -> Whole:
    new = [(title, int(row)) for title, row in zip(part.titles, rows[1], strict=True)]

    def keys(wanted: Sequence[int]) -> dict[int, Key]:
        found = _values(session, Initiative.__table__.c.title_fold, ids, wanted)
        return {row: (value, row) for row, value in found.items()}

    return _inserted(rows[0][columns.alphabetical[kept[columns.alphabetical]]], new, keys)


def _values(session: Session, column: Any, ids: Whole, wanted: Sequence[int]) -> dict[int, Any]:
    """A column of the initiatives of some rows."""
    number = Initiative.__table__.c.id
    asked = select(number, column).where(number.in_([int(ids[row]) for row in wanted]))
    found = [row for rows in fetched(session, asked) for row in rows]
    at, _ = positions(ids, np.array([row[0] for row in found], dtype=np.int64))
    return {int(row): value for row, (_, value) in zip(at, found, strict=True)}


def _inserted(order: Rows, new: list[Key], keys: Callable[[Sequence[int]], dict[int, Key]]) -> Whole:
    """An order of rows with new ones in their places; `keys` reads what a few rows are ordered by.

    Halving, all new rows at once: the order itself stays in memory, what it stands on stays in the database.
    """
    new = sorted(new)
    low, high = [0] * len(new), [len(order)] * len(new)
    while open_ := [number for number in range(len(new)) if low[number] < high[number]]:
        middle = {number: (low[number] + high[number]) // 2 for number in open_}
        found = keys([int(order[at]) for at in sorted(set(middle.values()))])
        for number, at in middle.items():
            if found[int(order[at])] < new[number]:
                low[number] = at + 1
            else:
                high[number] = at
    return np.insert(order, low, [row for _, row in new]).astype(np.int32)


def _with_actors(session: Session, columns: Columns, lists: Lists, changed: Sequence[int]) -> Columns:
    """A publication may correct the type of an organisation that carries other initiatives too."""
    table = Participation.__table__.c
    named = fetched(session, select(table.organisation_id).where(table.initiative_id.in_(changed)).distinct())
    concerned = [row[0] for rows in named for row in rows]
    if not concerned:
        return columns
    # One organisation may carry a hundredth of everything: its initiatives are found there, not named one by one.
    others = select(table.initiative_id).where(table.organisation_id.in_(concerned))
    ids = np.unique([row[0] for rows in fetched(session, others) for row in rows]).astype(np.int64)
    at, _ = positions(columns.ids, ids)
    found = columns.actors.copy()
    found[at] = actors(session, columns.ids[at], lists, others)
    return replace(columns, actors=found)

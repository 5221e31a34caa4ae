"""From the database to columns: everything published, or a few initiatives, by the same few wide reads.

Rows are taken from the driver's cursor in parts, few columns each, and turned into arrays at once: SQLAlchemy's own
rows cost four times more. The JSON of an anchor's keys is read once per distinct text.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, Text, case, cast, func, literal, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.core.database import instant, points_of, stored_point
from directory.initiatives.columns import LEVELS, Columns, comes_again, couples, star
from directory.initiatives.ends import DEGREE, PLACE, Ends, Whole, gathered, layout
from directory.initiatives.models import Anchor, Initiative, InitiativeGoal, InitiativeSector, Participation
from directory.initiatives.territories import HERE, THERE, Codes, Territories
from directory.initiatives.vocabulary import Origin, Role, Stage, State
from directory.organisations.models import Organisation
from directory.reference.keys import Side
from directory.reference.models import Territory

PART = 1_000
"""Rows taken at once: few enough to be read before they leave the fastest memory."""
STAGES = tuple(Stage)
"""The code of a stage is its place here."""
NO_YEAR = 0

_HERE = Side.HERE.value
_INITIATIVE, _ANCHOR, _PARTICIPATION = Initiative.__table__, Anchor.__table__, Participation.__table__


@dataclass(frozen=True)
class Lists:
    """The values whose places are the bits of the columns; a change of them changes every column."""

    digest: str
    sectors: tuple[str, ...]
    goals: tuple[int, ...]
    actor_types: tuple[str, ...]
    publics: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """Columns of some initiatives, and what orders them: instants (µs) of publication and folded titles, by row."""

    columns: Columns
    here: Ends
    there: Ends
    published: NDArray[np.int64]
    titles: list[str]


def load(session: Session, lists: Lists, sides: tuple[Territories, Territories], ids: Sequence[int] | None) -> Part:
    """The published initiatives among `ids`, or all; `sides` are the tables of the reference lists, here and there."""
    facts = _facts(session, lists, ids)
    ends = _Reader(facts["ids"])
    ends.read(session, ids)
    facts = _only(facts, ends.keep_complete())  # a fault of the data is shown nowhere rather than breaking every list
    numbers: Whole = facts["ids"]
    # All that is read is read first: PostgreSQL closes a transaction that stays idle.
    sectors, goals = _sectors(session, numbers, lists, ids), _goals(session, numbers, lists, ids)
    kinds = actors(session, numbers, lists, ids)
    (here, here_rows, here_places), (there, there_rows, there_places) = ends.sides(sides)
    extra_row, link_here, link_there = star((here_rows, here_places), (there_rows, there_places), len(numbers))
    here, link_here = _used(here, link_here)
    there, link_there = _used(there, link_there)
    pair, pair_link = couples(here.own[link_here], there.own[link_there])
    both = {"here": (here, link_here), "there": (there, link_there)}
    titles: list[str] = facts["titles"]
    published: NDArray[np.int64] = facts["published"]
    columns = Columns(
        ids=numbers,
        since=facts["since"],
        stage=facts["stage"],
        network=facts["network"],
        sectors=sectors,
        goals=goals,
        actors=kinds,
        publics=facts["publics"],
        needs=facts["needs"],
        twins=facts["twins"],
        newest=np.argsort(-published, kind="stable").astype(np.int32),
        alphabetical=np.array(sorted(range(len(titles)), key=titles.__getitem__), dtype=np.int32),
        extra_row=extra_row,
        here=link_here,
        there=link_there,
        again=comes_again(
            extra_row,
            len(numbers),
            [getattr(ends, name)[links] for side, name in LEVELS for ends, links in [both[side]]],
        ),
        pair=pair,
        pair_link=pair_link,
    )
    return Part(columns, here, there, published, titles)


def listed(session: Session) -> tuple[Territories, Territories]:
    """The tables of the reference lists, here and there."""
    rows = [
        row
        for part in fetched(session, select(Territory.key, Territory.name, Territory.lon, Territory.lat))
        for row in part
    ]
    return Territories.of_lists(HERE, rows), Territories.of_lists(THERE, rows)


def fetched(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[list[Any]]:
    """The rows of a statement as its driver gives them, in parts; its values are numbers and words of the house.

    Raises OperationalError as SQLAlchemy does, when it lasts too long for who waits.
    """
    connection = session.connection()
    sql = str(statement.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))
    # A named cursor stays in the server: PostgreSQL's would otherwise bring everything at once.
    named = {"name": "columns", "binary": True} if connection.dialect.name == "postgresql" else {}
    raw: Any = connection.connection
    driver: Any = connection.dialect.loaded_dbapi
    try:
        with closing(raw.cursor(**named)) as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(PART):
                yield rows
    except driver.OperationalError as error:
        raise OperationalError(sql, None, error) from error


class _Chosen(dict[str, int]):
    """The bits of a few values of a list, by their JSON; each distinct text is read once."""

    def __init__(self, listed: Sequence[str]) -> None:
        super().__init__()
        self.bit = {value: 1 << at for at, value in enumerate(listed)}
        self.width: Any = _width(len(listed))

    def __missing__(self, text: str) -> int:
        self[text] = sum(self.bit.get(value, 0) for value in set(json.loads(text)))
        return self[text]

    def column(self, texts: Sequence[str]) -> Whole:
        """The bits of some rows."""
        return np.array([self[text] for text in texts], dtype=self.width)


def _width(size: int) -> Any:
    """The type of a column of so many bits."""
    return np.uint16 if size <= 16 else np.uint32 if size <= 32 else np.uint64


def _facts(session: Session, lists: Lists, ids: Sequence[int] | None) -> dict[str, Any]:
    table = _INITIATIVE.c
    statement = select(
        table.id,
        table.since_year,
        table.stage,
        table.network_id,
        instant(table.published_at),
        table.title_fold,
        cast(table.publics, Text),
        cast(table.needs, Text),
        case((table.origin == Origin.TWIN_TOWNS.value, 1), else_=0),
    ).where(table.state == State.PUBLISHED.value)
    codes: dict[str | None, int] = {stage.value: code for code, stage in enumerate(STAGES)}
    chosen = _Chosen(lists.publics), _Chosen(lists.needs)
    names = ("ids", "since", "stage", "network", "published", "publics", "needs", "twins")
    parts: dict[str, list[Whole]] = {name: [] for name in names}
    titles: list[str] = []
    for rows in fetched(session, _among(statement, table.id, ids).order_by(table.id)):
        one, since, stage, network, published, title, publics, needs, twins = zip(*rows, strict=True)
        parts["ids"].append(np.array(one, dtype=np.int64))
        parts["since"].append(np.array([year or NO_YEAR for year in since], dtype=np.int16))
        parts["stage"].append(np.array([codes[value] for value in stage], dtype=np.int8))
        parts["network"].append(np.array(network, dtype=np.int32))
        parts["published"].append(np.array(published, dtype="datetime64[us]").astype(np.int64))
        parts["publics"].append(chosen[0].column(publics))
        parts["needs"].append(chosen[1].column(needs))
        parts["twins"].append(np.array(twins, dtype=bool))
        titles += title
    # An empty corpus has columns of the same types: what is published next is laid beside them.
    types = {"since": np.int16, "stage": np.int8, "publics": chosen[0].width, "needs": chosen[1].width, "twins": bool}
    found = {
        name: np.concatenate(arrays) if arrays else np.zeros(0, types.get(name, np.int64))
        for name, arrays in parts.items()
    }
    for name in ("ids", "network"):
        found[name] = _narrow(found[name])
    return {**found, "titles": titles}


def _only(facts: dict[str, Any], rows: Codes) -> dict[str, Any]:
    if len(rows) == len(facts["titles"]):
        return facts
    titles = [facts["titles"][row] for row in rows]
    return {**{name: column[rows] for name, column in facts.items() if name != "titles"}, "titles": titles}


def _narrow(column: Whole) -> Whole:
    bound = int(column.max(initial=0))
    return column.astype(np.int16 if bound < 1 << 15 else np.int32 if bound < 1 << 31 else np.int64)


def _among(statement: Select[Any], column: Any, ids: Sequence[int] | Select[Any] | None) -> Select[Any]:
    if ids is None:
        return statement
    return statement.where(column.in_(ids if isinstance(ids, Select) else list(ids)))


class _Reader:
    """The anchors of the initiatives of `ids` (sorted) as arrays: row, side, number of the chain of keys, point."""

    def __init__(self, ids: Whole) -> None:
        self._ids = ids
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)
        """The number of each chain of keys, by its JSON."""
        self._names: list[str] = []
        self._parts: list[tuple[Codes, Codes, Codes, Whole]] = []

    def read(self, session: Session, ids: Sequence[int] | None) -> None:
        table = _ANCHOR.c
        statement = select(
            table.initiative_id,
            case((table.side == _HERE, 1), else_=0),
            cast(table["keys"], Text),
            table.name,
            stored_point(table.geom),
        )
        statement = _among(statement, table.initiative_id, ids)
        for rows in fetched(session, statement.order_by(table.initiative_id, table.side, table.position)):
            owners, is_here, keys, names, points = zip(*rows, strict=True)
            whole = np.rint(points_of(points) * DEGREE).astype(np.int32)
            self._add(np.array(owners), np.array(is_here, dtype=bool), self._chains(keys, names), whole)

    def _chains(self, keys: Sequence[str], names: Sequence[str]) -> Codes:
        met = len(self._numbers)
        found = np.fromiter(map(self._numbers.__getitem__, keys), dtype=np.int64, count=len(keys))
        # New chains are numbered as they come: the first anchor of each names it.
        new = np.flatnonzero(found >= met)
        _, first = np.unique(found[new], return_index=True)
        self._names += [names[at] for at in new[first].tolist()]
        return found

    def _add(self, owners: Codes, is_here: Whole, chains: Codes, points: Whole) -> None:
        rows = np.searchsorted(self._ids, owners)
        # The anchors of an initiative that is not published are nobody's business; there should be none.
        is_known = rows < len(self._ids)
        is_known[is_known] = self._ids[rows[is_known]] == owners[is_known]
        self._parts.append((rows[is_known], is_here[is_known], chains[is_known], points[is_known]))

    def keep_complete(self) -> Codes:
        """Forget the ends of initiatives that lack one on a side; gives the rows kept, which are renumbered."""
        found = np.zeros((2, len(self._ids)), dtype=bool)
        for rows, is_here, _, _ in self._parts:
            found[0, rows[is_here]] = True
            found[1, rows[~is_here]] = True
        is_complete = found[0] & found[1]
        if not is_complete.all():
            place = np.cumsum(is_complete) - 1
            kept = [tuple(column[is_complete[part[0]]] for column in part) for part in self._parts]
            self._parts = [(place[rows], is_here, chains, points) for rows, is_here, chains, points in kept]
        return np.flatnonzero(is_complete)

    def sides(self, tables: tuple[Territories, Territories]) -> list[tuple[Any, Codes, Codes]]:
        """For each side: its places as (table, columns), the rows and the places of its ends."""
        empty = (np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, np.int64), np.zeros((0, 2), np.int32))
        rows, is_here, chains, points = (np.concatenate(parts) for parts in zip(empty, *self._parts, strict=True))
        found = []
        for table, name, chosen in ((tables[0], "here", is_here), (tables[1], "there", ~is_here)):
            one, number = _distinct(chains[chosen], points[chosen])
            found.append((self._places(table, name, chains[chosen][one], points[chosen][one]), rows[chosen], number))
        return found

    def _places(
        self, table: Territories, side: str, chains: Codes, points: Whole
    ) -> tuple[Territories, dict[str, Whole]]:
        """The table of a side with the keys met, and the columns of its places."""
        texts = list(self._numbers)
        used, number = np.unique(chains, return_inverse=True)
        read: list[list[str]] = json.loads(f"[{','.join([texts[chain] for chain in used])}]")
        flat = [key for keys in read for key in keys]
        # Of several names for one key, that of the first anchor: `updating` keeps to it.
        named = [(keys[0], self._names[chain]) for chain, keys in zip(used.tolist(), read, strict=True)]
        met = dict.fromkeys(flat, "") | dict(reversed(named))
        table = table.meeting({key: name or key for key, name in met.items()})
        code_of = dict(zip(met, table.codes(list(met)).tolist(), strict=True))
        codes = np.array([*[code_of[key] for key in flat], -1])  # the last for « none »
        firsts = np.cumsum([0, *(len(keys) for keys in read[:-1])])
        shapes = [layout("".join([key[0] for key in keys]), side) for keys in read]
        at = np.array(shapes, dtype=np.int64).reshape(-1, len(PLACE))
        at = np.where(at < 0, len(flat), at + firsts[: len(at), None])
        columns: dict[str, Whole] = {name: codes[at[number, place]] for place, name in enumerate(PLACE)}
        return table, columns | {"lon": points[:, 0], "lat": points[:, 1]}


def _distinct(chains: Codes, points: Whole) -> tuple[Codes, Codes]:
    """One end of each distinct (chain, point), and the number of that of every end."""
    joined = points[:, 0].astype(np.int64) << 32 | points[:, 1].astype(np.uint32)
    order = np.lexsort([joined, chains])
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(joined[order]) != 0) | (np.diff(chains[order]) != 0)
    number = np.zeros(len(order), dtype=np.int64)
    number[order] = np.cumsum(is_first) - 1
    return order[is_first], number


def _used(side: tuple[Territories, dict[str, Whole]], ends: Whole) -> tuple[Ends, Whole]:
    """The places of a side, sorted, and the ends of links under their new numbers."""
    table, columns = side
    places, number = gathered(table, columns, np.bincount(ends, minlength=len(columns["own"])))
    return places, number[ends].astype(np.int32)


def _sectors(session: Session, ids: Whole, lists: Lists, among: Sequence[int] | None) -> Whole:
    bits = {sector: 1 << bit for bit, sector in enumerate(lists.sectors)}
    table = InitiativeSector.__table__.c
    value = _bit_of(bits, table.sector_id)
    return _summed(session, ids, table.initiative_id, value, among, len(bits))


def _goals(session: Session, ids: Whole, lists: Lists, among: Sequence[int] | None) -> Whole:
    bits = {goal: 1 << bit for bit, goal in enumerate(lists.goals)}
    table = InitiativeGoal.__table__.c
    value = _bit_of(bits, table.goal)
    return _summed(session, ids, table.initiative_id, value, among, len(bits))


def _bit_of(bits: Mapping[Any, int], column: Any) -> ColumnElement[int]:
    """The bit of a value, 0 for one that no list holds."""
    # A list not loaded yet holds none, and a CASE of nothing is no SQL.
    return case(bits, value=column, else_=0) if bits else literal(0)


def _summed(session: Session, ids: Whole, owner: Any, bit: Any, among: Sequence[int] | None, size: int) -> Whole:
    """Bits added in the database: a primary key keeps a value from coming twice."""
    bits = np.zeros(len(ids), dtype=_width(size))
    statement = _among(select(owner, func.sum(bit)).group_by(owner), owner, among)
    for rows in fetched(session, statement):
        owned = np.array(rows, dtype=np.int64)
        at, is_known = positions(ids, owned[:, 0])
        bits[at] = owned[is_known, 1]
    return bits


def actors(session: Session, ids: Whole, lists: Lists, among: Sequence[int] | Select[Any] | None) -> Whole:
    """The types of the carriers of each row, as bits; `among` may be a query that gives the identifiers."""
    bits = {kind: 1 << bit for bit, kind in enumerate(lists.actor_types)}
    found = np.zeros(len(ids), dtype=_width(len(bits)))
    owner = _PARTICIPATION.c.initiative_id
    statement = (
        select(owner, _bit_of(bits, Organisation.actor_type))
        .join(Organisation, Organisation.id == _PARTICIPATION.c.organisation_id)
        .where(_PARTICIPATION.c.role == Role.CARRIER.value)
    )
    for rows in fetched(session, _among(statement, owner, among)):
        owned = np.array(rows, dtype=np.int64)
        at, is_known = positions(ids, owned[:, 0])
        np.bitwise_or.at(found, at, owned[is_known, 1].astype(found.dtype))
    return found


def positions(ids: Whole, wanted: Codes) -> tuple[Codes, Whole]:
    """The rows of the wanted identifiers that are there, and which of them are."""
    rows = np.searchsorted(ids, wanted)
    is_known = rows < len(ids)
    is_known[is_known] = ids[rows[is_known]] == wanted[is_known]
    return rows[is_known], is_known

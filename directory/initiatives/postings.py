"""Which initiatives hold one thing asked: SQLite's FTS5 and PostgreSQL's inverted index, and what is kept of both.

Whatever the engine, it answers for one word, one beginning or one phrase at a time, with two sets of identifiers: in
the title and places, and anywhere. Sets are then put together here, so that both engines cannot but agree. A set is
one flag an identifier. Those of frequent words are kept, packed, by the process that read them, and brought forward
at each publication by reading again what was published.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from directory.initiatives.analysis import Unit, family, in_family
from directory.initiatives.models import Initiative, SearchRow
from directory.initiatives.vocabulary import State

Flags = NDArray[np.bool_]
"""One flag an identifier, from 0."""
Ids = NDArray[np.int64]
Packed = NDArray[np.uint8]
"""Flags, eight a byte."""

FREQUENT = 100
"""Initiatives that a set must hold to be kept: smaller ones are read again in no time."""
MOST_KEPT, LEAST_KEPT = 512, 64
MAX_KEPT_BYTES = 6 << 20
"""Sets kept: as many as these bytes hold, between the two numbers (12 kB a word at 100,000 initiatives, twice)."""

_ROW = SearchRow.__table__.c
_SPACE: ColumnElement[str] = literal_column("' '")  # not a parameter: the index knows these very expressions
_HEADING: ColumnElement[str] = _ROW.heading
_ANYWHERE: ColumnElement[str] = _ROW.heading + _SPACE + _ROW.body
_FTS5 = table("initiative_fts", column("rowid"), column("initiative_fts"))


class Holders(NamedTuple):
    """Who holds something: anywhere, and in the title or places. A flag that is missing at the end is False."""

    anywhere: Flags
    heading: Flags


class Kept:
    """What a process has read of frequent words, for one version of the corpus. Threads share it."""

    def __init__(self, version: int, sets: Iterable[tuple[Unit, tuple[Packed, Packed]]] = ()) -> None:
        self.version = version
        self._sets = OrderedDict(sets)
        self._lock = threading.Lock()

    @property
    def nbytes(self) -> int:
        """Size in memory."""
        with self._lock:
            return sum(map(_size, self._sets.values()))

    def get(self, unit: Unit) -> Holders | None:
        """The sets of a unit, when they are kept."""
        with self._lock:
            pair = self._sets.get(unit)
            if pair is not None:
                self._sets.move_to_end(unit)
        return None if pair is None else Holders(*(np.unpackbits(packed).view(bool) for packed in pair))

    def put(self, unit: Unit, found: Holders) -> None:
        """Keep the sets of a unit; those that were used longest ago go."""
        pair = np.packbits(found.anywhere), np.packbits(found.heading)
        with self._lock:
            self._sets[unit] = pair
            most = max(LEAST_KEPT, min(MOST_KEPT, MAX_KEPT_BYTES // max(1, _size(pair))))
            while len(self._sets) > most:
                self._sets.popitem(last=False)

    def brought_forward(self, session: Session, version: int, changed: Sequence[int]) -> Kept:
        """The same at a later version: the initiatives of `changed` are read again, the others stay."""
        with self._lock:
            sets = list(self._sets.items())
        if not sets:
            return Kept(version)
        rows = session.execute(
            select(SearchRow.id, SearchRow.heading, SearchRow.body).where(SearchRow.id.in_(list(changed)))
        )
        texts = {row.id: (Text(f"{row.heading} {row.body}"), Text(row.heading)) for row in rows}
        return Kept(version, ((unit, _corrected(pair, unit, changed, texts)) for unit, pair in sets))


def _size(pair: tuple[Packed, Packed]) -> int:
    return pair[0].nbytes + pair[1].nbytes


class Text:
    """What is indexed of one initiative, for a unit to be looked for in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._terms = frozenset(text.split())

    def holds(self, unit: Unit) -> bool:
        """The same answer as the engine's."""
        if unit.is_exact:
            return unit.words[0] in self._terms if len(unit.words) == 1 else f" {' '.join(unit.words)} " in self._text
        word = unit.words[0]
        return in_family(family(word)) in self._terms or (unit.is_prefix and f" {word}" in self._text)


def _corrected(
    pair: tuple[Packed, Packed], unit: Unit, changed: Sequence[int], texts: Mapping[int, tuple[Text, Text]]
) -> tuple[Packed, Packed]:
    sets = []
    for number, packed in enumerate(pair):
        flags = np.zeros(max(len(packed) * 8, max(changed) + 1), dtype=bool)
        flags[: len(packed) * 8] = np.unpackbits(packed)
        for identifier in changed:
            flags[identifier] = identifier in texts and texts[identifier][number].holds(unit)
        sets.append(np.packbits(flags))
    return sets[0], sets[1]


def holders(session: Session, unit: Unit, kept: Kept | None = None) -> Holders:
    """The initiatives that hold what a unit asks; `kept` spares the engine what it has already said."""
    found = kept.get(unit) if kept is not None else None
    if found is None:
        anywhere = _read(session, unit, _ANYWHERE)
        found = Holders(_flags(anywhere), _flags(_read(session, unit, _HEADING)))
        if kept is not None and len(anywhere) >= FREQUENT:
            kept.put(unit, found)
    return found


def everybody(session: Session) -> Flags:
    """The published initiatives, by an index that holds nothing else."""
    table = Initiative.__table__.c
    return _flags(_numbers(session, select(_joined(session, table.id)).where(table.state == State.PUBLISHED.value)))


def beginning(session: Session, words: Sequence[str], limit: int) -> list[int]:
    """Some of the initiatives whose title or places hold these folded words, the last one being a beginning."""
    units = [*(Unit((word,), is_exact=True) for word in words[:-1]), Unit((words[-1],), is_prefix=True)]
    if is_sqlite(session):
        query = " AND ".join(_for_fts5(unit, is_begun=True) for unit in units)
        statement = select(_FTS5.c.rowid).where(_matches(f"heading : ({query})"))
    else:
        query = " & ".join(_for_tsquery(unit, is_begun=True) for unit in units)
        statement = select(SearchRow.id).where(_has(_HEADING, query))
    return list(session.scalars(statement.limit(limit)))


def holds_any(session: Session, word: str) -> bool:
    """A published text holds this very word (folded)."""
    unit = Unit((word,), is_exact=True)
    if is_sqlite(session):
        statement = select(_FTS5.c.rowid).where(_matches(_for_fts5(unit)))
    else:
        statement = select(SearchRow.id).where(_has(_ANYWHERE, _for_tsquery(unit)))
    return session.scalar(statement.limit(1)) is not None


def is_sqlite(session: Session) -> bool:
    """The database is SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def _joined(session: Session, number: ColumnElement[int]) -> ColumnElement[Any]:
    """All numbers in one text, or one run of bytes: thirty thousand rows of a number cost ten times more to bring."""
    if is_sqlite(session):
        return func.group_concat(number)
    return func.string_agg(func.int4send(number), literal_column("''::bytea"))


def _numbers(session: Session, statement: Select[Any]) -> Ids:
    """The identifiers that `_joined` brings."""
    found = session.scalar(statement)
    if is_sqlite(session):
        return np.fromstring(found or "", dtype=np.int64, sep=",")
    return np.frombuffer(found or b"", dtype=">i4").astype(np.int64)


def _read(session: Session, unit: Unit, texts: ColumnElement[str]) -> Ids:
    # Words are followed by a sign or a family, and preceded by a sign: there is a space on both sides.
    phrase = f" {' '.join(unit.words)} " if len(unit.words) > 1 else ""
    if is_sqlite(session):
        query = _for_fts5(unit)
        statement = select(_joined(session, _FTS5.c.rowid))
        statement = statement.where(_matches(f"heading : ({query})" if texts is _HEADING else query))
        if phrase:
            statement = statement.join_from(_FTS5, SearchRow, SearchRow.id == _FTS5.c.rowid)
            statement = statement.where(func.instr(texts, phrase) > 0)
        return _numbers(session, statement)
    statement = select(_joined(session, _ROW.id)).where(_has(texts, _for_tsquery(unit)))
    return _numbers(session, statement.where(func.strpos(texts, phrase) > 0) if phrase else statement)


def _matches(query: str) -> ColumnElement[bool]:
    return _FTS5.c.initiative_fts.op("MATCH", is_comparison=True)(query)


def _has(texts: ColumnElement[str], query: str) -> ColumnElement[bool]:
    return func.search_terms(texts).op("@@", is_comparison=True)(cast(query, TSQUERY))


def _for_fts5(unit: Unit, *, is_begun: bool = False) -> str:
    """The unit as FTS5 asks it. Words hold letters and digits only, so nothing of its language can come in."""
    if unit.is_exact:
        return " AND ".join(f'"{word}"' for word in unit.words)
    word = unit.words[0]
    begun = f'"{word}" *' if unit.is_prefix else ""
    whole = "" if is_begun else f'"{in_family(family(word))}"'
    return f"({' OR '.join(filter(None, (whole, begun)))})"


def _for_tsquery(unit: Unit, *, is_begun: bool = False) -> str:
    """The same as PostgreSQL asks it."""
    if unit.is_exact:
        return " & ".join(f"'{word}'" for word in unit.words)
    word = unit.words[0]
    begun = f"'{word}':*" if unit.is_prefix else ""
    whole = "" if is_begun else f"'{in_family(family(word))}'"
    return f"({' | '.join(filter(None, (whole, begun)))})"


def _flags(ids: Ids) -> Flags:
    flags = np.zeros(int(ids.max(initial=-1)) + 1, dtype=bool)
    flags[ids] = True
    return flags

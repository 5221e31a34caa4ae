"""The search rows of what is published, made again from what the public may read, and compared with those there are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select, text
from sqlalchemy.orm import Session

from directory.initiatives import spelling
from directory.initiatives.models import (
    Anchor,
    CorpusVersion,
    Initiative,
    InitiativeSector,
    Participation,
    SearchRow,
    SearchWord,
)
from directory.initiatives.postings import holds_any, is_sqlite
from directory.initiatives.projection import Place, search_row
from directory.initiatives.vocabulary import State
from directory.organisations.models import Organisation
from directory.reference.models import Sector, Territory

BATCH = 200
"""Initiatives of one transaction: a tenth of a second, so that the site goes on publishing."""

Texts = tuple[str, str]
"""The heading and the body of a search row."""

_INITIATIVE, _ROW = Initiative.__table__.c, SearchRow.__table__.c


@dataclass
class OutOfStep:
    """What differs between the corpus and its search rows, by identifier; words by themselves."""

    missing: list[int] = field(default_factory=list)
    extra: list[int] = field(default_factory=list)
    other_words: list[int] = field(default_factory=list)
    unknown_words: set[str] = field(default_factory=set)
    """Words of search rows that would not be offered."""
    forgotten_words: set[str] = field(default_factory=set)
    """Words offered that no search row holds."""
    is_index_damaged: bool = False
    terms: Counter[str] = field(default_factory=Counter)
    """How many search rows hold each term."""

    @property
    def rows(self) -> list[int]:
        """Every initiative whose search row is not what it should be."""
        return sorted([*self.missing, *self.extra, *self.other_words])

    def __bool__(self) -> bool:
        """Something differs."""
        return bool(self.rows or self.unknown_words or self.forgotten_words or self.is_index_damaged)


def size(session: Session) -> int:
    """About how many initiatives there are to go through."""
    return session.scalar(select(func.count()).where(_INITIATIVE.state == State.PUBLISHED.value)) or 0


def batches(session: Session, *, after: int = 0) -> Iterator[list[int]]:
    """The identifiers of everything published or searched, a batch at a time, in order; those after one alone."""
    last = after
    while True:
        published = select(_INITIATIVE.id).where(_INITIATIVE.state == State.PUBLISHED.value, _INITIATIVE.id > last)
        ids = set(session.scalars(published.order_by(_INITIATIVE.id).limit(BATCH)))
        bound = max(ids) if len(ids) == BATCH else None
        extra = select(_ROW.id).where(_ROW.id > last, *([_ROW.id <= bound] if bound is not None else []))
        found = sorted(ids | set(session.scalars(extra)))
        if found:
            yield found
        if bound is None:
            return
        last = bound


def expected(session: Session, ids: Sequence[int]) -> dict[int, Texts]:
    """What the search rows of these initiatives should be; nothing for those that are not published."""
    asked = select(
        _INITIATIVE.id,
        _INITIATIVE.title,
        *(_INITIATIVE[name] for name in ("summary", "description", "meeting", "change_here", "change_there")),
    ).where(_INITIATIVE.id.in_(ids), _INITIATIVE.state == State.PUBLISHED.value)
    places, names = _places(session, ids), _names(session, ids)
    territories = _territories(session, {key for of_one in places.values() for place in of_one for key in place.keys})
    rows = {}
    for identifier, title, *prose in session.execute(asked):
        row = search_row(title, [*prose, *names[identifier]], places[identifier], territories)
        rows[identifier] = (row.heading, row.body)
    return rows


def _places(session: Session, ids: Sequence[int]) -> dict[int, list[Place]]:
    anchor = Anchor.__table__.c
    found: dict[int, list[Place]] = defaultdict(list)
    statement = (
        select(anchor.initiative_id, anchor.label, anchor.name, anchor.context, anchor["keys"])
        .where(anchor.initiative_id.in_(ids))
        .order_by(anchor.initiative_id, anchor.side, anchor.position)
    )
    for identifier, *place in session.execute(statement):
        found[identifier].append(Place(*place))
    return found


def _names(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    part, sector = Participation.__table__.c, InitiativeSector.__table__.c
    organisations = (
        select(part.initiative_id, Organisation.__table__.c.name)
        .join(Organisation.__table__, Organisation.__table__.c.id == part.organisation_id)
        .where(part.initiative_id.in_(ids))
        .order_by(part.initiative_id, part.role, part.position)
    )
    labels = (
        select(sector.initiative_id, Sector.__table__.c.label)
        .join(Sector.__table__, Sector.__table__.c.id == sector.sector_id)
        .where(sector.initiative_id.in_(ids))
        .order_by(sector.initiative_id, sector.position)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for statement in (organisations, labels):
        for identifier, name in session.execute(statement):
            found[identifier].append(name)
    return found


def _territories(session: Session, keys: set[str]) -> dict[str, str]:
    listed = Territory.__table__.c
    rows = session.execute(select(listed.key, listed.name).where(listed.key.in_(keys)))
    return {row.key: row.name for row in rows}


def stored(session: Session, ids: Sequence[int]) -> dict[int, Texts]:
    """The search rows that these initiatives have."""
    rows = session.execute(select(_ROW.id, _ROW.heading, _ROW.body).where(_ROW.id.in_(ids)))
    return {row.id: (row.heading, row.body) for row in rows}


def compare(session: Session, ids: Sequence[int], found: OutOfStep) -> None:
    """Note what differs in a batch."""
    wanted, there = expected(session, ids), stored(session, ids)
    found.missing += sorted(wanted.keys() - there.keys())
    found.extra += sorted(there.keys() - wanted.keys())
    found.other_words += sorted(one for one in wanted.keys() & there.keys() if wanted[one] != there[one])
    for texts in there.values():
        found.terms.update(frozenset(" ".join(texts).split()))


def compare_words(session: Session, found: OutOfStep) -> None:
    """Once every batch is compared: note the words wrongly offered or not offered, and an index that says otherwise.

    PostgreSQL keeps its index within each transaction; that of SQLite is told by triggers, and is counted.
    """
    known, words = set(session.scalars(select(SearchWord.word))), spelling.vocabulary(found.terms)
    found.unknown_words, found.forgotten_words = words - known, known - words
    if is_sqlite(session):
        session.execute(text("CREATE VIRTUAL TABLE temp.told USING fts5vocab(main, initiative_fts, row)"))
        told = {row.term: row.doc for row in session.execute(text("SELECT term, doc FROM temp.told"))}
        session.execute(text("DROP TABLE temp.told"))
        found.is_index_damaged = told != found.terms


def rebuild_index(session: Session) -> None:
    """Make the index of SQLite again from the search rows, in one transaction: nobody writes meanwhile."""
    session.execute(text("INSERT INTO initiative_fts(initiative_fts) VALUES ('rebuild')"))


def mend_words(session: Session, found: OutOfStep) -> None:
    """Learn and forget what `compare_words` noted, if it still holds; words are shared: nobody publishes meanwhile."""
    session.execute(select(CorpusVersion.version).with_for_update())
    spelling.learn(session, (word for word in found.unknown_words if holds_any(session, word)))
    spelling.forget(session, found.forgotten_words)


def rewrite(session: Session, ids: Sequence[int], known: set[str] | None = None) -> list[int]:
    """Mend the search rows of a batch, and learn their words; gives those that were not what they should be.

    `known` are words that need not be learnt again; it grows. Nobody publishes them meanwhile. Callers commit.
    """
    session.execute(select(_INITIATIVE.id).where(_INITIATIVE.id.in_(ids)).order_by(_INITIATIVE.id).with_for_update())
    wanted, there = expected(session, ids), stored(session, ids)
    changed = sorted(one for one in wanted.keys() | there.keys() if wanted.get(one) != there.get(one))
    if changed:
        session.execute(delete(SearchRow).where(_ROW.id.in_(changed)).execution_options(synchronize_session=False))
        rows = [{"id": one, "heading": wanted[one][0], "body": wanted[one][1]} for one in changed if one in wanted]
        if rows:
            session.execute(insert(SearchRow), rows)
    known = set() if known is None else known
    words = spelling.vocabulary(text for texts in wanted.values() for text in texts) - known
    spelling.learn_words(session, words)
    known |= words
    return changed


def rewrite_all(connection: Connection) -> None:
    """Make every search row in the transaction of a migration."""
    with Session(bind=connection) as session:
        known: set[str] = set()
        for ids in batches(session):
            rewrite(session, ids, known)
        session.flush()

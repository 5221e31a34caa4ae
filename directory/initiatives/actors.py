"""The organisations that a published initiative names, as a stranger may see them, and who takes part in what.

Who takes part in what is kept in memory beside the columns of the corpus, as two numbers a participation, so that the
organisations of any selection are counted at once; the roll of names too, in alphabetical order. Both follow the
corpus: what was published since is read again. What is shown of an organisation is always read from the database.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import Session

from directory.core.database import patient
from directory.core.errors import NotFound
from directory.core.text import words
from directory.initiatives.columns import Mask, Rows
from directory.initiatives.ends import Flags, Whole
from directory.initiatives.filters import KnownValues
from directory.initiatives.index import Corpus, changed_since
from directory.initiatives.loading import fetched
from directory.initiatives.models import Participation
from directory.initiatives.queries import has_raised
from directory.initiatives.vocabulary import Role
from directory.organisations.models import Organisation
from directory.reference.keys import Side

_PARTICIPATION, _ORGANISATION = Participation.__table__.c, Organisation.__table__.c
MAX_WORDS = 6
"""Words of a query that count, the first ones."""
_IS_LETTER = np.array([byte >= 0x80 or chr(byte).isalnum() for byte in range(256)])
"""Bytes of a folded name that cannot stand before a word; the text ends with a line break, so that -1 is one."""


@dataclass(frozen=True)
class OrganisationLine:
    """An organisation of the public list, with how many initiatives name it."""

    slug: str
    name: str
    side: str
    place: str
    place_key: str
    actor_type: str | None
    website: str
    initiatives: int


@dataclass(frozen=True)
class Participations:
    """Who takes part in what: for each participation its row in the corpus, its organisation, whether as a partner."""

    version: int
    ids: Whole
    """The identifiers of the corpus whose rows these are: the very array, so that rows never shift unseen."""
    initiatives: Whole
    rows: Rows
    organisations: Whole
    is_partner: Flags

    def counts(self, mask: Mask | None, role: Role | None = None) -> Rows:
        """How many selected rows name each organisation, by identifier; everything without a mask."""
        if mask is None and role is None:
            return np.bincount(self.organisations)
        chosen = np.ones(len(self.rows), dtype=bool) if mask is None else mask[self.rows]
        if role is not None:
            chosen &= self.is_partner if role is Role.PARTNER else ~self.is_partner
        return np.bincount(self.organisations[np.flatnonzero(chosen)])

    def initiatives_of(self, organisation: int) -> Whole:
        """The identifiers of the initiatives that name an organisation, in no order."""
        return self.initiatives[np.flatnonzero(self.organisations == organisation)]

    def most_present(self, mask: Mask, role: Role, most: int) -> list[tuple[int, int]]:
        """The organisations that most of the selected rows name in a role, with how many."""
        counts = self.counts(mask, role)
        found = np.flatnonzero(counts)
        if len(found) > most:
            least = np.partition(counts[found], -most)[-most]
            found = found[counts[found] >= least]
        found = found[np.argsort(-counts[found], kind="stable")][:most]
        return [(int(one), int(counts[one])) for one in found]


@dataclass(frozen=True)
class Roll:
    """Every organisation by folded name: its identifier, side and type, and the names as one text to look into."""

    version: int
    ids: Whole
    is_there: Flags
    kinds: Whole
    """Place of the type in `types`; that of "" where it is not known."""
    types: tuple[str, ...]
    text: bytes
    """The folded names, a line each."""
    bounds: Whole
    """Where each line begins."""

    def naming(self, query: str) -> Flags:
        """The organisations of which a word begins with each word of a query."""
        found = np.ones(len(self.ids), dtype=bool)
        text = np.frombuffer(self.text, dtype=np.uint8)
        for word in list(dict.fromkeys(words(query)))[:MAX_WORDS]:
            has_word = np.zeros(len(self.ids), dtype=bool)
            at = _occurrences(self.text, text, word.encode())
            at = at[~_IS_LETTER[text[at - 1]]]
            has_word[np.searchsorted(self.bounds, at, side="right") - 1] = True
            found &= has_word
        return found

    def initials(self, ranks: Rows) -> dict[str, int]:
        """The first letters of names in order, each with where it comes first among these ranks; a to z only."""
        letters, first = np.unique(np.frombuffer(self.text, dtype=np.uint8)[self.bounds[ranks]], return_index=True)
        told = {chr(letter): int(at) for letter, at in zip(letters, first, strict=True)}
        return {letter: at for letter, at in told.items() if "a" <= letter <= "z"}


@dataclass(frozen=True)
class Choice:
    """Which organisations are asked for: of which initiatives (all without a mask), side, types, words of the name."""

    mask: Mask | None = None
    side: Side | None = None
    types: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True)
class Listing:
    """One page of the organisations asked for, and how many of each type and side there would be."""

    total: int
    page: int
    pages: int
    organisations: tuple[OrganisationLine, ...]
    types: dict[str, int]
    sides: dict[Side, int]
    letters: dict[str, int]
    """The page on which the names of each letter begin."""


class ActorsIndex:
    """Both, for one process."""

    def __init__(self) -> None:
        self._participations: Participations | None = None
        self._roll: Roll | None = None
        self._lock = threading.Lock()

    def participations(self, session: Session, corpus: Corpus) -> Participations:
        """Who takes part in what in this very corpus."""
        found = self._participations
        if found is not None and found.ids is corpus.ids:
            return found
        if has_raised(session, corpus.version) or corpus.kept.version != corpus.version:
            # What this session sees is nobody else's yet, or older than these columns: it is not kept for others.
            with patient(session):
                return _taking_part(session, corpus, None)
        with self._lock, patient(session):
            if self._participations is None or self._participations.ids is not corpus.ids:
                self._participations = _taking_part(session, corpus, self._participations)
            return self._participations

    def roll(self, session: Session, corpus: Corpus) -> Roll:
        """The names, as this corpus has them."""
        found = self._roll
        if found is not None and found.version == corpus.version:
            return found
        if has_raised(session, corpus.version):
            return _named(session, corpus)
        with self._lock, patient(session):
            if self._roll is None or self._roll.version != corpus.version:
                self._roll = _named(session, corpus)
            return self._roll

    def listing(self, corpus: Corpus, session: Session, choice: Choice, *, page: int, per_page: int) -> Listing:
        """One page, in alphabetical order; beyond the last one it is empty."""
        roll = self.roll(session, corpus)
        mask = corpus.citizens if choice.mask is None and corpus.columns.twins.any() else choice.mask
        counts = self.participations(session, corpus).counts(mask)
        named = np.zeros(int(roll.ids.max(initial=0)) + 1, dtype=np.int64)
        named[: min(len(counts), len(named))] = counts[: len(named)]
        base = (named[roll.ids] > 0) & roll.naming(choice.query)
        everyone = np.ones(len(base), dtype=bool)
        of_side = everyone if choice.side is None else roll.is_there == (choice.side is Side.THERE)
        wanted = [code for code, kind in enumerate(roll.types) if kind in choice.types]
        of_kind = np.isin(roll.kinds, wanted) if choice.types else everyone
        ranks = np.flatnonzero(base & of_side & of_kind)
        kinds = np.bincount(roll.kinds[base & of_side], minlength=len(roll.types))
        there = int(np.count_nonzero(base & of_kind & roll.is_there))
        shown = roll.ids[ranks[(page - 1) * per_page : page * per_page]].tolist()
        return Listing(
            total=len(ranks),
            page=page,
            pages=max(1, -(-len(ranks) // per_page)),
            organisations=tuple(lines(corpus.known, session, [(one, int(named[one])) for one in shown])),
            types={kind: int(count) for kind, count in zip(roll.types, kinds, strict=True) if kind and count},
            sides={Side.HERE: int(np.count_nonzero(base & of_kind)) - there, Side.THERE: there},
            letters={letter: at // per_page + 1 for letter, at in roll.initials(ranks).items()},
        )


def _occurrences(written: bytes, text: NDArray[np.uint8], word: bytes) -> Whole:
    """Where a word stands in a text: `re` leaps to what is rare, and is slow at a letter that comes everywhere."""
    if len(word) == 1:
        return np.flatnonzero(text == word[0])
    # Without anything before the word, it leaps from one occurrence to the next: ten times faster.
    matches = re.finditer(re.escape(word), written)
    return np.fromiter((match.start() for match in matches), dtype=np.int64)


def _taking_part(session: Session, corpus: Corpus, known: Participations | None) -> Participations:
    """Every participation, or those known with what changed since read again."""
    changed = changed_since(session, known.version, corpus.version) if known is not None else None
    asked = select(
        _PARTICIPATION.initiative_id,
        _PARTICIPATION.organisation_id,
        case((_PARTICIPATION.role == Role.PARTNER.value, 1), else_=0),
    ).order_by(_PARTICIPATION.initiative_id)
    asked = asked if changed is None else asked.where(_PARTICIPATION.initiative_id.in_(changed))
    read = [np.array(part, dtype=np.int32).reshape(-1, 3) for part in fetched(session, asked)]
    columns = np.concatenate([np.zeros((0, 3), dtype=np.int32), *read]).T
    if known is not None and changed is not None:
        kept = ~np.isin(known.initiatives, changed)
        columns = np.column_stack(
            [np.vstack([known.initiatives, known.organisations, known.is_partner])[:, kept], columns]
        )
    initiatives = columns[0].astype(np.int32)
    rows = np.minimum(np.searchsorted(corpus.ids, initiatives), max(0, corpus.size - 1))
    is_there = corpus.ids[rows] == initiatives if corpus.size else np.zeros(len(rows), dtype=bool)
    return Participations(
        version=corpus.version,
        ids=corpus.ids,
        initiatives=initiatives[is_there],
        rows=rows[is_there],
        organisations=columns[1][is_there].astype(np.int32),
        is_partner=columns[2][is_there] == 1,
    )


def _named(session: Session, corpus: Corpus) -> Roll:
    public = exists().where(_PARTICIPATION.organisation_id == _ORGANISATION.id)
    columns = (_ORGANISATION.id, _ORGANISATION.side, _ORGANISATION.actor_type, _ORGANISATION.name_fold)
    asked = select(*columns).where(public).order_by(_ORGANISATION.name_fold, _ORGANISATION.id)
    rows = [row for part in fetched(session, asked) for row in part]
    types = ("", *corpus.known.actor_types)
    codes = {kind: code for code, kind in enumerate(types)}
    lines_of = [row[3].encode() + b"\n" for row in rows]
    return Roll(
        version=corpus.version,
        ids=np.array([row[0] for row in rows], dtype=np.int32),
        is_there=np.array([row[1] == Side.THERE.value for row in rows], dtype=bool),
        kinds=np.array([codes.get(row[2] or "", 0) for row in rows], dtype=np.int8),
        types=types,
        text=b"".join(lines_of),
        bounds=np.cumsum([0, *map(len, lines_of)])[:-1].astype(np.int64),
    )


def lines(known: KnownValues, session: Session, counted: Sequence[tuple[int, int]]) -> list[OrganisationLine]:
    """The organisations of some identifiers, in their order, each with its count."""
    found = session.scalars(select(Organisation).where(Organisation.id.in_([one for one, _ in counted])))
    by_id = {one.id: one for one in found}
    return [_line(known, by_id[one], count) for one, count in counted if one in by_id]


def organisation(corpus: Corpus, session: Session, slug: str) -> OrganisationLine:
    """One organisation of the public list; raises NotFound, also when no published initiative names it any more."""
    row = session.execute(
        select(Organisation, func.count(Participation.initiative_id))
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Organisation.slug == slug)
        .group_by(Organisation.id)
    ).first()
    if row is None:
        raise NotFound("Cette organisation n’existe pas, ou plus à cette adresse.")
    return _line(corpus.known, *row)


def _line(known: KnownValues, organisation: Organisation, count: int) -> OrganisationLine:
    return OrganisationLine(
        slug=organisation.slug,
        name=organisation.name,
        side=organisation.side,
        place=known.territories.get(organisation.place_key, ""),
        place_key=organisation.place_key,
        actor_type=known.actor_types.get(organisation.actor_type or ""),
        website=organisation.website,
        initiatives=count,
    )

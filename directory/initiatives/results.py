"""One page of a selection with the counts of every facet, its figures, and the whole of it for exports."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from directory.core.errors import BadFilter
from directory.initiatives.columns import Rows
from directory.initiatives.filters import NAMES, Filters, KnownValues, Sort, label_of
from directory.initiatives.index import Corpus
from directory.initiatives.models import Initiative, Participation
from directory.initiatives.order import Nearest, Order, Ranked
from directory.initiatives.public import Card, cards, cards_by_id
from directory.initiatives.published import Selection
from directory.initiatives.queries import published
from directory.initiatives.vocabulary import Role
from directory.organisations.models import Organisation

PER_PAGE = 20
FACETS = (
    "regions",
    "departements",
    "countries",
    "sectors",
    "stages",
    "publics",
    "needs",
    "actor_types",
    "networks",
    "goals",
)
"""Attributes of Filters that are counted, in the order of the page."""
ANCHORS = 3
"""Initiatives that a link to the next page names: one or two may be withdrawn, or published again, meanwhile."""
STREAMED = 500
"""Cards read together for an export; the first part is smaller, so that a file begins at once."""
FIRST_STREAMED = 50
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_BY_SLUG = select(Initiative.slug, Initiative.id).where(Initiative.slug.in_(bindparam("slugs", expanding=True)))
_TOLD = (
    published()
    .where(Initiative.id.in_(bindparam("ids", expanding=True)))
    .with_only_columns(
        Initiative.id, Initiative.description, Initiative.meeting, Initiative.change_here, Initiative.change_there
    )
)
_PARTNERS = (
    select(Participation.initiative_id, Organisation.name)
    .join(Organisation, Organisation.id == Participation.organisation_id)
    .where(Participation.initiative_id.in_(bindparam("ids", expanding=True)), Participation.role == Role.PARTNER.value)
    .order_by(Participation.initiative_id, Participation.position)
)

Reading = Callable[[], AbstractContextManager[Session]]
"""Opens a session for one short read."""


@dataclass(frozen=True)
class Turn:
    """Where a page begins or ends: right after the last cards seen, or right before the first ones, nearest first.

    So that pages survive what is published and withdrawn between them. Slugs; both empty for a page by its number.
    """

    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()

    @classmethod
    def parse(cls, args: Any) -> Turn:
        """The turn of a query string (a MultiDict); raises BadFilter for what is no slug."""
        given = {name: tuple(text for text in args.getlist(name) if text) for name in ("apres", "avant")}
        for name, slugs in given.items():
            if len(slugs) > ANCHORS or not all(len(slug) <= 100 and _SLUG.fullmatch(slug) for slug in slugs):
                raise BadFilter(name, "Cette adresse de page est abîmée : reprenez la liste à son début.")
        return cls(given["apres"], given["avant"])

    @classmethod
    def onward(cls, shown: Sequence[Card]) -> Turn:
        """To the page after some cards."""
        return cls(after=tuple(card.slug for card in reversed(shown[-ANCHORS:])))

    @classmethod
    def back(cls, shown: Sequence[Card]) -> Turn:
        """To the page before some cards."""
        return cls(before=tuple(card.slug for card in shown[:ANCHORS]))

    def to_query(self) -> list[tuple[str, str]]:
        """The pairs of the address."""
        return [("apres", slug) for slug in self.after] + [("avant", slug) for slug in self.before]


BY_NUMBER = Turn()


@dataclass(frozen=True)
class Facet:
    """One value of one facet, with how many initiatives it would give."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Results:
    """One page of a selection; facets by their name in addresses."""

    filters: Filters
    known: KnownValues
    total: int
    page: int
    pages: int
    cards: tuple[Card, ...]
    facets: dict[str, tuple[Facet, ...]]
    first: int = 0
    """How many initiatives of the selection come before this page."""
    ids: tuple[int, ...] = ()
    """Identifiers of the cards."""

    @property
    def has_more(self) -> bool:
        """Initiatives come after this page."""
        return self.first + len(self.cards) < self.total


@dataclass(frozen=True)
class Figures:
    """Distinct initiatives, countries there and territories here of a selection."""

    initiatives: int
    countries: int
    territories: int


def search(
    corpus: Corpus, session: Session, filters: Filters, *, turn: Turn = BY_NUMBER, per_page: int = PER_PAGE
) -> Results:
    """The page of the selection that its filters ask for, with the counts of every facet."""
    chosen = corpus.choose(session, filters)
    order = _order(corpus, filters, chosen)
    first, last = _bounds(corpus, session, order, filters, turn, per_page)
    ids = corpus.ids[order.rows(first, last - first)].tolist()
    total = order.total
    told = cards_by_id(corpus, session, ids)
    return Results(
        filters=filters,
        known=corpus.known,
        total=total,
        page=first // per_page + 1,
        pages=max(1, -(-total // per_page)),
        cards=tuple(told[one] for one in ids if one in told),
        facets=facets(corpus, filters, chosen),
        first=first,
        ids=tuple(one for one in ids if one in told),
    )


def everything(corpus: Corpus, session: Session, filters: Filters) -> list[Card]:
    """The whole selection, in the order asked."""
    return cards(corpus, session, chosen_ids(corpus, session, filters).tolist())


def chosen_ids(corpus: Corpus, session: Session, filters: Filters) -> Rows:
    """The identifiers of the whole selection, in the order asked."""
    order = _order(corpus, filters, corpus.choose(session, filters))
    return corpus.ids[order.rows(0, order.total)]


def streamed(corpus: Corpus, reading: Reading, ids: Rows) -> Iterator[list[Card]]:
    """The cards of some initiatives, a few hundred at a time, each part in a short read of its own.

    However slow the client, no transaction waits for it; what is withdrawn meanwhile is not given any more.
    """
    for part in np.split(ids, range(FIRST_STREAMED, len(ids), STREAMED)):
        with reading() as session:
            read = cards(corpus, session, part.tolist())
        yield read


def facets(corpus: Corpus, filters: Filters, selection: Selection) -> dict[str, tuple[Facet, ...]]:
    """Every facet with its counts, most frequent first; chosen values are kept even at zero."""
    return corpus.columns.once(("facets", choice_of(filters)), lambda: _counted(corpus, filters, selection))


def choice_of(filters: Filters) -> Filters:
    """What is selected, however it is ordered and whatever the page: counts depend on nothing else."""
    return replace(filters, sort=None, page=1)


def _counted(corpus: Corpus, filters: Filters, selection: Selection) -> dict[str, tuple[Facet, ...]]:
    found = {}
    for attribute, counts in corpus.facets(selection, FACETS).items():
        chosen = set(getattr(filters, attribute))
        values = [
            Facet(value, label_of(attribute, value, corpus.known), counts.get(value, 0), value in chosen)
            for value in counts.keys() | chosen
        ]
        found[NAMES[attribute]] = tuple(sorted(values, key=lambda facet: (-facet.count, facet.label)))
    return found


def figures(corpus: Corpus, session: Session, filters: Filters) -> Figures:
    """The three numbers of a selection."""
    mask = corpus.select(session, filters)
    return Figures(int(mask.sum()), *corpus.reach(mask))


def sort_of(filters: Filters) -> Sort:
    """The order asked; else by relevance when words are searched, the newest first otherwise."""
    return filters.sort or (Sort.RELEVANCE if filters.q else Sort.NEWEST)


def origins(filters: Filters) -> tuple[str, ...]:
    """The keys of the territories chosen, the finest first: a distance is counted from the first that is drawn."""
    return (
        *filters.here,
        *filters.there,
        *(f"d:{code}" for code in filters.departements),
        *(f"r:{code}" for code in filters.regions),
        *(f"p:{code}" for code in filters.countries),
    )


def around(
    corpus: Corpus, session: Session, filters: Filters, centre: tuple[float, float], limit: int = 3
) -> list[tuple[Card, float]]:
    """The initiatives nearest to a point (lon, lat in degrees), with their kilometres; all but places still holds."""
    elsewhere = replace(filters, here=(), there=(), departements=(), regions=(), countries=(), page=1)
    order = Nearest(corpus.kilometres(*centre), corpus.select(session, elsewhere))
    rows = order.rows(0, limit)
    listed = cards(corpus, session, corpus.ids[rows].tolist())
    return list(zip(listed, order.kilometres[rows].tolist(), strict=True))


def _order(corpus: Corpus, filters: Filters, chosen: Selection) -> Order:
    """Relevance puts words found in the title or places first, then the newest."""
    sort, mask = sort_of(filters), chosen.mask() if chosen.parts else None
    if sort is Sort.NEAREST:
        origin = _origin(corpus, filters)
        if origin is not None:
            return Nearest(corpus.kilometres(*origin), np.ones(corpus.size, dtype=bool) if mask is None else mask)
    if sort in (Sort.TITLE, Sort.NEAREST):
        return Ranked(corpus.alphabetical, (mask,))
    if sort is Sort.RELEVANCE and mask is not None and chosen.heading is not None:
        return Ranked(corpus.newest, (mask & chosen.heading, mask & ~chosen.heading))
    return Ranked(corpus.newest, (mask,))


def _origin(corpus: Corpus, filters: Filters) -> tuple[float, float] | None:
    """The middle of the box, or the first territory chosen: (lon, lat) in degrees."""
    if filters.bbox is not None:
        west, east = filters.bbox.west, filters.bbox.east
        middle = (west + east) / 2 if west <= east else (west + east) / 2 + 180
        return (middle + 180) % 360 - 180, (filters.bbox.south + filters.bbox.north) / 2
    return next((centre for key in origins(filters) if (centre := corpus.centre(key)) is not None), None)


def _bounds(
    corpus: Corpus, session: Session, order: Order, filters: Filters, turn: Turn, per_page: int
) -> tuple[int, int]:
    """The positions between which the page lies: those of its turn, or of its number when nothing of it is left."""
    after = _standing(_positions(corpus, session, order, turn.after), per_page)
    if after is not None:
        return after + 1, after + 1 + per_page
    before = _standing([-at - 1 for at in _positions(corpus, session, order, turn.before)], per_page)
    if before is not None and before < -1:
        return max(0, -before - 1 - per_page), -before - 1
    page = filters.page
    if turn != BY_NUMBER:
        page = 1 if before is not None else min(page, max(1, -(-order.total // per_page)))
    return (page - 1) * per_page, page * per_page


def _positions(corpus: Corpus, session: Session, order: Order, slugs: Sequence[str]) -> list[int]:
    """Where those still stand that were given, in the same order."""
    if not slugs:
        return []
    known = {slug: one for slug, one in session.execute(_BY_SLUG, {"slugs": list(slugs)})}  # noqa: C416  # typed
    wanted = np.array([known[slug] for slug in slugs if slug in known], dtype=np.int64)
    rows = np.searchsorted(corpus.ids, wanted)
    standing = [row for row, one in zip(rows.tolist(), wanted, strict=True) if _has(corpus, row, one)]
    return [at for row in standing if (at := order.position(row)) is not None]


def _has(corpus: Corpus, row: int, one: int) -> bool:
    return row < corpus.size and int(corpus.ids[row]) == one


def _standing(positions: Sequence[int], near: int) -> int | None:
    """Of cards that were neighbours, the last seen first, the place of the first that did not move away."""
    for index, at in enumerate(positions):
        if any(0 < at - other <= near for other in positions[index + 1 :]):
            return at
    return positions[0] if positions else None


def stories(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """What the cards of some initiatives do not show: their description, what their people tell, their partners."""
    if not ids:
        return {}
    told = {one: [text for text in texts if text] for one, *texts in session.execute(_TOLD, {"ids": ids})}
    for one, name in session.execute(_PARTNERS, {"ids": ids}):
        told.get(one, []).append(f"Avec {name}.")
    return {one: "\n".join(texts) for one, texts in told.items()}

"""One page of a selection with the counts of every facet, its figures, and the whole of it for exports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy.orm import Session

from directory.initiatives.columns import Mask, Rows
from directory.initiatives.filters import NAMES, Filters, KnownValues, Sort, label_of
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, cards
from directory.initiatives.published import Selection
from directory.initiatives.search import heading_ids

PER_PAGE = 20
FACETS = ("regions", "departements", "countries", "sectors", "stages", "actor_types", "networks", "goals")
"""Attributes of Filters that are counted, in the order of the page."""


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


@dataclass(frozen=True)
class Figures:
    """Distinct initiatives, countries there and territories here of a selection."""

    initiatives: int
    countries: int
    territories: int


def search(corpus: Corpus, session: Session, filters: Filters, *, per_page: int = PER_PAGE) -> Results:
    """The page of the selection that its filters ask for, with the counts of every facet."""
    chosen = corpus.choose(session, filters)
    rows = _sorted_rows(corpus, session, filters, chosen.mask())
    first = (filters.page - 1) * per_page
    return Results(
        filters=filters,
        known=corpus.known,
        total=len(rows),
        page=filters.page,
        pages=max(1, -(-len(rows) // per_page)),
        cards=tuple(cards(corpus, session, corpus.ids[rows[first : first + per_page]])),
        facets=facets(corpus, filters, chosen),
    )


def everything(corpus: Corpus, session: Session, filters: Filters) -> list[Card]:
    """The whole selection, in the order asked, for exports."""
    return cards(corpus, session, corpus.ids[_sorted_rows(corpus, session, filters, corpus.select(session, filters))])


def facets(corpus: Corpus, filters: Filters, selection: Selection) -> dict[str, tuple[Facet, ...]]:
    """Every facet with its counts, most frequent first; chosen values are kept even at zero."""
    found = {}
    everything = selection.mask()
    for attribute in FACETS:
        mask = selection.mask(without=attribute) if attribute in selection.parts else everything
        counts = corpus.count(mask, attribute)
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


def _sorted_rows(corpus: Corpus, session: Session, filters: Filters, mask: Mask) -> Rows:
    """Selected rows in order; relevance puts words found in the title or places first, then the newest."""
    sort = filters.sort or (Sort.RELEVANCE if filters.q else Sort.NEWEST)
    if sort is Sort.TITLE:
        return corpus.alphabetical[mask[corpus.alphabetical]]
    if sort is Sort.NEAREST:
        return _nearest_first(corpus, filters, mask)
    rows = corpus.newest[mask[corpus.newest]]
    if sort is Sort.RELEVANCE and filters.q:
        is_heading = np.isin(corpus.ids[rows], heading_ids(session, filters.q))
        rows = np.concatenate([rows[is_heading], rows[~is_heading]])
    return rows


def _nearest_first(corpus: Corpus, filters: Filters, mask: Mask) -> Rows:
    """Nearest to the middle of the box, or to the first territory chosen; alphabetical when there is none."""
    origin = _origin(corpus, filters)
    if origin is None:
        return corpus.alphabetical[mask[corpus.alphabetical]]
    best = corpus.kilometres(*origin)
    order = np.argsort(best, kind="stable")
    return order[mask[order]]


def _origin(corpus: Corpus, filters: Filters) -> tuple[float, float] | None:
    if filters.bbox is not None:
        west, east = filters.bbox.west, filters.bbox.east
        middle = (west + east) / 2 if west <= east else (west + east) / 2 + 180
        return (middle + 180) % 360 - 180, (filters.bbox.south + filters.bbox.north) / 2
    chosen = (*filters.here, *filters.there, *(f"d:{code}" for code in filters.departements))
    return next((centre for key in chosen if (centre := corpus.centre(key)) is not None), None)

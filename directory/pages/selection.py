"""What the directory page says of a selection: its sentence, its choices to take off, the addresses that keep it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from directory.initiatives.filters import Filters, KnownValues, Sort
from directory.initiatives.public import Results
from directory.reference import wording

Query = list[tuple[str, str]]

SORTS = {
    Sort.RELEVANCE: "Les plus proches des mots cherchés d’abord",
    Sort.NEWEST: "Dernières fiches publiées d’abord",
    Sort.NEAREST: "Les plus proches d’abord",
    Sort.TITLE: "Par ordre alphabétique",
}
FIELDS = ("q", "sectors", "goals", "countries", "regions", "departements", "networks", "actor_types", "stages", "since")
"""Attributes of Filters that the form of the page shows; the others are kept as they are."""


@dataclass(frozen=True)
class Order:
    """One order of the list: its words, the query that asks for it."""

    label: str
    query: Query
    is_chosen: bool


def orders(filters: Filters) -> list[Order]:
    """The orders that make sense for a selection; by distance only when a place says from where."""
    chosen = filters.sort or (Sort.RELEVANCE if filters.q else Sort.NEWEST)
    has_origin = bool(filters.here or filters.there or filters.departements or filters.bbox)
    without = {Sort.RELEVANCE: not filters.q, Sort.NEAREST: not has_origin}
    offered = [sort for sort in SORTS if sort is chosen or not without.get(sort, False)]
    return [Order(SORTS[sort], filters.to_query(sort=sort, page=1), sort is chosen) for sort in offered]


def kept(filters: Filters) -> Query:
    """The pairs that the form must send again without showing them."""
    empty = {name: getattr(Filters(), name) for name in FIELDS}
    return filters.to_query(**empty, page=1)


def title(results: Results) -> str:
    """What was found, as a sentence; when nothing was, an open question."""
    filters, known = results.filters, results.known
    here = _here(filters, known)
    if not results.total:
        return _nothing(filters, here)
    if filters.q:
        where = f" {wording.within(*here[0])}" if len(here) == 1 else ""
        return f"{wording.initiatives(results.total, ('parle', 'parlent'))} de «\u00a0{filters.q}\u00a0»{where}"
    return wording.sentence_of_links(results.total, here, _there(results))


def _nothing(filters: Filters, here: Sequence[tuple[str, str]]) -> str:
    where = f" {wording.within(*here[0])}" if len(here) == 1 else ""
    about = f" ne parle de «\u00a0{filters.q}\u00a0»" if filters.q else ""
    return f"Aucune initiative connue{where}{about}. Vous en connaissez une\u00a0?"


def _here(filters: Filters, known: KnownValues) -> list[tuple[str, str]]:
    """The territories here that were chosen, when few enough to be named."""
    keys = (
        *(f"r:{code}" for code in filters.regions),
        *(f"d:{code}" for code in filters.departements),
        *filters.here,
    )
    return _named(keys, known) if len(keys) <= 3 else []


def _there(results: Results) -> list[tuple[str, str]]:
    filters, known = results.filters, results.known
    if filters.there:
        named = [(key, known.territories.get(key) or _town(results, key)) for key in filters.there]
        return [(key, name) for key, name in named if name]
    chosen = filters.countries or tuple(facet.value for facet in results.facets["pays"] if facet.count)
    return _named((f"p:{code}" for code in chosen), known)


def _town(results: Results, key: str) -> str:
    """The name of a town there, which only the initiatives know."""
    ends = (end for card in results.cards for end in card.there)
    return next((end.name for end in ends if end.key == key), "")


def _named(keys: Iterable[str], known: KnownValues) -> list[tuple[str, str]]:
    return [(key, known.territories[key]) for key in keys if key in known.territories]

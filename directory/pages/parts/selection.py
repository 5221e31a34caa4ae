"""What a page says of a selection, map and directory alike: its sentence, its choices, what would widen it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

import numpy as np
from flask import url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.initiatives.filters import Filters, KnownValues, Sort, chips
from directory.initiatives.index import Corpus
from directory.initiatives.public import cards
from directory.initiatives.results import Results, origins, sort_of
from directory.reference import wording

Query = list[tuple[str, str]]
Named = tuple[str, str]
"""A territory: its key and its name."""

SORTS = {
    Sort.RELEVANCE: "Titres et lieux trouvés d’abord",
    Sort.NEWEST: "Dernières mises à jour d’abord",
    Sort.NEAREST: "Les plus proches d’abord",
    Sort.TITLE: "De A à Z",
}
FIELDS = (
    "q",
    "sectors",
    "goals",
    "countries",
    "regions",
    "departements",
    "networks",
    "actor_types",
    "stages",
    "publics",
    "needs",
    "since",
)
"""Attributes of Filters that the form of the page shows; the others are kept as they are."""
IN_VIEW = "dans la partie visible de la carte"
OPEN_QUESTION = "Vous en connaissez une\u00a0?"
_IN_SECTOR = {
    "eau-assainissement": "en eau et assainissement",
    "sante": "en santé",
    "education": "en éducation",
    "formation-insertion": "en formation et insertion professionnelles",
    "agriculture-alimentation": "en agriculture et alimentation",
    "developpement-urbain": "en développement urbain",
    "environnement-climat": "pour l’environnement et le climat",
    "energie": "sur l’énergie",
    "economie-ess": "en économie sociale et solidaire",
    "tourisme-solidaire": "en tourisme solidaire",
    "culture-patrimoine": "en culture et patrimoine",
    "ecsi": "en éducation à la citoyenneté",
    "egalite-femmes-hommes": "pour l’égalité femmes-hommes",
    "droits-paix": "pour les droits humains et la paix",
    "appui-institutionnel": "en gouvernance locale",
    "action-sociale": "en action sociale",
    "urgence-rehabilitation": "face à l’urgence",
    "numerique": "sur le numérique",
}
_AT_STAGE = {
    "idee": "à l’état d’idée",
    "en-cours": "en cours",
    "en-pause": "en pause",
    "terminee": "terminée",
    "transformee": "transformée",
}
_MAX_NAMED = 3
_MAX_WAYS = 8
"""Choices tried to widen an empty selection; an address can hold hundreds."""


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; `mark` is "here" or "there" for a place, "count" for figures, or nothing."""

    text: str
    mark: str = ""


@dataclass(frozen=True)
class Choice:
    """One applied choice: its name and value in addresses, what it says, and the query that takes it off."""

    facet: str
    value: str
    label: str
    query_without: Query


@dataclass(frozen=True)
class Way:
    """What a selection without any initiative would hold, were one of its choices taken off."""

    choice: Choice
    count: int

    @property
    def words(self) -> str:
        """« deux initiatives », inside a sentence."""
        return wording.initiatives(self.count).lower() if self.count else "aucune non plus pour l’instant"


@dataclass(frozen=True)
class Order:
    """One order of the list: its words, the query that asks for it."""

    label: str
    query: Query
    is_chosen: bool


def address(endpoint: str, query: Query) -> str:
    """The address of a page for a selection; keys keep their colon, which a query may hold."""
    return f"{url_for(endpoint)}?{urlencode(query, safe=':,')}" if query else url_for(endpoint)


def orders(filters: Filters, known: KnownValues | None = None) -> list[Order]:
    """The orders that make sense for a selection; by distance only when a place says from where."""
    chosen = sort_of(filters)
    keys = origins(filters)
    without = {Sort.RELEVANCE: not filters.q, Sort.NEAREST: not (keys or filters.bbox)}
    offered = [sort for sort in SORTS if sort is chosen or not without.get(sort, False)]
    words = dict(SORTS)
    if known is not None and not filters.bbox and keys and keys[0] in known.territories:
        words[Sort.NEAREST] = f"Les plus proches {wording.of(keys[0], known.territories[keys[0]])} d’abord"
    return [Order(words[sort], filters.to_query(sort=sort, page=1), sort is chosen) for sort in offered]


def kept(filters: Filters) -> Query:
    """The pairs that the form must send again without showing them."""
    empty = {name: getattr(Filters(), name) for name in FIELDS}
    return filters.to_query(**empty, page=1)


def refused(known: KnownValues) -> Results:
    """No initiative at all: what is shown of a filter that means nothing."""
    return Results(Filters(), known, total=0, page=1, pages=1, cards=(), facets={})


def names_of(corpus: Corpus, session: Session, results: Results) -> dict[str, str]:
    """The chosen territories by name; towns there are named by the initiatives alone, even by those not selected."""
    filters, known = results.filters, results.known
    chosen = (*filters.here, *filters.there)
    names = {end.key: end.name for card in results.cards for end in (*card.here, *card.there)}
    names |= {key: known.territories[key] for key in chosen if key in known.territories}
    unknown = [key for key in chosen if key not in names][:_MAX_NAMED]
    names |= {key: name for key in unknown if (name := _town_of(corpus, session, key))}
    return {key: names[key] for key in chosen if key in names}


def _town_of(corpus: Corpus, session: Session, key: str) -> str:
    """The name of a town there that no initiative of the selection has."""
    rows = np.flatnonzero(corpus.select(session, Filters(there=(key,))))[:1]
    ends = (end for card in cards(corpus, session, corpus.ids[rows]) for end in card.there)
    return next((end.name for end in ends if end.key == key), "")


def choices(filters: Filters, known: KnownValues, names: Mapping[str, str] | None = None) -> list[Choice]:
    """The applied choices, in the order of the address; `names` tells territories that the lists do not know."""
    pairs = filters.to_query(sort=None, page=1)
    return [
        Choice(chip.facet, value, (names or {}).get(value, chip.label), chip.query_without)
        for chip, (_, value) in zip(chips(filters, known), pairs, strict=True)
    ]


def ways(corpus: Corpus, session: Session, applied: Iterable[Choice]) -> list[Way]:
    """How many initiatives there would be without each of the first choices; what leads nowhere comes last."""
    found = [
        Way(
            choice,
            int(corpus.select(session, Filters.parse(MultiDict(choice.query_without), corpus.known)).sum()),
        )
        for choice in islice(applied, _MAX_WAYS)
    ]
    return sorted(found, key=lambda way: way.count == 0)


def title(results: Results) -> str:
    """What was found, as a sentence; when nothing was, an open question."""
    return "".join(part.text for part in sentence(results))


def sentence(results: Results, names: Mapping[str, str] | None = None) -> list[Part]:
    """The same in parts, for a page that gives places the colour of their side.

    `names` tells the territories that neither the lists nor the cards of the results name.
    """
    filters = results.filters
    here = _here(filters, results.known)
    if not results.total:
        return _nothing(filters, here, _chosen_there(results, names or {}))
    clauses = _clauses(filters, results.total)
    if filters.q:
        said = Part(f" de «\u00a0{filters.q}\u00a0»")
        return [*_count(filters, results.total, ("parle", "parlent")), said, *_where(filters, here, results), clauses]
    if filters.bbox and not here and not _chosen_there(results, names or {}):
        return [*_count(filters, results.total), Part(f" {IN_VIEW}"), _without_view(filters, results.total)]
    starts = wording.listing([wording.named(key, name) for key, name in here]) or wording.FRANCE
    ends = wording.ends(_there(results, names or {}))
    linked = _count(filters, results.total, ("relie", "relient"))
    return [*linked, Part(" "), Part(starts, "here"), Part(" "), Part(ends, "there"), clauses]


def subject(results: Results) -> str:
    """« 9 000 initiatives, en santé », when no place, word nor view narrows them: more can be said of the whole."""
    filters = results.filters
    chosen = (filters.q, filters.bbox, filters.here, filters.there)
    if any(chosen) or filters.regions or filters.departements or filters.countries or not results.total:
        return ""
    return _noun(filters)(results.total) + _clauses(filters, results.total).text


def _noun(filters: Filters) -> Callable[..., str]:
    """What is counted: twin towns read in a public list are never called initiatives."""
    return wording.twinnings if filters.twins else wording.initiatives


def _count(filters: Filters, total: int, verb: tuple[str, str] | None = None) -> list[Part]:
    words = _noun(filters)(total, verb)
    figures = wording.digits(total)
    if words.startswith(figures):
        return [Part(figures, "count"), Part(words.removeprefix(figures))]
    return [Part(words)]


def _nothing(filters: Filters, here: Sequence[Named], there: Sequence[Named]) -> list[Part]:
    about = f" ne parle de «\u00a0{filters.q}\u00a0»" if filters.q else ""
    clauses = _clauses(filters, 1, has_view=bool(here or there))
    view = f" {IN_VIEW}" if filters.bbox and not here and not there else ""
    tail = Part(f"{view}{about}{clauses.text}. {OPEN_QUESTION}")
    return [
        Part("Aucun jumelage relevé" if filters.twins else "Aucune initiative connue"),
        *_between(here, there, "ou"),
        tail,
    ]


def _where(filters: Filters, here: Sequence[Named], results: Results) -> list[Part]:
    """« dans le Finistère », « entre la Bretagne et le Mali »: the places chosen, after a verb of their own."""
    there = _chosen_there(results, {})
    return _between(here, there, "et") if len(here) < 2 and len(there) < 2 else []


def _between(here: Sequence[Named], there: Sequence[Named], word: str) -> list[Part]:
    if here and there:
        return [
            Part(" entre "),
            Part(_any_of([wording.named(*one) for one in here], word), "here"),
            Part(" et "),
            Part(_any_of([wording.named(*one) for one in there], word), "there"),
        ]
    side, places = ("here", here) if here else ("there", there)
    if not places:
        return []
    return [Part(" "), Part(_any_of([wording.within(*one) for one in places], word), side)]


def _any_of(parts: Sequence[str], word: str) -> str:
    """« a, b ou c »."""
    *first, last = parts
    return f"{', '.join(first)} {word} {last}" if first else last


def _clauses(filters: Filters, total: int, *, has_view: bool = True) -> Part:
    """What else was chosen, after a comma each: « , en santé, commencées depuis 2015 »."""
    view = [IN_VIEW] if filters.bbox and has_view else []
    return Part("".join(f", {words}" for words in [*view, *_facts(filters, total)]))


def _without_view(filters: Filters, total: int) -> Part:
    return _clauses(filters, total, has_view=False)


def _facts(filters: Filters, total: int) -> list[str]:
    plural = "s" if total > 1 else ""
    found = []
    if filters.sectors:
        told = [_IN_SECTOR.get(one, "") for one in filters.sectors]
        is_short = len(told) <= _MAX_NAMED and all(told)
        found.append(_any_of(told, "ou") if is_short else f"dans {_these(len(told), 'ce domaine', 'domaines')}")
    if filters.stages:
        told = [_AT_STAGE[one] for one in filters.stages]
        found.append(_any_of([f"{one}{plural}" if one.endswith("ée") else one for one in told], "ou"))
    if filters.twins:
        found.append(f"relevé{plural} dans une liste publique")
    if filters.since:
        found.append(f"commencée{plural} depuis {filters.since}")
    further = ("goals", "networks", "actor_types", "organisations", "publics", "needs")
    if any(getattr(filters, attribute) for attribute in further):
        found.append("avec les filtres choisis")
    return found


def _these(count: int, one: str, several: str) -> str:
    return one if count == 1 else f"{wording.counted(count)} {several}"


def _here(filters: Filters, known: KnownValues) -> list[Named]:
    """The territories here that were chosen, when few enough to be named."""
    keys = (
        *(f"r:{code}" for code in filters.regions),
        *(f"d:{code}" for code in filters.departements),
        *filters.here,
    )
    return _named(keys, known) if len(keys) <= _MAX_NAMED else []


def _there(results: Results, names: Mapping[str, str]) -> list[Named]:
    """The territories there that were chosen, else the countries found."""
    chosen = _chosen_there(results, names)
    if chosen or results.filters.there:
        return chosen
    found = (f"p:{facet.value}" for facet in results.facets["pays"] if facet.count)
    return _named(found, results.known)


def _chosen_there(results: Results, names: Mapping[str, str]) -> list[Named]:
    filters, known = results.filters, results.known
    keys = filters.there or tuple(f"p:{code}" for code in filters.countries)
    named = [(key, known.territories.get(key) or names.get(key) or _town(results, key)) for key in keys]
    return [(key, name) for key, name in named if name]


def _town(results: Results, key: str) -> str:
    """The name of a town there, which only the initiatives know."""
    ends = (end for card in results.cards for end in card.there)
    return next((end.name for end in ends if end.key == key), "")


def _named(keys: Iterable[str], known: KnownValues) -> list[Named]:
    return [(key, known.territories[key]) for key in keys if key in known.territories]

"""The answer of the home page to « qu’est-ce qui relie ma commune au monde ? »: what a typed place or a key gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.orm import Session

from directory.core.errors import InvalidText, NotFound
from directory.core.geography import distance_km
from directory.core.text import clean_text, fold
from directory.geocoding.places import Place, Precision, Verdict
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, NamedNetwork, PublicPlace, nearest
from directory.initiatives.results import figures, search
from directory.networks.queries import network_in_charge
from directory.reference import wording
from directory.reference.keys import Level, Side, parse_key, side_of
from directory.reference.queries import ancestors, find_territory

MAX_TYPED = 80
NO_PLACES = "La liste des lieux n’est pas disponible pour l’instant. Réessayez bientôt."
MAX_TOLD = 6
"""Up to so many initiatives, each strand is a place; beyond, a country."""
MAX_STRANDS = 12
MAX_COUNTRIES = 8
MAX_NEAR = 4


class Places(Protocol):
    """What is asked of the gazetteer."""

    def find(self, query: str, *, side: Side | None = None, limit: int = 5) -> list[Place]:
        """The places that words may mean, best first; the first says how sure it is."""

    def place(self, key: str) -> Place | None:
        """The place of a territory key."""


@dataclass(frozen=True)
class Strand:
    """One end there: a place with its initiative, or a country with how many initiatives it has."""

    key: str
    name: str
    detail: str
    card: Card | None = None
    is_repeated: bool = False
    words: str = ""


@dataclass(frozen=True)
class Near:
    """An initiative close by: where its end here lies, and how far in words."""

    card: Card
    where: str
    words: str


@dataclass(frozen=True)
class Wider:
    """A larger territory that has links: its key and the words of the link to its list."""

    key: str
    words: str


@dataclass(frozen=True)
class Answer:
    """What links one place here to the world, or what is closest to it."""

    place: Place
    count: int
    title: str
    of_place: str
    strands: tuple[Strand, ...] = ()
    some: tuple[Card, ...] = ()
    """A few of the initiatives, where the strands are countries."""
    more_countries: int = 0
    near: tuple[Near, ...] = ()
    wider: Wider | None = None
    network: NamedNetwork | None = None


@dataclass(frozen=True)
class Question:
    """What was asked and what came of it: an answer, a choice between places, or a problem to tell at the field."""

    typed: str = ""
    problem: str = ""
    status: int = 200
    choices: tuple[Place, ...] = field(default=())
    is_namesake: bool = False
    answer: Answer | None = None


def ask(session: Session, corpus: Corpus, places: Places | None, *, typed: str, key: str) -> Question:
    """The question of an address: the place of a key, else the words typed. Nothing is guessed silently."""
    if key:
        place = place_of_key(session, places, key)
        if place is None:
            return Question(typed=key[:MAX_TYPED], problem="Ce territoire n’est pas dans nos listes.", status=400)
        return Question(typed=place.name, answer=answer(session, corpus, place))
    try:
        words = clean_text(typed, MAX_TYPED)
    except InvalidText as error:
        return Question(typed=typed[:MAX_TYPED], problem=error.message, status=400)
    if not words:
        return Question()
    if places is None:
        return Question(typed=words, problem=NO_PLACES, status=503)
    return _search(session, corpus, places, words)


def _search(session: Session, corpus: Corpus, places: Places, words: str) -> Question:
    found = places.find(words, side=Side.HERE, limit=8) or places.find(words, side=Side.THERE)
    if found and found[0].side is Side.HERE and found[0].verdict is Verdict.SURE:
        return Question(typed=words, answer=answer(session, corpus, found[0]))
    namesakes = [place for place in found if fold(place.name) == fold(words)]
    return Question(typed=words, choices=tuple(found), is_namesake=len(namesakes) > 1)


def place_of_key(session: Session, places: Places | None, key: str) -> Place | None:
    """The place here of a key: from the gazetteer, else from the list of territories."""
    try:
        if side_of(parse_key(key)) is not Side.HERE:
            return None
    except ValueError:
        return None
    place = places.place(key) if places is not None else None
    territory = find_territory(session, key) if place is None else None
    if territory is None:
        return place
    keys = ancestors(session, key)
    return Place(keys, "", territory.name, "", territory.lon, territory.lat, Precision.COMMUNE, "FR")


def answer(session: Session, corpus: Corpus, place: Place) -> Answer:
    """What links a place to the world."""
    results = search(corpus, session, Filters(here=(place.key,)), per_page=MAX_TOLD)
    countries = [(f"p:{facet.value}", facet.label, facet.count) for facet in results.facets["pays"]]
    if not results.total:
        title = f"Aucune initiative connue {wording.within(place.key, place.name)}"
    else:
        here = [(place.key, place.name)]
        title = wording.sentence_of_links(results.total, here, [(key, name) for key, name, _ in countries])
    is_told = results.total <= MAX_TOLD
    return Answer(
        place=place,
        count=results.total,
        title=title,
        of_place=wording.of(place.key, place.name),
        strands=_told(place, results.cards) if is_told else _gathered(countries),
        some=() if is_told else results.cards,
        more_countries=0 if is_told else max(0, len(countries) - MAX_COUNTRIES),
        near=_near(session, corpus, place, results.total, {card.slug for card in results.cards}),
        wider=_wider(session, corpus, place),
        network=_network(session, place),
    )


def _told(place: Place, cards: tuple[Card, ...]) -> tuple[Strand, ...]:
    """One strand a place there, its initiative told once."""
    strands = []
    for card in cards:
        for number, end in enumerate(card.there):
            strands.append(Strand(end.key, end.name, _detail(place, end), card, is_repeated=number > 0))
    return tuple(strands[:MAX_STRANDS])


def _detail(place: Place, end: PublicPlace) -> str:
    parts = [end.context] if end.context and end.context != end.name else []
    if end.is_withheld:
        parts.append("lieu protégé")
    elif end.level == Level.TOWN:
        parts.append(f"à {wording.distance(distance_km(place.lon, place.lat, end.lon, end.lat))}")
    return ", ".join(parts)


def _gathered(countries: list[tuple[str, str, int]]) -> tuple[Strand, ...]:
    return tuple(
        Strand(key, name, "", words=wording.initiatives(count).lower())
        for key, name, count in countries[:MAX_COUNTRIES]
    )


def _near(session: Session, corpus: Corpus, place: Place, total: int, told: set[str]) -> tuple[Near, ...]:
    """The closest other initiatives; a région or a département that has its own needs none."""
    if total and place.level not in (Level.COMMUNE, Level.EPCI):
        return ()
    found = nearest(corpus, session, place.lon, place.lat, limit=MAX_NEAR + min(total, 20))
    of_place = wording.of(place.key, place.name)
    return tuple(
        Near(card, end.name, f"à {wording.distance(km)} {of_place}")
        for card, end, km in found
        if card.slug not in told and place.key not in end.keys
    )[:MAX_NEAR]


def _wider(session: Session, corpus: Corpus, place: Place) -> Wider | None:
    """The département or the région of the place, the first that has links."""
    for key in place.keys[1:]:
        if key[0] in "dr" and figures(corpus, session, Filters(here=(key,))).initiatives:
            return Wider(key, f"Tous les liens {wording.of(key, corpus.known.territories.get(key, key))}")
    return None


def _network(session: Session, place: Place) -> NamedNetwork | None:
    try:
        network = network_in_charge(session, place.keys)
    except NotFound:
        return None
    return None if network.is_national else NamedNetwork(network.slug, network.name)

"""The answer of the home page to « qu’est-ce qui relie ma commune au monde ? »: what a typed place or a key gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from sqlalchemy.orm import Session

from directory.core.errors import InvalidText, NotFound
from directory.core.text import clean_text, fold
from directory.geocoding.places import Place, Verdict
from directory.initiatives.columns import Mask
from directory.initiatives.index import Corpus
from directory.initiatives.portrait import closest, locate, newest
from directory.initiatives.public import Card, NamedNetwork, cards
from directory.networks.queries import network_in_charge
from directory.pages.parts import spray
from directory.pages.parts.selection import Part
from directory.pages.parts.spray import Strand
from directory.reference import wording
from directory.reference.keys import Level, Side

MAX_TYPED = 80
NO_PLACES = "La liste des lieux n’est pas disponible pour l’instant. Réessayez bientôt."
MAX_TOLD = 6
"""Up to so many initiatives, each strand is a place; beyond, a country."""
MAX_NEAR = 4
MAX_NAMED = 3
"""Régions named in the sentence of a territory there; beyond, « la France »."""


class Places(Protocol):
    """What is asked of the gazetteer."""

    def find(self, query: str, *, side: Side | None = None, limit: int = 5) -> list[Place]:
        """The places that words may mean, best first; the first says how sure it is."""

    def place(self, key: str) -> Place | None:
        """The place of a territory key."""


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
        place = place_of_key(session, corpus, places, key)
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


def place_of_key(session: Session, corpus: Corpus, places: Places | None, key: str) -> Place | None:
    """The place here of a key, if the lists or the gazetteer know it."""
    try:
        found = locate(corpus, session, places, key)
    except NotFound:
        return None
    return found if found.side is Side.HERE else None


def answer(session: Session, corpus: Corpus, place: Place) -> Answer:
    """What links a place to the world."""
    mask = corpus.lying_in((place.key,))
    total = int(np.count_nonzero(mask))
    countries = corpus.partners(mask, Level.COUNTRY)
    found = tuple(cards(corpus, session, corpus.ids[newest(corpus, mask, MAX_TOLD)]))
    is_told = total <= MAX_TOLD
    return Answer(
        place=place,
        count=total,
        title="".join(part.text for part in sentence(place, total, countries)),
        of_place=wording.of(place.key, place.name),
        strands=spray.told(place, found) if is_told else spray.gathered(place, countries),
        some=() if is_told else found,
        more_countries=0 if is_told else max(0, len(countries) - spray.MAX_COUNTRIES),
        near=near(corpus, session, place, mask),
        wider=_wider(corpus, place),
        network=network_of(session, place),
    )


def sentence(place: Place, total: int, others: Sequence[tuple[str, str, int]]) -> list[Part]:
    """« Deux initiatives relient Quimper à Madagascar et à la Chine »; nothing known is told without a question.

    `others` are the territories of the other side: the countries, or the régions of the ends here.
    """
    if not total:
        return [Part("Aucune initiative connue "), Part(wording.within(place.key, place.name), place.side.value)]
    ends = [(one[0], one[1]) for one in others]
    if place.side is Side.HERE:
        starts, towards = wording.named(place.key, place.name), wording.ends(ends)
    else:
        regions = [wording.named(*one) for one in ends]
        starts = wording.listing(regions) if 0 < len(regions) <= MAX_NAMED else wording.FRANCE
        towards = wording.toward(place.key, place.name)
    linked = wording.initiatives(total, ("relie", "relient"))
    return [Part(f"{linked} "), Part(starts, "here"), Part(" "), Part(towards, "there")]


def near(corpus: Corpus, session: Session, place: Place, mask: Mask) -> tuple[Near, ...]:
    """The closest other initiatives; who has many needs none, nor does a territory larger than a place."""
    count = int(np.count_nonzero(mask))
    if count > MAX_TOLD or (count and place.level not in (Level.COMMUNE, Level.EPCI, Level.TOWN)):
        return ()
    of_place = wording.of(place.key, place.name)
    found = closest(corpus, session, place, without=mask, most=MAX_NEAR)
    return tuple(Near(card, end.name, f"à {wording.distance(km)} {of_place}") for card, end, km in found)


def _wider(corpus: Corpus, place: Place) -> Wider | None:
    """The département or the région of the place, the first that has links."""
    for key in place.keys[1:]:
        if key[0] in "dr" and corpus.lying_in((key,)).any():
            return Wider(key, f"Tous les liens {wording.of(key, corpus.known.territories.get(key, key))}")
    return None


def network_of(session: Session, place: Place) -> NamedNetwork | None:
    """The network of a territory here, if it has one of its own."""
    if place.side is Side.THERE:
        return None
    try:
        network = network_in_charge(session, place.keys)
    except NotFound:
        return None
    return None if network.is_national else NamedNetwork(network.slug, network.name)

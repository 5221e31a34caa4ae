"""Portraits: what links a territory, here or there, to the other side; and the way in to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.core.time import utcnow
from directory.geocoding.places import Place
from directory.initiatives.index import Corpus
from directory.initiatives.portrait import LEVEL_WORDS, Portrait, locate, portrait
from directory.initiatives.public import NamedNetwork
from directory.initiatives.published import Linked
from directory.networks.queries import network_in_charge
from directory.pages.gathered import gather
from directory.pages.selection import Part, address
from directory.pages.shared import Chosen
from directory.pages.small_map import SmallMap, small_map_of
from directory.reference import wording
from directory.reference.keys import FRANCE_ZONES, Level, Side, level_of
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("territories", __name__)

MAX_NAMED = 3
"""Régions named in the sentence of a territory there; beyond, « la France »."""
_FILTERS = {Level.COUNTRY: "pays", Level.REGION: "region", Level.DEPARTEMENT: "departement"}
"""The name in addresses of the levels that have a filter of their own."""
WITH_WHOM = {
    Level.COUNTRY: "Avec quels pays",
    Level.DIVISION: "Avec quelles régions de là-bas",
    Level.TOWN: "Avec quelles villes, quels villages",
    Level.ZONE: "Avec quels territoires",
    Level.REGION: "Avec quelles régions d’ici",
    Level.DEPARTEMENT: "Avec quels départements",
    Level.EPCI: "Avec quelles intercommunalités",
    Level.COMMUNE: "Avec quelles communes",
}


@dataclass(frozen=True)
class Bar:
    """A line of a bar list: its words, its number, its length in hundredths of the longest, where it leads."""

    label: str
    count: int
    length: float
    href: str


@blueprint.get("/territoires/<key>")
def show(key: str) -> ResponseReturnValue:
    """The portrait of a territory; 404 for a key that neither the lists, the gazetteer nor an initiative knows."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        place = locate(corpus, session(), current_app.extensions["gazetteer"], key)
        return render_template("pages/territory.html", **_told(session(), corpus, portrait(corpus, session(), place)))

    return public_answer(corpus.version, render)


def _told(current: Session, corpus: Corpus, found: Portrait) -> dict[str, Any]:
    """What the template shows of a portrait."""
    place = found.place
    name = "ici" if found.side is Side.HERE else "labas"
    sentence = _sentence(found)
    return {
        "portrait": found,
        "place": place,
        "side": found.side.value,
        "sentence": sentence,
        "title": "".join(part.text for part in sentence),
        "of_place": wording.of(place.key, place.name),
        "within_place": wording.within(place.key, place.name),
        "short_name": wording.short(place.key, place.name),
        "level": LEVEL_WORDS[place.level],
        "trail": _trail(corpus, place),
        "partners": {level: _bars(name, place.key, linked) for level, linked in found.partners.items()},
        "with_whom": WITH_WHOM,
        "list_href": address("directory.listing", [(name, place.key)]),
        "map_href": address("map.show", [(name, place.key)]),
        "small_map": _map(current, corpus, place) if found.initiatives else None,
        "network": _network(current, place),
        "today": utcnow().date(),
    }


def _sentence(found: Portrait) -> list[Part]:
    """« Deux initiatives relient Quimper à Madagascar »; nothing known is an open question."""
    place = found.place
    if not found.initiatives:
        return [
            Part("Aucune initiative connue "),
            Part(wording.within(place.key, place.name), found.side.value),
            Part(". Vous en connaissez une\u00a0?"),
        ]
    if found.side is Side.HERE:
        starts = wording.named(place.key, place.name)
        ends = wording.ends([(one.key, one.name) for one in found.partners[Level.COUNTRY]])
    else:
        starts, ends = _starts(found), wording.toward(place.key, place.name)
    linked = wording.initiatives(found.initiatives, ("relie", "relient"))
    return [Part(f"{linked} "), Part(starts, "here"), Part(" "), Part(ends, "there")]


def _starts(found: Portrait) -> str:
    """The régions of the ends here when they are few, else the whole country."""
    regions = [(one.key, one.name) for one in found.partners[Level.REGION]]
    regions += [(one.key, one.name) for one in found.partners[Level.ZONE] if _is_alone(one)]
    return wording.listing([wording.named(*one) for one in regions]) if 0 < len(regions) <= MAX_NAMED else "la France"


def _is_alone(zone: Linked) -> bool:
    """A zone without any région: an overseas collectivity."""
    code = zone.key[2:]
    return code in FRANCE_ZONES and code != "FX" and not code.isdigit()


def _trail(corpus: Corpus, place: Place) -> list[tuple[str, str]]:
    """The territories that hold it, coarse first, each name once; the last is the page itself."""
    steps = [("Territoires", url_for("territories.index"))]
    own = wording.short(place.key, place.name)
    for key in reversed(place.keys[1:]):
        name = wording.short(key, corpus.known.territories.get(key, ""))
        if name and name not in {own, *(label for label, _ in steps)}:
            steps.append((name, url_for("territories.show", key=key)))
    return [*steps, (own, "")]


def _bars(name: str, key: str, linked: Sequence[Linked]) -> list[Bar]:
    """What a territory is linked with, each line leading to the initiatives of both."""
    most = max((one.initiatives for one in linked), default=1)
    return [
        Bar(
            wording.short(one.key, one.name),
            one.initiatives,
            round(100 * one.initiatives / most, 1),
            address("directory.listing", [(name, key), _choice(one.key)]),
        )
        for one in linked
    ]


def _choice(key: str) -> tuple[str, str]:
    """The filter that chooses a territory."""
    level = level_of(key)
    if level in _FILTERS:
        return _FILTERS[level], key[2:]
    return ("ici" if key[0] in "cez" else "labas"), key


def _map(current: Session, corpus: Corpus, place: Place) -> SmallMap:
    found = gather(corpus, current, [Chosen(place.keys, place.name, place.lon, place.lat)])
    return small_map_of(found, "portrait")


def _network(current: Session, place: Place) -> NamedNetwork | None:
    """The network in charge here; a territory there has none."""
    if place.side is Side.THERE:
        return None
    try:
        network = network_in_charge(current, place.keys)
    except NotFound:
        return None
    return NamedNetwork(network.slug, network.name)


@blueprint.get("/territoires")
def index() -> ResponseReturnValue:
    """The régions, zones and countries that have links, with their counts."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        everything = corpus.lying_in(("z:FX",)) | True
        levels = (Level.REGION, Level.ZONE, Level.COUNTRY)
        return render_template(
            "pages/territories.html", linked={level: corpus.partners(everything, level) for level in levels}
        )

    return public_answer(corpus.version, render)

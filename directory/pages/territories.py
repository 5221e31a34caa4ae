"""Portraits: what links a territory, here or there, to the other side; and the way in to all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.core.text import fold
from directory.core.time import utcnow
from directory.geocoding.places import Place
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.portrait import LEVEL_WORDS, Count, Neighbour, Portrait, Several, locate, portrait
from directory.initiatives.published import Linked
from directory.pages.parts import charts, spray
from directory.pages.parts.answer import MAX_TOLD, near, network_of, sentence
from directory.pages.parts.gathered import gather, gather_selection
from directory.pages.parts.selection import Query, address
from directory.pages.parts.shared import Chosen
from directory.pages.parts.small_map import SmallMap, small_map_of
from directory.reference import wording
from directory.reference.keys import FRANCE_ZONES, Level, Side, level_of
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("territories", __name__)

MAX_GIST = 2
"""Territories of the other side told by their names at the head; beyond, by their number."""
MAX_LISTED = 4
_FILTERS = {Level.COUNTRY: "pays", Level.REGION: "region", Level.DEPARTEMENT: "departement"}
"""The name in addresses of the levels that have a filter of their own."""
WITH_WHOM = {
    Level.COUNTRY: "Avec quels pays",
    Level.DIVISION: "Leurs régions",
    Level.TOWN: "Leurs villes et villages",
    Level.ZONE: "Avec quels territoires d’outre-mer",
    Level.REGION: "Avec quelles régions d’ici",
    Level.DEPARTEMENT: "Leurs départements",
    Level.EPCI: "Leurs intercommunalités",
    Level.COMMUNE: "Leurs communes",
}
INSIDE = {
    Level.REGION: ("région", "régions"),
    Level.DEPARTEMENT: ("département", "départements"),
    Level.EPCI: ("intercommunalité", "intercommunalités"),
    Level.COMMUNE: ("commune", "communes"),
    Level.DIVISION: ("région", "régions"),
    Level.TOWN: ("ville ou village", "villes et villages"),
}
"""Singular and plural."""


@dataclass(frozen=True)
class Gist:
    """The other side at the head of a portrait: one or two names, else how many; and what they are."""

    large: str
    small: str = ""


@blueprint.get("/territoires/<key>")
def show(key: str) -> ResponseReturnValue:
    """The portrait of a territory; 404 for a key that neither the lists, the gazetteer nor an initiative knows."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        place = locate(corpus, session(), current_app.extensions["gazetteer"], key)
        found = portrait(corpus, session(), place, current_app.extensions["actors"])
        return render_template("pages/territory.html", **_told(session(), corpus, found))

    return public_answer(corpus.version, render)


@blueprint.get("/territoires")
def index() -> ResponseReturnValue:
    """The régions, overseas territories and countries that have links, with their counts."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        mask = corpus.citizens
        return render_template(
            "pages/territories.html",
            regions=_by_name(corpus.partners(mask, Level.REGION)),
            zones=_by_name(one for one in corpus.partners(mask, Level.ZONE) if _is_alone(one)),
            countries=_by_name(corpus.partners(mask, Level.COUNTRY)),
            total=int(mask.sum()),
            today=utcnow().date(),
        )

    return public_answer(corpus.version, render)


def _told(current: Session, corpus: Corpus, found: Portrait) -> dict[str, Any]:
    """What the template shows of a portrait."""
    place, name = found.place, "ici" if found.side is Side.HERE else "labas"
    others = _others(found)
    parts = sentence(place, found.initiatives, others)
    title = "".join(part.text for part in parts)
    is_told = found.initiatives <= MAX_TOLD
    return {
        "portrait": found,
        "place": place,
        "side": found.side.value,
        "name": wording.short(place.key, place.name),
        "level": LEVEL_WORDS[place.level],
        "of_place": wording.of(place.key, place.name),
        "sentence": parts,
        "title": title,
        "trail": _trail(corpus, place),
        "gist": _gist(found.side, others),
        "strands": spray.told(place, found.cards) if is_told else (),
        "is_told": is_told,
        "actors": {side.value: rows for side, rows in found.actors.items() if rows},
        "actors_href": address("organisations.listing", [(name, place.key)]),
        "near": near(corpus, current, place, corpus.lying_in((place.key,))),
        "list_href": address("directory.listing", [(name, place.key)]),
        "map_href": address("map.show", [(name, place.key)]),
        "small_map": _map(current, corpus, place) if found.initiatives else None,
        "network": network_of(current, place),
        "neighbours": [_neighbour(one) for one in found.neighbours],
        "today": utcnow().date(),
        **({} if is_told else _charts(found, [(name, place.key)])),
    }


def _charts(found: Portrait, chosen: Query) -> dict[str, Any]:
    """The lists and the chart of a territory that has more initiatives than can be told one by one."""
    undated = found.initiatives - sum(found.years.values())
    return {
        "partners": [
            (level, WITH_WHOM[level], several.total, _linked_bars(chosen, several.first))
            for level, several in found.partners.items()
            if several.total and level is not Level.ZONE
        ],
        "zones": _linked_bars(chosen, _overseas(found)),
        "sectors": _count_bars(chosen, "secteur", found.sectors),
        "stages": _count_bars(chosen, "etat", found.stages),
        "years": charts.year_chart(found.years, undated, utcnow().year),
        "inside": _inside(found.inside),
    }


def _others(found: Portrait) -> list[Linked]:
    """The countries of a territory here; of one there, the régions of the ends here, and overseas collectivities."""
    if not found.initiatives:
        return []
    if found.side is Side.HERE:
        return list(found.partners[Level.COUNTRY].first)
    return sorted([*found.partners[Level.REGION].first, *_overseas(found)], key=lambda one: -one.initiatives)


def _overseas(found: Portrait) -> list[Linked]:
    """The overseas collectivities among the ends here."""
    zones = found.partners.get(Level.ZONE)
    return [one for one in zones.first if _is_alone(one)] if zones else []


def _is_alone(zone: Linked) -> bool:
    """A zone without any région: an overseas collectivity."""
    code = zone.key[2:]
    return code in FRANCE_ZONES and code != "FX" and not code.isdigit()


def _gist(side: Side, others: Sequence[Linked]) -> Gist:
    names = [wording.short(one.key, one.name) for one in others]
    if not names:
        return Gist("un lieu, là-bas" if side is Side.HERE else "un lieu, ici")
    if len(names) <= MAX_GIST:
        return Gist(wording.listing(names))
    noun = "pays" if side is Side.HERE else "régions"
    is_short = len(names) <= MAX_LISTED
    told = wording.listing(names) if is_short else f"{', '.join(names[:3])} et {wording.digits(len(names) - 3)} autres"
    return Gist(f"{wording.digits(len(names))}\u00a0{noun}", told)


def _trail(corpus: Corpus, place: Place) -> list[tuple[str, str]]:
    """The territories that hold it, coarse first, each name once; the last is the page itself."""
    steps = [("Territoires", url_for("territories.index"))]
    own = wording.short(place.key, place.name)
    for key in reversed(place.keys[1:]):
        name = wording.short(key, corpus.known.territories.get(key, ""))
        if name and name not in {own, *(label for label, _ in steps)}:
            steps.append((name, url_for("territories.show", key=key)))
    return [*steps, (own, "")]


def _linked_bars(chosen: Query, linked: Sequence[Linked]) -> tuple[charts.Bar, ...]:
    """What a territory is linked with, each line leading to the initiatives of both."""
    here = address("directory.listing", chosen)
    return charts.bars(
        (wording.short(one.key, one.name), one.initiatives, f"{here}&{_choice(one.key)}") for one in linked
    )


def _choice(key: str) -> str:
    """The filter that chooses a territory, as an address writes it; a key holds nothing to be escaped."""
    level = level_of(key)
    if level in _FILTERS:
        return f"{_FILTERS[level]}={key[2:]}"
    return f"{'ici' if key[0] in 'cez' else 'labas'}={key}"


def _count_bars(chosen: Query, name: str, counts: Sequence[Count]) -> tuple[charts.Bar, ...]:
    here = address("directory.listing", chosen)
    return charts.bars((one.label, one.initiatives, f"{here}&{urlencode({name: one.value})}") for one in counts)


def _inside(inside: Mapping[Level, Several]) -> list[tuple[Level, str, int, tuple[charts.Bar, ...]]]:
    """The finer territories that have links, each line leading to its own portrait."""
    return [
        (level, INSIDE[level][several.total > 1], several.total, _own_bars(several.first))
        for level, several in inside.items()
        if level in INSIDE
    ]


def _own_bars(linked: Sequence[Linked]) -> tuple[charts.Bar, ...]:
    every = url_for("territories.index")
    return charts.bars((wording.short(one.key, one.name), one.initiatives, f"{every}/{one.key}") for one in linked)


def _neighbour(one: Neighbour) -> dict[str, Any]:
    is_close = level_of(one.key) in (Level.COMMUNE, Level.EPCI, Level.TOWN)
    return {
        "key": one.key,
        "name": wording.short(one.key, one.name),
        "distance": f"à {wording.distance(one.km)}" if is_close else "",
        "initiatives": one.initiatives,
    }


def _by_name(linked: Iterable[Linked]) -> list[Linked]:
    return sorted(linked, key=lambda one: fold(one.name))


def _map(current: Session, corpus: Corpus, place: Place) -> SmallMap:
    if place.level in (Level.REGION, Level.COUNTRY):  # their few links are drawn from town to town
        chosen = Filters(here=(place.key,)) if place.side is Side.HERE else Filters(there=(place.key,))
        return small_map_of(gather_selection(corpus, current, chosen), "portrait")
    found = gather(corpus, current, [Chosen(place.keys, place.name, place.lon, place.lat)])
    return small_map_of(found, "portrait")

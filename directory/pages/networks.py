"""The networks that review: what each covers, what was told there, how fresh it is, how to reach it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.portrait import newest
from directory.initiatives.public import cards
from directory.networks.models import Network
from directory.networks.queries import all_networks, get_network
from directory.pages.parts import charts
from directory.pages.parts.gathered import gather_selection
from directory.pages.parts.selection import address
from directory.pages.parts.small_map import small_map_of
from directory.reference import wording
from directory.reference.keys import Level
from directory.reviews.queries import usual_days
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("networks", __name__)

MAX_CARDS = 6
MAX_BARS = 10
MAX_NAMED = 4


@dataclass(frozen=True)
class Reviewer:
    """A network as shown: its territories as (key, name), how many initiatives it reviewed, days it usually takes."""

    slug: str
    name: str
    website: str
    source: str
    is_national: bool
    territories: tuple[tuple[str, str], ...]
    count: int
    usual_days: int | None


@blueprint.get("/reseaux")
def listing() -> ResponseReturnValue:
    """Every network, with what it covers."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        counts = corpus.count(corpus.citizens, "networks")
        networks = [_reviewer(corpus, network, counts.get(network.slug, 0)) for network in all_networks(session())]
        return render_template("pages/networks.html", networks=networks)

    return public_answer(corpus.version, render)


@blueprint.get("/reseaux/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One network and its initiatives."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        return render_template("pages/network.html", **_told(session(), corpus, get_network(session(), slug)))

    return public_answer(corpus.version, render)


def _told(current: Session, corpus: Corpus, network: Network) -> dict[str, Any]:
    """What the template shows of one network."""
    filters, chosen = Filters(networks=(network.slug,)), [("reseau", network.slug)]
    mask = corpus.select(current, filters)
    countries, sectors = corpus.partners(mask, Level.COUNTRY), corpus.count(mask, "sectors")
    count = int(np.count_nonzero(mask))
    shown = cards(corpus, current, corpus.ids[newest(corpus, mask, MAX_CARDS)])
    return {
        "network": _reviewer(corpus, network, count, usual_days(current, network)),
        "title": _title(count, [(one.key, one.name) for one in countries]),
        "cards": shown,
        "since": min(corpus.years(mask), default=None),
        "countries_count": len(countries),
        "freshest": _freshest([card.updated_on for card in shown]),
        "countries": charts.bars(
            (one.name, one.initiatives, address("directory.listing", [*chosen, ("pays", one.key[2:])]))
            for one in countries[:MAX_BARS]
        ),
        "sectors": charts.bars(
            (corpus.known.sectors[one], sectors[one], address("directory.listing", [*chosen, ("secteur", one)]))
            for one in sorted(sectors, key=lambda one: -sectors[one])[:MAX_BARS]
        ),
        "small_map": small_map_of(gather_selection(corpus, current, filters), "reseau") if count else None,
    }


def _title(count: int, countries: list[tuple[str, str]]) -> str:
    """« Sept initiatives relues, avec six pays »."""
    if not count:
        return "Aucune fiche publiée pour l’instant"
    ends = f"{wording.counted(len(countries))} pays"
    if 0 < len(countries) <= MAX_NAMED:
        ends = wording.listing([wording.named(*one) for one in countries])
    return f"{wording.initiatives(count, ('relue', 'relues'))}, avec {ends}"


def _freshest(days: list[dt.date]) -> dt.date | None:
    """When the last sheet was published or brought up to date: the newest come first."""
    return max(days, default=None)


def _reviewer(corpus: Corpus, network: Network, count: int, days: int | None = None) -> Reviewer:
    keys = [one.territory_key for one in network.coverages]
    return Reviewer(
        slug=network.slug,
        name=network.name,
        website=network.website,
        source=network.source,
        is_national=network.is_national,
        territories=tuple(sorted(((key, corpus.known.territories.get(key, key)) for key in keys), key=_name)),
        count=count,
        usual_days=days,
    )


def _name(territory: tuple[str, str]) -> str:
    return territory[1]

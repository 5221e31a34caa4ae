"""The networks that review, and what each of them covers."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.results import search
from directory.networks.models import Network
from directory.networks.queries import all_networks, get_network
from directory.pages import selection
from directory.web.database import session

blueprint = Blueprint("networks", __name__)


@dataclass(frozen=True)
class Reviewer:
    """A network as shown: its territories in words, how many initiatives it reviewed."""

    slug: str
    name: str
    website: str
    source: str
    is_national: bool
    territories: tuple[str, ...]
    count: int


@blueprint.get("/reseaux")
def listing() -> str:
    """Every network, with what it covers."""
    corpus = current_app.extensions["corpus"].current(session())
    counts = corpus.counts(session(), Filters(), "networks")
    reviewers = [_reviewer(corpus, network, counts.get(network.slug, 0)) for network in all_networks(session())]
    return render_template("pages/networks.html", networks=reviewers)


@blueprint.get("/reseaux/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One network and its initiatives."""
    corpus = current_app.extensions["corpus"].current(session())
    network = get_network(session(), slug)
    results = search(corpus, session(), Filters(networks=(slug,)))
    reviewer = _reviewer(corpus, network, results.total)
    title = selection.title(results)
    return render_template("pages/network.html", network=reviewer, title=title, cards=results.cards)


def _reviewer(corpus: Corpus, network: Network, count: int) -> Reviewer:
    names = (corpus.known.territories.get(one.territory_key, one.territory_key) for one in network.coverages)
    return Reviewer(
        slug=network.slug,
        name=network.name,
        website=network.website,
        source=network.source,
        is_national=network.is_national,
        territories=tuple(sorted(names)),
        count=count,
    )

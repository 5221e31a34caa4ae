"""The organisations that a published initiative names, and what each takes part in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from directory.core.errors import BadFilter
from directory.initiatives.actors import OrganisationLine, organisation, organisations
from directory.initiatives.filters import Filters
from directory.initiatives.results import search
from directory.pages import selection
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("organisations", __name__)

PER_PAGE = 60


@dataclass(frozen=True)
class Roll:
    """One page of the organisations."""

    total: int
    page: int
    pages: int
    organisations: tuple[OrganisationLine, ...]


@blueprint.get("/organisations")
def listing() -> ResponseReturnValue:
    """Every named organisation in alphabetical order, by pages."""
    corpus = current_app.extensions["corpus"].current(session())
    rows = organisations(corpus, session())
    pages = max(1, -(-len(rows) // PER_PAGE))
    page = _page(request.args.get("page", "1"), pages)
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    roll = Roll(len(rows), page, pages, tuple(shown))
    return public_answer(corpus.version, lambda: render_template("pages/organisations.html", listing=roll))


@blueprint.get("/organisations/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One organisation and its initiatives."""
    corpus = current_app.extensions["corpus"].current(session())
    line = organisation(corpus, session(), slug)
    results = search(corpus, session(), Filters(organisations=(slug,)))
    title = selection.title(results)
    return render_template("pages/organisation.html", organisation=line, title=title, cards=results.cards)


def _page(text: str, pages: int) -> int:
    """The number of a page of the roll; raises BadFilter for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= pages):
        raise BadFilter("page", f"Les pages vont de 1 à {pages}.")
    return int(text)

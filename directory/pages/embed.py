"""« Intégrer »: the code that puts a selection into another site, and the list framed there; the map frames itself."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from directory.core.errors import BadFilter
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.results import Results, search
from directory.pages.parts import selection
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.headers import framable, framing

blueprint = Blueprint("embed", __name__)

FRAMES = {"carte": "map.framed", "liste": "embed.listing"}
DEFAULT_HEIGHT = 600
LOWEST, HIGHEST = 300, 2000
FRAMED_CARDS = 10


@blueprint.get("/integrer")
def show() -> ResponseReturnValue:
    """The code to copy for the selection of the address, with a preview; 400 when a filter means nothing."""
    corpus = _corpus()
    try:
        filters = _filters(corpus)
        form, height = _form(), _height()
    except BadFilter as error:
        return render_template("pages/embed.html", problem=error.message), 400
    return public_answer(corpus.version, lambda: _shown(corpus, search(corpus, session(), filters), form, height))


@blueprint.get("/integrer/liste")
def listing() -> ResponseReturnValue:
    """The first initiatives of a selection, to be framed by another site."""
    corpus = _corpus()
    try:
        filters = _filters(corpus)
    except BadFilter as error:
        # Said in the frame: a page that may not be framed would leave it blank in the other site.
        problem = {"problem": error.message, "whole_url": url_for("directory.listing"), "whole_words": "l’annuaire"}
        return framable(make_response(render_template("pages/framed_list.html", **problem), 400))
    return framable(public_answer(corpus.version, lambda: _list(corpus, filters)))


def _filters(corpus: Corpus) -> Filters:
    """The selection to embed, whole: what follows it has no pages."""
    filters = Filters.parse(request.args, corpus.known)
    if filters.page > 1:
        raise BadFilter("page", f"On intègre le début d’une liste, pas sa page {filters.page}.")
    return filters


def _list(corpus: Corpus, filters: Filters) -> str:
    results = search(corpus, session(), filters, per_page=FRAMED_CARDS)
    return render_template(
        "pages/framed_list.html",
        results=results,
        title=_title(corpus, results),
        whole_url=selection.address("directory.listing", filters.to_query(page=1)),
        whole_words="toutes ces initiatives" if results.pages > 1 else "l’annuaire et la carte",
    )


def _shown(corpus: Corpus, results: Results, form: str, height: int) -> Response:
    query = results.filters.to_query(page=1)
    preview = selection.address(FRAMES[form], query)
    title = _title(corpus, results)
    return framing(
        make_response(
            render_template(
                "pages/embed.html",
                title=title,
                form=form,
                height=height,
                kept=query,
                preview=preview,
                code=_code(preview, title, height),
                list_url=selection.address("directory.listing", query),
            )
        )
    )


def _code(address: str, title: str, height: int) -> str:
    """The element to copy; texts are escaped for HTML, once more than the page that shows them."""
    site: Any = current_app.jinja_env.globals["settings_public"]
    name = escape(f"{site.site_name} : {title}")
    return (
        f'<iframe src="{escape(site.public_url + address)}" title="{name}" width="100%" height="{height}" '
        'loading="lazy" allowfullscreen></iframe>'
    )


def _title(corpus: Corpus, results: Results) -> str:
    names = selection.names_of(corpus, session(), results)
    return "".join(part.text for part in selection.sentence(results, names))


def _form() -> str:
    form = request.args.get("forme") or "carte"
    if form not in FRAMES:
        raise BadFilter("forme", "On intègre une carte ou une liste.")
    return form


def _height() -> int:
    text = request.args.get("hauteur") or str(DEFAULT_HEIGHT)
    if not re.fullmatch(r"[0-9]{3,4}", text, re.ASCII) or not LOWEST <= int(text) <= HIGHEST:
        raise BadFilter("hauteur", f"La hauteur va de {LOWEST} à {HIGHEST} pixels.")
    return int(text)


def _corpus() -> Corpus:
    corpus: Corpus = current_app.extensions["corpus"].current(session())
    return corpus

"""« Racontez une fois »: for whom a sheet is told again, and the file under that reader's headings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from directory.core.errors import NotFound
from directory.core.time import utcnow
from directory.exchange.documents import MEDIA_TYPES, Format, document, write
from directory.exchange.headings import Reader, readers
from directory.initiatives.public import sheet
from directory.web.caching import public_answer
from directory.web.database import session
from directory.web.limits import address, limiter
from directory.web.links import address_of

blueprint = Blueprint("telling", __name__)

DATA = Path(__file__).resolve().parents[2] / "data" / "headings.yaml"


@blueprint.get("/initiatives/<slug>/raconter")
def choose(slug: str) -> ResponseReturnValue:
    """For whom to tell it again, and in which kind of file; 404 and 410 as the sheet itself."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> str:
        card = sheet(corpus, session(), slug).card
        listed = _readers().values()
        return render_template(
            "pages/telling.html",
            card=card,
            funders=[one for one in listed if one.is_funder],
            others=[one for one in listed if not one.is_funder],
        )

    return public_answer(corpus.version, render)


@blueprint.get("/initiatives/<slug>/raconter/<reader>.<any(docx, odt):form>")
@limiter.limit("30 per minute", key_func=address)
def file(slug: str, reader: str, form: str) -> Response:
    """The sheet under the headings of a reader; 404 for another reader, 404 and 410 as the sheet itself."""
    corpus = current_app.extensions["corpus"].current(session())

    def render() -> Response:
        if reader not in _readers():
            raise NotFound("Ces titres ne sont pas dans notre liste.")
        found = sheet(corpus, session(), slug)
        told = document(
            found,
            _readers()[reader],
            address=address_of("sheet.show", slug=found.card.slug),
            site=current_app.extensions["settings"].site_name,
            today=utcnow().date(),
        )
        answer = Response(write(told, Format(form)), mimetype=MEDIA_TYPES[Format(form)])
        answer.headers.set("Content-Disposition", "attachment", filename=f"{found.card.slug}-{reader}.{form}")
        return answer

    return public_answer(corpus.version, render)


def _readers() -> Mapping[str, Reader]:
    return readers(DATA)

"""The home page: one question, its answer, then the map, one story and the figures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.core.time import utcnow
from directory.initiatives.filters import Filters
from directory.initiatives.flows import flows
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, story
from directory.initiatives.results import figures, search
from directory.pages.parts.answer import Question, ask
from directory.pages.parts.excerpt import excerpt
from directory.pages.parts.gathered import gather
from directory.pages.parts.picture import Picture, draw
from directory.pages.parts.shared import Chosen
from directory.pages.parts.small_map import small_map_of
from directory.reference.keys import Level
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("home", __name__)

STORY_LENGTH = 420
EXAMPLES = 3
MAX_DRAWN = 60


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The question, or its answer when the address holds a place (`lieu`, words) or a territory (`cle`, a key)."""
    corpus = current_app.extensions["corpus"].current(session())
    typed, key = request.args.get("lieu", ""), request.args.get("cle", "")
    question = ask(session(), corpus, current_app.extensions["gazetteer"], typed=typed, key=key)
    if question.typed:
        return render_template("pages/home.html", question=question, **_told(corpus, question)), question.status
    return public_answer(
        corpus.version, lambda: render_template("pages/home.html", question=question, **_sections(session(), corpus))
    )


def _told(corpus: Corpus, question: Question) -> dict[str, Any]:
    """What stands beside an answer: the picture of its links, the day."""
    told: dict[str, Any] = {"today": utcnow().date()}
    if question.answer and question.answer.count:
        place = question.answer.place
        found = gather(corpus, session(), [Chosen(place.keys, place.name, place.lon, place.lat)])
        told["small_map"] = small_map_of(found, "reponse")
    return told


def _drawn(current: Session, corpus: Corpus, filters: Filters) -> Picture | None:
    """The picture of a selection, région to country."""
    found = flows(corpus, current, filters, level=1)
    points = [(node.lon, node.lat) for node in found.nodes]
    return draw((points[here], points[there]) for here, there, _ in found.flows[:MAX_DRAWN])


def _sections(current: Session, corpus: Corpus) -> dict[str, Any]:
    """What stands under the question: places to try, one story, the figures of the corpus."""
    cards = search(corpus, current, Filters()).cards
    told = story(corpus, current)
    return {
        "drawn": _drawn(current, corpus, Filters()),
        "counts": figures(corpus, current, Filters()),
        "examples": _examples(cards),
        "story": told.card if told else None,
        "story_text": excerpt(told.description, STORY_LENGTH) if told else "",
        "today": utcnow().date(),
    }


def _examples(cards: tuple[Card, ...]) -> list[Any]:
    """Communes that have an answer, the first of the list."""
    communes = {card.here[0].key: card.here[0] for card in cards if card.here[0].level == Level.COMMUNE}
    return list(communes.values())[:EXAMPLES]

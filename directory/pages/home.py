"""The home page: one question, its answer, then the map, one story and the figures."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from directory.core.time import utcnow
from directory.initiatives.filters import Filters
from directory.initiatives.index import Corpus
from directory.initiatives.public import Card, figures, search, story
from directory.pages.answer import ask
from directory.pages.excerpt import excerpt
from directory.reference.keys import Level
from directory.web.caching import public_answer
from directory.web.database import session

blueprint = Blueprint("home", __name__)

STORY_LENGTH = 420
EXAMPLES = 3


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The question, or its answer when the address holds a place (`lieu`, words) or a territory (`cle`, a key)."""
    corpus = current_app.extensions["corpus"].current(session())
    typed, key = request.args.get("lieu", ""), request.args.get("cle", "")
    question = ask(session(), corpus, current_app.extensions["gazetteer"], typed=typed, key=key)
    if question.typed:
        return render_template("pages/home.html", question=question, today=utcnow().date()), question.status
    return public_answer(
        corpus.version, lambda: render_template("pages/home.html", question=question, **_sections(session(), corpus))
    )


def _sections(current: Session, corpus: Corpus) -> dict[str, Any]:
    """What stands under the question: places to try, one story, the figures of the corpus."""
    cards = search(corpus, current, Filters()).cards
    told = story(corpus, current)
    return {
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

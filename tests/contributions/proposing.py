"""A browser without scripts on `/proposer`: opens a page, types over it, presses the button."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.contributions.models import Draft
from directory.core import tokens
from directory.core.jobs import Job

SENTENCE = "Deux écoles s’écrivent et se rendent visite."
EMAIL = "a.riou@exemple.org"
PLACES = {"here-0-typed": "Morlaix", "there-0-typed": "Bamako, Mali", "there-0-shown_as": "region"}
ANSWERS = (
    ("lieux", PLACES),
    ("structure", {"carrier": "Les Amis du Vakinankaratra", "email": EMAIL}),
    ("partenaire", {"partners-0-name": "Lycée Kankou", "partners-0-agreement": "yes", "main_sector": "education"}),
    ("histoire", {"since_year": "2015", "stage": "ongoing", "title": "Deux rives, deux écoles"}),
)


class _Fields(HTMLParser):
    """What a browser would send back of a page's forms, without pressing any named button."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "textarea":
            self._area, self.values[name] = name, ""
        if tag != "input" or not name or (given.get("type") in ("radio", "checkbox") and "checked" not in given):
            return
        self.values.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def fields(page: TestResponse) -> dict[str, str]:
    """The fields of a page as it fills them."""
    parser = _Fields()
    parser.feed(page.text)
    return parser.values


def fill(client: FlaskClient, address: str, typed: dict[str, str], page: TestResponse | None = None) -> TestResponse:
    """Open a page (or use the one given), type over it and press the button."""
    shown = page or client.get(address)
    return client.post(address, data=fields(shown) | typed)


def begin(client: FlaskClient, sentence: str = SENTENCE) -> int:
    """A draft begun by this browser: its number."""
    answer = fill(client, "/proposer", {"summary": sentence})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].split("/")[2])


def answer_all(client: FlaskClient, draft_id: int, **changes: dict[str, str]) -> None:
    """The nine other questions."""
    for slug, typed in ANSWERS:
        answer = fill(client, f"/proposer/{draft_id}/{slug}", typed | changes.get(slug, {}))
        assert answer.status_code == 303, answer.text


def stored(session: Session, draft_id: int) -> Draft:
    """The draft as the database holds it now."""
    session.expire_all()
    return session.get_one(Draft, draft_id)


def answers(session: Session, draft_id: int) -> dict[str, Any]:
    """The answers of a draft as the database holds them now."""
    found: dict[str, Any] = stored(session, draft_id).typed["answers"]
    return found


def kinds(session: Session) -> list[str]:
    """What waits to be mailed."""
    return list(session.scalars(select(Job.kind).order_by(Job.id)))


def link_of(app: Flask, draft: Draft, email: str = EMAIL) -> str:
    """The address that a mail gives for a draft."""
    token = tokens.sign(app.config["SECRET_KEY"], "draft", [draft.id, draft.nonce, email])
    return f"/proposer/lien/{token}"

"""Reporting a sheet: no account, nothing typed lost, a receipt; then the decision is followed and contested."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.initiatives.models import Initiative
from directory.reports.models import Report
from tests.factories import make_initiative

CONTENT = {
    "kind": "inaccurate",
    "part": "story",
    "statement": "Les élèves n’étaient pas cent,\nmais dix.",
    "proposal": "Dix élèves.",
    "name": "Awa Diallo",
    "email": "awa@example.org",
    "is_in_good_faith": "oui",
}
REPLY = {
    "part": "heading",
    "statement": "« Ils ont abandonné l’école »",
    "reply": "Nous n’avons rien abandonné.\nL’école a rouvert en 2024.",
    "signature": "La mairie de Morlaix",
    "name": "Yves Le Goff",
    "email": "mairie@example.org",
    "is_in_good_faith": "oui",
}


def words(answer: TestResponse) -> str:
    """What the page says, without its tags, single-spaced."""
    text = re.sub(r"<(script|style|head).*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(html.unescape(text).replace("\u00a0", " ").split())


def address(initiative: Initiative, subject: str = "") -> str:
    return f"/initiatives/{initiative.slug}/signaler" + (f"?sujet={subject}" if subject else "")


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the first form of a page."""
    found = {}
    for field in re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name:
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def reports(session: Session) -> list[Report]:
    session.expire_all()
    return list(session.scalars(select(Report).order_by(Report.id)))


@pytest.fixture
def send(client: FlaskClient) -> Any:
    """Fill in the form of a sheet and send it, as somebody who takes the time to write."""

    def sent(initiative: Initiative, subject: str = "", **typed: Any) -> TestResponse:
        page = client.get(address(initiative, subject)).get_data(as_text=True)
        usual = REPLY if subject == "reponse" else CONTENT
        data = {name: value for name, value in {**hidden(page), **usual, **typed}.items() if value is not None}
        return client.post(address(initiative, subject), data=data)

    return sent


def test_a_report_is_taken_in_and_followed_without_an_account(session: Session, client: FlaskClient, send: Any) -> None:
    initiative = make_initiative(session)
    page = client.get(address(initiative))
    assert page.status_code == 200
    assert "Signaler un contenu" in words(page)
    answer = send(initiative)
    assert answer.status_code == 303
    (report,) = reports(session)
    assert (report.kind, report.part, report.name, report.email) == (
        "inaccurate",
        "story",
        "Awa Diallo",
        CONTENT["email"],
    )
    followed = client.get(answer.headers["Location"])
    assert followed.status_code == 200
    assert report.reference in words(followed)
    assert "Réseau Bretagne Solidaire le lit et vous répond" in words(followed)

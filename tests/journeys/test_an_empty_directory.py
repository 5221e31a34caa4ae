"""A process that began with nothing published shows what comes first, and nothing again once it is withdrawn."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.operations import withdraw
from tests.factories import ANTSIRABE, make_account, make_initiative

PAGES = (
    "/initiatives",
    "/initiatives?pays=MG&q=liens",
    "/initiatives.atom",
    "/territoires/p:MG",
    "/territoires/p:MG.atom",
    "/carte/liste?ici=d:29",
    "/organisations?q=a",
)


def told(client: FlaskClient, title: str) -> list[bool]:
    """Whether each page says a title; none fails."""
    found = []
    for page in PAGES[:-1]:
        answer = client.get(page)
        assert answer.status_code in (200, 400), page  # Madagascar is no choice while nothing leads there
        found.append(title in re.sub("</?mark>", "", answer.get_data(as_text=True)))
    assert client.get(PAGES[-1]).status_code == 200
    return found


def test_the_first_sheet_is_shown_everywhere_and_leaves_no_trace(client: FlaskClient, session: Session) -> None:
    curator = make_account(session, curates="reseau-bretagne-solidaire")
    session.commit()
    for title in ("Un premier lien", "Un lien revenu"):
        assert not any(told(client, title))
        initiative = make_initiative(session, title=title, there=(ANTSIRABE,))
        session.commit()
        assert all(told(client, title))
        withdraw(session, initiative, actor=curator)
        session.commit()
        assert not any(told(client, title))

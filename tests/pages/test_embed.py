"""« Intégrer »: what another site copies, and what it then shows in its own pages."""

from __future__ import annotations

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, make_initiative


def code_of(body: str) -> str:
    """The element that a person copies."""
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", body, re.S)
    assert found is not None
    return html.unescape(found[1])


@pytest.mark.parametrize(("form", "frame"), [("carte", "/integrer/carte"), ("liste", "/integrer/liste")])
def test_the_code_to_copy_keeps_the_selection(client: FlaskClient, session: Session, form: str, frame: str) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    body = client.get(f"/integrer?forme={form}&ici=c:29232&hauteur=450").text
    code = code_of(body)
    assert re.match(rf'<iframe src="https?://[^"]+{frame}\?ici=c:29232" ', code)
    assert 'height="450"' in code
    assert f'src="{frame}?ici=c:29232"' in body, "the preview shows the same"


def test_a_title_of_people_cannot_leave_its_attribute(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    code = code_of(client.get('/integrer?q="><script>').text)
    assert code.count("<") == 2, "the element and its end"


def test_a_list_may_be_framed_by_any_site_and_its_links_leave_the_frame(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Mada-Breizh", here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, title="Ailleurs", here=(MORLAIX,), there=(ANTSIRABE,))
    response = client.get("/integrer/liste?ici=c:29232")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert '<base target="_blank">' in response.text
    assert "Mada-Breizh" in response.text
    assert "Ailleurs" not in response.text


def test_the_map_may_be_framed_by_any_site(client: FlaskClient) -> None:
    response = client.get("/integrer/carte")
    assert "frame-ancestors *" in response.headers["Content-Security-Policy"]
    assert '<base target="_blank">' in response.text
    assert "Raconter une initiative" not in response.text, "no menu"


def test_other_pages_are_framed_by_nobody(client: FlaskClient) -> None:
    for address in ("/", "/carte", "/initiatives", "/integrer"):
        assert "frame-ancestors 'none'" in client.get(address).headers["Content-Security-Policy"]


@pytest.mark.parametrize("query", ["forme=pdf", "hauteur=12", "hauteur=99999", "hauteur=é", "secteur=zzz"])
def test_what_means_nothing_is_told_in_words(client: FlaskClient, query: str) -> None:
    response = client.get(f"/integrer?{query}")
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert "<iframe" not in response.text


def test_a_refused_list_says_so_in_its_frame(client: FlaskClient) -> None:
    for query in ("pays=XX", "page=999"):
        answer = client.get(f"/integrer/liste?{query}")
        assert answer.status_code == 400
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "Cette liste n’a pas pu être faite" in answer.text


def test_the_code_of_a_page_of_a_list_is_refused(client: FlaskClient) -> None:
    answer = client.get("/integrer?page=999")
    assert answer.status_code == 400
    assert "pas sa page 999" in answer.text

"""The question of the home page and its answers, as a visitor reads them."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.vocabulary import Disclosure
from tests.factories import ANTSIRABE, MORLAIX, PUERTO_LOPEZ, QUIMPER, SEGOU, make_initiative


def heading(body: str) -> str:
    """The words of the first title of a page, spaces made plain."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", body, re.S)
    assert found is not None
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", found[1])).split())


def test_the_home_page_asks_one_question_even_without_any_initiative(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert heading(response.text) == "Qu’est-ce qui relie ma commune au monde ?"
    assert 'name="lieu"' in response.text


def test_a_commune_with_links_reads_as_a_sentence(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, here=(QUIMPER,), there=(PUERTO_LOPEZ,))
    response = client.get("/?cle=c:29232")
    assert response.status_code == 200
    assert heading(response.text) in (
        "Deux initiatives relient Quimper à Madagascar et à l’Équateur",
        "Deux initiatives relient Quimper à l’Équateur et à Madagascar",
    )


def test_a_commune_without_links_says_so_and_names_the_nearest(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(MORLAIX,), title="Écoles de Morlaix")
    response = client.get("/?cle=c:29199")
    assert heading(response.text) == (
        "Aucune initiative connue à Plouigneau ; la plus proche : Morlaix. Vous en connaissez une ?"
    )
    assert "Écoles de Morlaix" in response.text
    assert re.search(r"à \d+\u00a0km de\u00a0Plouigneau", response.text)


def test_one_initiative_in_two_places_is_counted_once(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER, MORLAIX), there=(ANTSIRABE, PUERTO_LOPEZ))
    assert heading(client.get("/?cle=d:29").text).startswith("Une initiative relie le Finistère ")


def test_a_protected_place_shows_its_country_alone(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(replace(SEGOU, shown_as=Disclosure.COUNTRY),))
    body = client.get("/?cle=c:29232").text
    assert "lieu protégé" in body
    assert "Ségou" not in body


@pytest.mark.parametrize("key", ["zzz", "c:99999", "p:ML", "v:1", "c:29232'", "é", "c:29232,c:29151"])
def test_a_key_that_means_no_place_here_is_refused_at_the_field(client: FlaskClient, key: str) -> None:
    response = client.get("/", query_string={"cle": key})
    assert response.status_code == 400
    assert 'aria-invalid="true"' in response.text


@pytest.mark.parametrize("typed", ["a" * 81, "Quim\u0085per", "e" + "\u0301" * 40])
def test_unreadable_words_come_back_in_the_field_with_a_message(client: FlaskClient, typed: str) -> None:
    response = client.get("/", query_string={"lieu": typed})
    assert response.status_code == 400
    assert "aria-describedby" in response.text
    assert html.escape(typed[:80]) in response.text


@pytest.mark.parametrize("typed", ["\x00", "%ff", "a\x1bb"])
def test_control_characters_never_break_the_page(client: FlaskClient, typed: str) -> None:
    assert client.get("/", query_string={"lieu": typed}).status_code in (200, 400)


def test_what_was_typed_is_shown_as_text(client: FlaskClient) -> None:
    response = client.get("/", query_string={"lieu": '"><script>alert(1)</script>'})
    assert "<script>alert" not in response.text


class TestWithTheGazetteer:
    """Words are looked up in the embedded gazetteer."""

    @pytest.fixture(autouse=True)
    def _has_gazetteer(self, client: FlaskClient) -> None:
        assert client.application.extensions["gazetteer"] is not None, "set DIRECTORY_GAZETTEER (script/test does)"

    def test_a_sure_name_is_answered(self, client: FlaskClient, session: Session) -> None:
        make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
        response = client.get("/", query_string={"lieu": "quimper"})
        assert response.status_code == 200
        assert heading(response.text) == "Une initiative relie Quimper à Madagascar"

    def test_namesakes_are_offered_and_none_is_chosen(self, client: FlaskClient) -> None:
        body = client.get("/", query_string={"lieu": "Saint-Denis"}).text
        assert heading(body) == "Plusieurs lieux s’appellent Saint-Denis. Lequel ?"
        assert "cle=c:93066" in body
        assert "cle=c:97411" in body
        assert "checked" not in body

    def test_a_place_there_leads_to_its_initiatives(self, client: FlaskClient) -> None:
        body = client.get("/", query_string={"lieu": "Antananarivo"}).text
        assert "labas=" in body

    def test_an_unknown_name_stays_in_the_field(self, client: FlaskClient) -> None:
        response = client.get("/", query_string={"lieu": "xyzzyq"})
        assert response.status_code == 200
        assert heading(response.text) == "Nous ne connaissons pas ce lieu"
        assert 'value="xyzzyq"' in response.text

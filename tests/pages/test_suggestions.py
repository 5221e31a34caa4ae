"""GET /suggestions: what the search box is told, and what it answers to anything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.initiatives.content import OrganisationContent
from directory.pages.suggestions import marked
from tests.factories import ANTSIRABE, PUERTO_LOPEZ, QUIMPER, make_initiative

patient = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
Asked = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def asked(client: FlaskClient) -> Asked:
    """What is proposed for a text."""

    def ask(text: str) -> list[dict[str, Any]]:
        response = client.get("/suggestions", query_string={"q": text})
        assert response.status_code == 200
        found: list[dict[str, Any]] = response.get_json()["suggestions"]
        return found

    return ask


def test_each_suggestion_says_what_it_gives_and_where_it_leads(asked: Asked, session: Session) -> None:
    carriers = (OrganisationContent("Quimper solidaire", "association"),)
    make_initiative(session, title="Quimper écoute", carriers=carriers, here=(QUIMPER,), there=(ANTSIRABE,))
    told = {(one["kind"], one["label"]): one for one in asked("quimper")}
    place = told["place", "Quimper"]
    assert place["detail"] == "commune, Finistère · une initiative"
    assert (place["side"], place["href"], place["query"]) == ("here", "/territoires/c:29232", {"ici": "c:29232"})
    organisation = told["organisation", "Quimper solidaire"]
    assert organisation["detail"].endswith("Finistère · une initiative")
    assert organisation["href"] == "/organisations/quimper-solidaire"
    assert organisation["query"] == {"organisation": "quimper-solidaire"}
    initiative = told["initiative", "Quimper écoute"]
    assert (initiative["href"], initiative["query"]) == ("/initiatives/quimper-ecoute", None)
    assert initiative["ends"] == ["Quimper", "Antsirabe"]
    assert initiative["marked"] == [["Quimper", True], [" écoute", False]]


def test_countries_and_sectors_set_a_filter(asked: Asked, session: Session) -> None:
    make_initiative(session, there=(ANTSIRABE,), main_sector="sante")
    country = next(one for one in asked("madag") if one["kind"] == "country")
    assert (country["query"], country["side"]) == ({"labas": "p:MG"}, "there")
    sector = next(one for one in asked("sante") if one["kind"] == "sector")
    assert (sector["query"], sector["href"]) == ({"secteur": "sante"}, "/initiatives?secteur=sante")


def test_a_commune_without_any_initiative_invites_to_look_around(asked: Asked, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,))
    (found,) = asked("plouigneau")
    assert found["label"] == "Voir ce qui est autour de\u00a0Plouigneau"
    assert found["detail"] == "commune, Finistère · aucune initiative connue\u00a0; une dans le\u00a0Finistère"
    assert (found["query"], found["href"]) == ({"ici": "d:29"}, "/territoires/c:29199")


@pytest.mark.parametrize("text", ["madagascra", "madagasacr", "Madagaskar"])
def test_a_misspelt_country_is_understood(asked: Asked, session: Session, text: str) -> None:
    make_initiative(session, there=(ANTSIRABE,))
    assert [(one["label"], one["detail"]) for one in asked(text)] == [("Madagascar", "pays · une initiative")]


def test_a_town_there_without_any_leads_to_its_country(asked: Asked, session: Session) -> None:
    make_initiative(session, there=(ANTSIRABE,))
    found = next(one for one in asked("fianarantsoa") if one["label"] == "Fianarantsoa")
    assert found["query"] == {"labas": "p:MG"}
    assert found["detail"].endswith("aucune initiative connue\u00a0; une à\u00a0Madagascar")


def test_a_commune_is_found_with_what_holds_it(asked: Asked) -> None:
    assert asked("Saint-Denis de La Réunion")[0]["query"] == {"ici": "c:97411"}


def test_without_the_gazetteer_the_rest_is_proposed(app: Flask, asked: Asked, session: Session) -> None:
    app.extensions["gazetteer"] = None
    make_initiative(session, here=(QUIMPER,))
    assert asked("quimper")[0]["label"] == "Quimper"
    assert asked("senagal") == []


@pytest.mark.parametrize("limit", ["0", "-1", "21", "999", "x", "", "1e1", "٣", "1.5"])
def test_a_limit_that_means_nothing_is_refused(client: FlaskClient, limit: str) -> None:
    response = client.get("/suggestions", query_string={"q": "quimper", "limite": limit})
    assert response.status_code == 400
    assert response.content_type == "application/problem+json"
    assert "de 1 à 20" in response.get_json()["detail"]


def test_the_limit_holds(client: FlaskClient, session: Session) -> None:
    for number in range(4):
        make_initiative(session, title=f"Quimper, classe {number}", here=(QUIMPER,))
    for limit in (1, 3, 20):
        found = client.get(f"/suggestions?q=quimper&limite={limit}").get_json()["suggestions"]
        assert len(found) == min(limit, len(found))
    assert len(client.get("/suggestions?q=quimper&limite=1").get_json()["suggestions"]) == 1


@pytest.mark.parametrize("text", ["\x00", "a\x1b", "\ud800".encode("utf-8", "surrogatepass"), "x" * 201])
def test_a_text_that_cannot_be_read_is_refused(client: FlaskClient, text: str | bytes) -> None:
    response = client.get("/suggestions", query_string={"q": text})
    assert response.status_code == 400
    assert response.get_json()["detail"]


def test_an_answer_is_kept_and_asked_about_again(client: FlaskClient, session: Session) -> None:
    first = client.get("/suggestions?q=quimper")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/suggestions?q=quimper", headers=again).status_code == 304
    make_initiative(session, here=(QUIMPER,))
    assert client.get("/suggestions?q=quimper", headers=again).status_code == 200


def test_few_statements_answer_any_text(client: FlaskClient, session: Session, count_queries: list[str]) -> None:
    make_initiative(session, title="Quimper, classe", here=(QUIMPER,))
    client.get("/suggestions?q=qu")
    for text in ("quimper", "q", "classe quimper", "zzzz"):
        count_queries.clear()
        client.get("/suggestions", query_string={"q": text})
        assert len([one for one in count_queries if "SAVEPOINT" not in one]) <= 4, text


HOSTILE = [
    "<script>pwned()</script>", "'\"><img src=x>", "a' OR 1=1 --", 'x" OR heading:"y', "NEAR(a b)", "*", "a*", ":*",
    "&|!()", "quimper & !x", "\\", "%", "_", "(" * 40, '"' * 40, "- -", "heading : a", "{{7*7}}", "é" * 80, "🌍",
    "日本", "العربية", "½", "ﬁ", "²", "\u202e", "e\u0301" * 8, "de la du", "l’", "st brieuc", "29200", "48.1,-2.7",
    "a" * 200, "a b " * 50,
]  # fmt: skip


def test_no_syntax_of_a_database_comes_in(client: FlaskClient, session: Session) -> None:
    title = "NEAR heading <script>pwned()</script> OR quimper"
    make_initiative(session, title=title, carriers=(OrganisationContent(title, "association"),))
    for text in HOSTILE:
        response = client.get("/suggestions", query_string={"q": text})
        assert response.status_code == 200, text
        for one in response.get_json()["suggestions"]:
            assert "".join(piece for piece, _ in one["marked"]) == one["label"], text


def test_hostile_names_stay_text(client: FlaskClient, session: Session) -> None:
    name = "<img src=x onerror=pwned()> zebulon"
    place = replace(PUERTO_LOPEZ, name="<b>zebulon</b>", label="<b>zebulon</b>")
    make_initiative(session, title=name, carriers=(OrganisationContent(name, "association"),), there=(place,))
    response = client.get("/suggestions?q=zebulon")
    assert response.content_type == "application/json"
    assert {one["label"] for one in response.get_json()["suggestions"]} == {name, "<b>zebulon</b>"}


@patient
@given(text=st.text(max_size=60), limit=st.none() | st.text(max_size=4))
@example(text="'", limit=None)
@example(text="\u0130", limit="8")
def test_any_text_gets_an_answer(client: FlaskClient, text: str, limit: str | None) -> None:
    query = {"q": text} if limit is None else {"q": text, "limite": limit}
    response = client.get("/suggestions", query_string=query)
    assert response.status_code in (200, 400)
    assert response.get_json()


@given(label=st.text(max_size=40), names=st.lists(st.text(alphabet="abeoœ1", min_size=1, max_size=3), max_size=3))
@example(label="Œuvre", names=["o"])
@example(label="Œuvre", names=["oeu"])
@example(label="½ mot", names=["1"])
def test_marks_change_nothing_of_a_label(label: str, names: list[str]) -> None:
    pieces = marked(label, names)
    assert "".join(piece for piece, _ in pieces) == label
    assert all(piece for piece, _ in pieces)


def test_the_letters_typed_are_marked_in_each_word() -> None:
    found = marked("Œuvre des écoles d’Antsirabé", ["oeuv", "ec", "antsirabe"])
    assert [piece for piece, is_typed in found if is_typed] == ["Œuv", "éc", "Antsirabé"]

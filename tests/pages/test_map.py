"""The list beside the map: its sentence, its choices with their counts, what it says of nothing, without script too."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.operations import withdraw
from directory.reference import wording
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SEGOU,
    SUVA,
    make_account,
    make_initiative,
)
from tests.pages.test_home import heading

NBSP = "\u00a0"


@pytest.fixture
def links(session: Session) -> None:
    """Three initiatives: two of Bretagne, one of them with two ends on both sides."""
    make_initiative(session, title="Eau claire", here=(QUIMPER,), there=(ANTSIRABE,), main_sector="eau-assainissement")
    make_initiative(session, title="Deux écoles", here=(MORLAIX, QUIMPER), there=(PUERTO_LOPEZ, SUVA), since_year=1999)
    make_initiative(session, title="Bords de Garonne", here=(BORDEAUX,), there=(ANTSIRABE,), since_year=None)


def asked(client: FlaskClient, query: str) -> dict[str, Any]:
    """The list of a selection."""
    response = client.get(f"/carte/liste?{query}")
    assert response.status_code == 200
    answer: dict[str, Any] = response.get_json()
    return answer


def counts(answer: dict[str, Any], facet: str) -> dict[str, int]:
    """The choices of a facet that are offered, with their counts."""
    return {one["value"]: one["count"] for one in answer["facets"][facet]}


@pytest.mark.usefixtures("links")
def test_the_sentence_of_the_list_is_that_of_its_page_and_of_the_directory(client: FlaskClient) -> None:
    answer = asked(client, "ici=r:53&labas=p:EC")
    assert answer["sentence"] == "Une initiative relie la\u00a0Bretagne à\u00a0l’Équateur"
    assert [part for part in answer["parts"] if part[1]] == [
        ["la\u00a0Bretagne", "here"],
        ["à\u00a0l’Équateur", "there"],
    ]
    assert "".join(text for text, _ in answer["parts"]) == answer["sentence"]
    for page in ("/carte", "/initiatives"):
        told = re.sub("<[^>]*>", "", heading(client.get(f"{page}?ici=r:53&labas=p:EC").text))
        assert told.removesuffix(".") == wording.plain(answer["sentence"])


@pytest.mark.usefixtures("links")
def test_choices_come_with_their_counts_only_when_they_are_asked_for(client: FlaskClient) -> None:
    assert "facets" not in asked(client, "")
    assert counts(asked(client, "facettes=1"), "pays") == {"MG": 2, "EC": 1, "FJ": 1}


@pytest.mark.usefixtures("links")
def test_a_facet_ignores_its_own_choice_and_follows_the_others(client: FlaskClient) -> None:
    answer = asked(client, "facettes=1&pays=MG&region=53")
    assert counts(answer, "pays") == {"MG": 1, "EC": 1, "FJ": 1}
    assert counts(answer, "region") == {"53": 1, "75": 1}
    assert [one["value"] for one in answer["facets"]["pays"] if one["chosen"]] == ["MG"]


@pytest.mark.usefixtures("links")
def test_what_gives_nothing_is_not_offered_and_what_is_chosen_stays(client: FlaskClient) -> None:
    answer = asked(client, "facettes=1&ici=c:33063&pays=EC")
    assert counts(answer, "pays") == {"MG": 1, "EC": 0}
    assert counts(answer, "departement") == {}


@pytest.mark.usefixtures("links")
def test_every_choice_in_force_can_be_taken_off(client: FlaskClient) -> None:
    answer = asked(client, "q=eau&region=53&ici=c:29232&bbox=-10,40,10,50&depuis=1990&tri=titre")
    chips = {(one["facet"], one["value"]): one["href"] for one in answer["chips"]}
    assert set(chips) == {
        ("q", "eau"), ("region", "53"), ("depuis", "1990"), ("ici", "c:29232"), ("bbox", "-10,40,10,50"),
    }  # fmt: skip
    assert "region" not in chips["region", "53"]
    assert "tri=titre" in chips["region", "53"]


@pytest.mark.usefixtures("links")
def test_a_town_there_keeps_its_name_where_nothing_links_it(client: FlaskClient) -> None:
    town = asked(client, "q=Garonne")["items"][0]["there"]
    assert town["key"].startswith("v:")
    answer = asked(client, f"ici=r:53&labas={town['key']}&q=zeppelin")
    assert answer["total"] == 0
    assert {"facet": "labas", "value": town["key"], "label": town["name"]}.items() <= answer["chips"][-1].items()
    assert f"entre la\u00a0Bretagne et {town['name']}" in answer["sentence"]


@pytest.mark.usefixtures("links")
def test_nothing_between_two_places_names_both_and_says_what_would_widen(client: FlaskClient) -> None:
    answer = asked(client, "ici=r:75&labas=p:EC&secteur=education")
    assert answer["sentence"] == (
        "Aucune initiative connue entre la\u00a0Nouvelle-Aquitaine et l’Équateur, en éducation. "
        f"Vous en connaissez une{NBSP}?"
    )
    assert {one["facet"]: one["words"] for one in answer["wider"]} == {
        "secteur": "aucune non plus pour l’instant",
        "ici": "une initiative",
        "labas": "une initiative",
    }
    assert answer["subject"] == ""


@pytest.mark.usefixtures("links")
def test_the_visible_part_of_the_map_is_said(client: FlaskClient) -> None:
    assert asked(client, "bbox=40,-30,60,-10")["sentence"] == "Deux initiatives dans la partie visible de la carte"
    assert asked(client, "bbox=-150,0,-149,1")["sentence"] == (
        f"Aucune initiative connue dans la partie visible de la carte. Vous en connaissez une{NBSP}?"
    )


@pytest.mark.usefixtures("links")
def test_the_whole_is_told_in_one_number(client: FlaskClient) -> None:
    assert asked(client, "")["subject"] == "Trois initiatives"
    assert asked(client, "secteur=eau-assainissement")["subject"] == "Une initiative, en eau et assainissement"
    for placed in ("ici=r:53", "pays=MG", "q=eau", "bbox=40,-30,60,-10"):
        assert asked(client, placed)["subject"] == ""


def test_a_withdrawn_initiative_leaves_the_list_its_counts_and_its_link(client: FlaskClient, session: Session) -> None:
    initiative = make_initiative(session, here=(QUIMPER,), there=(SEGOU,))
    link = "facettes=1&ici=r:53&labas=p:ML"
    assert asked(client, link)["total"] == 1
    withdraw(session, initiative, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    answer = asked(client, link)
    assert (answer["total"], answer["items"], answer["facets"]["pays"]) == (0, [], [])
    assert answer["sentence"].startswith("Aucune initiative connue entre la\u00a0Bretagne et le\u00a0Mali.")


@pytest.mark.parametrize(
    "query",
    [
        "secteur=zz", "ici=p:ML", "labas=c:29232", "ici=rien", "bbox=1,2,3", "bbox=0,50,0,40", "bbox=nan,nan,nan,nan",
        "page=0", "page=99", "depuis=2105", "q=a%00b", "&".join(f"pays={number}" for number in range(60)),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_with_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/carte/liste?{query}")
    assert answer.status_code == 400
    assert answer.get_json()["detail"]
    page = client.get(f"/carte?{query}")
    assert page.status_code == 400
    assert 'class="map-item"' not in page.text


def test_ten_thousand_keys_are_refused_before_they_are_read(client: FlaskClient) -> None:
    keys = "&".join(f"ici=c:{number:05}" for number in range(10_000))
    assert client.get(f"/carte/liste?{keys}").status_code == 414


@pytest.mark.usefixtures("links")
def test_without_script_the_page_offers_every_choice_with_its_count(client: FlaskClient) -> None:
    body = client.get("/carte?region=53").text
    assert '<option value="MG">Madagascar (1)</option>' in body
    assert '<input type="hidden" name="region" value="53">' in body
    assert 'href="/initiatives.csv?region=53"' in body
    assert 'href="/integrer?region=53"' in body


def test_without_script_the_list_goes_from_page_to_page(client: FlaskClient, session: Session) -> None:
    for number in range(23):
        make_initiative(session, title=f"Initiative {number}", here=(QUIMPER,), there=(ANTSIRABE,))
    first = client.get("/carte?region=53").text
    assert 'rel="next" href="/carte?region=53&amp;page=2"' in first
    assert 'rel="prev"' not in first
    second = client.get("/carte?region=53&page=2").text
    assert second.count('class="map-item"') == 3
    assert 'rel="prev" href="/carte?region=53"' in second

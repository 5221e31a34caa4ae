"""Portraits of territories, on both sides, as a visitor reads them."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import OrganisationContent, PartnerContent
from directory.initiatives.vocabulary import Agreement, Disclosure, Stage
from directory.pages.parts.charts import bars, year_chart
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SAINT_DENIS,
    SEGOU,
    make_initiative,
    make_territory_anchor,
)
from tests.pages.test_home import heading


def words(body: str) -> str:
    """What a page says, spaces made plain."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("c:29232", "Une initiative relie Quimper à Madagascar"),
        ("e:200068120", "Une initiative relie Quimper Bretagne Occidentale à Madagascar"),
        ("d:29", "Deux initiatives relient le Finistère à Madagascar et à l’Équateur"),
        ("r:53", "Deux initiatives relient la Bretagne à Madagascar et à l’Équateur"),
        ("z:FX", "Deux initiatives relient l’Hexagone et la Corse à Madagascar et à l’Équateur"),
        ("p:MG", "Deux initiatives relient la Bretagne et La Réunion à Madagascar"),
        ("v:1069166", "Deux initiatives relient la Bretagne et La Réunion à Antsirabe"),
        ("r:04", "Une initiative relie La Réunion à Madagascar"),
    ],
)
def test_a_portrait_says_in_one_sentence_what_links_the_territory(
    client: FlaskClient, session: Session, key: str, told: str
) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, here=(MORLAIX,), there=(PUERTO_LOPEZ,))
    make_initiative(session, here=(SAINT_DENIS,), there=(ANTSIRABE,))
    response = client.get(f"/territoires/{key}")
    assert response.status_code == 200
    said = heading(response.text)
    swapped = re.sub(r"à Madagascar et à l’Équateur", "à l’Équateur et à Madagascar", told)
    assert said in (told, swapped, told.replace("la Bretagne et La Réunion", "La Réunion et la Bretagne"))
    assert "Set-Cookie" not in response.headers


def test_a_territory_without_any_initiative_asks_and_shows_what_is_nearest(
    client: FlaskClient, session: Session
) -> None:
    make_initiative(session, here=(MORLAIX,), there=(ANTSIRABE,), title="Écoles de Morlaix")
    for key, name, near in (("c:29199", "Plouigneau", "de Plouigneau"), ("p:CM", "Cameroun", "du Cameroun")):
        body = client.get(f"/territoires/{key}").text
        assert heading(body).endswith("Vous en connaissez une ?"), key
        assert name in heading(body)
        assert "Écoles de Morlaix" in body
        assert near in words(body)
    assert "/territoires/c:29151" in client.get("/territoires/c:29199").text, "the neighbour that has links"


@pytest.mark.parametrize(
    "key", ["c:99999", "x", "p:FR", "p:ML'", "é", "c:29232,c:29151", "a" * 300, "v:0", "c:29232 ", "P:ML", "p:XX"]
)
def test_an_unknown_key_is_a_clear_page_not_found(client: FlaskClient, key: str) -> None:
    response = client.get(f"/territoires/{key}")
    assert response.status_code == 404
    assert "Ce territoire n’est pas dans nos listes." in response.text


def test_a_town_that_only_an_initiative_knows_has_its_portrait(client: FlaskClient, session: Session) -> None:
    client.application.extensions["gazetteer"] = None
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    assert heading(client.get("/territoires/v:1069166").text) == "Une initiative relie la Bretagne à Antsirabe"
    assert client.get("/territoires/v:2451185").status_code == 404


def test_few_initiatives_are_told_one_by_one_and_many_are_counted(client: FlaskClient, session: Session) -> None:
    for number in range(7):
        make_initiative(
            session,
            title=f"Lien {number}",
            here=(QUIMPER,) if number else (QUIMPER, MORLAIX),
            there=(ANTSIRABE, PUERTO_LOPEZ) if number else (ANTSIRABE,),
            main_sector="education" if number else "sante",
            since_year=2000 + number,
        )
    few = client.get("/territoires/c:29151").text
    assert "Lien 0" in few
    assert "Dans quels domaines" not in few
    body = client.get("/territoires/c:29232").text
    said = words(body)
    assert "Sept initiatives relient Quimper" in said
    assert re.search(r"Madagascar 7 initiatives .*Équateur 6 initiatives", said)
    assert re.search(r"Éducation 6 initiatives .*Santé 1 initiative ", said)
    assert "De 2000 à" in said
    assert "/initiatives?ici=c:29232&amp;pays=MG" in body
    assert "/initiatives?ici=c:29232&amp;secteur=education" in body


def test_every_link_of_a_portrait_gives_the_number_that_it_announced(client: FlaskClient, session: Session) -> None:
    for number in range(7):
        make_initiative(
            session,
            here=(QUIMPER, BORDEAUX) if number % 2 else (QUIMPER,),
            there=(ANTSIRABE, SEGOU) if number % 3 else (PUERTO_LOPEZ,),
            stage=Stage.ONGOING if number < 5 else Stage.PAUSED,
        )
    for key in ("c:29232", "r:53", "z:FX"):
        lines = re.findall(
            r'bars__name" href="(/initiatives[^"]+)">.*?bars__number number">(\d+)',
            client.get(f"/territoires/{key}").text,
            re.S,
        )
        assert len(lines) > 5, key
        for href, count in lines:
            shown = client.get(html.unescape(href)).text
            assert len(re.findall(r'<li class="card', shown)) == int(count), href


def test_a_protected_place_is_in_no_portrait_finer_than_what_is_shown(client: FlaskClient, session: Session) -> None:
    for number in range(7):
        make_initiative(session, title=f"Lien {number}", here=(QUIMPER,), there=(SEGOU,))
    for key in ("c:29232", "r:53", "p:ML"):
        body = client.get(f"/territoires/{key}").text
        assert "Mali" in body
        assert "Ségou" not in body
        assert "a:ML.05" not in body
    assert "Aucune initiative connue" in heading(client.get("/territoires/v:2451185").text)


def test_who_acts_is_named_and_a_partner_only_once_it_agreed(client: FlaskClient, session: Session) -> None:
    make_initiative(
        session,
        here=(QUIMPER,),
        there=(ANTSIRABE,),
        carriers=(OrganisationContent("Mada-Breizh"),),
        partners=(PartnerContent("Classe rurale", agreement=Agreement.YES),),
    )
    country = make_territory_anchor(session, "Madagascar", shown_as=Disclosure.COUNTRY)
    make_initiative(session, here=(QUIMPER,), there=(country,), partners=(PartnerContent("Silence"),))
    body = client.get("/territoires/d:29").text
    assert "/organisations/mada-breizh" in body
    assert "/organisations/classe-rurale" in body
    assert "Silence" not in body


def test_a_portrait_leads_to_what_holds_it_and_to_what_it_holds(client: FlaskClient, session: Session) -> None:
    for number in range(7):
        make_initiative(session, here=(MORLAIX if number else QUIMPER,))
    body = client.get("/territoires/d:29").text
    for key in ("r:53", "z:FX", "e:242900835", "c:29151", "c:29232"):
        assert f'href="/territoires/{key}"' in body, key
    assert 'href="/territoires/d:29.atom"' in body
    assert "Réseau Bretagne Solidaire" in body


def test_the_same_name_is_one_step_of_the_way(client: FlaskClient) -> None:
    body = client.get("/territoires/c:97411").text
    assert len(re.findall(r">La Réunion<", body.split("</nav>", 2)[1] + body.split("</nav>", 2)[0])) <= 1


def test_a_portrait_that_has_not_changed_is_not_sent_again(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,))
    for address in ("/territoires/d:29", "/territoires"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    make_initiative(session, here=(QUIMPER,))
    assert client.get("/territoires/d:29", headers={"If-None-Match": tag}).status_code == 200


def test_the_way_in_lists_regions_countries_and_overseas_territories(client: FlaskClient, session: Session) -> None:
    assert "Aucune initiative n’est publiée" in client.get("/territoires").text
    noumea = replace(
        SAINT_DENIS, label="Nouméa", name="Nouméa", keys=("c:98818", "d:988", "z:NC"), lon=166.44, lat=-22.27
    )
    make_initiative(session, here=(noumea,), there=(ANTSIRABE,))
    make_initiative(
        session, here=(QUIMPER,), there=(make_territory_anchor(session, "Mali", shown_as=Disclosure.COUNTRY),)
    )
    body = client.get("/territoires").text
    for key in ("z:NC", "r:53", "p:MG", "p:ML"):
        assert f'href="/territoires/{key}"' in body, key
    assert 'href="/territoires/z:FX"' not in body
    assert heading(client.get("/territoires/p:MG").text) == "Une initiative relie la Nouvelle-Calédonie à Madagascar"


def test_hostile_words_stay_words(client: FlaskClient, session: Session) -> None:
    attack = "<script>alert(1)</script>\"'&"
    make_initiative(
        session, title=attack, here=(replace(QUIMPER, label=attack),), carriers=(OrganisationContent(attack),)
    )
    for key in ("c:29232", "d:29", "p:EC"):
        assert "<script>alert" not in client.get(f"/territoires/{key}").text


class TestCharts:
    """Numbers before drawings."""

    def test_a_bar_is_as_long_as_its_number(self) -> None:
        assert [bar.length for bar in bars([("a", 40, ""), ("b", 10, "")])] == [100.0, 25.0]
        assert bars([]) == ()

    def test_years_are_gathered_when_they_are_many(self) -> None:
        chart = year_chart({1901: 2, 1985: 4, 2026: 1}, 3, 2026)
        assert chart is not None
        assert len(chart.columns) <= 36
        assert sum(column.count for column in chart.columns) == 7
        assert chart.undated == 3
        assert chart.columns[-1].label == "2025 à 2026", "no year is told before it came"

    def test_one_year_is_a_chart_too(self) -> None:
        chart = year_chart({2026: 1}, 0, 2026)
        assert chart is not None
        assert [(column.label, column.height) for column in chart.told] == [("2026", 100.0)]

    def test_nothing_known_is_no_chart(self) -> None:
        assert year_chart({}, 4, 2026) is None

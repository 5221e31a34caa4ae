"""The organisations and the networks, as a visitor finds them."""

from __future__ import annotations

import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import OrganisationContent, PartnerContent
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import Agreement, Disclosure, Origin
from directory.pages.networks import _title as title_of_network
from directory.pages.organisations import PER_PAGE
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    PUERTO_LOPEZ,
    QUIMPER,
    make_account,
    make_initiative,
    make_territory_anchor,
)
from tests.pages.test_home import heading


def names(client: FlaskClient, query: str = "") -> list[str]:
    """The organisations of a page of the list."""
    answer = client.get(f"/organisations{query}")
    assert answer.status_code == 200, query
    return re.findall(r'roll__name">.*?<bdi>(.*?)</bdi>', answer.text)


@pytest.fixture
def known(session: Session) -> None:
    """Three carriers and two named partners; one that did not answer."""
    make_initiative(
        session,
        here=(QUIMPER,),
        there=(ANTSIRABE,),
        carriers=(
            OrganisationContent("Mada-Breizh", "association"),
            OrganisationContent("Ville de Quimper", "commune"),
        ),
        partners=(PartnerContent("Écoles d’Antsirabe", "association", agreement=Agreement.YES),),
    )
    make_initiative(
        session,
        here=(QUIMPER,),
        there=(make_territory_anchor(session, "Madagascar", shown_as=Disclosure.COUNTRY),),
        carriers=(OrganisationContent("Mada-Breizh", "association"),),
        partners=(PartnerContent("Silence"),),
    )
    make_initiative(
        session,
        here=(BORDEAUX,),
        there=(PUERTO_LOPEZ,),
        carriers=(OrganisationContent("L’Élan bordelais", "association"),),
        partners=(PartnerContent("Escuela del Mar", agreement=Agreement.YES),),
    )


@pytest.mark.usefixtures("known")
def test_the_list_is_alphabetical_and_names_nobody_who_did_not_agree(client: FlaskClient) -> None:
    assert names(client) == [
        "Écoles d’Antsirabe", "Escuela del Mar", "L’Élan bordelais", "Mada-Breizh", "Ville de Quimper",
    ]  # fmt: skip
    assert heading(client.get("/organisations").text) == "5 organisations, ici et là-bas"


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=ecoles", ["Écoles d’Antsirabe"]),
        ("?q=ÉLAN", ["L’Élan bordelais"]),
        ("?q=quim vil", ["Ville de Quimper"]),
        ("?q=uimper", []),
        ("?q=%25", ["Écoles d’Antsirabe", "Escuela del Mar", "L’Élan bordelais", "Mada-Breizh", "Ville de Quimper"]),
        ("?cote=labas", ["Écoles d’Antsirabe", "Escuela del Mar"]),
        ("?cote=ici&acteur=association", ["L’Élan bordelais", "Mada-Breizh"]),
        ("?acteur=association&acteur=commune&ici=c:29232", ["Écoles d’Antsirabe", "Mada-Breizh", "Ville de Quimper"]),
        ("?pays=EC", ["Escuela del Mar", "L’Élan bordelais"]),
        ("?region=53&cote=ici", ["Mada-Breizh", "Ville de Quimper"]),
        ("?labas=p:MG&q=mada", ["Mada-Breizh"]),
        ("?q=m b m b m b m b m b m b m b m b m b", ["Mada-Breizh"]),
    ],
)
def test_it_is_searched_by_letters_typed_side_type_and_territory(
    client: FlaskClient, query: str, found: list[str]
) -> None:
    assert names(client, query) == found


@pytest.mark.parametrize(
    "query", ["?cote=x", "?acteur=x", "?ici=p:ML", "?page=0", "?page=999999", "?page=9", "?pays=XX", f"?q={'a' * 101}"]
)
def test_a_choice_that_means_nothing_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/organisations{query}").status_code == 400


def test_many_organisations_come_by_pages_and_letters_lead_into_them(client: FlaskClient, session: Session) -> None:
    several = tuple(OrganisationContent(f"Collectif {number:03}") for number in range(3))
    for start in range(0, PER_PAGE + 3, 3):
        carriers = tuple(OrganisationContent(f"{one.name} {start:03}") for one in several)
        make_initiative(session, here=(QUIMPER,), carriers=carriers, partners=())
    make_initiative(session, here=(QUIMPER,), carriers=(OrganisationContent("Zones humides"),), partners=())
    first = client.get("/organisations").text
    assert "Page 1 sur 2" in first
    assert 'rel="next" href="/organisations?page=2"' in first
    assert '<a href="/organisations?page=2">Z</a>' in first
    assert names(client, "?page=2")[-1] == "Zones humides"
    assert len(names(client)) == PER_PAGE


@pytest.mark.usefixtures("known")
def test_an_organisation_tells_what_it_takes_part_in_and_with_whom(client: FlaskClient) -> None:
    answer = client.get("/organisations/mada-breizh")
    body = answer.text
    assert heading(body) == "Mada-Breizh"
    assert "Deux initiatives, avec Madagascar" in body
    assert "depuis 2015" in body
    assert "/organisations/ville-de-quimper" in body
    assert "/organisations/ecoles-d-antsirabe" in body
    assert "Silence" not in body
    assert "/territoires/d:29" in body
    assert "/initiatives.atom?organisation=mada-breizh" in body
    described = [json.loads(one) for one in re.findall(r'ld\+json">(.*?)</script>', body, re.S)]
    assert any(one.get("@type") == "Organization" and one["name"] == "Mada-Breizh" for one in described)
    assert (
        client.get("/organisations/mada-breizh", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )


def test_what_is_published_or_withdrawn_meanwhile_is_seen_at_once(client: FlaskClient, session: Session) -> None:
    assert names(client) == []
    first = make_initiative(session, here=(QUIMPER,), carriers=(OrganisationContent("Mada-Breizh"),), partners=())
    assert names(client) == ["Mada-Breizh"]
    make_initiative(session, here=(QUIMPER,), carriers=(OrganisationContent("Ar Vro"),), partners=())
    assert names(client) == ["Ar Vro", "Mada-Breizh"]
    assert "Ar Vro" in client.get("/territoires/c:29232").text
    withdraw(session, first, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    assert names(client) == ["Ar Vro"]
    assert "Mada-Breizh" not in client.get("/territoires/c:29232").text


def test_a_network_says_what_it_covers_how_fresh_it_is_and_how_to_reach_it(
    client: FlaskClient, session: Session
) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    body = client.get("/reseaux/reseau-bretagne-solidaire").text
    assert "Une initiative relue, avec Madagascar" in body
    assert 'href="/territoires/r:53"' in body
    assert "Dernière fiche publiée ou mise à jour" in body
    assert "n’a pas encore dit en combien de temps" in body
    assert "/initiatives.atom?reseau=reseau-bretagne-solidaire" in body
    assert "Aucune fiche publiée" in client.get("/reseaux/so-cooperation").text
    for address in ("/reseaux", "/reseaux/so-cooperation"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_network_s_title_names_few_countries_and_counts_many_in_words() -> None:
    codes = ("ML", "SN", "BJ", "TG", "NE", "MG")
    assert title_of_network(7, [(f"p:{code}", code) for code in codes]) == "Sept initiatives relues, avec six pays"
    assert title_of_network(1, [("p:MG", "Madagascar")]) == "Une initiative relue, avec Madagascar"
    many = [(f"p:{number}", "") for number in range(17)]
    assert title_of_network(20, many) == "20 initiatives relues, avec 17 pays"


def test_twin_towns_of_a_public_list_are_counted_nowhere_and_have_their_page(
    client: FlaskClient, session: Session
) -> None:
    make_initiative(session, here=(QUIMPER,), carriers=(OrganisationContent("Mada-Breizh"),), partners=())
    make_initiative(
        session,
        here=(QUIMPER,),
        there=(PUERTO_LOPEZ,),
        carriers=(OrganisationContent("Comité de jumelage"),),
        origin=Origin.TWIN_TOWNS,
    )
    assert names(client) == ["Mada-Breizh"]
    assert "Comité de jumelage" not in client.get("/territoires/c:29232").text
    assert heading(client.get("/territoires/c:29232").text).startswith("Une initiative relie Quimper ")
    body = client.get("/organisations/comite-de-jumelage").text
    assert "Jumelage relevé dans une liste publique, avec l’Équateur" in body

"""A sheet, told from both ends, and what it must not tell."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import OrganisationContent, PartnerContent, SourceContent
from directory.initiatives.vocabulary import Agreement, Disclosure, Origin
from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, SEGOU, make_initiative, make_review
from tests.pages.test_home import heading


def test_a_sheet_names_both_ends_and_who_acts(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Mada-Breizh", here=(QUIMPER, MORLAIX), there=(ANTSIRABE,))
    body = client.get("/initiatives/mada-breizh").text
    assert heading(body) == "Mada-Breizh"
    for words in (
        "Quimper",
        "Morlaix",
        "Antsirabe",
        "Les Amis du monde",
        "Escuela del Mar",
        "Réseau Bretagne Solidaire",
    ):
        assert words in body


def test_a_sheet_from_a_public_source_says_so_and_gives_it(client: FlaskClient, session: Session) -> None:
    sources = (SourceContent("Page de l’association", "https://example.org/page"),)
    make_initiative(session, title="Deux rives", origin=Origin.PUBLIC_SOURCE, sources=sources)
    body = client.get("/initiatives/deux-rives").text
    assert "non validé par la structure" in body
    assert 'href="https://example.org/page" rel="nofollow ugc noopener"' in body


def test_what_is_missing_is_named(client: FlaskClient, session: Session) -> None:
    partners = (PartnerContent("Sans accord", agreement=Agreement.NOT_ASKED),)
    make_initiative(session, title="À compléter", since_year=None, partners=partners, description="")
    body = client.get("/initiatives/a-completer").text
    assert "La date de début n’est pas connue." in body
    assert "Le partenaire de là-bas n’est pas nommé." in body
    assert "Sans accord" not in body


def test_a_protected_place_leaks_nowhere_on_the_sheet(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Lien protégé", there=(replace(SEGOU, shown_as=Disclosure.COUNTRY),))
    body = client.get("/initiatives/lien-protege").text
    assert "lieu protégé&nbsp;: pays seulement" in body
    assert "Ségou" not in body
    assert "13.43" not in body
    assert "2451185" not in body


def test_the_linked_data_is_valid_json_that_cannot_close_its_element(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="</script><script>alert(1)</script>")
    body = client.get("/initiatives/script-script-alert-1-script").text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    assert found is not None
    document = json.loads(found[1])
    assert document["name"] == "</script><script>alert(1)</script>"
    assert [place["name"] for place in document["about"]["location"]] == ["Morlaix", "Puerto López"]


def test_the_language_of_the_content_is_told(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Two shores", language="en")
    assert '<h1 class="sheet__title" id="titre" lang="en">' in client.get("/initiatives/two-shores").text


def test_an_unpublished_sheet_does_not_exist(client: FlaskClient, session: Session) -> None:
    make_review(session)
    session.commit()
    assert client.get("/initiatives/ecoles-jumelles").status_code == 404
    assert client.get("/initiatives/rien").status_code == 404


def test_a_hostile_website_is_never_a_link(client: FlaskClient, session: Session) -> None:
    sources = (SourceContent("Source", None),)
    carriers = (OrganisationContent("Une structure", "association"),)
    make_initiative(session, title="Sans adresse", sources=sources, carriers=carriers)
    assert "javascript:" not in client.get("/initiatives/sans-adresse").text


def test_another_initiative_of_the_same_place_is_offered(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="La première", here=(QUIMPER,))
    make_initiative(session, title="La seconde")
    assert "aussi à Puerto López" in client.get("/initiatives/la-premiere").text

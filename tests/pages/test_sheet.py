"""A sheet, told from both ends, and what it must not tell."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.core.time import utcnow
from directory.initiatives.content import OrganisationContent, PartnerContent, SourceContent
from directory.initiatives.models import Revision
from directory.initiatives.operations import publish, record_revision
from directory.initiatives.vocabulary import Agreement, Disclosure, Origin
from directory.networks.models import Network
from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, SEGOU, make_account, make_content, make_initiative, make_review
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
    assert "non nommé à ce jour" in body
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
    other = (PartnerContent("Colegio del Mar", agreement=Agreement.YES),)
    make_initiative(
        session, title="La seconde", carriers=(OrganisationContent("D’autres", "association"),), partners=other
    )
    body = client.get("/initiatives/la-premiere").text
    assert "même ville là-bas\u00a0: Puerto López" in body


def test_another_initiative_of_an_actor_is_told_beside_its_name_and_nowhere_else(
    client: FlaskClient, session: Session
) -> None:
    make_initiative(session, title="La première", here=(QUIMPER,))
    make_initiative(session, title="La seconde")
    body = client.get("/initiatives/la-premiere").text
    assert body.count('href="/initiatives/la-seconde"') == 2, "once for each of the two actors"
    assert "Autre initiative&nbsp;: " in body


def test_the_way_to_a_sheet_is_the_directory_narrowed_by_both_ends(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Deux rives")
    body = client.get("/initiatives/deux-rives").text
    assert '<a href="/initiatives?region=53"><bdi>Bretagne</bdi></a>' in body
    assert '<a href="/initiatives?region=53&amp;pays=EC"><bdi>Équateur</bdi></a>' in body
    trail = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)[1])
    assert [item["name"] for item in trail["itemListElement"]] == ["Initiatives", "Bretagne", "Équateur"]
    assert trail["itemListElement"][2]["item"].endswith("/initiatives?region=53&pays=EC")


def test_each_end_says_when_it_last_answered(client: FlaskClient, session: Session) -> None:
    sources = (SourceContent("Page de l’association", "https://example.org/page"),)
    make_initiative(session, title="Racontée")
    make_initiative(session, title="Relevée", origin=Origin.PUBLIC_SOURCE, sources=sources)
    told, found = client.get("/initiatives/racontee").text, client.get("/initiatives/relevee").text
    assert "texte envoyé par la structure le&nbsp;<time" in told
    assert told.count("aucune réponse reçue à ce jour") == 1
    assert found.count("aucune réponse reçue à ce jour") == 2


def test_a_version_that_waits_for_its_network_does_not_show_in_the_last_answer(
    client: FlaskClient, session: Session
) -> None:
    initiative = make_initiative(session, title="Deux rives")
    before = client.get("/initiatives/deux-rives").text
    review = make_review(session, make_content(title="Deux rives"))
    review.revision.initiative_id, review.revision.number = initiative.id, 2
    review.revision.created_at = utcnow() + dt.timedelta(days=40)
    session.commit()
    assert client.get("/initiatives/deux-rives").text == before


def test_a_reader_may_report_and_answer(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Deux rives")
    body = client.get("/initiatives/deux-rives").text
    assert "/initiatives/deux-rives/signaler?sujet=contenu" in body
    assert "/initiatives/deux-rives/signaler?sujet=reponse" in body


def test_every_place_leads_to_its_portrait(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Deux rives", here=(QUIMPER, MORLAIX), there=(ANTSIRABE,))
    body = client.get("/initiatives/deux-rives").text
    for key in ("c:29232", "c:29151", "v:1069166"):
        assert body.count(f'href="/territoires/{key}"') == 1


def test_the_code_of_a_sheet_holds_its_address_and_nothing_unpublished_has_one(
    client: FlaskClient, session: Session
) -> None:
    make_initiative(session, title="Deux rives")
    answer = client.get("/initiatives/deux-rives/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "Set-Cookie" not in answer.headers
    assert ElementTree.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314  # ours
    again = client.get("/initiatives/deux-rives/qr.svg", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    make_review(session, make_content(title="Pas encore"))
    assert client.get("/initiatives/pas-encore/qr.svg").status_code == 404


def test_a_correction_by_the_network_is_not_the_structures_last_word(client: FlaskClient, session: Session) -> None:
    initiative = make_initiative(session, title="Racontée")
    first = session.get_one(Revision, initiative.published_revision_id)
    first.created_at = dt.datetime(2025, 3, 2, 9, tzinfo=dt.UTC)
    network = session.get_one(Network, initiative.network_id)
    curator = make_account(session, curates=network.slug)
    corrected = record_revision(session, make_content(title="Racontée"), author=curator, initiative=initiative)
    publish(session, corrected, actor=curator)
    session.commit()
    told = client.get(f"/initiatives/{initiative.slug}").text
    assert re.search(r'texte envoyé par la structure le&nbsp;<time datetime="2025-03-02"', told)

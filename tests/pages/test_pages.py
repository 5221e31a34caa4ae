"""The other public pages: organisations, networks, texts, health."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.core.database import make_engine, make_session_factory
from tests.factories import MORLAIX, SAINT_DENIS, make_initiative
from tests.pages.test_home import heading

PAGES = ("/", "/initiatives", "/organisations", "/reseaux", "/mentions-legales", "/vie-privee", "/accessibilite")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_stands_without_any_initiative(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    assert '<html lang="fr">' in response.text
    assert "Set-Cookie" not in response.headers
    assert response.text.count("<h1") == 1


@pytest.mark.parametrize("address", PAGES)
def test_every_link_inside_the_site_leads_somewhere(client: FlaskClient, session: Session, address: str) -> None:
    make_initiative(session, here=(MORLAIX, SAINT_DENIS))
    for link in sorted(set(re.findall(r'href="(/[^"#]*)', client.get(address).text))):
        with client.get(link.replace("&amp;", "&"), follow_redirects=True) as response:
            assert response.status_code == 200, link  # a private page leads to sign in


def test_networks_say_what_they_cover(client: FlaskClient, session: Session) -> None:
    make_initiative(session)
    body = client.get("/reseaux/reseau-bretagne-solidaire").text
    assert heading(body) == "Réseau Bretagne Solidaire"
    assert "Une initiative relue, avec" in body
    assert client.get("/reseaux/rien").status_code == 404


def test_an_organisation_shows_its_initiatives(client: FlaskClient, session: Session) -> None:
    make_initiative(session)
    assert "Les Amis du monde" in client.get("/organisations").text
    assert heading(client.get("/organisations/les-amis-du-monde").text) == "Les Amis du monde"
    assert client.get("/organisations/personne").status_code == 404
    assert client.get("/organisations?page=9").status_code == 400


def test_health_tells_what_works(client: FlaskClient) -> None:
    response = client.get("/sante")
    assert response.status_code == 200
    body = response.get_json()
    assert body["status"] == body["database"] == "ok"
    assert body["gazetteer"] in ("ok", "missing")
    assert isinstance(body["corpus_version"], int)


def test_health_is_503_when_the_database_is_gone(app: Flask, tmp_path: object) -> None:
    app.extensions["sessions"] = make_session_factory(make_engine(f"sqlite:///{tmp_path}/absent/nothing.sqlite"))
    response = app.test_client().get("/sante")
    assert response.status_code == 503
    assert response.get_json()["database"] == "unavailable"

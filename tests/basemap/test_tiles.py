"""Raster tiles of another host, by setting: on the pages with a map, and on them alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory import create_app
from tests.factories import make_initiative

HOST = "https://tuiles.example"
URL = HOST + "/{z}/{x}/{y}.png"
CREDIT = "© Les cartes https://cartes.example/droits"


@pytest.fixture
def raster(settings: Settings, sessions: sessionmaker[Session], session: Session) -> FlaskClient:
    """A visitor of a site that has chosen tiles, with one initiative."""
    app = create_app(replace(settings, tiles_url=URL, tiles_attribution=CREDIT))
    app.extensions["engine"].dispose()
    app.extensions["sessions"] = sessions
    make_initiative(session, title="Mada-Breizh")
    return app.test_client()


def images(client: FlaskClient, address: str) -> str:
    """Where the page of an address may take its images."""
    answer = client.get(address)
    answer.close()
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert [part for part in policy if HOST in part and not part.startswith("img-src")] == []
    return next(part for part in policy if part.startswith("img-src"))


def test_a_page_with_a_map_may_show_the_tiles_and_another_may_not(raster: FlaskClient, session: Session) -> None:
    sheet = f"/initiatives/{make_initiative(session, title='Deux rives').slug}"
    assert images(raster, "/carte") == f"img-src 'self' data: {HOST}"
    assert images(raster, sheet) == f"img-src 'self' data: {HOST}"
    for address in ("/", "/initiatives", "/vie-privee", "/static/css/site.css", "/carte/flux?niveau=0"):
        assert images(raster, address) == "img-src 'self' data:"


def test_without_the_setting_no_page_opens_to_another_host(client: FlaskClient) -> None:
    assert images(client, "/carte") == "img-src 'self' data:"


@pytest.mark.parametrize("address", ["/carte", "/integrer/carte"])
def test_a_page_that_the_browser_keeps_keeps_its_policy(raster: FlaskClient, address: str) -> None:
    first = raster.get(address)
    assert HOST in first.headers["Content-Security-Policy"]
    again = raster.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again.headers
    assert again.headers["X-Content-Type-Options"] == "nosniff"


def test_the_script_of_the_maps_names_the_tiles_and_whom_they_come_from(raster: FlaskClient) -> None:
    page = raster.get("/carte").text
    address = page.split('<script defer src="/carte/')[1].split('"')[0]
    script = raster.get(f"/carte/{address}").text
    small = raster.get("/carte/lieux/lieux.js").text
    for text in (script, small):
        assert URL in text
        assert "cartes.example/droits" in text
        assert "Les cartes" in text


def test_who_draws_the_ground_of_the_maps_is_told_to_visitors(raster: FlaskClient, client: FlaskClient) -> None:
    told = raster.get("/vie-privee").text
    assert "Le fond des cartes vient de tuiles.example." in told
    assert "sauf pour les images du fond des cartes" in told
    assert "aucune police ni carte venue d’ailleurs" in client.get("/vie-privee").text
    assert "fond des cartes" not in client.get("/vie-privee").text

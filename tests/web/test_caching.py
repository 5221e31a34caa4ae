"""A public answer is kept by the browser and asked about again."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import make_initiative
from tests.web.world import PUBLIC, make_world, rules


def test_the_same_answer_is_not_sent_twice(visitor: FlaskClient) -> None:
    first = visitor.get("/essai/gardee?version=1&b=2&a=1")
    again = visitor.get("/essai/gardee?a=1&b=2&version=1", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd"])
def test_compression_does_not_change_the_tag(visitor: FlaskClient, encoding: str) -> None:
    plain = visitor.get("/essai/gardee?version=1")
    packed = visitor.get("/essai/gardee?version=1", headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert len(packed.data) < len(plain.data) / 10
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("changed", ["version=2", "version=1&q=", "version=1&page=2"])
def test_another_version_or_address_is_another_answer(visitor: FlaskClient, changed: str) -> None:
    first = visitor.get("/essai/gardee?version=1")
    again = visitor.get(f"/essai/gardee?{changed}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200


ON_THEIR_OWN = {
    "health.show",  # tells how things are now
    "geocoding.suggestions",  # places, whoever links them: a day
}
APART = {
    "basemap.places_script",  # code
    "legal.accessibility",
    "legal.notice",
    "legal.privacy",
}
"""Public answers that a publication does not change."""


def test_every_public_page_is_kept_until_something_is_published(app: Flask, session: Session) -> None:
    world = make_world(app, session)
    client = app.test_client()
    kept = {}
    for rule in rules(app):
        address = world.address(app, rule)
        if rule.endpoint.split(".")[0] in PUBLIC and rule.endpoint not in ON_THEIR_OWN:
            with client.get(address) as answer:
                if answer.status_code == 200:
                    kept[rule.endpoint] = address, answer.headers.get("ETag"), answer.headers.get("Cache-Control")
    assert [name for name, (_, tag, _) in kept.items() if not tag] == []
    assert {control for _, _, control in kept.values()} == {"public, no-cache"}
    again = {
        name: client.get(address, headers={"If-None-Match": str(tag)}).status_code
        for name, (address, tag, _) in kept.items()
    }
    assert [name for name, status in again.items() if status != 304] == []
    make_initiative(session, title="Un lien de plus")
    session.commit()
    changed = {
        name: client.get(address, headers={"If-None-Match": str(tag)}).status_code
        for name, (address, tag, _) in kept.items()
    }
    assert {name for name, status in changed.items() if status != 200} == APART & kept.keys()

"""A public answer is kept by the browser and asked about again."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import Headers

from directory.web.caching import MAX_ANSWER_BYTES, MAX_KEPT_BYTES, Answers, Kept
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


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_the_second_reader_gets_the_page_as_it_was_drawn_for_the_first(visitor: FlaskClient, encoding: str) -> None:
    address, reads = f"/essai/dessinee?signes={encoding}", {"Accept-Encoding": encoding}
    first, second = (visitor.get(address, headers=reads) for _ in range(2))
    assert second.data == first.data
    own = {"X-Request-Id": "", "Date": ""}
    assert {**second.headers, **own} == {**first.headers, **own}
    assert second.headers["X-Dessin"] == "oui"
    assert int(second.headers["Content-Length"]) == len(second.data)


def test_who_reads_no_compressed_page_is_never_given_one(visitor: FlaskClient) -> None:
    packed = visitor.get("/essai/dessinee?signes=tasse", headers={"Accept-Encoding": "gzip"})
    plain = visitor.get("/essai/dessinee?signes=tasse")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert plain.get_data(as_text=True).startswith("dessin ")


@pytest.mark.parametrize("asked", ["pour=une+personne", "statut=404", f"de={MAX_ANSWER_BYTES}"])
def test_what_is_personal_refused_or_heavy_is_drawn_each_time(visitor: FlaskClient, asked: str) -> None:
    first, second = (visitor.get(f"/essai/dessinee?{asked}") for _ in range(2))
    assert first.data != second.data


def test_a_head_alone_is_not_taken_for_the_page(visitor: FlaskClient) -> None:
    assert visitor.head("/essai/dessinee?signes=tete").data == b""
    assert visitor.get("/essai/dessinee?signes=tete").data.startswith(b"dessin ")


def test_the_last_answers_stay_within_their_room() -> None:
    answers = Answers()
    for number in range(3 * MAX_KEPT_BYTES // MAX_ANSWER_BYTES):
        answers.keep((str(number), ""), Kept(bytes(MAX_ANSWER_BYTES), Headers(), None))
    kept = [number for number in range(3 * MAX_KEPT_BYTES // MAX_ANSWER_BYTES) if answers.get((str(number), ""))]
    assert 0.9 * MAX_KEPT_BYTES < len(kept) * MAX_ANSWER_BYTES <= MAX_KEPT_BYTES
    assert kept == list(range(kept[0], kept[0] + len(kept)))
    assert kept[-1] == 3 * MAX_KEPT_BYTES // MAX_ANSWER_BYTES - 1


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

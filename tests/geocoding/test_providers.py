"""Looking further: only when a person asks, at their pace, and never in place of what is embedded."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import Settings, UnsafeSettings
from directory.core.time import utcnow
from directory.geocoding import operations
from directory.geocoding.models import PlaceAnswer, ProviderTurn
from directory.geocoding.operations import MOST_FAILURES, Turn, cache_key, recall, remember, take_turn
from directory.geocoding.outbound import Fetcher
from directory.geocoding.providers import Hit, Provider, State, make_provider, make_providers
from directory.reference.keys import Side
from tests.geocoding.stub import ADDRESS, RECORD, Stub, serving

DOOR = "/lieux/chercher-plus-loin"
KONNA = Hit("Konna", "Mopti, Mali", 14.94, -3.9, "ML")


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as stub:
        yield stub


def provider(stub: Stub, name: str = "photon") -> Provider:
    return make_provider(name, stub.address, "Ici & Là-bas (http://test)", Fetcher(is_allowed=lambda address: True))


@pytest.fixture
def asking(app: Flask, stub: Stub, session: Session) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["place_providers"] = (provider(stub), provider(stub, "ban"))
    return app.test_client()


def ask(client: FlaskClient, q: str, cote: str = "labas") -> TestResponse:
    return client.post(DOOR, json={"q": q, "cote": cote})


def test_each_provider_is_read_in_its_own_shape(stub: Stub) -> None:
    assert provider(stub).ask("Konna") == (State.FOUND, [KONNA])
    stub.content = [RECORD]
    assert provider(stub, "nominatim").ask("Konna") == (State.FOUND, [KONNA])
    stub.content = {"features": [ADDRESS]}
    state, hits = provider(stub, "ban").ask("rue de Paris Morlaix")
    assert (state, hits[0].insee, hits[0].country) == (State.FOUND, "29151", "FR")
    assert all("Ici & L-bas" in agent for _, agent in stub.asked)


def test_a_place_of_the_other_side_is_not_proposed(stub: Stub) -> None:
    stub.content = {"features": [{**ADDRESS, "properties": {"name": "Konna", "countrycode": "FR"}}]}
    assert provider(stub).ask("Konna") == (State.NONE, [])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, b"{}"), (503, b""), (500, b"<html>"), (404, b"{}"), (200, b"not json"), (200, b""), (200, b"[" * 100_000),
        (200, b'{"features": [{"geometry": null}]}'), (200, b'{"features": 3}'), (200, b"null"), (200, b"\xff\xfe"),
        (200, b'{"features": [{"geometry": {"coordinates": ["x", 1]}, "properties": {}}]}'), (200, b"x" * 1_500_000),
        (302, b""), (204, b""),
    ],
)  # fmt: skip
def test_whatever_comes_back_the_provider_is_only_down(stub: Stub, status: int, body: bytes) -> None:
    stub.status, stub.body = status, body
    assert provider(stub).ask("Konna")[0] in (State.DOWN, State.NONE)


@pytest.mark.parametrize(("lon", "lat"), [(400, 10), (10, 95), ("nan", 1), ("inf", 1)])
def test_a_point_that_is_not_on_earth_is_left(stub: Stub, lon: object, lat: object) -> None:
    properties = {"name": "Konna", "countrycode": "ML"}
    stub.content = {"features": [{"geometry": {"coordinates": [lon, lat]}, "properties": properties}]}
    assert provider(stub).ask("Konna")[1] == []


def test_a_place_found_further_comes_with_the_keys_of_its_region(asking: FlaskClient) -> None:
    answer = ask(asking, "Konna (Mali)")
    assert answer.status_code == 200
    content = answer.get_json()
    assert content["state"] == "found"
    assert [place["name"] for place in content["places"]] == ["Konna"]
    assert content["places"][0]["keys"] == ["a:ML.04", "p:ML"]
    assert content["places"][0]["precision"] == "point"
    assert content["embedded"][0]["key"] == "p:ML"
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_address_here_has_the_keys_of_its_commune(asking: FlaskClient, stub: Stub) -> None:
    stub.content = {"features": [ADDRESS]}
    assert ask(asking, "rue de Paris Morlaix", "ici").get_json()["places"][0]["key"] == "c:29151"


def test_the_same_question_is_not_asked_twice(asking: FlaskClient, stub: Stub) -> None:
    first, second = ask(asking, "Konna (Mali)"), ask(asking, "KONNA  (mali)")
    assert first.get_json() == second.get_json()
    assert len(stub.asked) == 1


def test_a_place_of_another_country_than_the_one_told_is_not_proposed(asking: FlaskClient) -> None:
    content = ask(asking, "Konna (Togo)").get_json()
    assert (content["state"], content["places"]) == ("none", [])


@pytest.mark.parametrize(
    "trouble", [{"status": 429}, {"status": 503}, {"body": b"nonsense"}, {"body": b"x" * 50_000_000}]
)
def test_when_a_provider_is_down_the_embedded_answer_stands_and_it_is_said(
    asking: FlaskClient, stub: Stub, trouble: dict[str, Any]
) -> None:
    for name, value in trouble.items():
        setattr(stub, name, value)
    content = ask(asking, "Ségou (Mali)").get_json()
    assert content["state"] == "down"
    assert "ne répond pas" in content["message"]
    assert content["embedded"][0]["key"] == "v:2451478"


def test_without_provider_nothing_leaves_and_it_is_said(app: Flask, asking: FlaskClient, stub: Stub) -> None:
    app.extensions["place_providers"] = ()
    content = ask(asking, "Ségou").get_json()
    assert (content["state"], content["embedded"][0]["key"]) == ("off", "v:2451478")
    assert stub.asked == []


def test_without_gazetteer_nothing_is_proposed_that_would_have_no_territory(app: Flask, asking: FlaskClient) -> None:
    app.extensions["gazetteer"] = None
    content = ask(asking, "Konna").get_json()
    assert (content["state"], content["places"], content["embedded"]) == ("none", [], [])


def test_two_questions_within_a_second_are_asked_one_after_the_other(
    asking: FlaskClient, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "LONGEST_WAIT", 0.0)
    monkeypatch.setattr(operations, "sleep", lambda seconds: None)
    assert ask(asking, "Konna").get_json()["state"] == "found"
    assert ask(asking, "Yeumbeul").get_json()["state"] == "busy"
    assert len(stub.asked) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"q": "Konna", "cote": "ailleurs"}, 400),
        ({"q": "Konna"}, 400),
        ({"q": "x" * 301, "cote": "labas"}, 400),
        ({"q": "a\x00b", "cote": "labas"}, 400),
        ([], 415),
        ("Konna", 415),
        ({"q": "k", "cote": "labas"}, 200),
        ({"q": None, "cote": "labas"}, 200),
        ({"cote": "labas"}, 200),
    ],
)
def test_what_cannot_be_asked_is_said_in_french(asking: FlaskClient, content: object, status: int) -> None:
    answer = asking.post(DOOR, data=json.dumps(content), content_type="application/json")
    assert answer.status_code == status


def test_a_form_of_another_site_cannot_ask(app: Flask, stub: Stub) -> None:
    answer = app.test_client().post(DOOR, json={"q": "Konna", "cote": "labas"})
    assert answer.status_code >= 400
    assert stub.asked == []


def test_a_turn_is_taken_once_a_second_by_all(session: Session) -> None:
    assert take_turn(session, "photon") is Turn.YES
    assert take_turn(session, "photon") is Turn.WAIT
    assert take_turn(session, "nominatim") is Turn.YES
    session.execute(update(ProviderTurn).values(next_at=utcnow() - dt.timedelta(seconds=1)))
    assert take_turn(session, "photon") is Turn.YES


def test_a_clock_that_went_back_blocks_nobody(session: Session) -> None:
    take_turn(session, "photon")
    session.execute(update(ProviderTurn).values(next_at=utcnow() + dt.timedelta(days=30)))
    assert take_turn(session, "photon") is Turn.YES


def test_after_three_failures_a_provider_is_left_alone_for_a_while(session: Session) -> None:
    for number in range(MOST_FAILURES):
        session.execute(update(ProviderTurn).values(next_at=utcnow()))
        assert take_turn(session, "photon") is Turn.YES
        remember(session, "photon", f"question {number}", State.DOWN, [])
    assert take_turn(session, "photon") is Turn.PAUSED
    past = utcnow() - dt.timedelta(seconds=1)
    session.execute(update(ProviderTurn).values(next_at=past, resumes_at=past))
    assert take_turn(session, "photon") is Turn.YES
    remember(session, "photon", "question", State.FOUND, [KONNA])
    assert session.scalar(select(ProviderTurn.failures)) == 0


@pytest.mark.parametrize(("state", "days"), [(State.FOUND, 90), (State.NONE, 7), (State.DOWN, 1 / 24)])
def test_an_answer_is_kept_as_long_as_it_is_worth(session: Session, state: State, days: float) -> None:
    hits = [KONNA] if state is State.FOUND else []
    remember(session, "photon", "Konna", state, hits)
    assert recall(session, "photon", "  KONNA ") == (state, hits)
    expires = session.scalar(select(PlaceAnswer.expires_at))
    assert expires is not None
    assert abs((expires - utcnow()) / dt.timedelta(days=days) - 1) < 0.01
    session.execute(update(PlaceAnswer).values(expires_at=utcnow()))
    assert recall(session, "photon", "Konna") is None
    remember(session, "photon", "Konna", State.NONE, [])
    assert session.scalar(select(func.count()).select_from(PlaceAnswer)) == 1


def test_queries_in_another_script_have_a_key_of_their_own() -> None:
    assert cache_key("مالي") == "مالي"
    assert cache_key("Ségou") == cache_key("SEGOU") == "segou"


def test_settings_name_known_providers_on_hosts_of_the_internet(tmp_path: Any) -> None:
    assert [one.name for one in make_providers(("ban", "photon=https://photon.example.org/fr"), "Site")] == [
        "ban", "photon",
    ]  # fmt: skip
    assert make_providers((), "Site") == ()
    for wrong in ("google", "photon=http://photon.example.org", "photon=https://127.0.0.1", "ban=https://localhost"):
        with pytest.raises(UnsafeSettings, match="PLACE_PROVIDERS"):
            Settings(instance=tmp_path, place_providers=(wrong,))
    Settings(instance=tmp_path, place_providers=("ban", "photon=https://photon.example.org/fr"))


def test_nothing_is_asked_anywhere_by_default(app: Flask) -> None:
    assert app.extensions["place_providers"] == ()
    assert {one.side for one in make_providers(("ban", "photon", "nominatim"), "Site")} == set(Side)

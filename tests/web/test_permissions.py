"""Who may do what: every address × every role × every method, in one table; an address without a line fails.

The objects are those of the association « owner » (tests/web/world.py). 404 hides what others may not know of.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from directory.core.database import Base
from tests.conftest import SignIn
from tests.web.world import PUBLIC, ROLES, World, make_world, rules, token_of

TABLE = """
GET  accounts.address                 sign-in 303 303 303 303 303
GET  accounts.code                    sign-in
GET  accounts.confirm                 200
GET  accounts.confirm_address         sign-in 200 409 409 409 409
GET  accounts.forgotten               200
GET  accounts.password                sign-in 200 200 200 200 200
GET  accounts.register                200
GET  accounts.reset                   200
GET  accounts.sent                    200
GET  accounts.sessions                sign-in 200 200 200 200 200
GET  accounts.show                    sign-in 200 200 200 200 200
GET  accounts.sign_in                 200 303 303 303 303 303
GET  accounts.two_factor              sign-in 303 303 303 303 303
GET  basemap.places_script            200
GET  contributions.first              200
GET  contributions.forget             404 200 404 404 404 404
GET  contributions.read_over          404 200 404 404 404 404
GET  contributions.receipt            404 200 404 404 404 404
GET  contributions.step               404 200 404 404 404 404
GET  directory.csv                    200
GET  directory.xlsx                   200
GET  directory.geojson                200
GET  directory.listing                200
GET  embed.listing                    200
GET  embed.show                       200
GET  geocoding.suggestions            200
GET  mailed_link.ask                  200
GET  mailed_link.follow               200
GET  suggestions.show                 200
GET  health.show                      200
GET  home.show                        200
GET  legal.accessibility              200
GET  legal.notice                     200
GET  legal.privacy                    200
GET  map.flows_json                   200
GET  map.framed                       200
GET  map.listing                      200
GET  map.script                       404
GET  map.show                         200
GET  nearby.around                    400
GET  networks.listing                 200
GET  networks.show                    200
GET  organisations.listing            200
GET  organisations.show               200
GET  relay.sent                       200
GET  relay.write                      200
GET  reports.follow                   200
GET  reports.queue                    sign-in 403 403 200 200 200
GET  reports.show                     sign-in 403 403 200 404 200
GET  reports.write                    200
GET  reviews.queue                    sign-in 403 403 200 200 403
GET  reviews.show                     sign-in 403 403 200 404 403
GET  share.initiative                 200
GET  share.territory                  200
GET  sheet.code                       200
GET  sheet.show                       200
GET  space.discard                    sign-in 200 404 404 404 404
GET  space.end                        sign-in 200 404 200 404 404
GET  space.initiative                 sign-in 200 404 404 404 404
GET  space.membership                 sign-in 200 200 200 200 200
GET  space.show                       sign-in 200 200 200 200 200
GET  space.withdraw                   sign-in 200 404 404 404 404
GET  syndication.feed                 200
GET  syndication.territory            200
GET  telling.choose                   200
GET  telling.file                     200
GET  territories.index                200
GET  territories.show                 200
POST accounts.address                 sign-in 303 303 303 303 303
POST accounts.close_other_sessions    sign-in 303 303 303 303 303
POST accounts.close_session           sign-in 303 404 404 404 404
POST accounts.code                    sign-in
POST accounts.confirm                 422
POST accounts.confirm_address         sign-in 303 409 409 409 409
POST accounts.forgotten               303
POST accounts.leave                   303
POST accounts.password                sign-in 303 303 303 303 303
POST accounts.register                422
POST accounts.reset                   422
POST accounts.sign_in                 422
POST accounts.stop_two_factor         sign-in 422 422 422 422 422
POST accounts.two_factor              sign-in 303 303 303 303 303
POST contributions.first              422
POST contributions.forget             404 303 404 404 404 404
POST contributions.receipt            404 303 404 404 404 404
POST contributions.send               404 303 404 404 404 404
POST contributions.step               404 422 404 404 404 404
POST geocoding.further                415
POST mailed_link.ask                  200
POST mailed_link.follow               303
POST relay.write                      422
POST reports.confirm                  303
POST reports.contest                  422
POST reports.decide                   sign-in 403 403 303 404 303
POST reports.write                    422
POST reviews.decide                   sign-in 403 403 303 404 403
POST reviews.hand_over                sign-in 403 403 422 404 403
POST space.change                     sign-in 303 404 303 404 404
POST space.discard                    sign-in 303 404 404 404 404
POST space.end                        sign-in 303 404 303 404 404
POST space.grant                      sign-in 303 404 303 404 404
POST space.membership                 sign-in 303 303 303 303 303
POST space.take_back                  sign-in 303 404 404 404 404
POST space.withdraw                   sign-in 303 404 404 404 404
"""
"""A status for everybody, or one for each role in the order of ROLES; `sign-in` leads to the page to sign in."""

TYPED: dict[str, dict[str, str]] = {
    "accounts.register": {"email": "nouvelle@example.org"},
    "accounts.forgotten": {"email": "nouvelle@example.org"},
    "mailed_link.ask": {"email": "nouvelle@example.org"},
    "reports.decide": {"outcome": "unchanged", "reason": "Rien à changer."},
    "reviews.decide": {"decision": "publier"},
}
"""What is sent beside the token, where an empty form would hide who may."""


@pytest.fixture
def world(app: Flask, session: Session) -> World:
    """The objects and the people."""
    return make_world(app, session)


class Browser:
    """The browser of a role, as it was when signed in, whatever its last request did."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = token_of(client)
        cookie = client.get_cookie("session")
        assert cookie is not None
        self._cookie = cookie.value

    def open(self, address: str, method: str, data: dict[str, str] | None = None, **options: Any) -> TestResponse:
        """Ask with the cookie of the beginning."""
        self.client.set_cookie("session", self._cookie)
        self.client.delete_cookie("brouillon")
        answer = self.client.open(address, method=method, data=data, buffered=True, **options)
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; "), address
        assert "unsafe" not in policy, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        return answer


@pytest.fixture
def browsers(app: Flask, world: World, sign_in: SignIn) -> dict[str, Browser]:
    """One browser a role."""
    clients = {role: sign_in(account) for role, account in world.accounts.items()}
    return {role: Browser(client) for role, client in {"visitor": app.test_client(), **clients}.items()}


def expected() -> dict[tuple[str, str], list[str]]:
    """The table, by method and endpoint: one outcome a role."""
    lines = [line.split() for line in TABLE.strip().splitlines()]
    return {(method, endpoint): told * len(ROLES) if len(told) == 1 else told for method, endpoint, *told in lines}


def outcome(answer: TestResponse) -> str:
    """The status, or that the way to sign in was shown."""
    to_sign_in = answer.status_code == 303 and answer.headers["Location"].partition("?")[0] == "/compte/connexion"
    return "sign-in" if to_sign_in else str(answer.status_code)


def walk(app: Flask, world: World, browsers: dict[str, Browser], connection: Connection, method: str) -> list[str]:
    """Ask everything as everybody, each time of the same world; the lines that differ from the table."""
    wrong = []
    for rule in rules(app, method=method):
        address, found = world.address(app, rule), []
        for role in ROLES:
            data = {"csrf_token": browsers[role].token, **TYPED.get(rule.endpoint, {})} if method == "POST" else None
            savepoint = connection.begin_nested()
            found.append(outcome(browsers[role].open(address, method, data)))
            savepoint.rollback()
        if rule.endpoint == "geocoding.suggestions" and app.extensions["gazetteer"] is None:
            continue  # script/test builds it; without it this address says 503
        if found != expected().get((method, rule.endpoint)):
            wrong.append(f"{method} {rule.endpoint} {' '.join(found)}")
    return wrong


def writing_rules(app: Flask) -> Iterator[Rule]:
    """Every address that something can be sent to."""
    return rules(app, method="POST")


def test_every_address_has_a_line_in_the_table_and_every_line_an_address(app: Flask) -> None:
    known = {(method, rule.endpoint) for method in ("GET", "POST") for rule in rules(app, method=method)}
    assert sorted(known ^ set(expected())) == []
    others = {method for rule in app.url_map.iter_rules() for method in rule.methods or ()}
    assert others == {"GET", "HEAD", "OPTIONS", "POST"}


def test_reading_answers_each_role_as_the_table_says_and_writes_nothing(
    app: Flask, world: World, browsers: dict[str, Browser], connection: Connection, count_queries: list[str]
) -> None:
    before = rows(connection)
    count_queries.clear()
    assert "\n".join(walk(app, world, browsers, connection, "GET")) == ""
    assert [sent for sent in count_queries if sent.split()[0].upper() in ("INSERT", "UPDATE", "DELETE")] == []
    assert rows(connection) == before


def rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in Base.metadata.sorted_tables
    }


def test_writing_answers_each_role_as_the_table_says(
    app: Flask, world: World, browsers: dict[str, Browser], connection: Connection
) -> None:
    assert "\n".join(walk(app, world, browsers, connection, "POST")) == ""


@pytest.mark.parametrize("role", ["visitor", "owner", "curator"])
def test_nothing_is_written_without_the_token_of_this_very_browser(
    app: Flask, world: World, browsers: dict[str, Browser], connection: Connection, role: str
) -> None:
    before = rows(connection)
    stolen = next(browser.token for name, browser in browsers.items() if name != role)
    for rule in writing_rules(app):
        for token in ({}, {"csrf_token": stolen}, {"csrf_token": "é\ufffe"}):
            data = {**token, **TYPED.get(rule.endpoint, {})}
            for told in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-origin"}):
                answer = browsers[role].open(world.address(app, rule), "POST", data, headers=told)
                assert answer.status_code == 400, rule
    assert rows(connection) == before


def test_a_session_closed_on_the_server_opens_nothing_more(
    app: Flask, world: World, browsers: dict[str, Browser]
) -> None:
    copied = browsers["owner"]
    assert copied.open("/compte", "GET").status_code == 200
    copied.client.post("/compte/deconnexion", data={"csrf_token": copied.token})
    for rule in rules(app):
        line = expected()[("GET", rule.endpoint)]
        if line[0] == "sign-in":
            assert outcome(copied.open(world.address(app, rule), "GET")) == "sign-in", rule


def told(data: bytes) -> tuple[object, ...]:
    """What an answer says; the parts of a packed file without the minute at which it was packed."""
    if not data.startswith(b"PK"):
        return (data,)
    with ZipFile(BytesIO(data)) as packed:
        return tuple((name, packed.read(name)) for name in packed.namelist())


def test_public_pages_are_the_same_for_everybody_and_give_no_cookie(
    app: Flask, world: World, browsers: dict[str, Browser]
) -> None:
    for rule in rules(app):
        if rule.endpoint.partition(".")[0] in PUBLIC:
            answers = [browsers[role].open(world.address(app, rule), "GET") for role in ROLES]
            assert len({told(answer.data) for answer in answers}) == 1, rule
            for answer in answers:
                assert "Set-Cookie" not in answer.headers, rule
                assert "Cookie" not in answer.headers.get("Vary", ""), rule


def test_what_is_not_public_is_never_kept(app: Flask, world: World, browsers: dict[str, Browser]) -> None:
    for rule in rules(app):
        blueprint = rule.endpoint.partition(".")[0]
        if blueprint not in PUBLIC and rule.endpoint not in KEPT:
            for role in ("visitor", "owner"):
                answer = browsers[role].open(world.address(app, rule), "GET")
                assert answer.headers["Cache-Control"] == "no-store", rule


KEPT = frozenset({"relay.sent"})
"""Pages beside the public ones that show nothing of anybody."""

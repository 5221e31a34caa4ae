"""Feeds as a reader of feeds asks for them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import etree
from sqlalchemy.orm import Session

from directory.syndication.atom import ATOM
from directory.syndication.queries import MAX_ENTRIES
from tests.factories import ANTSIRABE, BORDEAUX, QUIMPER, make_initiative

NAMES = {"a": ATOM}


def titles(client: FlaskClient, address: str) -> list[str]:
    """The titles of the entries of a feed."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert "Set-Cookie" not in answer.headers
    return [str(one.text) for one in etree.fromstring(answer.data).findall("a:entry/a:title", NAMES)]


def test_a_feed_holds_the_same_selection_as_the_list_the_newest_first(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Écoles de Quimper", here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, title="Ateliers de Bordeaux", here=(BORDEAUX,))
    assert titles(client, "/initiatives.atom") == ["Ateliers de Bordeaux", "Écoles de Quimper"]
    assert titles(client, "/initiatives.atom?pays=MG") == ["Écoles de Quimper"]
    assert titles(client, "/territoires/d:29.atom") == ["Écoles de Quimper"]
    assert titles(client, "/territoires/p:MG.atom") == ["Écoles de Quimper"]
    assert titles(client, "/territoires/d:35.atom") == []


def test_a_feed_names_its_own_address_and_the_page_that_shows_the_same(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,))
    root = etree.fromstring(client.get("/initiatives.atom?ici=c:29232&page=1&tri=titre&inconnu=1").data)
    links = {one.get("rel"): str(one.get("href")) for one in root.findall("a:link", NAMES)}
    assert links["self"].endswith("/initiatives.atom?ici=c:29232")
    assert links["alternate"].endswith("/initiatives?ici=c:29232")
    assert client.get(links["alternate"].partition("5000")[2] or "/").status_code == 200


@pytest.mark.parametrize(
    "address", ["/initiatives.atom?pays=XX", "/initiatives.atom?ici=x", "/initiatives.atom?bbox=1"]
)
def test_a_filter_that_means_nothing_is_a_problem_for_programs(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("key", ["c:99999", "x", "p:FR", "p:ML'", "é", "c:29232,c:29151"])
def test_an_unknown_territory_has_no_feed(client: FlaskClient, key: str) -> None:
    answer = client.get(f"/territoires/{key}.atom")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_feed_that_has_not_changed_is_not_sent_again(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,))
    tag = client.get("/territoires/d:29.atom").headers["ETag"]
    assert client.get("/territoires/d:29.atom", headers={"If-None-Match": tag}).status_code == 304
    make_initiative(session, here=(QUIMPER,))
    assert client.get("/territoires/d:29.atom", headers={"If-None-Match": tag}).status_code == 200


def test_a_feed_has_so_many_entries_at_most() -> None:
    assert MAX_ENTRIES == 50

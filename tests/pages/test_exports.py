"""The selection as files: the same as the list, sent as they are read, to nobody more than to the list."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from config import Settings
from directory import create_app
from directory.initiatives import results
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Initiative
from directory.initiatives.operations import withdraw
from directory.initiatives.results import chosen_ids, streamed
from tests.factories import ANTSIRABE, PUERTO_LOPEZ, make_account, make_initiative

FILES = ("csv", "geojson", "xlsx")


@pytest.fixture
def many(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough initiatives for several parts and several pages."""
    monkeypatch.setattr(results, "FIRST_STREAMED", 2)
    monkeypatch.setattr(results, "STREAMED", 3)
    for number in range(9):
        make_initiative(session, title=f"Lien {number}", there=(ANTSIRABE if number % 2 else PUERTO_LOPEZ,))


def slugs(suffix: str, data: bytes) -> list[str]:
    """The initiatives of a file, in its order."""
    if suffix == "csv":
        return [row["identifiant"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))]
    if suffix == "geojson":
        return list(dict.fromkeys(one["properties"]["initiative"] for one in json.loads(data)["features"]))
    sheet = ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    return re.findall(r'<c r="A(?!1")\d+"[^>]*><is><t[^>]*>(.*?)</t>', sheet)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("suffix", FILES)
@pytest.mark.parametrize("query", ["", "?pays=MG", "?tri=titre", "?q=lien&tri=recent", "?pays=ML"])
def test_a_file_holds_what_the_list_shows_in_its_order(client: FlaskClient, suffix: str, query: str) -> None:
    page = client.get(f"/initiatives{query}").text
    shown = re.findall(r'<h2 class="card__title"><a href="/initiatives/([^"]+)"', page)
    answer = client.get(f"/initiatives.{suffix}{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].endswith(f'.{suffix}"')
    assert slugs(suffix, answer.data) == shown


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("suffix", FILES)
def test_a_file_that_the_client_has_is_not_made_again(
    client: FlaskClient, suffix: str, count_queries: list[str]
) -> None:
    first = client.get(f"/initiatives.{suffix}")
    count_queries.clear()
    again = client.get(f"/initiatives.{suffix}", headers={"If-None-Match": first.headers["ETag"]})
    head = client.head(f"/initiatives.{suffix}")
    assert (again.status_code, again.data) == (304, b"")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])
    assert head.headers["Content-Type"] == first.headers["Content-Type"]
    assert not any("participation" in statement for statement in count_queries), "no card was read"


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("suffix", ["csv", "geojson"])
def test_a_file_is_compressed_part_by_part_for_whoever_accepts_it(client: FlaskClient, suffix: str) -> None:
    plain = client.get(f"/initiatives.{suffix}")
    short = client.get(f"/initiatives.{suffix}", headers={"Accept-Encoding": "br, gzip"})
    assert short.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in short.headers["Vary"]
    assert gzip.decompress(short.data) == plain.data
    refused = client.get(f"/initiatives.{suffix}", headers={"Accept-Encoding": "gzip;q=0"})
    assert refused.data == plain.data


@pytest.mark.usefixtures("many")
def test_a_client_that_leaves_stops_the_work(client: FlaskClient, count_queries: list[str]) -> None:
    answer = client.get("/initiatives.csv", buffered=False)
    parts = pieces(answer)
    next(parts)
    read = len(count_queries)
    answer.close()
    assert len(count_queries) == read
    assert sum("participation" in statement for statement in count_queries) < 3


@pytest.mark.usefixtures("many")
def test_what_is_withdrawn_while_a_file_leaves_is_not_given_any_more(session: Session) -> None:
    corpus = CorpusIndex().current(session)
    ids = chosen_ids(corpus, session, Filters(sort=None))
    parts = streamed(corpus, lambda: Session(session.connection(), join_transaction_mode="create_savepoint"), ids)
    given = [card.slug for card in next(parts)]
    last = session.get_one(Initiative, int(ids[-1]))
    withdraw(session, last, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.flush()
    given += [card.slug for part in parts for card in part]
    assert len(given) == 8
    assert last.slug not in given


def test_a_publication_does_not_wait_for_a_file_that_somebody_reads_slowly(
    settings: Settings, committed: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "FIRST_STREAMED", 1)
    monkeypatch.setattr(results, "STREAMED", 1)
    with committed() as session:
        for number in range(3):
            make_initiative(session, title=f"Lien {number}")
    app = application(settings, committed)
    answer = app.test_client().get("/initiatives.csv", buffered=False)
    parts = pieces(answer)
    begun = next(parts)
    with committed() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET lock_timeout = '1s'"))
        make_initiative(session, title="Nouvelle")
        assert session.scalars(select(Initiative.slug).where(Initiative.title == "Nouvelle")).one() == "nouvelle"
    rest = begun + b"".join(parts)
    answer.close()
    assert sorted(slugs("csv", rest)) == ["lien-0", "lien-1", "lien-2"], "the selection as it was asked for, whole"


def pieces(answer: TestResponse) -> Iterator[bytes]:
    """What a client receives, piece by piece."""
    return (piece if isinstance(piece, bytes) else piece.encode() for piece in answer.response)


def application(settings: Settings, sessions: sessionmaker[Session]) -> Flask:
    """The site on a database of its own."""
    app = create_app(settings)
    app.extensions["engine"].dispose()
    app.extensions["sessions"] = sessions
    return app


def test_a_formula_in_a_title_is_a_text_in_every_file(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title='=cmd|"/C calc"!A0')
    row: dict[str, Any] = next(csv.DictReader(io.StringIO(client.get("/initiatives.csv").data.decode("utf-8-sig"))))
    assert row["titre"] == '\'=cmd|"/C calc"!A0'
    sheet = ZipFile(io.BytesIO(client.get("/initiatives.xlsx").data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet


@pytest.mark.parametrize("suffix", FILES)
def test_a_choice_that_means_nothing_gives_a_problem_document_never_everything(
    client: FlaskClient, session: Session, suffix: str
) -> None:
    make_initiative(session)
    for query in ("secteur=zz", "depuis=0000", "depuis=9999", "page=1000000000", f"q={'a' * 900}", "bbox=nan,1,2,3"):
        answer = client.get(f"/initiatives.{suffix}?{query}")
        assert answer.status_code == 400, query
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert "Content-Disposition" not in answer.headers

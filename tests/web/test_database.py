"""One unit of work a request: reading never writes, writing commits once or leaves nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from directory.core.jobs import enqueue
from directory.web.database import command_session


def count(visitor: FlaskClient, name: str) -> int:
    return int(visitor.get(f"/essai/compter/{name}").text)


def test_a_view_that_succeeds_is_kept(visitor: FlaskClient) -> None:
    assert visitor.post("/essai/ecrire/reussite").status_code == 201
    assert count(visitor, "reussite") == 1


def stop_half_way(kind: str) -> None:
    with command_session() as session:
        enqueue(session, kind)
        session.flush()
        raise ValueError("arrêt")


@pytest.mark.parametrize(("name", "status"), [("refus", 400), ("panne", 500)])
def test_a_view_that_refuses_or_fails_leaves_nothing(visitor: FlaskClient, name: str, status: int) -> None:
    assert visitor.post(f"/essai/ecrire/{name}").status_code == status
    assert count(visitor, name) == 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reading_request_cannot_write(visitor: FlaskClient, method: str) -> None:
    assert visitor.open("/essai/ecrire/lecture", method=method).status_code == 500
    assert count(visitor, "lecture") == 0


def test_a_reading_request_cannot_delete(visitor: FlaskClient) -> None:
    visitor.post("/essai/ecrire/gardee")
    assert visitor.get("/essai/effacer").status_code == 500
    assert count(visitor, "gardee") == 1


def test_a_command_keeps_all_or_nothing(plumbed: Flask) -> None:
    with plumbed.app_context():
        with command_session() as session:
            enqueue(session, "commande")
        with pytest.raises(ValueError, match="arrêt"):
            stop_half_way("commande")
        with command_session() as session:
            assert session.execute(text("SELECT count(*) FROM job WHERE kind = 'commande'")).scalar_one() == 1

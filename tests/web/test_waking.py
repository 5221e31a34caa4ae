"""A request that asked for work wakes the worker once it is committed; nothing about mail makes a request fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.core.jobs import enqueue
from directory.web.database import command_session


@pytest.fixture(autouse=True)
def without_forms(plumbed: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """These views have no form whose token could be sent back."""
    monkeypatch.setitem(plumbed.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def woken(plumbed: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """One element each time that the worker was woken: how many jobs it could see then."""
    seen: list[int] = []

    def wake() -> None:
        with plumbed.extensions["engine"].connect() as connection:
            seen.append(connection.exec_driver_sql("SELECT count(*) FROM job WHERE kind = 'reveil'").scalar_one())

    monkeypatch.setattr(plumbed.extensions["queue"], "wake", wake)
    return seen


@pytest.fixture
def unwritable(plumbed: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A queue that no request can write to."""
    queue = plumbed.extensions["queue"]
    monkeypatch.setattr(queue, "_path", Path("/nowhere/queue.sqlite"))
    monkeypatch.setattr(queue, "_opened", None)
    yield
    with pytest.raises(sqlite3.OperationalError):
        queue._open(print)


def test_the_worker_is_woken_after_the_commit(visitor: FlaskClient, woken: list[int]) -> None:
    visitor.post("/essai/ecrire/reveil")
    assert woken == [1]


def test_a_command_wakes_the_worker_too(plumbed: Flask, woken: list[int]) -> None:
    with plumbed.app_context(), command_session() as session:
        enqueue(session, "reveil-commande")
    assert len(woken) == 1


def test_a_request_that_asked_for_nothing_wakes_nobody(visitor: FlaskClient, woken: list[int]) -> None:
    visitor.get("/essai/compter/reveil")
    visitor.post("/essai/recevoir", data={"x": "1"})
    assert woken == []


@pytest.mark.usefixtures("unwritable")
def test_a_worker_that_cannot_be_woken_costs_the_request_nothing(visitor: FlaskClient) -> None:
    assert visitor.post("/essai/ecrire/sans-reveil").status_code == 201
    assert visitor.get("/essai/compter/sans-reveil").text == "1"

"""Whatever a writing request meets (an expired session, a door that closed, a limit, a fault), its words come back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from directory.networks.models import Network
from directory.reviews import operations as reviews
from directory.reviews.models import Review
from tests.conftest import SignIn
from tests.factories import make_account, make_review

HERE = {"Sec-Fetch-Site": "same-origin"}
WORDS = "Pourriez-vous raconter la rencontre ?"


@pytest.fixture
def review(session: Session) -> Review:
    """One that waits."""
    return make_review(session)


@pytest.fixture
def desk(session: Session, sign_in: SignIn, review: Review) -> FlaskClient:
    """The curator's browser."""
    return sign_in(make_account(session, curates=review.network.slug))


def token_of(desk: FlaskClient, review: Review) -> str:
    """The token that the page of the review carries."""
    found = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', desk.get(f"/relecture/{review.id}").text)
    assert found is not None
    return found[1]


def ask_for_changes(desk: FlaskClient, review: Review, token: str, site: str = "same-origin") -> tuple[int, str]:
    """The status and the page that answer a message written to the structure."""
    data = {"csrf_token": token, "message": WORDS, "decision": "demander", "password": "un secret bien gardé"}
    answer = desk.post(f"/relecture/{review.id}/decision", data=data, headers={"Sec-Fetch-Site": site})
    return answer.status_code, answer.text


def expire(desk: FlaskClient) -> None:
    """Let the session of this browser be too old."""
    with desk.session_transaction() as cookie:
        cookie["seen"] = 0


def test_a_session_that_expired_gives_the_words_back_and_the_way_to_sign_in(desk: FlaskClient, review: Review) -> None:
    token = token_of(desk, review)
    expire(desk)
    status, page = ask_for_changes(desk, review, token)
    assert status == 401
    assert f'name="message" value="{WORDS}"' in page
    assert 'href="/compte/connexion"' in page
    assert "un secret" not in page


def test_a_review_given_to_another_network_meanwhile_gives_the_words_back(
    desk: FlaskClient, session: Session, review: Review
) -> None:
    token = token_of(desk, review)
    giver = make_account(session, curates=review.network.slug)
    national = session.scalars(select(Network).where(Network.is_national)).one()
    reviews.hand_over(session, review, actor=giver, network=national)
    session.commit()
    status, page = ask_for_changes(desk, review, token)
    assert status in (404, 409)
    assert WORDS in page
    assert "un secret" not in page


def test_another_site_is_given_no_words(desk: FlaskClient, review: Review) -> None:
    token = token_of(desk, review)
    expire(desk)
    status, page = ask_for_changes(desk, review, token, site="cross-site")
    assert (status, WORDS in page) == (303, False)


def fault() -> None:
    """The database is busy for too long."""
    raise OperationalError("", {}, Exception("database is locked"))


@pytest.mark.parametrize(("status", "act"), [(429, lambda: abort(429)), (503, fault), (500, lambda: 1 / 0)])
def test_a_limit_or_a_fault_of_the_site_offers_to_send_again(app: Flask, status: int, act: Callable[[], Any]) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    app.add_url_rule("/essai", "essai", act, methods=["POST"])
    answer = app.test_client().post("/essai?page=2", data={"body": WORDS}, headers=HERE)
    assert answer.status_code == status
    assert f'name="body" value="{WORDS}"' in answer.text
    assert 'action="/essai?page=2"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"

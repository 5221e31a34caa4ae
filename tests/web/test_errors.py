"""Errors speak French, tell nothing of the code, and bad input is never the site's fault."""

from __future__ import annotations

import json
import logging
import re

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SECRET_OF_THE_CODE = "secret-of-the-code"

HEADERS = [
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "Accept",
    "Accept-Encoding",
    "Cookie",
    "Content-Type",
    "Referer",
]
patient = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_a_failing_page_hides_the_code_and_tells_the_number_under_which_it_was_logged(
    visitor: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="directory"):
        answer = visitor.get("/essai/erreur/panne")
    assert answer.status_code == 500
    assert SECRET_OF_THE_CODE not in answer.text
    assert "Traceback" not in answer.text
    logged = [record for record in caplog.records if record.exc_info and SECRET_OF_THE_CODE in str(record.exc_info[1])]
    assert len(logged) == 1
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["X-Request-Id"])


def test_a_database_that_does_not_answer_is_a_pause_and_not_a_fault(visitor: FlaskClient) -> None:
    answer = visitor.get("/essai/erreur/base")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "SELECT" not in answer.text


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("introuvable", 404, "Pas ici."),
        ("retiree", 410, "Plus ici."),
        ("interdite", 403, "Pas à vous."),
        ("conflit", 409, "Déjà fait."),
        ("saisie", 422, "Donnez un titre."),
    ],
)
def test_an_error_of_the_house_has_its_status_and_its_sentence(
    visitor: FlaskClient, name: str, status: int, said: str
) -> None:
    page = visitor.get(f"/essai/erreur/{name}")
    document = visitor.get(f"/essai/erreur/{name}", headers={"Accept": "application/json"})
    assert page.status_code == document.status_code == status
    assert said in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert document.headers["Content-Type"] == "application/problem+json"
    assert json.loads(document.data) | {"title": ""} == {"title": "", "detail": said, "status": status}


def test_a_message_is_text_in_the_page(visitor: FlaskClient) -> None:
    assert "&lt;XX&gt;" in visitor.get("/essai/erreur/filtre").text


def test_the_methods_that_are_allowed_are_told(visitor: FlaskClient) -> None:
    assert "POST" in visitor.get("/essai/recevoir").headers["Allow"]


@pytest.mark.parametrize(
    "address",
    [
        "/essai/texte?q=%ff",
        "/essai/texte?q=%ED%A0%80",
        "/essai/texte?q=%00",
        "/essai/texte?q=a%00b&%00=1",
        "/essai/texte?q=%1b[31m",
        "/essai/texte?q=%EF%BF%BE",
        "/essai/texte?q=%0A",
        "/essai/texte?q=" + "a" * 101,
        "/essai/texte?q=a" + "%CC%81" * 50,
        "/essai/erreur/%00",
        "/essai/erreur/%ff",
        "/nulle-part/%0d%0aSet-Cookie:x",
    ],
)
def test_what_nobody_can_read_is_the_clients_error(visitor: FlaskClient, address: str) -> None:
    answer = visitor.get(address)
    assert answer.status_code in (400, 404)
    assert "Set-Cookie" not in answer.headers


def test_raw_bytes_in_the_address_are_refused(visitor: FlaskClient) -> None:
    answer = visitor.get("/essai/texte", environ_overrides={"QUERY_STRING": "q=\xff\xfe"})
    assert answer.status_code == 400


def test_an_endless_address_is_refused(visitor: FlaskClient) -> None:
    assert visitor.get("/essai/texte?" + "q=1&" * 3000).status_code == 414


def test_a_heavy_body_is_refused_before_it_is_read(visitor: FlaskClient) -> None:
    announced = visitor.post("/essai/recevoir", data={"x": "a" * 1_100_000})
    assert announced.status_code == 413
    assert "trop lourd" in announced.text
    only_said = visitor.post("/essai/texte", headers={"Content-Length": "99999999999"})
    assert only_said.status_code in (405, 413)


@patient
@given(query=st.binary(max_size=60))
def test_no_query_string_is_the_sites_fault(visitor: FlaskClient, query: bytes) -> None:
    answer = visitor.get("/essai/texte", environ_overrides={"QUERY_STRING": "q=" + query.decode("latin-1")})
    assert answer.status_code < 500


@patient
@given(name=st.sampled_from(HEADERS), value=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60))
def test_no_header_is_the_sites_fault(visitor: FlaskClient, name: str, value: str) -> None:
    key = name.upper().replace("-", "_")
    key = key if key == "CONTENT_TYPE" else f"HTTP_{key}"
    for address in ("/essai/texte", "/essai/gardee", "/static/css/site.css"):
        assert visitor.get(address, environ_overrides={key: value}).status_code < 500

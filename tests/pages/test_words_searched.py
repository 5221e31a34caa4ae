"""Whatever is typed in the search box: a page, a clear refusal, never a failure."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import make_initiative

SIGNS = (
    """" "" " (((( - * NEAR(a ^eau heading:eau NOT(puits -eau ' -- ; DROP %_% eau:* !eau & | <-> \\ e\u0301cole 🌍 ١٢"""
)


@pytest.mark.parametrize("text", [*SIGNS.split(), SIGNS, "eau AND NOT (puits", "' OR 1=1 --", "- - -", '""" "'])
def test_signs_of_query_languages_are_only_signs(client: FlaskClient, session: Session, text: str) -> None:
    make_initiative(session)
    for path in ("/initiatives", "/initiatives.csv", "/carte"):
        assert client.get(f"{path}?{urlencode({'q': text})}").status_code == 200


@pytest.mark.parametrize("text", ["eau " * 2_500, '"' * 10_000, "* " * 5_000, "eau\x00", "\x1b[2J", "\ud800"])
def test_what_cannot_be_a_search_is_refused_with_a_reason(client: FlaskClient, session: Session, text: str) -> None:
    answer = client.get(f"/initiatives?{urlencode({'q': text}, errors='surrogatepass')}")
    assert answer.status_code in {200, 400, 414}
    assert "<h1" in answer.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120))
def test_any_text_has_an_answer(client: FlaskClient, text: str) -> None:
    answer = client.get(f"/initiatives?{urlencode({'q': text}, errors='surrogatepass')}")
    assert answer.status_code in {200, 400}

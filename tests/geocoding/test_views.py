"""The suggestions as a browser asks for them."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.views import blueprint

ADDRESS = "/lieux/suggestions"


def site(gazetteer: Gazetteer | None) -> FlaskClient:
    app = Flask(__name__)
    app.extensions["gazetteer"] = gazetteer
    app.register_blueprint(blueprint)
    return app.test_client()


@pytest.fixture
def client(gazetteer: Gazetteer) -> Iterator[FlaskClient]:
    with site(gazetteer) as client:
        yield client


def test_places_are_suggested_with_what_the_page_shows(client: FlaskClient) -> None:
    answer = client.get(ADDRESS, query_string={"q": "morlai", "cote": "ici", "limite": "3"})
    assert answer.status_code == 200
    first = answer.get_json()[0]
    assert set(first) == {"key", "label", "name", "context", "kind", "lon", "lat", "population"}
    assert (first["key"], first["label"]) == ("c:29151", "Morlaix (Finistère)")
    assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_a_side_is_respected(client: FlaskClient) -> None:
    there = client.get(ADDRESS, query_string={"q": "saint-denis", "cote": "labas"}).get_json()
    here = client.get(ADDRESS, query_string={"q": "saint-denis", "cote": "ici"}).get_json()
    assert all(place["key"][0] in "vap" for place in there)
    assert all(place["key"][0] in "cedrz" for place in here)


def test_the_limit_is_respected(client: FlaskClient) -> None:
    assert len(client.get(ADDRESS, query_string={"q": "sa", "limite": "2"}).get_json()) == 2


def test_what_the_browser_has_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get(ADDRESS, query_string={"q": "morlai", "cote": "ici"})
    again = client.get(
        ADDRESS, query_string={"q": "morlai", "cote": "ici"}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(
        ADDRESS, query_string={"q": "morlaix", "cote": "ici"}, headers={"If-None-Match": first.headers["ETag"]}
    )
    assert other.status_code == 200


@pytest.mark.parametrize("query", ["", " ", "m", "x" * 81, "x" * 300])
def test_too_short_or_too_long_a_text_suggests_nothing(client: FlaskClient, query: str) -> None:
    answer = client.get(ADDRESS, query_string={"q": query})
    assert (answer.status_code, answer.get_json()) == (200, [])


@pytest.mark.parametrize(
    "parameters",
    [
        {"q": "x" * 301},
        {"q": "mor\x00laix"},
        {"q": "mor\nlaix"},
        {"q": "morlaix", "cote": "ailleurs"},
        {"q": "morlaix", "limite": "0"},
        {"q": "morlaix", "limite": "11"},
        {"q": "morlaix", "limite": "-1"},
        {"q": "morlaix", "limite": "٣"},
        {"q": "morlaix", "limite": "beaucoup"},
        {"q": "morlaix", "limite": "9" * 5000},
    ],
)
def test_what_cannot_be_read_is_a_problem_said_in_french(client: FlaskClient, parameters: dict[str, str]) -> None:
    answer = client.get(ADDRESS, query_string=parameters)
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json(force=True)
    assert problem["status"] == 400
    assert problem["detail"].endswith(".")


def test_without_a_gazetteer_the_service_is_unavailable_and_says_what_to_do() -> None:
    answer = site(None).get(ADDRESS, query_string={"q": "morlaix"})
    assert answer.status_code == 503
    assert answer.content_type == "application/problem+json"

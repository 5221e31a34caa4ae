"""« Ma commune » and « autour de moi » on the map: which territory here they lead to."""

from __future__ import annotations

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, make_initiative


def test_a_commune_with_initiatives_is_shown_itself(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    answer = client.get("/carte/autour?cle=c:29232").get_json()
    assert (answer["key"], answer["name"], answer["total"]) == ("c:29232", "Quimper", 1)
    assert answer["sentence"] == "Une initiative à\u00a0Quimper."


def test_a_commune_without_any_leads_to_what_holds_it(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    answer = client.get("/carte/autour?cle=c:29199").get_json()
    assert (answer["key"], answer["total"]) == ("d:29", 1)
    assert (
        answer["sentence"] == "Aucune initiative connue à\u00a0Plouigneau\u00a0; une initiative dans le\u00a0Finistère."
    )


def test_where_nothing_is_known_the_commune_itself_is_told(client: FlaskClient) -> None:
    answer = client.get("/carte/autour?cle=c:29199").get_json()
    assert (answer["key"], answer["total"]) == ("c:29199", 0)
    assert answer["sentence"] == (
        "Aucune initiative connue à\u00a0Plouigneau, ni autour. Vous en connaissez une\u00a0?"
    )


def test_a_point_leads_to_its_commune_and_is_not_kept(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(MORLAIX,), there=(ANTSIRABE,))
    response = client.get("/carte/autour?lon=-3.83&lat=48.58")
    assert response.get_json()["key"] == "c:29151"
    assert response.headers["Cache-Control"] == "no-store"


def test_a_point_abroad_is_told_so(client: FlaskClient) -> None:
    response = client.get("/carte/autour?lon=-17.44&lat=14.69")
    assert response.status_code == 404
    assert "hors de France" in response.get_json()["detail"]


def test_overseas_is_here(client: FlaskClient, session: Session) -> None:
    answer = client.get("/carte/autour?lon=55.45&lat=-20.88").get_json()
    assert answer["key"] == "c:97411"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lon=st.text(max_size=30), lat=st.text(max_size=30), key=st.none() | st.text(max_size=30))
def test_any_words_get_a_clear_answer(client: FlaskClient, lon: str, lat: str, key: str | None) -> None:
    query = {"lon": lon, "lat": lat} if key is None else {"cle": key}
    response = client.get("/carte/autour", query_string=query)
    assert response.status_code in (200, 400, 404)
    assert response.get_json()

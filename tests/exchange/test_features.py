"""The GeoJSON collection, after RFC 7946."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from directory.exchange import features
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.results import everything
from directory.initiatives.vocabulary import Disclosure
from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, SAINT_DENIS, SEGOU, SUVA, make_initiative


def collection(session: Session) -> dict[str, Any]:
    cards = everything(CorpusIndex().current(session), session, Filters())
    parts = [cards[:1], [], cards[1:]]
    text = "".join(features.parts(parts, address=lambda card: f"https://example.org/{card.slug}"))
    assert not set("<>&") & set(text)
    document: dict[str, Any] = json.loads(text)
    return document


def test_each_place_is_a_point_and_each_link_a_line(session: Session) -> None:
    make_initiative(session, title="<b>&", here=(QUIMPER, MORLAIX), there=(ANTSIRABE,))
    found = collection(session)["features"]
    assert [one["geometry"]["type"] for one in found] == ["Point", "Point", "Point", "LineString", "LineString"]
    assert found[0]["geometry"]["coordinates"] == [-4.09795, 47.99597]
    assert found[0]["properties"]["titre"] == "<b>&"
    assert len({one["id"] for one in found}) == len(found)


def test_a_line_across_the_antimeridian_is_cut_there(session: Session) -> None:
    wallis = replace(
        SAINT_DENIS, label="Uvea", name="Uvea", keys=("c:98613", "d:986", "z:WF"), lon=-176.2, lat=-13.3, context=""
    )
    make_initiative(session, here=(wallis,), there=(SUVA,))
    lines = [one["geometry"] for one in collection(session)["features"] if one["properties"]["objet"] == "lien"]
    assert [line["type"] for line in lines] == ["MultiLineString"]
    (first, second) = lines[0]["coordinates"]
    assert (first[0][0], first[1][0], second[0][0], second[1][0]) == (-176.2, -180.0, 180.0, 178.44)
    assert first[1][1] == second[0][1]


def test_a_protected_place_stands_at_its_country(session: Session) -> None:
    make_initiative(session, there=(replace(SEGOU, shown_as=Disclosure.COUNTRY),))
    text = json.dumps(collection(session), ensure_ascii=False)
    assert "Ségou" not in text
    assert "13.43" not in text
    assert '"lieu_protege": true' in text


def test_nothing_is_a_collection_too() -> None:
    assert json.loads("".join(features.parts([], address=lambda card: "")))["features"] == []
    assert json.loads("".join(features.parts([[], []], address=lambda card: "")))["features"] == []


def test_a_position_from_openstreetmap_is_on_the_site_and_not_in_the_export(session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(replace(ANTSIRABE, found_by="photon"),))
    found = collection(session)["features"]
    assert [one["geometry"] is None for one in found] == [False, True, True]
    assert found[1]["properties"]["cle"] == ANTSIRABE.keys[0]
    assert "47.03" not in json.dumps(found)

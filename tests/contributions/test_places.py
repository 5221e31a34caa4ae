"""The two ends in the form: accepted when sure, asked otherwise; a pin is questioned, never mended in silence."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.contributions.candidates import NONE, read
from directory.contributions.places import Line, doubt_about, settle
from directory.core.geography import distance_km
from directory.geocoding.gazetteer import Gazetteer, open_gazetteer
from directory.reference.keys import Side
from tests.contributions.proposing import answers, begin, fields, fill

HERE, THERE = "here", "there"
BOTH = {"here-0-typed": "Morlaix", "there-0-typed": "Bamako, Mali"}
CAPITALS = (
    "Bamako", "Dakar", "Ouagadougou", "Niamey", "Cotonou", "Lomé", "Abidjan", "Antananarivo", "Yaoundé", "Libreville",
    "Rabat", "Tunis", "Alger", "Beyrouth", "Hanoï", "Phnom Penh", "Quito", "Lima", "Port-au-Prince", "Kinshasa",
)  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The gazetteer that script/test built."""
    path = os.environ.get("DIRECTORY_GAZETTEER", "")
    found = open_gazetteer(Path(path)) if path else None
    if found is None:
        pytest.skip("the gazetteer was not built")
    return found


def at(client: FlaskClient, draft_id: int) -> str:
    return f"/proposer/{draft_id}/lieux"


# What words mean


@pytest.mark.parametrize(
    ("typed", "side", "name"),
    [
        ("Morlaix", Side.HERE, "Morlaix"),
        ("St Brieuc", Side.HERE, "Saint-Brieuc"),
        ("Quimper (29)", Side.HERE, "Quimper"),
        ("Bamako, Mali", Side.THERE, "Bamako"),
        ("Sénégal", Side.THERE, "Sénégal"),
        ("Mayotte", Side.HERE, "Mayotte"),
    ],
)
def test_what_is_sure_is_accepted(gazetteer: Gazetteer, typed: str, side: Side, name: str) -> None:
    place = read(gazetteer, typed, side).place
    assert place is not None
    assert place["name"] == name
    assert place["verdict"] == "sûr"


def test_a_name_with_which_several_places_begin_is_asked(gazetteer: Gazetteer) -> None:
    reading = read(gazetteer, "pleumeur", Side.HERE)
    assert reading.place is None
    assert [(choice.number, choice.name) for choice in reading.choices][:2] == [
        (1, "Pleumeur-Bodou"),
        (2, "Pleumeur-Gautier"),
    ]
    assert reading.choices[0].detail == "Côtes-d’Armor, près de\u00a0Lannion"


@pytest.mark.parametrize("typed", ["Mayotte", "Guadeloupe", "Marseille", "Nouméa", "La Réunion"])
def test_a_place_of_france_typed_there_is_questioned(gazetteer: Gazetteer, typed: str) -> None:
    settled = settle(gazetteer, Line(typed), Side.THERE, {})
    assert settled.place is None
    assert "est en France" in settled.question


@pytest.mark.parametrize("typed", ["Dakar", "Bamako", "Kayes"])
def test_a_place_abroad_typed_here_is_questioned(gazetteer: Gazetteer, typed: str) -> None:
    settled = settle(gazetteer, Line(typed), Side.HERE, {})
    assert settled.place is None
    assert "n’est pas en France" in settled.question


def test_a_key_of_the_other_side_is_never_accepted(gazetteer: Gazetteer) -> None:
    for key in ("d:976", "c:29151", "zz", "v:0", "p:XX", "x" * 300):
        assert settle(gazetteer, Line("Mayotte", key=key, chosen_for="Mayotte"), Side.THERE, {}).place is None
        assert settle(gazetteer, Line("Mayotte", choice=key), Side.THERE, {}).place is None


def test_a_key_chosen_for_other_words_is_forgotten(gazetteer: Gazetteer) -> None:
    line = Line("Quimper", key="c:29151", chosen_for="Morlaix")
    place = settle(gazetteer, line, Side.HERE, {}).place
    assert place is not None
    assert place["name"] == "Quimper"


def test_an_unknown_village_of_a_known_country_keeps_its_own_name(gazetteer: Gazetteer) -> None:
    asked = settle(gazetteer, Line("Ouonck, Sénégal"), Side.THERE, {})
    assert asked.place is None
    assert [choice.key for choice in asked.reading.choices] == ["p:SN"]
    chosen = settle(gazetteer, Line("Ouonck, Sénégal", choice="p:SN"), Side.THERE, {})
    assert chosen.answer["as_typed"]
    assert chosen.place is not None
    assert chosen.place["verdict"] == "approché"


def test_none_of_the_proposals_asks_for_a_wider_place_or_a_pin(gazetteer: Gazetteer) -> None:
    settled = settle(gazetteer, Line("pleumeur", choice=NONE), Side.HERE, {})
    assert settled.place is None
    assert "plus large" in settled.question


def test_a_pin_alone_stands_in_the_territories_around_it(gazetteer: Gazetteer) -> None:
    line = Line("Ouonck", choice=NONE, lon="-16.05", lat="12.9")
    place = settle(gazetteer, line, Side.THERE, {}).place
    assert place is not None
    assert place["keys"][-1] == "p:SN"
    assert (place["name"], place["precision"], place["verdict"]) == ("Ouonck", "point", "approché")
    assert settle(gazetteer, line, Side.HERE, {}).place is None  # the pin is not in France


# Pins


@pytest.mark.parametrize("name", CAPITALS)
def test_a_swapped_pin_is_asked_about_and_kept_only_when_confirmed(gazetteer: Gazetteer, name: str) -> None:
    found = gazetteer.find(name, side=Side.THERE)[0]
    line = Line(name, key=found.key, chosen_for=name, lon=f"{found.lat:.4f}", lat=f"{found.lon:.4f}")
    asked = settle(gazetteer, line, Side.THERE, {})
    assert asked.doubt == "swapped"
    assert asked.place is not None
    assert (asked.place["lon"], asked.place["lat"]) == (found.lon, found.lat)  # the pin waits for the answer
    mended = settle(gazetteer, Line(**{**vars(line), "point": "swap"}), Side.THERE, {})
    assert mended.question == ""
    assert mended.place is not None
    assert distance_km(mended.place["lon"], mended.place["lat"], found.lon, found.lat) < 1
    if abs(float(line.lat)) <= 90:
        kept = settle(gazetteer, Line(**{**vars(line), "point": "keep"}), Side.THERE, {})
        assert kept.place is not None
        assert kept.place["lon"] == float(line.lon)


def test_a_pin_far_from_its_territory_or_at_zero_is_asked_about(gazetteer: Gazetteer) -> None:
    place = read(gazetteer, "Morlaix", Side.HERE).place
    assert place is not None
    assert doubt_about(gazetteer, place, 2.35, 48.85) == "far"
    assert doubt_about(gazetteer, place, 0, 0) == "zero"
    assert doubt_about(gazetteer, place, -3.83, 48.6) == ""


def test_a_pin_put_back_stands_on_its_territory(gazetteer: Gazetteer) -> None:
    line = Line("Morlaix", key="c:29151", chosen_for="Morlaix", lon="2.35", lat="48.85", point="back")
    place = settle(gazetteer, line, Side.HERE, {}).place
    assert place is not None
    assert place["precision"] == "commune"


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("NaN", "1"), ("inf", "1"), ("-inf", "1"), ("2,35", "1"), ("1e400", "1"), ("true", "1"), ("[1]", "1"),
        ("90.0000001", "1"), ("1", "180.1"), ("-90.1", "0"), ("", "1"), ("1", ""), ("0x1", "1"),
        ("٣", "1"), ("1 2", "1"),
    ],
)  # fmt: skip
def test_coordinates_that_are_none_are_refused_and_nothing_is_stored(
    client: FlaskClient, session: Session, lat: str, lon: str
) -> None:
    draft_id = begin(client)
    fill(client, at(client, draft_id), BOTH)
    before = answers(session, draft_id)["here"]
    answer = fill(client, at(client, draft_id), {"here-0-lat": lat, "here-0-lon": lon})
    assert answer.status_code == 422
    assert fields(answer)["here-0-lat"] == lat
    assert answers(session, draft_id)["here"] == before


@pytest.mark.parametrize(("lat", "lon"), [("90", "180"), ("-90", "-180"), ("0", "0")])
def test_the_ends_of_the_globe_are_read_and_asked_about(client: FlaskClient, lat: str, lon: str) -> None:
    draft_id = begin(client)
    fill(client, at(client, draft_id), BOTH)
    answer = fill(client, at(client, draft_id), {"here-0-lat": lat, "here-0-lon": lon})
    assert answer.status_code == 422
    assert "Oui, le repère est au bon endroit" in answer.text
    answer = fill(client, at(client, draft_id), {"here-0-point": "keep"}, answer)
    assert answer.status_code == 303


def test_a_pin_moved_by_hand_is_kept_on_the_next_visits(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    fill(client, at(client, draft_id), BOTH)
    fill(client, at(client, draft_id), {"here-0-lat": "48.6", "here-0-lon": "-3.83"})
    for _ in range(2):
        place = answers(session, draft_id)["here"][0]["place"]
        assert (place["lon"], place["lat"], place["precision"]) == (-3.83, 48.6, "point")
        fill(client, at(client, draft_id), {})


# On the page


def test_a_doubtful_place_comes_back_as_a_choice_with_nothing_chosen(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer = fill(client, at(client, draft_id), {**BOTH, "here-0-typed": "pleumeur"})
    assert answer.status_code == 422
    assert "Quatre lieux ressemblent à « pleumeur »" in answer.text.replace("\u00a0", " ")
    assert "Aucune de ces propositions" in answer.text
    assert "here-0-choice" not in fields(answer)
    assert answers(session, draft_id)["here"][0] == {"typed": "pleumeur", "place": None, "shown_as": "locality"}
    assert "Pleumeur-Bodou" in client.get(at(client, draft_id)).text  # still offered when one comes back
    answer = fill(client, at(client, draft_id), {"here-0-choice": "c:22198"}, answer)
    assert answer.headers["Location"].endswith("/structure")
    assert answers(session, draft_id)["here"][0]["place"]["name"] == "Pleumeur-Bodou"


def test_a_place_of_france_moves_to_its_side_by_one_button(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer = fill(client, at(client, draft_id), {"there-0-typed": "Mayotte"})
    assert "Mayotte est en France" in answer.text
    answer = fill(client, at(client, draft_id), {"faire": "traverser-there-0"}, answer)
    assert answer.status_code == 303
    page = client.get(at(client, draft_id))
    assert fields(page)["here-0-typed"] == "Mayotte"
    answer = fill(client, at(client, draft_id), {"there-0-typed": "Comores"}, page)
    assert answer.status_code == 303
    assert answers(session, draft_id)["here"][0]["place"]["keys"][-1] == "z:06"


def test_places_are_added_and_taken_off_without_scripts(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    address = at(client, draft_id)
    for _ in range(7):
        fill(client, address, {"faire": "ajouter-here"})
    shown = fields(client.get(address))
    assert [name for name in shown if name.startswith("here-") and name.endswith("-typed")] == [
        f"here-{index}-typed" for index in range(5)
    ]
    fill(client, address, {**BOTH, "here-1-typed": "Quimper", "here-2-typed": "Brest", "faire": "retirer-here-0"})
    assert [line["typed"] for line in answers(session, draft_id)["here"]][:2] == ["Quimper", "Brest"]
    assert fill(client, address, {}).status_code == 303  # empty lines go by themselves
    assert len(answers(session, draft_id)["here"]) == 2


def test_how_finely_a_place_is_shown_is_kept(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    for value, kept in (("country", "country"), ("nonsense", "locality")):
        fill(client, at(client, draft_id), {**BOTH, "there-0-shown_as": value})
        assert answers(session, draft_id)["there"][0]["shown_as"] == kept


def test_without_gazetteer_places_are_typed_by_hand(app: Flask, client: FlaskClient, session: Session) -> None:
    app.extensions["gazetteer"] = None
    draft_id = begin(client)
    page = client.get(at(client, draft_id))
    assert "fait une pause" in page.text
    answer = fill(client, at(client, draft_id), BOTH, page)
    assert answer.status_code == 303
    stored: list[dict[str, Any]] = answers(session, draft_id)["there"]
    assert stored[0]["typed"] == "Bamako, Mali"
    assert "choisissez" in client.get(f"/proposer/{draft_id}/relire").text

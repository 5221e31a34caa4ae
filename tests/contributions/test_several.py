"""Several places typed in one field: a line for each, told in one sentence; a name that holds « et » stays whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.contributions.places import Line, settle_all, told_parts
from directory.geocoding.gazetteer import Gazetteer, open_gazetteer
from directory.initiatives.rules import MAX_HERE, MAX_THERE
from directory.reference.keys import Side
from tests.contributions.proposing import answers, begin, fields, fill


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    """The gazetteer that script/test built."""
    path = os.environ.get("DIRECTORY_GAZETTEER", "")
    found = open_gazetteer(Path(path)) if path else None
    if found is None:
        pytest.skip("the gazetteer was not built")
    return found


def named(gazetteer: Gazetteer, typed: str, side: Side) -> list[str]:
    most = MAX_HERE if side is Side.HERE else MAX_THERE
    return [one.line.typed for one in settle_all(gazetteer, [Line(typed)], side, [], most=most)]


@pytest.mark.parametrize(
    ("typed", "side"),
    [
        ("Saint-Pierre-et-Miquelon", Side.HERE),
        ("Saint Pierre et Miquelon", Side.HERE),
        ("Ille-et-Vilaine", Side.HERE),
        ("Ille et Vilaine", Side.THERE),
        ("Meurthe et Moselle", Side.HERE),
        ("Trinité-et-Tobago", Side.THERE),
        ("Trinité et Tobago", Side.HERE),
        ("Bosnie et Herzégovine", Side.THERE),
        ("Bamako, Mali", Side.THERE),
        ("Alep / Syrie", Side.THERE),
        ("Kayes et Xyzzq", Side.THERE),
        ("48.57, -3.82", Side.HERE),
        ("et", Side.HERE),
        (" et / et ", Side.THERE),
    ],
)
def test_one_place_stays_in_one_field(gazetteer: Gazetteer, typed: str, side: Side) -> None:
    assert named(gazetteer, typed, side) == [typed]


@pytest.mark.parametrize(
    ("typed", "side", "names"),
    [
        ("Kayes et Ségou", Side.THERE, ["Kayes", "Ségou"]),
        ("Syrie / Liban", Side.THERE, ["Syrie", "Liban"]),
        ("Kita, Nioro et Yélimané (Mali)", Side.THERE, ["Kita (Mali)", "Nioro (Mali)", "Yélimané (Mali)"]),
        ("Lot et Garonne et Gers", Side.HERE, ["Lot et Garonne", "Gers"]),
        ("Morlaix et Ségou", Side.HERE, ["Morlaix", "Ségou"]),
    ],
)
def test_several_places_each_have_their_line(gazetteer: Gazetteer, typed: str, side: Side, names: list[str]) -> None:
    assert named(gazetteer, typed, side) == names


def test_each_line_is_read_by_itself(gazetteer: Gazetteer) -> None:
    sure = settle_all(gazetteer, [Line("Brest et Quimper", shown_as="region")], Side.HERE, [], most=MAX_HERE)
    assert [one.place and one.place["name"] for one in sure] == ["Brest", "Quimper"]
    assert {one.line.shown_as for one in sure} == {"region"}
    assert told_parts(sure) == "Nous avons compris deux lieux : Brest et Quimper."
    kayes, segou = settle_all(gazetteer, [Line("Kayes et Ségou")], Side.THERE, [], most=MAX_THERE)
    for one in (kayes, segou):
        assert one.place is None
        assert len(one.reading.choices) > 1
    assert told_parts([kayes, segou]) == "Nous avons compris deux lieux : Kayes et Ségou."
    _, across = settle_all(gazetteer, [Line("Morlaix et Bamako")], Side.HERE, [], most=MAX_HERE)
    assert across.reading.across == "Bamako"


def test_a_field_whose_place_was_chosen_is_not_read_as_a_list(gazetteer: Gazetteer) -> None:
    for line in (
        Line("Brest et Quimper", choice="c:29019"),
        Line("Brest et Quimper", key="c:29019", chosen_for="Brest et Quimper"),
        Line("Brest et Quimper", lon="-4.4", lat="48.4"),
    ):
        (one,) = settle_all(gazetteer, [line], Side.HERE, [], most=MAX_HERE)
        assert one.line == line


def test_a_list_without_room_is_asked_about_and_kept_as_typed(gazetteer: Gazetteer) -> None:
    lines = [Line("Morlaix"), Line("Brest"), Line("Rennes, Quimper et Vannes"), Line("Lille")]
    found = settle_all(gazetteer, lines, Side.HERE, [], most=MAX_HERE)
    assert [one.line.typed for one in found] == [line.typed for line in lines]
    assert found[2].is_wrong
    assert "nomme trois lieux, et ce côté en tient cinq au plus" in found[2].question
    fits = settle_all(gazetteer, lines[1:], Side.HERE, [], most=MAX_HERE)
    assert [one.line.typed for one in fits] == ["Brest", "Rennes", "Quimper", "Vannes", "Lille"]


# On the page


def test_what_was_read_in_a_list_is_told_before_going_on(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    address = f"/proposer/{draft_id}/lieux"
    answer = fill(client, address, {"here-0-typed": "Brest et Quimper", "there-0-typed": "Syrie / Liban"})
    assert answer.status_code == 200
    said = answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Nous avons compris quatre lieux : Brest, Quimper, Syrie et Liban." in said
    shown = fields(answer)
    assert [shown[name] for name in ("here-0-typed", "here-1-typed", "there-0-typed", "there-1-typed")] == [
        "Brest", "Quimper", "Syrie", "Liban",
    ]  # fmt: skip
    assert [line["place"]["name"] for line in answers(session, draft_id)["there"]] == ["Syrie", "Liban"]
    answer = fill(client, address, {}, answer)
    assert answer.headers["Location"].endswith("/structure")
    assert len(answers(session, draft_id)["here"]) == 2


def test_each_doubtful_part_has_its_own_choice(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    address = f"/proposer/{draft_id}/lieux"
    answer = fill(client, address, {"here-0-typed": "Morlaix", "there-0-typed": "Kayes et Ségou"})
    assert answer.status_code == 422
    assert "Nous avons compris deux lieux" in answer.text
    typed = {"there-0-choice": "v:2455518", "there-1-choice": "v:2451478"}
    assert fill(client, address, typed, answer).status_code == 303
    assert [line["place"]["name"] for line in answers(session, draft_id)["there"]] == ["Kayes", "Ségou"]


def test_a_list_sent_twice_is_one_list(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    address = f"/proposer/{draft_id}/lieux"
    page = client.get(address)
    for _ in range(2):
        answer = fill(client, address, {"here-0-typed": "Brest et Quimper", "there-0-typed": "Bamako, Mali"}, page)
        assert answer.status_code == 200
    assert len(answers(session, draft_id)["here"]) == 2

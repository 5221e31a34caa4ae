"""For whom, and what is looked for: two lists to tick, that nobody is asked to answer."""

from __future__ import annotations

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.contributions.models import Draft
from tests.contributions.proposing import answer_all, begin, fields


def ticked(client: FlaskClient, draft_id: int, *pairs: tuple[str, str]) -> int:
    """Send the last screen with these boxes ticked, whatever was ticked before: the status of the answer."""
    address = f"/proposer/{draft_id}/histoire"
    shown = {name: value for name, value in fields(client.get(address)).items() if name not in ("publics", "needs")}
    return client.post(address, data=MultiDict([*shown.items(), *pairs])).status_code


def test_what_is_ticked_is_kept_read_over_and_may_be_unticked(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    pairs = ("publics", "jeunes"), ("publics", "femmes"), ("needs", "benevoles")
    assert ticked(client, draft_id, *pairs) == 303
    answers = session.get_one(Draft, draft_id).typed["answers"]
    assert answers["publics"] == ["jeunes", "femmes"]
    assert answers["needs"] == ["benevoles"]
    page = client.get(f"/proposer/{draft_id}/relire").text
    assert "Jeunes, Femmes" in page
    assert "Des bénévoles" in page
    shown = client.get(f"/proposer/{draft_id}/histoire").text
    assert 'value="femmes" checked' in shown
    assert 'value="aines" checked' not in shown
    assert ticked(client, draft_id) == 303
    session.expire_all()
    assert session.get_one(Draft, draft_id).typed["answers"]["publics"] == []
    assert "Avec qui, pour qui" not in client.get(f"/proposer/{draft_id}/relire").text


def test_nothing_needs_to_be_ticked(client: FlaskClient) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    assert "Il manque" not in client.get(f"/proposer/{draft_id}/relire").text


def test_what_no_list_holds_is_refused_at_its_boxes(client: FlaskClient) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    address = f"/proposer/{draft_id}/histoire"
    answer = client.post(address, data=fields(client.get(address)) | {"publics": "martiens\x00<b>"})
    assert answer.status_code == 422
    assert 'href="#publics-0"' in answer.text
    assert "Choisissez les publics dans la liste." in answer.text
    assert "<b>" not in answer.text.split("<main", 1)[1].split("</main", 1)[0].replace("<bdi>", "")

"""Looking further from the form without scripts, and later by the worker: proposed, never taken by itself."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from directory import create_app
from directory.contributions import jobs, operations
from directory.contributions.models import Draft
from directory.contributions.queries import content_of
from directory.core.commands import make_worker
from directory.core.database import make_engine
from directory.core.jobs import Job
from directory.core.time import utcnow
from directory.geocoding.models import PlaceAnswer, ProviderTurn
from directory.geocoding.outbound import Fetcher
from directory.geocoding.providers import Provider, make_provider
from directory.initiatives.content import from_json, to_json
from directory.reference.keys import Side
from tests.conftest import ROOT, make_database, migration_config
from tests.contributions.proposing import answers, begin, fields, fill
from tests.geocoding.stub import ADDRESS, Stub, serving

UNKNOWN = {"here-0-typed": "Morlaix", "there-0-typed": "Konna (Mali)"}
LOOK = {"faire": "chercher-there-0"}


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as stub:
        yield stub


def provider(stub: Stub, name: str = "photon") -> Provider:
    return make_provider(name, stub.address, "Site (http://test)", Fetcher(is_allowed=lambda address: True))


@pytest.fixture
def asking(app: Flask, client: FlaskClient, stub: Stub) -> FlaskClient:
    """A visitor of a site that may look further on both sides."""
    if app.extensions["gazetteer"] is None:
        pytest.skip("the gazetteer was not built")
    app.extensions["place_providers"] = (provider(stub), provider(stub, "ban"))
    return client


def at(draft_id: int) -> str:
    return f"/proposer/{draft_id}/lieux"


def place(session: Session, draft_id: int, side: str = "there") -> dict[str, Any]:
    found: dict[str, Any] = answers(session, draft_id)[side][0]["place"]
    return found


# From the form


def test_a_site_that_does_not_look_further_does_not_offer_it(client: FlaskClient) -> None:
    draft_id = begin(client)
    answer = fill(client, at(draft_id), UNKNOWN)
    assert "Chercher plus loin" not in client.get(at(draft_id)).text + answer.text
    assert fill(client, at(draft_id), LOOK).status_code == 200  # pressed all the same: said, nothing broken


def test_typing_and_going_on_ask_nobody(asking: FlaskClient, stub: Stub) -> None:
    draft_id = begin(asking)
    answer = fill(asking, at(draft_id), UNKNOWN)
    assert answer.status_code == 422
    assert "Chercher plus loin" in answer.text
    assert "Photon, d’après OpenStreetMap" in answer.text
    assert stub.asked == []


def test_a_place_found_further_is_offered_then_chosen_and_says_whose_data_it_is(
    asking: FlaskClient, session: Session, stub: Stub
) -> None:
    draft_id = begin(asking)
    found = fill(asking, at(draft_id), UNKNOWN | {"there-0-shown_as": "region"} | LOOK)
    assert found.status_code == 200
    assert fields(found)["here-0-typed"] == "Morlaix"
    assert 'value="photon-0"' in found.text
    assert "Un lieu trouvé en ligne." in found.text
    assert place(session, draft_id) is None
    answer = fill(asking, at(draft_id), {"there-0-choice": "photon-0"}, found)
    assert answer.headers["Location"].endswith("/structure")
    kept = place(session, draft_id)
    assert (kept["name"], kept["keys"], kept["found_by"]) == ("Konna", ["a:ML.04", "p:ML"], "photon")
    assert (kept["lon"], kept["lat"], kept["precision"]) == (-3.9, 14.94, "point")
    page = asking.get(at(draft_id))
    assert "trouvé en ligne (Photon, d’après OpenStreetMap)" in page.text
    assert answers(session, draft_id)["there"][0]["shown_as"] == "region"
    assert fill(asking, at(draft_id), {}, page).status_code == 303
    assert place(session, draft_id) == kept
    assert len(stub.asked) == 1


def test_whose_data_a_position_is_follows_it_into_the_sheet(asking: FlaskClient, session: Session) -> None:
    draft_id = begin(asking)
    fill(asking, at(draft_id), {"there-0-choice": "photon-0"}, fill(asking, at(draft_id), UNKNOWN | LOOK))
    content = content_of(session.get_one(Draft, draft_id).typed)
    assert content.there[0].found_by == "photon"
    assert "found_by" not in to_json(content)["here"][0]
    assert from_json(to_json(content)) == content
    fill(asking, at(draft_id), {"there-0-lat": "14.9", "there-0-lon": "-3.9"})
    assert "found_by" not in place(session, draft_id), "a pin put by hand is nobody's data"


def test_an_address_here_is_found_too(asking: FlaskClient, session: Session, stub: Stub) -> None:
    stub.content = {"features": [ADDRESS]}
    draft_id = begin(asking)
    found = fill(asking, at(draft_id), {"here-0-typed": "rue de Parys Morlaix xq", "faire": "chercher-here-0"})
    fill(asking, at(draft_id), {"here-0-choice": "ban-0"}, found)
    assert place(session, draft_id, "here")["keys"][0] == "c:29151"


@pytest.mark.parametrize(
    "trouble",
    [{"status": 429}, {"status": 503}, {"body": b"nonsense"}, {"body": b"x" * 50_000_000}, {"status": 302}],
    ids=["429", "503", "not JSON", "50 MB", "elsewhere"],
)
def test_whatever_happens_the_form_saves_with_what_is_embedded_and_says_so(
    asking: FlaskClient, session: Session, stub: Stub, trouble: dict[str, Any]
) -> None:
    for name, value in trouble.items():
        setattr(stub, name, value)
    draft_id = begin(asking)
    answer = fill(asking, at(draft_id), UNKNOWN | LOOK)
    assert answer.status_code == 200
    assert "La recherche en ligne ne répond pas" in answer.text
    assert fields(answer)["there-0-typed"] == "Konna (Mali)"
    answer = fill(asking, at(draft_id), {"there-0-choice": "p:ML"}, answer)
    assert answer.status_code == 303
    assert answers(session, draft_id)["there"][0]["as_typed"]


def test_nothing_found_is_said_and_the_pin_remains(asking: FlaskClient, stub: Stub) -> None:
    stub.content = {"features": []}
    draft_id = begin(asking)
    answer = fill(asking, at(draft_id), UNKNOWN | LOOK)
    assert "Rien trouvé plus loin" in answer.text
    assert "placer le repère" in answer.text


@pytest.mark.parametrize("choice", ["photon-1", "photon-9", "ban-0", "nominatim-0", "photon--0", "photon-0x", "-0"])
def test_a_choice_that_nobody_proposed_is_not_taken(asking: FlaskClient, session: Session, choice: str) -> None:
    draft_id = begin(asking)
    found = fill(asking, at(draft_id), UNKNOWN | LOOK)
    assert fill(asking, at(draft_id), {"there-0-choice": choice}, found).status_code == 422
    assert place(session, draft_id) is None


@pytest.mark.parametrize("act", ["chercher-", "chercher-there", "chercher-there-9", "chercher-x-0", "chercher-there-٣"])
def test_a_button_that_no_page_has_changes_nothing(asking: FlaskClient, stub: Stub, act: str) -> None:
    draft_id = begin(asking)
    assert fill(asking, at(draft_id), UNKNOWN | {"faire": act}).status_code == 200
    assert stub.asked == []


def test_what_was_found_is_there_at_once_the_next_time(asking: FlaskClient, stub: Stub) -> None:
    draft_id = begin(asking)
    fill(asking, at(draft_id), UNKNOWN | LOOK)
    assert 'value="photon-0"' in asking.get(at(draft_id)).text
    assert len(stub.asked) == 1


# By the worker


def doubtful(asking: FlaskClient, **typed: str) -> int:
    """A draft whose place there stayed doubtful."""
    draft_id = begin(asking)
    fill(asking, at(draft_id), UNKNOWN | typed)
    return draft_id


def make_due(session: Session) -> None:
    session.execute(update(Job).where(Job.kind == "draft_place").values(due_at=utcnow()))
    session.commit()


def looking(session: Session) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.kind == "draft_place")))


def test_a_place_that_stayed_doubtful_is_looked_for_later_and_left_as_it_is(
    app: Flask, asking: FlaskClient, session: Session, stub: Stub
) -> None:
    draft_id = doubtful(asking)
    (job,) = looking(session)
    assert job.due_at > utcnow() + operations.LOOKED_AFTER - dt.timedelta(minutes=1)
    assert all(isinstance(value, int) for value in job.payload.values())
    before = session.get_one(Draft, draft_id).typed
    make_due(session)
    assert make_worker(app).run_due() == 1
    assert len(stub.asked) == 1
    session.expire_all()
    assert session.get_one(Draft, draft_id).typed == before
    assert 'value="photon-0"' in asking.get(at(draft_id)).text
    assert len(stub.asked) == 1, "the answer was kept"


def test_a_place_chosen_meanwhile_or_kept_back_is_named_to_nobody(
    app: Flask, asking: FlaskClient, session: Session, stub: Stub
) -> None:
    draft_id = doubtful(asking)
    fill(asking, at(draft_id), {"there-0-typed": "Bamako, Mali"})
    doubtful(asking, **{"there-0-shown_as": "country"})
    assert len(looking(session)) == 1
    make_due(session)
    make_worker(app).run_due()
    assert stub.asked == []
    assert {job.state for job in looking(session)} == {"done"}


def test_without_provider_nothing_is_asked_of_the_worker(app: Flask, client: FlaskClient, session: Session) -> None:
    doubtful(client)
    assert looking(session) == []


def test_a_setting_taken_back_stops_what_was_waiting(
    app: Flask, asking: FlaskClient, session: Session, stub: Stub
) -> None:
    doubtful(asking)
    app.extensions["place_providers"] = ()
    make_due(session)
    make_worker(app).run_due()
    assert stub.asked == []


def test_a_provider_that_is_down_is_not_asked_again_for_the_same_place(
    app: Flask, asking: FlaskClient, session: Session, stub: Stub
) -> None:
    stub.status = 503
    doubtful(asking)
    make_due(session)
    make_worker(app).run_due()
    assert (len(stub.asked), {job.state for job in looking(session)}) == (1, {"done"})


def test_the_worker_waits_for_its_turn_and_tries_later_when_people_ask_all_the_time(
    app: Flask, asking: FlaskClient, session: Session, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", 0.0)
    doubtful(asking)
    soon = utcnow() + dt.timedelta(seconds=3)
    session.add(ProviderTurn(provider="photon", next_at=soon, failures=0))
    make_due(session)
    make_worker(app).run_due()
    (job,) = looking(session)
    assert (job.state, job.attempts, stub.asked) == ("waiting", 1, [])
    assert "ProvidersBusy" in job.last_error


PROCESS = """
import sys
from pathlib import Path
from config import Environment, Settings
from directory import create_app
from directory.core.commands import make_worker
from directory.geocoding.outbound import Fetcher
from directory.geocoding.providers import make_provider

url, instance, gazetteer, address = sys.argv[1:]
settings = Settings(environment=Environment.TEST, instance=Path(instance), database_url=url, gazetteer=Path(gazetteer))
app = create_app(settings)
app.extensions["place_providers"] = (make_provider("photon", address, "Site", Fetcher(is_allowed=lambda a: True)),)
make_worker(app).run_due()
"""


@pytest.mark.timeout(120)
def test_a_worker_killed_while_it_asks_begins_again_and_asks_once_what_was_answered(
    backend: str, tmp_path: Path, worker_id: str, stub: Stub, settings: Settings
) -> None:
    if not settings.gazetteer.is_file():
        pytest.skip("the gazetteer was not built")
    url = make_database(backend, tmp_path, f"further_{worker_id}")
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session, session.begin():
        line = {"typed": "Konna (Mali)", "place": None, "shown_as": "locality"}
        draft = operations.start(session, {"summary": "Deux écoles.", "there": [line]})
        session.flush()
        operations.look_later(session, draft, [Side.THERE])
        session.execute(update(Job).values(due_at=utcnow()))
        draft_id, typed = draft.id, draft.typed

    def work() -> subprocess.Popen[bytes]:
        arguments = [url, str(tmp_path), str(settings.gazetteer), stub.address]
        return subprocess.Popen([sys.executable, "-c", PROCESS, *arguments], cwd=ROOT, env=os.environ)

    def kill() -> None:
        process.send_signal(signal.SIGKILL)
        process.wait()

    stub.when_asked = kill
    process = work()
    assert process.wait(60) == -signal.SIGKILL
    stub.when_asked = lambda: None
    for _ in range(2):  # the second time as if the kill had come between the answer and the end of the job
        with Session(engine) as session, session.begin():
            assert session.scalar(select(Draft.typed).where(Draft.id == draft_id)) == typed
            session.execute(update(Job).values(state="running", leased_until=utcnow()))
        assert work().wait(60) == 0
    with Session(engine) as session:
        assert session.scalars(select(Job.state)).all() == ["done"]
        assert session.scalar(select(func.count()).select_from(PlaceAnswer)) == 1
        assert session.get_one(Draft, draft_id).typed == typed
    engine.dispose()
    assert len(stub.asked) == 2, "once interrupted, once answered, then kept"


def test_the_page_of_private_life_says_who_is_asked(settings: Settings) -> None:
    for providers, says in (((), False), (("ban", "photon"), True)):
        page = create_app(replace(settings, place_providers=providers)).test_client().get("/vie-privee").text
        assert ("Base Adresse Nationale ou à Photon" in page) is says

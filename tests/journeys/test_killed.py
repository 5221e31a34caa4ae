"""What was acknowledged is there after a kill -9 of the server or of the worker, at any step of a sending."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.contributions.models import Draft
from directory.core.database import make_engine
from directory.core.jobs import Job
from directory.initiatives.models import Initiative
from directory.reviews.models import Review
from tests.serving import CURATOR, Site, new_site

AUTHOR = "a.riou@exemple.org"
KILLS = 4
TELLS = {
    "lieux": {"here-0-typed": "Morlaix", "there-0-typed": "Bamako, Mali"},
    "structure": {"carrier": "Les Amis du lycée", "email": AUTHOR},
    "partenaire": {"partners-0-name": "Lycée Askia", "partners-0-agreement": "yes", "main_sector": "education"},
    "histoire": {"since_year": "2015", "stage": "ongoing", "title": "Deux lycées"},
}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of its own, whose programs the tests kill."""
    with new_site(tmp_path, environment="test") as site:
        site.start("server")
        yield site


class Visitor:
    """Reads a page, sends its form; a request that the kill interrupts was not acknowledged."""

    def __init__(self, site: Site) -> None:
        self.url, self.http = site.url, requests.Session()

    def send(self, path: str, **typed: str) -> str:
        """The path where the answer leads."""
        page = self.http.get(self.url + path, timeout=60).text
        tags = [dict(re.findall(r'([a-z_]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*hidden[^>]*>", page)]
        hidden = {given["name"]: given.get("value", "") for given in tags if "name" in given}
        answer = self.http.post(self.url + path, data=hidden | typed, allow_redirects=False, timeout=60)
        assert answer.status_code == 303, answer.status_code
        return answer.headers["Location"].removeprefix(self.url)


@pytest.mark.timeout(300)
def test_every_sentence_acknowledged_is_there_after_the_server_was_killed(site: Site, tmp_path: Path) -> None:
    visitor = Visitor(site)
    path = visitor.send("/proposer", summary="Phrase 0").replace("lieux", "ensemble")
    acknowledged = 0
    for _ in range(KILLS):
        stop = threading.Event()

        def write(halt: threading.Event = stop) -> None:
            nonlocal acknowledged
            while not halt.is_set():
                with suppress(requests.RequestException, AssertionError):
                    visitor.send(path, summary=f"Phrase {acknowledged + 1}")
                    acknowledged += 1

        writing = threading.Thread(target=write)
        writing.start()
        stop.wait(0.7)
        site.kill("server")
        stop.set()
        writing.join()
        site.start("server")
    assert acknowledged > KILLS
    engine = make_engine(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    with Session(engine) as session:
        kept = session.scalars(select(Draft)).one().typed["answers"]["summary"]
    engine.dispose()
    # The last one may have been written without its answer having left.
    assert kept in {f"Phrase {acknowledged}", f"Phrase {acknowledged + 1}"}


@pytest.mark.timeout(300)
def test_a_sending_survives_a_kill_after_each_of_its_steps(site: Site, tmp_path: Path) -> None:
    visitor = Visitor(site)
    path = visitor.send("/proposer", summary="Deux lycées s’écrivent.")
    for slug, typed in TELLS.items():
        assert path.endswith(slug)
        site.kill("server")
        site.start("server")
        path = visitor.send(path, **typed)
    sent = path.replace("relire", "envoyer")
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', visitor.http.get(site.url + path, timeout=60).text)
    assert token is not None
    visitor.http.post(site.url + sent, data={"csrf_token": token[1]}, timeout=60)
    site.kill("server")
    site.start("worker")
    link = site.mail(AUTHOR, "onfirme").removeprefix(site.url)
    site.kill("worker")
    site.start("server")
    Visitor(site).send(link)
    site.kill("server")
    site.start("worker")
    assert "/relecture/" in site.mail(CURATOR, "Deux lycées")
    engine = make_engine(f"sqlite:///{tmp_path / 'directory.sqlite'}")
    with Session(engine) as session:
        for table in (Initiative, Review):
            assert session.scalar(select(func.count()).select_from(table)) == 1
        assert session.scalar(select(func.count()).where(Job.state == "failed")) == 0
    engine.dispose()

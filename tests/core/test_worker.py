"""The worker as a process: killed, it loses nothing; woken, it looks; it stops when it is told to."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory.core.jobs import Job
from directory.core.time import utcnow
from directory.core.worker import Queue
from tests.conftest import ROOT
from tests.core.conftest import ask, make_worker, only_job
from tests.smtp import MailServer

PROCESS = """
import sys
from contextlib import nullcontext
from sqlalchemy.orm import sessionmaker
from config import Settings
from directory.core.database import make_engine
from directory.core.mail import Mail, open_transport
from directory.core.worker import Worker

def tell(session, *, number):
    return Mail("personne@exemple.org", f"Nouvelle {number}", ("Une phrase.",))

url, mail_url, instance = sys.argv[1:]
settings = Settings(instance=instance, mail_url=mail_url, public_url="https://annuaire.example")
sessions = sessionmaker(make_engine(url), expire_on_commit=False)
Worker(sessions, {"tell": tell}, settings, open_transport(settings), nullcontext).run_due()
"""


def start_worker(store: Engine, settings: Settings) -> subprocess.Popen[bytes]:
    """A worker in a process of its own, that can really be killed."""
    url = store.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", PROCESS, url, settings.mail_url, str(settings.instance)], cwd=ROOT, env=os.environ
    )


@pytest.mark.parametrize(("verb", "copies"), [("RCPT", 1), (".", 2)], ids=["before it is taken", "once taken"])
def test_a_worker_killed_while_it_sends_loses_nothing_and_a_copy_is_recognised(
    store: Engine, kept: sessionmaker[Session], settings: Settings, server: MailServer, verb: str, copies: int
) -> None:
    ask(kept)
    process = start_worker(store, settings)

    def kill(heard: str) -> None:
        if heard == verb:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    server.when_heard = kill
    assert process.wait(30) == -signal.SIGKILL
    assert only_job(kept).state == "running"
    server.when_heard = str
    with kept.begin() as session:
        session.execute(update(Job).values(leased_until=utcnow()))
    make_worker(kept, settings).run_due()
    assert only_job(kept).state == "done"
    assert len(server.taken) == copies
    assert len(set(server.ids)) == 1


def test_a_request_wakes_the_worker_which_also_looks_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    path.write_bytes(b"this is no database, and must not stop the worker" * 20)
    command = [sys.executable, "-c", LOOKING, str(path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "looked\n", "at once"
        for _ in range(3):
            Queue(path).wake()
        assert process.stdout.readline() == "looked\n", "when woken"
        process.send_signal(signal.SIGTERM)
        assert len(process.stdout.readlines()) <= 2, "three requests at once wake it hardly more than once"
    assert process.returncode == 0


LOOKING = """
import sys
from pathlib import Path
from directory.core.worker import Queue
Queue(Path(sys.argv[1])).work(lambda is_stopping: print("looked", flush=True), lambda: False)
"""


def test_a_worker_stops_when_what_it_works_for_is_gone(tmp_path: Path) -> None:
    code = LOOKING.replace("lambda: False", f"lambda: Path({str(tmp_path / 'over')!r}).exists()")
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "queue.sqlite")], cwd=ROOT)
    (tmp_path / "over").touch()
    assert process.wait(60) == 0


def test_a_queue_that_cannot_be_written_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    Queue(tmp_path / "nowhere" / "queue.sqlite").wake()
    assert "the worker was not woken" in caplog.text


def test_nothing_is_run_from_what_is_written_in_the_queue(tmp_path: Path) -> None:
    path = tmp_path / "queue.sqlite"
    Queue(path).wake()
    with sqlite3.connect(path) as connection:
        (data,) = connection.execute("SELECT data FROM task").fetchone()
    connection.close()
    assert bytes(data).startswith(b'{"id"')

"""Rows are the truth: what was asked for is done once, later if it must be, and never lost."""

from __future__ import annotations

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory.core import jobs
from directory.core.database import make_engine
from directory.core.errors import NotFound
from directory.core.jobs import LEASE, WAITS, Handler, Job, enqueue
from directory.core.mail import Mail, open_transport
from directory.core.time import utcnow
from directory.core.worker import Queue, Worker
from tests.conftest import ROOT, make_database
from tests.smtp import MailServer, mail_server

SENTENCES = ("Une phrase.",)
NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, server: MailServer) -> Settings:
    return Settings(instance=tmp_path, mail_url=server.url(), public_url="https://annuaire.example")


@pytest.fixture
def store(backend: str, tmp_path: Path, worker_id: str) -> Iterator[Engine]:
    """A database of its own, where several workers really commit."""
    engine = make_engine(make_database(backend, tmp_path, f"jobs_{worker_id}"))
    Job.__table__.create(engine)  # type: ignore[attr-defined]  # no geometry here: the table alone is enough
    yield engine
    engine.dispose()


@pytest.fixture
def kept(store: Engine) -> sessionmaker[Session]:
    """Sessions on that database."""
    return sessionmaker(store, expire_on_commit=False)


def tell(_session: Session, *, number: int) -> Mail:
    return Mail("personne@exemple.org", f"Nouvelle {number}", SENTENCES)


def break_down(_session: Session, *, number: int) -> Mail:
    raise ValueError(f"personne@exemple.org, {number}")


def make_worker(
    sessions: sessionmaker[Session], settings: Settings, handlers: Mapping[str, Handler] | None = None
) -> Worker:
    return Worker(sessions, handlers or {"tell": tell}, settings, open_transport(settings), nullcontext)


def ask(sessions: sessionmaker[Session], kind: str = "tell", count: int = 1, **payload: Any) -> list[int]:
    """Jobs asked for by a transaction that was committed."""
    with sessions.begin() as session:
        asked = [enqueue(session, kind, number=number, **payload) for number in range(count)]
        session.flush()
        return [job.id for job in asked]


def only_job(sessions: sessionmaker[Session]) -> Job:
    with sessions() as session:
        return session.scalars(select(Job)).one()


def test_a_mail_is_sent_once(sessions: sessionmaker[Session], settings: Settings, server: MailServer) -> None:
    ask(sessions)
    worker = make_worker(sessions, settings)
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    assert [message["Subject"] for message in server.taken] == ["Nouvelle 0"]
    job = only_job(sessions)
    assert (job.state, job.attempts, job.last_error) == ("done", 1, "")
    assert job.done_at is not None
    assert job.leased_until is None


def test_what_was_asked_by_a_transaction_that_failed_is_never_done(
    sessions: sessionmaker[Session], settings: Settings
) -> None:
    with sessions() as session:
        enqueue(session, "tell", number=1)
        enqueue(session, "tell", key="une fois", number=1)
        session.flush()
        session.rollback()
    assert make_worker(sessions, settings).run_due() == 0


def test_what_has_a_key_happens_once_even_when_asked_again_later(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    worker = make_worker(sessions, settings)
    for number in range(3):
        with sessions.begin() as session:
            enqueue(session, "tell", key="review:7", number=number)
            enqueue(session, "tell", key="review:7", number=number)
        worker.run_due()
    assert [message["Subject"] for message in server.taken] == ["Nouvelle 0"]


def test_two_transactions_at_once_with_one_key_make_one_job(kept: sessionmaker[Session]) -> None:
    barrier = threading.Barrier(4)

    def ask_once() -> None:
        barrier.wait()
        with kept.begin() as session:
            enqueue(session, "tell", key="une fois", number=1)

    threads = [threading.Thread(target=ask_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert only_job(kept).key == "une fois"


def test_one_job_may_ask_for_others_in_the_transaction_that_ends_it(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    def spread(session: Session, *, number: int) -> None:
        for reader in range(3):
            enqueue(session, "tell", key=f"tell:{reader}", number=reader)

    ask(sessions, "spread")
    assert make_worker(sessions, settings, {"tell": tell, "spread": spread}).run_due() == 4
    assert len(server.taken) == 3


def test_a_mail_that_cannot_leave_waits_longer_each_time_then_waits_for_somebody(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    server.refusals["MAIL"] = "451 plus tard"
    worker = make_worker(sessions, settings)
    with time_machine.travel(NOON, tick=False) as clock:
        ask(sessions)
        for wait in WAITS:
            assert worker.run_due() == 1
            assert only_job(sessions).due_at == dt.datetime.now(dt.UTC) + wait
            assert worker.run_due() == 0, "not before its time"
            clock.shift(wait)
        assert worker.run_due() == 1
    job = only_job(sessions)
    assert (job.state, job.attempts) == ("failed", len(WAITS) + 1)
    assert "451" in job.last_error
    server.refusals.clear()
    assert worker.run_due() == 0
    with sessions.begin() as session:
        assert jobs.retry(session) == 1
    assert worker.run_due() == 1
    assert len(server.taken) == 1
    assert only_job(sessions).last_error == ""


def test_a_mail_leaves_when_the_server_is_back(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    server.refusals["EHLO"] = server.refusals["HELO"] = "421 fermé"
    worker = make_worker(sessions, settings)
    with time_machine.travel(NOON) as clock:
        ask(sessions)
        worker.run_due()
        server.refusals.clear()
        clock.shift(WAITS[0])
        assert worker.run_due() == 1
    assert len(server.taken) == 1


def test_a_server_that_is_not_there_stops_nothing_else(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    def quiet(_session: Session, *, number: int) -> None:
        """Sends nothing."""

    gone = Settings(instance=settings.instance, mail_url="smtp://127.0.0.1:1")
    ask(sessions)
    ask(sessions, "quiet")
    assert make_worker(sessions, gone, {"tell": tell, "quiet": quiet}).run_due() == 2
    with sessions() as session:
        assert session.scalars(select(Job.state).order_by(Job.id)).all() == ["waiting", "done"]
        assert session.scalars(select(Job.last_error).order_by(Job.id)).first() == (
            f"ConnectionRefusedError {111} (core/mail.py:{_line('return smtplib.SMTP(')})"
        )


def _line(start: str) -> int:
    lines = (ROOT / "directory" / "core" / "mail.py").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.strip().startswith(start))


def test_an_address_that_takes_no_mail_is_not_asked_again(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    server.refusals["RCPT"] = "550 5.1.1 <personne@exemple.org> inconnue"
    ask(sessions)
    make_worker(sessions, settings).run_due()
    job = only_job(sessions)
    assert (job.state, job.attempts) == ("failed", 1)
    assert "550" in job.last_error
    assert "personne@" not in job.last_error


@pytest.mark.parametrize(
    ("kind", "state", "told"),
    [("break_down", "waiting", "ValueError (core/test_jobs.py:"), ("inconnue", "waiting", "UnknownKind")],
)
def test_a_faulty_job_waits_says_where_and_names_nobody(
    sessions: sessionmaker[Session],
    settings: Settings,
    kind: str,
    state: str,
    told: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ask(sessions, kind)
    make_worker(sessions, settings, {"break_down": break_down}).run_due()
    job = only_job(sessions)
    assert job.state == state
    assert told.split(" ", maxsplit=1)[0] in job.last_error
    assert "personne@" not in job.last_error + caplog.text


def test_a_refusal_of_the_house_is_final(sessions: sessionmaker[Session], settings: Settings) -> None:
    def refuse(_session: Session, *, number: int) -> None:
        raise NotFound("Le compte de personne@exemple.org n’existe pas.")

    ask(sessions, "refuse")
    make_worker(sessions, settings, {"refuse": refuse}).run_due()
    assert (only_job(sessions).state, only_job(sessions).last_error[:8]) == ("failed", "NotFound")


def test_a_worker_that_must_stop_leaves_the_rest_for_the_next(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    ask(sessions, count=3)
    worker = make_worker(sessions, settings)
    assert worker.run_due(lambda: bool(server.taken)) == 1
    assert worker.run_due() == 2


@pytest.mark.parametrize("days", [-1, 1], ids=["a day behind", "a day ahead"])
def test_a_clock_that_was_wrong_by_a_day_holds_nothing_and_doubles_nothing(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer, days: int
) -> None:
    worker = make_worker(sessions, settings)
    with time_machine.travel(NOON + dt.timedelta(days=days)):
        ask(sessions)
        with sessions.begin() as session:
            assert jobs.claim(session) is not None, "a worker takes it, and is killed"
        ask(sessions)
    with time_machine.travel(NOON):
        worker.run_due()
        assert len(server.taken) == 2
    with time_machine.travel(NOON + dt.timedelta(days=days)):
        ask(sessions)
    with time_machine.travel(NOON + dt.timedelta(days=2 * days)):
        worker.run_due()
        worker.run_due()
    assert len(server.taken) == 3
    assert len(set(server.ids)) == 3


@pytest.mark.parametrize("day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25)], ids=["spring", "autumn"])
def test_the_night_when_the_clocks_change_is_a_night_like_the_others(
    sessions: sessionmaker[Session],
    settings: Settings,
    server: MailServer,
    day: dt.date,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TZ", "Europe/Paris")
    worker = make_worker(sessions, settings)
    server.refusals["MAIL"] = "451 plus tard"
    with time_machine.travel(dt.datetime.combine(day, dt.time(0, 59, 30), dt.UTC), tick=False) as clock:
        ask(sessions)
        worker.run_due()
        server.refusals.clear()
        clock.shift(dt.timedelta(seconds=59))
        assert worker.run_due() == 0
        clock.shift(dt.timedelta(seconds=1))
        assert worker.run_due() == 1
    assert len(server.taken) == 1


def test_a_job_whose_worker_died_is_taken_back_after_its_lease(
    sessions: sessionmaker[Session], settings: Settings, server: MailServer
) -> None:
    worker = make_worker(sessions, settings)
    with time_machine.travel(NOON, tick=False) as clock:
        ask(sessions)
        with sessions.begin() as session:
            assert jobs.claim(session) is not None
        clock.shift(LEASE - dt.timedelta(seconds=1))
        assert worker.run_due() == 0
        clock.shift(1)
        assert worker.run_due() == 1
    assert only_job(sessions).attempts == 2


def test_a_job_that_kills_every_worker_fails_at_last(sessions: sessionmaker[Session], settings: Settings) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask(sessions)
        for _ in range(len(WAITS) + 1):
            with sessions.begin() as session:
                assert jobs.claim(session) is not None
            clock.shift(LEASE)
        assert make_worker(sessions, settings).run_due() == 1
    assert (only_job(sessions).state, only_job(sessions).last_error[:12]) == ("failed", "DiedEachTime")


def test_a_worker_whose_lease_ran_out_does_not_end_the_job_of_another(sessions: sessionmaker[Session]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        ask(sessions)
        with sessions.begin() as session:
            slow = jobs.claim(session)
        clock.shift(LEASE)
        with sessions.begin() as session:
            quick = jobs.claim(session)
        assert slow is not None
        assert quick is not None
        with sessions.begin() as session:
            assert not jobs.complete(session, slow)
            assert not jobs.fail(session, slow, "")
    assert only_job(sessions).state == "running"


def test_two_workers_never_take_one_job(kept: sessionmaker[Session], settings: Settings, server: MailServer) -> None:
    ask(kept, count=40)
    workers = [make_worker(kept, settings) for _ in range(2)]
    taken: list[int] = []
    threads = [threading.Thread(target=lambda worker=worker: taken.append(worker.run_due())) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 40
    assert sorted(message["Subject"] for message in server.taken) == sorted(f"Nouvelle {n}" for n in range(40))
    assert len(set(server.ids)) == 40


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
    assert process.wait(20) == 0


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


def test_the_backlog_tells_what_waits_what_is_late_and_what_failed(
    sessions: sessionmaker[Session], session: Session
) -> None:
    with time_machine.travel(NOON - dt.timedelta(hours=1)):
        ask(sessions, count=2)
    with time_machine.travel(NOON):
        ask(sessions)
        assert jobs.backlog(session) == jobs.Backlog(waiting=3, late=2, failed=0)

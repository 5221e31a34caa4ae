"""Rows are the truth: what was asked for is done once, later if it must be, and never lost."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from config import Settings
from directory.core import jobs
from directory.core.errors import NotFound
from directory.core.jobs import LEASE, WAITS, Job, enqueue
from directory.core.mail import Mail
from tests.conftest import ROOT
from tests.core.conftest import ask, make_worker, only_job, tell
from tests.smtp import MailServer

NOON = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def break_down(_session: Session, *, number: int) -> Mail:
    raise ValueError(f"personne@exemple.org, {number}")


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


def test_a_worker_whose_clock_is_a_little_behind_leaves_what_was_put_off(sessions: sessionmaker[Session]) -> None:
    with time_machine.travel(NOON + dt.timedelta(seconds=2)), sessions.begin() as session:
        enqueue(session, "forget").due_at = NOON + dt.timedelta(days=30)
    with time_machine.travel(NOON), sessions.begin() as session:
        assert jobs.claim(session) is None


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


def test_the_backlog_tells_what_waits_what_is_late_and_what_failed(
    sessions: sessionmaker[Session], session: Session
) -> None:
    with time_machine.travel(NOON - dt.timedelta(hours=1)):
        ask(sessions, count=2)
    with time_machine.travel(NOON):
        ask(sessions)
        assert jobs.backlog(session) == jobs.Backlog(waiting=3, late=2, failed=0)

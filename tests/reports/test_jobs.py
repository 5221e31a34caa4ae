"""What the worker does with reports: who is told, in which words, nobody's name where it may not be; then forgotten."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from directory.core.jobs import Job
from directory.core.mail import Mail, compose
from directory.core.time import utcnow
from directory.networks.models import Curatorship
from directory.reports import operations
from directory.reports.jobs import HANDLERS
from directory.reports.models import Report, ReportDecision
from directory.reports.vocabulary import FINAL, FIRST, Kind, Outcome
from tests.factories import make_account, make_initiative
from tests.reports.made import (
    CONTENT,
    NETWORK,
    REPLY,
    make_administrator,
    make_contested,
    make_decided,
    make_report,
)


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def run(session: Session, kind: str) -> list[Mail]:
    """The mails of every job of a kind, in order."""
    session.flush()
    jobs = session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)).all()
    found = [HANDLERS[kind](session, **job.payload) for job in jobs]
    session.flush()
    return [mail for mail in found if mail]


def told(mail: Mail) -> str:
    return " ".join((mail.subject, *mail.paragraphs, mail.action.label if mail.action else "", mail.quote))


def test_the_receipt_says_the_number_what_follows_and_by_when_and_nothing_typed(session: Session) -> None:
    report = make_report(session)
    (mail,) = run(session, "report_receipt")
    assert mail.to == CONTENT.email
    assert report.reference in mail.subject
    assert "le Réseau Bretagne Solidaire" in told(mail).replace("Le R", "le R")
    assert "au plus tard le" in told(mail)
    assert mail.action is not None
    assert "/signalements/" in mail.action.address
    for typed in (CONTENT.statement, CONTENT.proposal, CONTENT.name, report.initiative.title):
        assert typed not in told(mail)


def test_a_danger_without_an_address_sends_no_receipt(session: Session) -> None:
    make_report(session, kind=Kind.DANGER, name="", email="")
    assert run(session, "report_receipt") == []


def test_the_curators_are_told_without_the_reporters_name(session: Session) -> None:
    curator, elsewhere = make_account(session, curates=NETWORK), make_account(session, curates="so-cooperation")
    report = make_report(session)
    assert run(session, "report_opened") == []
    mails = run(session, "report_waiting")
    readers = {mail.to for mail in mails}
    assert curator.email in readers
    assert elsewhere.email not in readers
    for mail in mails:
        assert not {CONTENT.name, CONTENT.email} & set(told(mail).split())
        assert mail.action is not None
        assert mail.action.address.endswith(f"/relecture/signalements/{report.id}")


def test_who_left_or_comes_after_the_answer_is_told_nothing(session: Session) -> None:
    make_account(session, curates=NETWORK)
    report = make_report(session)
    run(session, "report_opened")
    session.execute(delete(Curatorship))
    assert run(session, "report_waiting") == []
    curator = make_account(session, curates=NETWORK)
    run(session, "report_opened")
    assert [mail.to for mail in run(session, "report_waiting")] == [curator.email]
    make_decided(session, report)
    assert run(session, "report_waiting") == []


def test_a_danger_is_urgent_and_told_to_administrators(session: Session) -> None:
    administrator = make_administrator(session)
    make_report(session, kind=Kind.DANGER)
    run(session, "report_opened")
    mails = {mail.to: mail for mail in run(session, "report_waiting")}
    assert mails[administrator.email].subject.startswith("Urgent")


def test_a_confirmed_reply_is_told_again_once(session: Session) -> None:
    curator = make_account(session, curates=NETWORK)
    report = make_report(session, notice=REPLY)
    run(session, "report_opened")
    operations.confirm(session, report)
    operations.confirm(session, report)
    run(session, "report_opened")
    mine = [mail for mail in run(session, "report_waiting") if mail.to == curator.email]
    assert len(mine) == 2
    assert all("L’adresse est confirmée." in told(mail) for mail in mine)


def test_the_decision_reaches_the_reporter_with_its_reasons(session: Session) -> None:
    report, _ = make_decided(session)
    (mail,) = run(session, "report_decided")
    assert (mail.to, mail.quote) == (CONTENT.email, "La source le dit.")
    assert report.reference in mail.subject
    assert report.initiative.title not in mail.subject
    assert "vous pouvez la contester" in told(mail)


def test_the_final_decision_says_that_it_is_the_last(session: Session) -> None:
    report, _ = make_contested(session)
    assert [mail.to for mail in run(session, "report_contested")] == [CONTENT.email]
    administrator = make_administrator(session)
    operations.decide(
        session, report, actor=administrator, round_=FINAL, outcome=Outcome.UNCHANGED, reason="Relu : exact."
    )
    last = run(session, "report_decided")[-1]
    assert "Cette décision est la dernière sur ce site." in told(last)
    assert last.quote == "Relu : exact."


def test_the_structure_learns_that_its_sheet_changed_and_nobodys_name(session: Session) -> None:
    initiative = make_initiative(session)
    report = operations.confirm(session, make_report(session, initiative, replace(REPLY, signature="La mairie")))
    make_decided(session, report, outcome=Outcome.REPLY_PUBLISHED, reason="Elle est nommée.")
    (mail,) = run(session, "report_structure")
    assert initiative.title in told(mail)
    assert initiative.title not in mail.subject
    assert mail.quote == "Elle est nommée."
    for secret in (REPLY.name, REPLY.email, REPLY.statement, report.reference):
        assert secret not in told(mail)


def test_a_withdrawn_sheet_is_not_named_any_more(session: Session) -> None:
    report = make_report(session)
    title = report.initiative.title
    make_decided(session, report, outcome=Outcome.WITHDRAWN, agrees_to_withdraw=True)
    (mail,) = run(session, "report_structure")
    assert title not in told(mail)
    assert mail.action is None


def test_every_mail_can_leave(session: Session, context: Flask) -> None:
    make_account(session, curates=NETWORK)
    report = make_report(session, statement="a\n.\nBcc: tous@exemple.fr <b>x</b>", kind=Kind.DANGER)
    run(session, "report_opened")
    sent = run(session, "report_receipt") + run(session, "report_waiting")
    make_decided(session, report, outcome=Outcome.WITHDRAWN, agrees_to_withdraw=True, reason="<b>Oui</b>\n.\nFin")
    sent += run(session, "report_decided") + run(session, "report_structure")
    assert len(sent) >= 4
    for mail in sent:
        message = compose(mail, context.extensions["settings"], message_id="<1@example.org>", at=utcnow())
        html = message.get_body(("html",))
        assert html is not None
        assert "<b>" not in html.get_content()


def test_nothing_of_the_reporter_is_in_a_payload_or_a_log(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="directory")
    make_contested(session)
    run(session, "report_opened")
    session.flush()
    kept = " ".join(f"{job.key} {job.payload}" for job in session.scalars(select(Job)))
    for secret in (CONTENT.name, CONTENT.email, CONTENT.statement):
        assert secret not in kept
        assert secret not in caplog.text


def test_names_are_forgotten_by_the_worker_and_a_mail_that_waits_then_does_not_leave(session: Session) -> None:
    report, _ = make_decided(session)
    assert run(session, "report_forget") == []
    later = session.scalars(select(Job).where(Job.kind == "report_forget").order_by(Job.id.desc())).first()
    assert later is not None
    assert later.due_at - report.decisions[0].decided_at == dt.timedelta(days=365)
    session.execute(update(ReportDecision).values(decided_at=utcnow() - dt.timedelta(days=366)))
    run(session, "report_forget")
    (kept,) = session.scalars(select(Report))
    assert (kept.email, kept.name) == ("", "")
    assert run(session, "report_decided") == []
    assert HANDLERS["report_decided"](session, report_id=10**9, round_=FIRST) is None

"""What the worker does for reports: receipts, the desk, decisions, the structure; then the name is forgotten."""

from __future__ import annotations

import datetime as dt

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.jobs import Handler, enqueue
from directory.core.mail import Mail
from directory.networks.models import Network
from directory.reports import mails, operations
from directory.reports.models import Report, ReportDecision
from directory.reports.permissions import can_decide
from directory.reports.queries import deciders
from directory.reports.vocabulary import OPEN, ReportState, round_of


def opened(session: Session, *, report_id: int) -> Mail | None:
    """One mail for each person who may decide, chosen now: whoever joined or left since counts."""
    report = session.get(Report, report_id)
    if report is not None and report.state in OPEN:
        for reader in deciders(session, report):
            step = f"{report.state}{'!' if report.confirmed_at else ''}"
            key = f"report_waiting:{report.id}:{step}:{reader.id}"
            enqueue(session, "report_waiting", key=key, report_id=report.id, account_id=reader.id)
    return None


def waiting(session: Session, *, report_id: int, account_id: int) -> Mail | None:
    """Something waits for this person; nothing once it was answered, or once somebody else answers."""
    report, reader = session.get(Report, report_id), session.get(Account, account_id)
    if report is None or reader is None or report.state not in OPEN:
        return None
    if not can_decide(session, reader, report, round_of(ReportState(report.state))):
        return None
    return mails.opened(report, reader)


def receipt(session: Session, *, report_id: int) -> Mail | None:
    """What was taken in, to whoever sent it."""
    report = _addressed(session, report_id)
    return mails.receipt(report, _network(session, report)) if report else None


def contested(session: Session, *, report_id: int) -> Mail | None:
    """The contestation was taken in."""
    report = _addressed(session, report_id)
    return mails.contested(report) if report else None


def decided(session: Session, *, report_id: int, round_: int) -> Mail | None:
    """What was decided, to whoever reported."""
    report, decision = _addressed(session, report_id), _decision(session, report_id, round_)
    return mails.decided(report, decision) if report and decision else None


def structure(session: Session, *, report_id: int, round_: int, account_id: int) -> Mail | None:
    """The sheet changed, to somebody who answered for it when that was decided and still has an account."""
    report, reader = session.get(Report, report_id), session.get(Account, account_id)
    decision = _decision(session, report_id, round_)
    if report is None or decision is None or reader is None or not reader.active:
        return None
    return mails.structure(report, decision, reader)


def forget(session: Session, *, report_id: int) -> Mail | None:
    """Forget the names kept long enough, this report's and any other; come back when it is called too early."""
    kept = dt.timedelta(days=current_app.extensions["settings"].report_days)
    operations.forget_names(session, kept=kept)
    report = session.get(Report, report_id, populate_existing=True)
    last = session.scalar(select(func.max(ReportDecision.decided_at)).where(ReportDecision.report_id == report_id))
    if report is not None and report.forgotten_at is None and report.state not in OPEN and last is not None:
        enqueue(session, "report_forget", report_id=report_id).due_at = last + kept
    return None


def _addressed(session: Session, report_id: int) -> Report | None:
    """The report, while its author's address is known."""
    report = session.get(Report, report_id)
    return report if report is not None and report.email else None


def _decision(session: Session, report_id: int, round_: int) -> ReportDecision | None:
    chosen = select(ReportDecision).where(ReportDecision.report_id == report_id, ReportDecision.round == round_)
    return session.scalar(chosen)


def _network(session: Session, report: Report) -> Network:
    return session.get_one(Network, report.initiative.network_id)


HANDLERS: dict[str, Handler] = {
    "report_opened": opened,
    "report_waiting": waiting,
    "report_receipt": receipt,
    "report_contested": contested,
    "report_decided": decided,
    "report_structure": structure,
    "report_forget": forget,
}

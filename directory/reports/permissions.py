"""Who may read a report, who may decide: curators of the network in charge of the sheet today, and administrators."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_, select, true
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.initiatives.models import Initiative
from directory.networks.models import Curatorship, Network
from directory.reports.models import Report, ReportDecision
from directory.reports.vocabulary import FINAL, FIRST


def has_desk(session: Session, actor: Account) -> bool:
    """Somebody to whom reports can come."""
    curates = select(Curatorship.id).where(Curatorship.account_id == actor.id).limit(1)
    return actor.active and (actor.is_administrator or session.scalar(curates) is not None)


def readable(actor: Account) -> ColumnElement[bool]:
    """The condition on Report of what an account may read; the national queue reads what is contested anywhere."""
    if not actor.active:
        return false()
    if actor.is_administrator:
        return true()
    mine = select(Curatorship.network_id).where(Curatorship.account_id == actor.id)
    sheets = select(Initiative.id).where(Initiative.network_id.in_(mine))
    keeps = select(Network.id).where(Network.is_national, Network.id.in_(mine))
    return or_(Report.initiative_id.in_(sheets), Report.contested_at.is_not(None) & keeps.exists())


def can_read(session: Session, actor: Account, report: Report) -> bool:
    """Read from the rows at each call."""
    return session.scalar(select(Report.id).where(Report.id == report.id, readable(actor))) is not None


def can_decide(session: Session, actor: Account, report: Report, round_: int) -> bool:
    """First, the network in charge or an administrator; what is contested, an administrator or the national queue.

    Never the person who reported, nor twice the same person.
    """
    if not can_read(session, actor, report) or actor.email == report.email:
        return False
    if round_ == FIRST:
        return True
    national = (
        select(Curatorship.id)
        .join(Network, Network.id == Curatorship.network_id)
        .where(Curatorship.account_id == actor.id, Network.is_national)
    )
    if not actor.is_administrator and session.scalar(national.limit(1)) is None:
        return False
    first = select(ReportDecision.decided_by_id).where(
        ReportDecision.report_id == report.id, ReportDecision.round < FINAL
    )
    return actor.id not in session.scalars(first).all()

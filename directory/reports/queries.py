"""Reads about reports; who is told of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.models import Account
from directory.accounts.queries import administrators
from directory.core.errors import NotFound, Withdrawn
from directory.core.time import date_fr, utcnow
from directory.initiatives.content import from_json
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.queries import get_initiative
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.queries import curators_of
from directory.reports.models import Report, ReportDecision
from directory.reports.permissions import can_read, readable
from directory.reports.rules import A_DAY, reply_limit
from directory.reports.vocabulary import OPEN, Kind, Outcome, ReportState, outcome_words


def reported_sheet(session: Session, slug: str) -> Initiative:
    """The initiative of a slug, published or withdrawn since; raises NotFound when it never was public."""
    initiative = get_initiative(session, slug)
    if initiative.state == State.UNPUBLISHED:
        raise NotFound("Cette initiative n’existe pas, ou plus à cette adresse.")
    return initiative


def longest_reply(initiative: Initiative) -> int:
    """How many signs a reply to this sheet may count."""
    told = (initiative.title, initiative.summary, initiative.description, initiative.meeting)
    return reply_limit([*told, initiative.change_here, initiative.change_there])


def published_number(session: Session, initiative: Initiative) -> int:
    """The number of the version that is public; 0 when none is."""
    number = session.scalar(select(Revision.number).where(Revision.id == initiative.published_revision_id))
    return number or 0


def get_followed(session: Session, reference: str) -> Report:
    """The report that a signed link names; raises Withdrawn once its author had it erased."""
    report = session.scalar(select(Report).where(Report.reference == reference))
    if report is None or report.erased_at is not None:
        raise Withdrawn("Ce signalement a été effacé à la demande de la personne qui l’avait envoyé.")
    return report


def get_report(session: Session, report_id: int, actor: Account) -> Report:
    """A report that the actor may read; raises NotFound for the others too."""
    report = session.get(Report, report_id)
    if report is None or not can_read(session, actor, report):
        raise NotFound("Ce signalement n’existe pas dans vos réseaux.")
    return report


def waiting(session: Session, actor: Account) -> Sequence[Report]:
    """What is owed an answer and the actor may read: dangers first, then the oldest."""
    is_danger = case((Report.kind == Kind.DANGER.value, 0), else_=1)
    chosen = select(Report).where(Report.state.in_(OPEN), readable(actor)).options(*_WHOLE)
    return session.scalars(chosen.order_by(is_danger, Report.created_at, Report.id)).all()


def answered(session: Session, actor: Account, *, limit: int = 50) -> Sequence[Report]:
    """What was decided and the actor may read, the last decision first."""
    last = (
        select(func.max(ReportDecision.decided_at))
        .where(ReportDecision.report_id == Report.id)
        .correlate(Report)
        .scalar_subquery()
    )
    chosen = select(Report).where(Report.state.not_in(OPEN), readable(actor)).options(*_WHOLE)
    return session.scalars(chosen.order_by(last.desc(), Report.id.desc()).limit(limit)).all()


def waiting_count(session: Session, actor: Account) -> int:
    """How many reports are owed an answer, among those that the actor may read."""
    return session.scalar(select(func.count()).where(Report.state.in_(OPEN), readable(actor))) or 0


_WHOLE = (selectinload(Report.initiative), selectinload(Report.decisions))


def title_of(session: Session, initiative: Initiative) -> str:
    """The title, or the last one of a sheet taken down: for those who decide, never for the public."""
    if initiative.title:
        return initiative.title
    last = select(Revision).where(Revision.initiative_id == initiative.id).order_by(Revision.number.desc()).limit(1)
    revision = session.scalar(last)
    return from_json(revision.content, revision.schema).title if revision else ""


def find_same(session: Session, digest: str) -> Report | None:
    """The same words from the same address about the same sheet, the same day: the form sent twice."""
    return session.scalar(select(Report).where(Report.digest == digest))


def sent_lately(session: Session, email: str) -> int:
    """How many reports an address sent within a day."""
    return session.scalar(select(func.count()).where(Report.email == email, Report.created_at > utcnow() - A_DAY)) or 0


def deciders(session: Session, report: Report) -> list[Account]:
    """Who is told that an answer is owed: the network's curators, and the administrators where it cannot wait.

    What is contested goes to the administrators and the national queue, less whoever decided first.
    """
    first = {decision.decided_by_id for decision in report.decisions}
    if report.state == ReportState.CONTESTED:
        national = session.scalars(select(Network.id).where(Network.is_national)).all()
        found = [*administrators(session), *(one for number in national for one in curators_of(session, number))]
        return list({account.id: account for account in found if account.id not in first}.values())
    found = list(curators_of(session, report.initiative.network_id))
    if not found or report.kind == Kind.DANGER:
        found += administrators(session)
    return list({account.id: account for account in found}.values())


def handled_words(session: Session, report: Report) -> str:
    """Why a decision comes too late: what was decided, when, by whom."""
    last = session.scalars(
        select(ReportDecision).where(ReportDecision.report_id == report.id).order_by(ReportDecision.round.desc())
    ).first()
    if last is None:
        return "Ce signalement a changé entre-temps. Relisez-le."
    account = session.get(Account, last.decided_by_id or 0)
    who = f" par {account.email}" if account else ""
    label = outcome_words(Kind(report.kind))[Outcome(last.outcome)]
    words = f"Une décision a déjà été prise{who} le {date_fr(last.decided_at)} : {label[0].lower()}{label[1:]}."
    return f"{words} Elle est contestée depuis." if report.state == ReportState.CONTESTED else words

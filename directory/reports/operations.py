"""Writes about reports: one taken in, its address proven, decided on, contested, decided for good; forgotten."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.rules import normal_address
from directory.core.errors import Conflict, Forbidden, Invalid, InvalidText, NotFound, Problem
from directory.core.jobs import enqueue
from directory.core.mail import address_header
from directory.core.text import clean_text
from directory.core.time import utcnow
from directory.initiatives.models import Initiative
from directory.initiatives.operations import raise_version, take_down
from directory.initiatives.queries import people_of
from directory.initiatives.vocabulary import State
from directory.reference.wording import counted
from directory.reports.models import PublishedReply, Report, ReportDecision
from directory.reports.permissions import can_decide
from directory.reports.queries import find_same, handled_words, longest_reply, published_number, sent_lately
from directory.reports.rules import (
    CONTEST_WITHIN,
    DUE,
    FINAL_DUE,
    MAX_NAME,
    MAX_STATEMENT,
    REPORTS_A_DAY,
    Notice,
    TooManyReports,
)
from directory.reports.vocabulary import CHANGES, FINAL, FIRST, Kind, Outcome, Part, ReportState, outcomes_of

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs of a reference that nobody takes for one another when reading it aloud."""
NOT_YOURS = "Ce signalement attend une autre personne que vous."
MISSING = {
    "statement": "Dites ce qui ne va pas, même en deux phrases.",
    "reply": "Écrivez la réponse que vous demandez de publier.",
    "signature": "Dites sous quel nom votre réponse doit paraître.",
    "name": "Dites qui vous êtes. Ce nom n’est jamais publié.",
    "email": "Donnez votre adresse : l’accusé de réception et la décision y arriveront.",
}
"""What is asked when a field is left empty."""


def send(session: Session, initiative: Initiative, notice: Notice) -> Report:
    """Take in a report about a sheet, published or withdrawn, from anybody; the same one sent twice is one.

    Raises NotFound when the sheet never was public, Invalid with every problem at its field, TooManyReports when the
    address has sent enough for today.
    """
    if initiative.state == State.UNPUBLISHED:
        raise NotFound("Cette initiative n’existe pas, ou plus à cette adresse.")
    notice, kind = _cleaned(notice, longest_reply(initiative))
    digest = _digest(initiative, notice)
    same = find_same(session, digest)
    if same is not None:
        return same
    if notice.email and sent_lately(session, notice.email) >= REPORTS_A_DAY:
        raise TooManyReports(
            f"{counted(REPORTS_A_DAY).capitalize()} demandes sont déjà parties de cette adresse en un jour. "
            "Gardez votre texte et envoyez-le demain."
        )
    report = _report_of(session, initiative, notice, kind, digest)
    try:
        with session.begin_nested():  # two clicks at the same instant: the second finds the row of the first
            session.add(report)
    except IntegrityError:
        found = find_same(session, digest)
        if found is None:
            raise
        return found
    enqueue(session, "report_opened", report_id=report.id)
    if report.email:
        enqueue(session, "report_receipt", report_id=report.id)
    session.flush()
    return report


def _cleaned(notice: Notice, longest: int) -> tuple[Notice, Kind]:
    """The texts as they may be kept, and the kind; each problem told at its field, in the order of the page."""
    is_reply, may_hide = notice.kind is Kind.REPLY, notice.kind is Kind.DANGER
    wanted = {
        "statement": (MAX_STATEMENT, True, True),
        "proposal": (MAX_STATEMENT, True, False),
        "reply": (longest, True, is_reply),
        "signature": (MAX_NAME, False, is_reply),
        "name": (MAX_NAME, False, not may_hide),
        "email": (254, False, not may_hide),
    }
    problems: list[Problem] = []
    texts: dict[str, Any] = {}
    if notice.kind is None:
        problems.append(Problem("kind", "Choisissez ce que vous signalez : un danger passe avant tout le reste."))
    if notice.part not in {part.value for part in Part}:
        problems.append(Problem("part", "Choisissez de quelle partie de la fiche il s’agit."))
    for field, (limit, is_long, is_owed) in wanted.items():
        try:
            texts[field] = clean_text(getattr(notice, field), limit, multiline=is_long)
            if field == "email" and texts[field]:
                texts[field] = normal_address(texts[field])
                address_header(texts[field])  # the receipt goes there: what no header can carry is told now
        except InvalidText as error:
            problems.append(Problem(field, error.message))
            continue
        if is_owed and not texts[field]:
            problems.append(Problem(field, MISSING[field]))
    if not notice.is_in_good_faith:
        problems.append(Problem("is_in_good_faith", "Cochez cette case : elle engage votre bonne foi, rien d’autre."))
    if problems or notice.kind is None:
        raise Invalid(problems)
    return replace(notice, **texts), notice.kind


def _digest(initiative: Initiative, notice: Notice) -> str:
    # All that was typed: two strangers who write the same few words would be shown each other's report.
    return hashlib.sha256(repr((initiative.id, notice, utcnow().date())).encode()).hexdigest()


def _report_of(session: Session, initiative: Initiative, notice: Notice, kind: Kind, digest: str) -> Report:
    """The row of a notice: about what the public reads now, under a reference of its own, due when its kind says."""
    now = utcnow()
    return Report(
        reference=_free_reference(session, now),
        initiative_id=initiative.id,
        revision_number=published_number(session, initiative),
        kind=kind.value,
        part=notice.part,
        statement=notice.statement,
        proposal=notice.proposal,
        reply=notice.reply,
        signature=notice.signature,
        name=notice.name,
        email=notice.email,
        digest=digest,
        created_at=now,
        due_at=now + DUE[kind],
    )


def _free_reference(session: Session, now: dt.datetime) -> str:
    while True:
        reference = f"{now.year}-{''.join(secrets.choice(ALPHABET) for _ in range(6))}"
        if session.scalar(select(Report.id).where(Report.reference == reference)) is None:
            return reference


def confirm(session: Session, report: Report) -> Report:
    """Note that the address is its author's: whoever calls holds the link that was mailed there; once is enough."""
    confirmed = session.scalar(
        update(Report)
        .where(Report.id == report.id, Report.confirmed_at.is_(None), Report.email != "")
        .values(confirmed_at=utcnow())
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(report)
    if confirmed is not None and report.kind == Kind.REPLY:
        enqueue(session, "report_opened", report_id=report.id)
    return report


def decide(
    session: Session,
    report: Report,
    *,
    actor: Account,
    round_: int,
    outcome: Outcome | None,
    reason: str,
    agrees_to_withdraw: bool = False,
) -> ReportDecision:
    """Answer a report with its reasons, once a round; what is chosen is done in the same transaction.

    Raises Forbidden to whoever may not, Invalid without an outcome that the sheet bears out or without a reason,
    Conflict when somebody has answered, or the report was contested, meanwhile.
    """
    if not can_decide(session, actor, report, round_):
        raise Forbidden(NOT_YOURS)
    reason = clean_text(reason, MAX_STATEMENT, multiline=True)
    initiative = session.get_one(Initiative, report.initiative_id)
    problem = _problem_of(outcome, report, initiative, agrees_to_withdraw)
    problems = [problem] if problem else []
    if not reason:
        problems.append(Problem("reason", "Donnez vos raisons : la personne qui a écrit les lira."))
    if problems or outcome is None:
        raise Invalid(problems)
    _claim(session, report, round_)
    decision = ReportDecision(
        report_id=report.id, round=round_, outcome=outcome.value, reason=reason, decided_by_id=actor.id
    )
    session.add(decision)
    told = people_of(session, initiative) if outcome in CHANGES else ()
    if outcome is Outcome.WITHDRAWN and initiative.state == State.PUBLISHED:
        take_down(session, initiative)  # who decides may: in the last resort, somebody of no network in charge
    if outcome is Outcome.REPLY_PUBLISHED:
        _publish_reply(session, report, initiative)
    _tell(session, report, round_, told)
    session.flush()
    session.expire(report, ["decisions"])
    return decision


def _problem_of(
    outcome: Outcome | None, report: Report, initiative: Initiative, agrees_to_withdraw: bool
) -> Problem | None:
    """Why an outcome cannot be said, or done, of this sheet; a decision states facts."""
    is_public, published_at = initiative.state == State.PUBLISHED, initiative.published_at
    if outcome not in outcomes_of(Kind(report.kind)):
        return Problem("outcome", "Choisissez une des décisions de la liste.")
    if outcome is Outcome.CORRECTED and not (is_public and published_at and published_at >= report.created_at):
        return Problem("outcome", "La fiche n’a pas changé depuis ce signalement : publiez d’abord la correction.")
    if outcome is Outcome.WITHDRAWN and is_public and not agrees_to_withdraw:
        return Problem(
            "agrees_to_withdraw", "Cochez cette case pour retirer la fiche : elle disparaît aussitôt du site."
        )
    if outcome is Outcome.REPLY_PUBLISHED and not is_public:
        return Problem("outcome", "La fiche n’est plus publiée : une réponse n’aurait pas où paraître.")
    if outcome is Outcome.REPLY_PUBLISHED and report.confirmed_at is None:
        return Problem("outcome", "L’adresse n’est pas encore confirmée : la réponse ne peut pas paraître sous ce nom.")
    return None


def _tell(session: Session, report: Report, round_: int, people: Iterable[Account]) -> None:
    """The reporter, and those who answer for the structure; then, one day, the name is forgotten."""
    for account in people:
        key = f"report_structure:{report.id}:{round_}:{account.id}"
        enqueue(session, "report_structure", key=key, report_id=report.id, round_=round_, account_id=account.id)
    if report.email:
        enqueue(session, "report_decided", report_id=report.id, round_=round_)
    enqueue(session, "report_forget", report_id=report.id)


def _claim(session: Session, report: Report, round_: int) -> None:
    """Two people at once: the condition in the UPDATE lets one pass, on both databases."""
    before, after = {
        FIRST: (ReportState.WAITING, ReportState.DECIDED),
        FINAL: (ReportState.CONTESTED, ReportState.CLOSED),
    }[round_]
    claimed = session.scalar(
        update(Report)
        .where(Report.id == report.id, Report.state == before.value)
        .values(state=after.value)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(report)
    if claimed is None:
        raise Conflict(handled_words(session, report))


def _publish_reply(session: Session, report: Report, initiative: Initiative) -> None:
    """The reply stands under the sheet; published by the first decision, the final one leaves it as it is."""
    if session.get(PublishedReply, report.id) is not None:
        return
    session.add(
        PublishedReply(report_id=report.id, initiative_id=initiative.id, text=report.reply, signature=report.signature)
    )
    raise_version(session, initiative)


def contest(session: Session, report: Report, *, text: str) -> Report:
    """Contest the first decision, once; whoever calls holds the link of the receipt.

    Raises Invalid without a word of why, Conflict when it was contested already, is final or too old.
    """
    text = clean_text(text, MAX_STATEMENT, multiline=True)
    if not text:
        raise Invalid([Problem("text", "Dites en quoi cette décision ne vous convient pas.")])
    if report.state == ReportState.CONTESTED and report.contest == text:
        return report
    now = utcnow()
    decided_at = session.scalar(
        select(ReportDecision.decided_at).where(
            ReportDecision.report_id == report.id, ReportDecision.decided_at > now - CONTEST_WITHIN
        )
    )
    contested = decided_at and session.scalar(
        update(Report)
        .where(Report.id == report.id, Report.state == ReportState.DECIDED.value)
        .values(state=ReportState.CONTESTED.value, contest=text, contested_at=now, due_at=now + FINAL_DUE)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(report)
    if contested is None:
        raise Conflict("Cette décision ne peut plus être contestée : relisez où en est votre demande.")
    enqueue(session, "report_opened", report_id=report.id)
    if report.email:
        enqueue(session, "report_contested", report_id=report.id)
    session.flush()
    return report


def forget_names(session: Session, *, kept: dt.timedelta) -> int:
    """Erase the name and the address of reports answered so long ago; words, decisions and dates stay. How many.

    Called from the command line and by jobs only: time is the permission. What waits for an answer keeps its author.
    """
    lately = select(ReportDecision.report_id).where(ReportDecision.decided_at > utcnow() - kept)
    answered = Report.state.in_((ReportState.DECIDED.value, ReportState.CLOSED.value))
    old = Report.forgotten_at.is_(None) & answered & Report.id.not_in(lately)
    return _forget(session, old)


def erase(session: Session, email: str) -> int:
    """Erase a person from the reports of an address, words and published replies included; returns how many reports.

    References, dates, decisions and their reasons stay. Called by the erasure of a person, which checked who asks.
    """
    mine = Report.email == normal_address(email)
    for reply in session.scalars(
        select(PublishedReply).where(PublishedReply.report_id.in_(select(Report.id).where(mine)))
    ):
        session.delete(reply)
        raise_version(session, session.get_one(Initiative, reply.initiative_id))
    words = dict.fromkeys(("statement", "proposal", "reply", "signature", "contest"), "")
    return _forget(session, mine, erased_at=utcnow(), **words)


def _forget(session: Session, chosen: ColumnElement[bool], **values: Any) -> int:
    session.flush()
    forgotten = session.scalars(
        update(Report)
        .where(chosen)
        .values(name="", email="", digest=None, forgotten_at=utcnow(), **values)
        .returning(Report.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.expire_all()
    return len(forgotten)

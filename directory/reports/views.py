"""Reporting a sheet or replying to it without an account, following what becomes of it; and the desk that decides."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from directory.accounts.identity import actor, signed_in
from directory.accounts.models import Account
from directory.core import tokens
from directory.core.errors import BadFilter, Conflict, Forbidden, Invalid, Problem
from directory.core.time import day_in_paris, utcnow
from directory.initiatives.models import Initiative
from directory.initiatives.permissions import can_publish
from directory.initiatives.public import sheet
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.queries import curated_network_ids
from directory.networks.wording import network_named
from directory.reports import operations, queries
from directory.reports.forms import ConfirmForm, ContentForm, ContestForm, DecisionForm, ReplyForm
from directory.reports.mails import PURPOSE, follow_token
from directory.reports.models import Report
from directory.reports.permissions import can_decide, has_desk
from directory.reports.rules import CONTEST_WITHIN, DUE, FOLLOWED, REPLY_WITHIN, TooManyReports
from directory.reports.vocabulary import (
    KIND_LABELS,
    OPEN,
    PART_LABELS,
    Kind,
    ReportState,
    outcome_words,
    round_of,
)
from directory.web.database import session
from directory.web.limits import limiter

log = logging.getLogger(__name__)
blueprint = Blueprint("reports", __name__)

FORMS: dict[str, type[ContentForm] | type[ReplyForm]] = {"contenu": ContentForm, "reponse": ReplyForm}
"""What `sujet` of the address asks for."""
TOO_MANY = "Cinq demandes sont déjà parties d’ici en une heure. Gardez cette page et renvoyez-la plus tard."
TABS = {"a-repondre": queries.waiting, "repondus": queries.answered}
NUMBER = "int(max=2147483647)"
DONE = {
    "confirmee": "Votre adresse est confirmée.",
    "contestee": "Votre contestation est envoyée.",
}


@dataclass(frozen=True)
class Line:
    """One report in the list of the desk; `days` since it came, `left` before an answer is due, in days of Paris."""

    report: Report
    title: str
    network: Network
    days: int
    left: int
    words: dict[str, object]


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    """No page of a report is kept by anybody."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_template_global("reports_waiting")
def _waiting_count() -> int:
    """How many reports are owed an answer, for the pages of the desk beside this one."""
    account = actor()
    return queries.waiting_count(session(), account) if account else 0


def _subject() -> str:
    chosen = request.args.get("sujet", "contenu")
    if chosen not in FORMS:
        raise BadFilter("sujet", "Cette adresse ne dit pas ce que vous demandez : signaler un contenu, ou répondre.")
    return chosen


def _was_taken_in(response: Response) -> bool:
    """Only what was sent counts: nobody is locked out for mending a form."""
    return response.status_code < 400


def _wait(_limit: RequestLimit) -> Response:
    """The form again, filled in, when this address has sent enough for now."""
    initiative = queries.reported_sheet(session(), (request.view_args or {})["slug"])
    form = FORMS[_subject()]()
    form.refuse([Problem("", TOO_MANY)])
    return _written(initiative, form, TooManyReports.status)


@blueprint.route("/initiatives/<slug>/signaler", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
@limiter.limit("5 per hour", methods=["POST"], deduct_when=_was_taken_in, on_breach=_wait)
def write(slug: str) -> ResponseReturnValue:
    """The form, then the report taken in, even about a sheet withdrawn since; 404 when it never was public."""
    initiative = queries.reported_sheet(session(), slug)
    form = FORMS[_subject()]()
    if not form.is_submitted():
        return _written(initiative, form, 200)
    if not form.validate():
        return _written(initiative, form, 422)
    try:
        report = operations.send(session(), initiative, form.notice())
    except Invalid as error:
        form.refuse(error.problems)
        return _written(initiative, form, 422)
    except TooManyReports as error:
        form.refuse([Problem("", error.message)])
        return _written(initiative, form, error.status)
    log.info("report %d taken in", report.id)
    token = follow_token(current_app.config["SECRET_KEY"], report, is_mailed=False)
    return redirect(url_for(".follow", token=token), 303)


def _written(initiative: Initiative, form: ContentForm | ReplyForm, status: int) -> Response:
    published_at = initiative.published_at if initiative.state == State.PUBLISHED else None
    page = render_template(
        "reports/write.html",
        initiative=initiative,
        who=network_named(_network(initiative)),
        form=form,
        subject=_subject(),
        reply_until=published_at + REPLY_WITHIN if published_at else None,
        longest=queries.longest_reply(initiative),
        days={kind.value: due.days for kind, due in DUE.items()},
    )
    return make_response(page, status)


@blueprint.get("/signalements/<token>")
def follow(token: str) -> ResponseReturnValue:
    """Where a report stands: its receipt, then the decision with its reasons; 410 for a link that is not ours."""
    report, is_mailed = _followed(token)
    return _standing(report, token, is_mailed, None, 200)


@blueprint.post("/signalements/<token>/confirmer")
@limiter.limit("60 per hour")
def confirm(token: str) -> ResponseReturnValue:
    """The address is its author's: only the link that was mailed there says so."""
    report, is_mailed = _followed(token)
    if not is_mailed:
        raise Forbidden("Ouvrez le lien reçu par courriel : lui seul prouve que l’adresse est la vôtre.")
    operations.confirm(session(), report)
    return redirect(url_for(".follow", token=token, fait="confirmee"), 303)


@blueprint.post("/signalements/<token>/contester")
@limiter.limit("60 per hour")
def contest(token: str) -> ResponseReturnValue:
    """Contest the decision, once."""
    report, is_mailed = _followed(token)
    form = ContestForm()
    if not form.validate():
        return _standing(report, token, is_mailed, form, 422)
    try:
        operations.contest(session(), report, text=form.text.data)
    except (Invalid, Conflict) as error:
        session().rollback()
        form.refuse(error.problems if isinstance(error, Invalid) else [Problem("", error.message)])
        return _standing(report, token, is_mailed, form, error.status)
    log.info("report %d contested", report.id)
    return redirect(url_for(".follow", token=token, fait="contestee"), 303)


def _followed(token: str) -> tuple[Report, bool]:
    """The report that a link names, and whether the link was mailed; raises BadToken, Withdrawn."""
    seconds = int(FOLLOWED.total_seconds())
    try:
        reference, is_mailed = tokens.read(current_app.config["SECRET_KEY"], PURPOSE, token, seconds)
    except tokens.BadToken as error:
        raise tokens.BadToken("Ce lien n’ouvre aucune demande. Reprenez celui du courriel, en entier.") from error
    return queries.get_followed(session(), reference), bool(is_mailed)


def _standing(report: Report, token: str, is_mailed: bool, form: ContestForm | None, status: int) -> Response:
    """Where it stands; a form, and the cookie that it needs, only when there is something to say."""
    last = report.decisions[-1] if report.decisions else None
    until = last.decided_at + CONTEST_WITHIN if last and report.state == ReportState.DECIDED else None
    asks = is_mailed and report.kind == Kind.REPLY and report.state == ReportState.WAITING and not report.confirmed_at
    if form is None and until and until > utcnow():
        form = ContestForm(formdata=None)
    page = render_template(
        "reports/follow.html",
        report=report,
        token=token,
        form=form,
        confirm_form=ConfirmForm(formdata=None) if asks else None,
        who=network_named(_network(report.initiative)),
        contest_until=until,
        done=DONE.get(request.args.get("fait", ""), ""),
        **_words(report),
    )
    return make_response(page, status)


def _words(report: Report) -> dict[str, object]:
    """The words of the closed lists."""
    return {"kinds": KIND_LABELS, "parts": PART_LABELS, "outcomes": outcome_words(Kind(report.kind))}


@blueprint.get("/relecture/signalements")
def queue() -> ResponseReturnValue:
    """What is owed an answer in my networks, dangers first; what was answered."""
    account = _desk()
    tab = request.args.get("file", "")
    tab = tab if tab in TABS else "a-repondre"
    lines = [_line(report) for report in TABS[tab](session(), account)]
    return render_template(
        "reports/queue.html",
        lines=lines,
        are_several=len({line.network.id for line in lines}) > 1,
        tab=tab,
        count=queries.waiting_count(session(), account),
        is_curator=bool(curated_network_ids(session(), account.id)),
        is_done=request.args.get("fait") == "repondu",
    )


def _line(report: Report) -> Line:
    today = day_in_paris(utcnow())
    return Line(
        report=report,
        title=queries.title_of(session(), report.initiative),
        network=_network(report.initiative),
        days=(today - day_in_paris(report.created_at)).days,
        left=(day_in_paris(report.due_at) - today).days,
        words=_words(report),
    )


def _network(initiative: Initiative) -> Network:
    return session().get_one(Network, initiative.network_id)


def _desk() -> Account:
    account = signed_in()
    if not has_desk(session(), account):
        raise Forbidden("Cette page est celle des personnes qui animent un réseau ou administrent le site.")
    return account


@blueprint.get(f"/relecture/signalements/<{NUMBER}:report_id>")
def show(report_id: int) -> ResponseReturnValue:
    """One report beside its sheet; then the decision."""
    account = _desk()
    report = queries.get_report(session(), report_id, account)
    return _shown(report, account, DecisionForm(formdata=None), 200)


@blueprint.post(f"/relecture/signalements/<{NUMBER}:report_id>/decision")
@limiter.limit("120 per hour")
def decide(report_id: int) -> ResponseReturnValue:
    """Answer; a refusal of the site gives back what was written."""
    account = _desk()
    report = queries.get_report(session(), report_id, account)
    form = DecisionForm()
    if not form.validate():
        return _shown(report, account, form, 422)
    try:
        decision = operations.decide(
            session(),
            report,
            actor=account,
            round_=2 if form.round_.data == "2" else 1,
            outcome=form.chosen(),
            reason=form.reason.data,
            agrees_to_withdraw=form.agrees_to_withdraw.data,
        )
    except (Invalid, Conflict) as error:
        session().rollback()
        form.refuse(error.problems if isinstance(error, Invalid) else [])
        conflict = "" if isinstance(error, Invalid) else error.message
        return _shown(queries.get_report(session(), report_id, account), account, form, error.status, conflict)
    log.info("report %d: %s by account %d", report.id, decision.outcome, account.id)
    return redirect(url_for(".queue", fait="repondu"), 303)


def _shown(report: Report, account: Account, form: DecisionForm, status: int, conflict: str = "") -> Response:
    round_ = round_of(ReportState(report.state))
    form.offer(Kind(report.kind))
    form.round_.data = str(round_)
    current, initiative = session(), report.initiative
    corpus = current_app.extensions["corpus"].current(current)
    is_public = initiative.state == State.PUBLISHED
    is_open = report.state in OPEN
    deciders = {one.decided_by_id: current.get(Account, one.decided_by_id or 0) for one in report.decisions}
    page = render_template(
        "reports/show.html",
        report=report,
        title=queries.title_of(current, initiative),
        network=_network(initiative),
        sheet=sheet(corpus, current, initiative.slug or "") if is_public else None,
        form=form,
        is_open=is_open,
        is_mine=is_open and can_decide(current, account, report, round_),
        deciders=deciders,
        may_mend=is_public and is_open and can_publish(current, account, initiative.network_id),
        conflict=conflict,
        kept=form.reason.data if conflict else "",
        is_late=is_open and report.due_at < utcnow(),
        is_belated=_is_belated(report),
        **_words(report),
    )
    return make_response(page, status)


def _is_belated(report: Report) -> bool:
    """A reply asked for after its time: the last publication before it is long gone."""
    initiative = report.initiative
    before = [at for at in (initiative.first_published_at, initiative.published_at) if at and at <= report.created_at]
    return report.kind == Kind.REPLY and bool(before) and report.created_at > max(before) + REPLY_WITHIN

"""`/proposer`: the ten questions on five screens, each kept as typed; then read over, sent, followed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.rules import normal_address
from directory.contributions import operations, wording
from directory.contributions.answers import STEPS, Step, step_of
from directory.contributions.forms import (
    AGREEMENTS,
    SHOWN_AS,
    STAGES,
    AddressForm,
    FirstForm,
    PlainForm,
    StepForm,
    form_of,
    stored_form,
)
from directory.contributions.identity import hold, holder, let_go
from directory.contributions.lines import (
    MOST,
    Lines,
    answers_of,
    arranged,
    lines_of,
    looked_further,
    providers_of,
    stored_lines,
    told_places,
)
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.contributions.queries import (
    cautions_of,
    content_of,
    get_draft,
    held_drafts,
    is_waiting,
    offered,
    problems_of,
)
from directory.core.errors import Conflict, Invalid, InvalidText, NotFound, Problem
from directory.core.time import utcnow
from directory.initiatives.duplicates import likely
from directory.initiatives.preview import preview
from directory.initiatives.queries import known_lists
from directory.networks import wording as networks
from directory.networks.models import Network
from directory.networks.queries import network_in_charge
from directory.reference.keys import Side
from directory.reviews.queries import usual_days
from directory.web.database import session
from directory.web.limits import limiter

blueprint = Blueprint("contributions", __name__)
blueprint.add_app_template_filter(networks.network_named)
blueprint.add_app_template_filter(networks.network_toward)

_DRAFT = "/proposer/<int(max=2147483647):draft_id>"
_SLUGS = ",".join(step.slug for step in STEPS)
_STEP = {step.slug: step for step in STEPS}
_OFFERED = {
    "most": MOST,
    "shown_as": SHOWN_AS,
    "stages": STAGES,
    "agreements": AGREEMENTS,
    "precisely": wording.precisely,
}
"""What a screen offers and says, whatever was typed."""


@blueprint.route("/proposer", methods=["GET", "POST"])
@limiter.limit("60 per hour", methods=["POST"])
def first() -> ResponseReturnValue:
    """Question 1 at once; drafts that this browser or account holds are offered before it."""
    who, form = holder(), FirstForm()
    if request.method != "POST":
        return _first_page(who, form, 200)
    is_valid, answers = form.validate(), form.answers()
    told = {problem.field for problem in form.problems()}
    if not answers["summary"] and not told:
        form.refuse([Problem("summary", "Dites en une phrase ce que vous faites ensemble.")])
    if not answers["summary"] or told - {"summary"}:
        return _first_page(who, form, 422)
    draft = operations.start(session(), answers, account=who.account, start_key=form.start_key.data or None)
    if draft.typed["answers"].get("summary") != answers["summary"]:
        # The same blank form sent again with other words, by the back button.
        me = Holder(who.account, who.nonces | {draft.nonce}, who.proven)
        operations.save(session(), draft, answers, holder=me, counter=draft.counter)
    session().commit()  # kept, even when the sentence is too long and the answer refuses it
    if is_valid:
        return hold(_to(draft, _STEP["lieux"]), draft)
    page = _page(draft, stored_form(draft, STEPS[0], who), STEPS[0], who, problems=form.problems())
    return hold(page, draft)


def _first_page(who: Holder, form: FirstForm, status: int) -> Response:
    drafts = held_drafts(session(), who)
    kept = next((draft for draft in drafts if str(draft.id) == request.args.get("garde")), None)
    page = render_template("contributions/first.html", form=form, drafts=drafts, kept=kept)
    return make_response(page, status)


@blueprint.route(f"{_DRAFT}/<any({_SLUGS}):slug>", methods=["GET", "POST"])
@limiter.limit("300 per hour", methods=["POST"])
@limiter.limit("20 per minute", methods=["POST"], exempt_when=lambda: not _act().startswith("chercher-"))
def step(draft_id: int, slug: str) -> ResponseReturnValue:
    """One screen: what is typed is kept, valid or not, then checked."""
    who, here = holder(), _STEP[slug]
    try:
        draft = get_draft(session(), draft_id, who)
    except NotFound:
        if request.method != "POST":
            raise
        return _not_held()
    if is_waiting(draft):
        if request.method == "POST":  # another tab sent it: these words come back in the answer
            raise Conflict(wording.SENT)
        return redirect(url_for(".receipt", draft_id=draft.id), 303)
    if request.method != "POST":
        return _page(draft, stored_form(draft, here, who), here, who)
    form = form_of(here, who)
    form.validate()
    if {problem.field for problem in form.problems()} & {"", "csrf_token"}:
        return _page(draft, form, here, who, lines=lines_of(form, draft), problems=form.problems(), status=400)
    lines = lines_of(form, draft)
    answers = arranged(answers_of(form, lines), _act())
    try:
        _save(draft, here, answers, form, who)
    except Conflict:
        theirs = wording.differences(draft.typed["answers"], answers)
        return _page(draft, form, here, who, lines=lines, theirs=theirs, status=409)
    if here.slug == "lieux":
        operations.look_later(session(), draft, [side for side in Side if providers_of(side)])
    session().commit()  # what was typed stays, even when the answer asks to mend it
    return _after(draft, form, here, who, lines)


def _save(draft: Draft, here: Step, answers: dict[str, Any], form: StepForm, who: Holder) -> None:
    """Save; when another tab changed other screens only, there is nothing to choose between."""
    shown = form.base.data or ""
    try:
        operations.save(session(), draft, answers, holder=who, counter=form.counted)
    except Conflict:
        stored = draft.typed["answers"]
        if all(stored.get(name) == value for name, value in answers.items()):
            return  # sent twice
        if shown != wording.digest(stored, here):
            raise
        operations.save(session(), draft, answers, holder=who, counter=draft.counter)


def _after(draft: Draft, form: StepForm, here: Step, who: Holder, lines: Lines) -> ResponseReturnValue:
    """Where the button leads, once everything is kept."""
    act = _act()
    if act in ("plus-tard", "revenir"):
        before = STEPS[max(0, STEPS.index(here) - 1)]
        return _to(draft, before) if act == "revenir" else redirect(url_for(".first", garde=draft.id), 303)
    if act.startswith(("ajouter-", "retirer-", "traverser-")):
        return redirect(url_for(".step", draft_id=draft.id, slug=here.slug, retour=_back(), _anchor="suite"), 303)
    has_lists = any(one.is_part for found in lines.values() for one in found)
    if act.startswith("chercher-") and not has_lists:
        return _page(draft, form, here, who, lines=looked_further(lines, act))
    problems = _problems(draft, form, here, who, lines)
    if problems or has_lists:  # what was read in a list is shown before going on
        lines = {side: [one for one in found if one.line.typed] or found[:1] for side, found in lines.items()}
        return _page(draft, form, here, who, lines=lines, problems=problems)
    if _back() or here is STEPS[-1]:
        return redirect(url_for(".read_over", draft_id=draft.id), 303)
    return _to(draft, STEPS[STEPS.index(here) + 1])


def _act() -> str:
    """The button that was pressed: « ajouter-here », « chercher-there-0 »; "" for the one that goes on."""
    return request.form.get("faire", "")


def _problems(draft: Draft, form: StepForm, here: Step, who: Holder, lines: Lines) -> list[Problem]:
    """What this screen must mend before going on; without gazetteer, places wait for « Relire »."""
    found = form.problems()
    told = {problem.field for problem in found}
    for side, settled in lines.items():
        asked = [one for one in settled if one.line.typed]
        found += [Problem(f"{side}-{index}", one.question) for index, one in enumerate(asked) if one.question]
    if lines and current_app.extensions["gazetteer"] is None:
        return [problem for problem in found if problem.field in told]
    told = {problem.field.split("-")[0] for problem in found}
    for problem in problems_of(session(), draft.typed, needs_address=who.account is None):
        at = problem.field.split("-")[0]
        if step_of(problem.field) is here and at not in told:
            text = draft.typed["answers"].get("since_year", "") if at == "since_year" else ""
            found.append(Problem(problem.field, problem.message + wording.likely_years(text, utcnow().date())))
    return sorted(found, key=lambda one: here.fields.index(one.field.split("-")[0]) if one.field else -1)


def _page(
    draft: Draft,
    form: StepForm,
    here: Step,
    who: Holder,
    *,
    lines: Lines | None = None,
    problems: list[Problem] | None = None,
    theirs: list[tuple[str, str]] | None = None,
    status: int = 0,
) -> Response:
    """A screen with what it holds now, its problems at their fields, and what another tab wrote."""
    answers = draft.typed.get("answers", {})
    if here.slug == "lieux" and lines is None:
        lines = stored_lines(answers)
    if problems:
        told = form.problems()
        form.refuse([problem for problem in problems if problem not in told])
    form.counter.data, form.base.data = str(draft.counter), wording.digest(answers, here)
    page = render_template(
        f"contributions/{here.slug}.html",
        draft=draft,
        form=form,
        step=here,
        position=STEPS.index(here),
        problems=problems or [],
        messages={problem.field: problem.message for problem in problems or []},
        **told_places(lines or {}),
        theirs=theirs,
        account=who.account,
        back=_back(),
        **_OFFERED,
        **offered(session(), here.slug),
        has_gazetteer=current_app.extensions["gazetteer"] is not None,
        so_far=wording.two_ends(content_of(draft.typed)),
        cautions=cautions_of(session(), draft.typed) if here.slug == "lieux" else (),
    )
    return make_response(page, status or (422 if problems else 200))


def _back() -> str | None:
    """The screen was opened from « Relire », and leads back to it."""
    return "relire" if request.args.get("retour") == "relire" else None


def _to(draft: Draft, there: Step) -> Response:
    address = url_for(".step", draft_id=draft.id, slug=there.slug, retour=_back())
    return make_response(redirect(address, 303))


def _not_held() -> ResponseReturnValue:
    """Typed for a draft that this browser no longer holds: the words go back to whoever typed them."""
    typed = [(name, text) for name, text in request.form.items(multi=True) if name not in ("csrf_token", "counter")]
    return render_template("contributions/not_held.html", typed=typed, plain=PlainForm()), 404


# Reading over, sending, following


@blueprint.get(f"{_DRAFT}/relire")
def read_over(draft_id: int) -> ResponseReturnValue:
    """The sheet as it will be, the ten answers, likely duplicates, then the button."""
    who = holder()
    draft = get_draft(session(), draft_id, who)
    if is_waiting(draft):
        return redirect(url_for(".receipt", draft_id=draft.id), 303)
    return _read_over_page(draft, who, 200)


def _read_over_page(draft: Draft, who: Holder, status: int) -> Response:
    current, corpus = session(), current_app.extensions["corpus"].current(session())
    content = content_of(draft.typed)
    known = known_lists(current, content)
    email = who.account.email if who.account else draft.typed["answers"].get("email", "")
    problems = problems_of(current, draft.typed, needs_address=who.account is None)
    network = network_in_charge(current, content.here[0].keys) if content.here else None
    page = render_template(
        "contributions/relire.html",
        draft=draft,
        sheet=preview(current, corpus.known, content),
        said=wording.said(content, known, email=email, labels=corpus.known, lines=draft.typed.get("answers", {})),
        problems=[(problem, step_of(problem.field)) for problem in problems],
        duplicates=() if problems or draft.initiative_id else likely(corpus, current, content),
        network=network,
        days=usual_days(current, network) if network else None,
        first_step=STEPS[0],
        account=who.account,
        is_proven=who.account is not None or draft.email in who.proven,
        plain=PlainForm(),
    )
    return make_response(page, status)


@blueprint.post(f"{_DRAFT}/envoyer")
@limiter.limit("60 per hour")
def send(draft_id: int) -> ResponseReturnValue:
    """Send to the network, or mail the link that confirms the address."""
    who = holder()
    draft = get_draft(session(), draft_id, who)
    if not PlainForm().validate():
        return _read_over_page(draft, who, 400)
    try:
        if not is_waiting(draft):
            operations.send(session(), draft, holder=who)
    except Invalid:
        return _read_over_page(draft, who, 422)
    return redirect(url_for(".receipt", draft_id=draft.id), 303)


@blueprint.route(f"{_DRAFT}/recu", methods=["GET", "POST"])
@limiter.limit("6 per hour", methods=["POST"])
def receipt(draft_id: int) -> ResponseReturnValue:
    """What happens now: sent, or one gesture left; the message can be asked for again, its address corrected."""
    who = holder()
    draft = get_draft(session(), draft_id, who)
    if draft.review is None and (draft.sent_at is None or draft.sent_counter != draft.counter):
        return redirect(url_for(".read_over", draft_id=draft.id), 303)
    form = AddressForm()
    if request.method != "POST":
        return _receipt_page(draft, who, form, 200)
    if not form.validate():
        return _receipt_page(draft, who, form, 422)
    typed = (form.email.data or "").strip()
    try:
        if typed:
            operations.save(session(), draft, {"email": normal_address(typed)}, holder=who, counter=draft.counter)
            operations.send(session(), draft, holder=who)
        else:
            operations.send_link_again(session(), draft, holder=who)
    except InvalidText as error:
        form.refuse([Problem("email", error.message)])
        return _receipt_page(draft, who, form, 422)
    return redirect(url_for(".receipt", draft_id=draft.id, message="renvoye"), 303)


def _receipt_page(draft: Draft, who: Holder, form: AddressForm, status: int) -> Response:
    content = content_of(draft.typed)
    network: Network = draft.review.network if draft.review else network_in_charge(session(), content.here[0].keys)
    page = render_template(
        "contributions/receipt.html",
        draft=draft,
        form=form,
        title=content.title,
        network=network,
        days=usual_days(session(), network),
        account=who.account,
        masked=wording.masked(draft.email or ""),
        again=request.args.get("message") == "renvoye",
        so_far=wording.two_ends(content),
    )
    return make_response(page, status)


@blueprint.route(f"{_DRAFT}/effacer", methods=["GET", "POST"])
def forget(draft_id: int) -> ResponseReturnValue:
    """Ask, then throw a draft away, here and on the server."""
    who, form = holder(), PlainForm()
    draft = get_draft(session(), draft_id, who)
    if not form.validate_on_submit():
        return render_template("contributions/forget.html", draft=draft, plain=form)
    operations.discard(session(), draft, holder=who)
    return let_go(make_response(redirect(url_for(".first"), 303)), draft_id)

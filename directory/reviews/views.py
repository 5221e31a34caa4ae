"""`/relecture`: what waits in my networks, and one page for each review."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.accounts.identity import signed_in
from directory.accounts.models import Account
from directory.basemap.page import MapPoint, PlacesMap, places_map
from directory.core.errors import Conflict, Forbidden, Invalid
from directory.core.time import utcnow
from directory.geocoding.operations import known_further
from directory.geocoding.providers import CREDITS, asked_for
from directory.initiatives.content import AnchorContent, InitiativeContent
from directory.initiatives.duplicates import Nearest, likely, nearest
from directory.initiatives.filters import KnownValues
from directory.initiatives.preview import preview
from directory.initiatives.queries import known_lists
from directory.initiatives.rules import SURE, Known, as_shown, doubts, is_watched, shown_as, shown_key
from directory.networks.models import Network
from directory.networks.queries import curated_networks, networks_concerned
from directory.reference.keys import Side
from directory.reference.models import Vigilance
from directory.reference.queries import vigilance
from directory.reviews import operations, queries
from directory.reviews.difference import compare, told
from directory.reviews.forms import DECISIONS, DecisionForm, HandoverForm
from directory.reviews.models import Review
from directory.reviews.permissions import can_decide
from directory.reviews.questions import REASONS, likely_questions, prepared_notes
from directory.reviews.vocabulary import Decision, ReviewState
from directory.web.database import session
from directory.web.limits import limiter

log = logging.getLogger(__name__)
blueprint = Blueprint("reviews", __name__, url_prefix="/relecture")

TABS = {"a-relire": queries.waiting, "pour-information": queries.informed, "relues": queries.decided}
NUMBER = "int(max=2147483647)"
DONE = {
    "publiee": "La fiche est en ligne. La structure l’apprend par courriel.",
    "demandee": "Votre demande est partie. La fiche reviendra ici quand la structure aura répondu.",
    "refusee": "La structure reçoit votre réponse et vos raisons.",
    "confiee": "La relecture est confiée à l’autre réseau, qui est prévenu.",
}
DONE_WORDS = {Decision.PUBLISH: "publiee", Decision.REQUEST_CHANGES: "demandee", Decision.DECLINE: "refusee"}


@dataclass(frozen=True)
class Line:
    """One review in a list: the link it tells, why it is here, since when."""

    review: Review
    content: InitiativeContent
    days: int
    is_change: bool
    changed: tuple[str, ...]
    is_watched: bool


@dataclass(frozen=True)
class PlaceLine:
    """One place as it was understood, and as the public will read it."""

    side: Side
    anchor: AnchorContent
    shown: str
    doubts: tuple[str, ...]
    online: tuple[str, ...] = ()
    """What looking further found for a place that is not sure; it is the structure that chooses."""

    @property
    def credit(self) -> str:
        """Whose data the position is when it was found online."""
        return CREDITS.get(self.anchor.found_by, "")


@blueprint.get("")
def queue() -> ResponseReturnValue:
    """What waits in my networks, what I am informed of, what was decided."""
    account, networks = _desk()
    tab = request.args.get("file", "a-relire")
    chosen = TABS.get(tab, queries.waiting)
    listed = {name: read(session(), account) for name, read in TABS.items() if read is chosen or name != "relues"}
    counts = {name: len(reviews) for name, reviews in listed.items() if name != "relues"}
    watched = frozenset(one.country for one in vigilance(session()))
    reviews = next(reviews for name, reviews in listed.items() if TABS[name] is chosen)
    before = queries.published_contents(session(), reviews) if chosen is not queries.decided else {}
    is_mine = chosen is not queries.informed
    lines = [_line(review, watched, before.get(review.revision.initiative_id), is_mine=is_mine) for review in reviews]
    return render_template(
        "reviews/queue.html",
        lines=lines,
        tab=tab if tab in TABS else "a-relire",
        counts=counts,
        networks=networks,
        days={network.id: queries.usual_days(session(), network) for network in networks},
        nearest=_nearest(lines) if chosen is queries.waiting else {},
        done=DONE.get(request.args.get("fait", ""), ""),
        published=queries.published_by(session(), account, request.args.get("fiche", 0, int)),
    )


def _nearest(lines: Sequence[Line]) -> dict[int, Nearest]:
    """What each new sheet may repeat, by initiative; a change of a published one repeats nothing."""
    contents = {line.review.revision.initiative_id: line.content for line in lines}
    told = {line.review.revision.initiative_id: line.content for line in lines if not line.is_change}
    if not told:
        return {}
    return nearest(current_app.extensions["corpus"].current(session()), session(), told, contents)


def _desk() -> tuple[Account, Sequence[Network]]:
    account = signed_in()
    networks = curated_networks(session(), account.id)
    if not networks:
        raise Forbidden("Cette page est celle des personnes qui animent un réseau. Votre compte n’en anime aucun.")
    return account, networks


def _content(review: Review, *, is_mine: bool) -> InitiativeContent:
    """What was sent, for whoever decides; for a network that is informed, no more than the sheet will show."""
    content = queries.content_of(review)
    return content if is_mine else as_shown(content, known_lists(session(), content), curator_agrees=False)


def _line(review: Review, watched: frozenset[str], before: InitiativeContent | None, *, is_mine: bool) -> Line:
    content = _content(review, is_mine=is_mine)
    changes = compare(before, content, {}) if before else ()
    return Line(
        review=review,
        content=content,
        days=(utcnow() - review.opened_at).days,
        is_change=before is not None,
        changed=tuple(change.label[0].lower() + change.label[1:] for change in changes),
        is_watched=any(anchor.keys[-1].removeprefix("p:") in watched for anchor in content.there),
    )


@blueprint.get(f"/<{NUMBER}:review_id>")
def show(review_id: int) -> ResponseReturnValue:
    """One review: what changes, where it is, what looks like it, what to ask; then the decision."""
    account, _ = _desk()
    review = queries.read_review(session(), review_id, account)
    return _page(review, account)


@blueprint.post(f"/<{NUMBER}:review_id>/decision")
@limiter.limit("120 per hour")
def decide(review_id: int) -> ResponseReturnValue:
    """Publish, ask for changes or decline; a refusal of the site gives back what was written."""
    account, _ = _desk()
    review = queries.get_review(session(), review_id, account)
    content = queries.content_of(review)
    form = DecisionForm(likely_questions(content, known_lists(session(), content)), prepared_notes(content))
    decision = DECISIONS.get(request.form.get("decision", ""))
    if not form.validate() or decision is None:
        return _page(review, account, form=form, status=422)
    try:
        operations.decide(
            session(),
            review,
            actor=account,
            decision=decision,
            message=form.message_for(decision),
            agrees_to_place=form.agrees_to_place.data,
        )
    except Invalid as error:
        session().rollback()
        form.refuse(error.problems)
        return _page(queries.get_review(session(), review_id, account), account, form=form, status=422)
    except Conflict as error:
        session().rollback()
        again = queries.read_review(session(), review_id, account)
        # The newer version is read instead, with what was ticked and written for this one.
        again = queries.newer(session(), again, account) or again
        return _page(again, account, form=form, status=409, conflict=error.message)
    log.info("review %d: %s by account %d", review.id, decision.value, account.id)
    number = review.id if decision is Decision.PUBLISH else None
    return redirect(url_for(".queue", fait=DONE_WORDS[decision], fiche=number), 303)


@blueprint.post(f"/<{NUMBER}:review_id>/transmettre")
@limiter.limit("120 per hour")
def hand_over(review_id: int) -> ResponseReturnValue:
    """Give the review to another network whose territory is concerned."""
    account, _ = _desk()
    review = queries.get_review(session(), review_id, account)
    form = HandoverForm()
    others = {network.slug: network for network in _others(review)}
    network = others.get(form.network.data or "")
    if not form.validate() or network is None:
        if network is None:
            form.network.errors = ["Choisissez un réseau dans la liste."]
        return _page(review, account, handover=form, status=422)
    try:
        operations.hand_over(session(), review, actor=account, network=network, message=form.reason.data)
    except Conflict as error:
        session().rollback()
        again = queries.read_review(session(), review_id, account)
        return _page(again, account, handover=form, status=409, conflict=error.message)
    log.info("review %d: handed over to network %d by account %d", review.id, network.id, account.id)
    return redirect(url_for(".queue", fait="confiee"), 303)


def _page(
    review: Review,
    account: Account,
    *,
    form: DecisionForm | None = None,
    handover: HandoverForm | None = None,
    status: int = 200,
    conflict: str = "",
) -> Response:
    corpus = current_app.extensions["corpus"].current(session())
    is_mine = can_decide(session(), account, review)
    content, published = _content(review, is_mine=is_mine), queries.published_content(session(), review)
    known = known_lists(session(), content)
    is_waiting = review.state == ReviewState.WAITING
    is_open = is_mine and is_waiting
    is_first = is_open and published is None
    context = {
        "review": review,
        "content": content,
        "is_open": is_open,
        "is_mine": is_mine,
        "handled": "" if is_waiting else queries.handled_words(session(), review),
        "conflict": conflict,
        "author": _author(review) if is_mine else None,
        "last_handover": queries.last_handover(session(), review.id),
        "duplicates": likely(corpus, session(), content, except_id=review.revision.initiative_id) if is_first else (),
        "lookalikes": queries.lookalikes(session(), account, review) if is_first else (),
        **_to_read(review, content, published, known, corpus.known, is_mine=is_mine),
        **_to_answer(review, content, known, form, handover, is_conflict=bool(conflict)),
    }
    return make_response(render_template("reviews/show.html", **context), status)


def _to_read(
    review: Review,
    content: InitiativeContent,
    published: InitiativeContent | None,
    known: Known,
    names: KnownValues,
    *,
    is_mine: bool,
) -> dict[str, Any]:
    """What changes since the version before, the ten answers, the places, and the sheet as it would be."""
    labels = {**names.sectors, **names.publics, **names.needs}
    previous = queries.previous(session(), review) if is_mine else None
    before = published or (queries.content_of(previous) if previous else None)
    return {
        "changes": compare(before, content, labels) if before and is_mine else (),
        "is_change": published is not None,
        "previous": previous,
        "lines": [line for line in told(content, labels) if line.text and line.field not in PLACES],
        "places": _places(content, known),
        "map": _map(content),
        "sheet": preview(session(), names, content),
        "watched": _watched(content, known),
    }


def _to_answer(
    review: Review,
    content: InitiativeContent,
    known: Known,
    form: DecisionForm | None,
    handover: HandoverForm | None,
    *,
    is_conflict: bool,
) -> dict[str, Any]:
    """The decision and the handover, as they were filled in if they were; what to ask, ready to be ticked."""
    asked, prepared = likely_questions(content, known), prepared_notes(content)
    handover = handover or HandoverForm(formdata=None)
    return {
        "asked": asked,
        "prepared": prepared,
        "reasons": tuple(REASONS.items()),
        "form": form or DecisionForm(asked, prepared, formdata=None),
        "handover": handover,
        "others": _others(review),
        "kept": (form.message.data if form else "") or handover.reason.data if is_conflict else "",
    }


PLACES = ("here", "there")
"""Fields told apart from the others, with their map."""


def _others(review: Review) -> list[Network]:
    content = queries.content_of(review)
    concerned = networks_concerned(session(), (anchor.keys for anchor in content.here))
    return [network for network in concerned if network.id != review.network_id]


def _map(content: InitiativeContent) -> PlacesMap:
    """The true positions: only those who review this initiative see them."""
    points = [
        MapPoint(side.value, anchor.name, anchor.context, anchor.lon, anchor.lat, anchor.precision)
        for side, _, anchor in content.anchors
    ]
    return places_map("relecture", "Les lieux de cette initiative", points)


def _watched(content: InitiativeContent, known: Known) -> list[tuple[str, Vigilance]]:
    """The countries there that are under vigilance: name, and why."""
    countries = {anchor.keys[-1] for anchor in content.there if is_watched(anchor, known)}
    listed = [one for one in vigilance(session()) if f"p:{one.country}" in countries] if countries else []
    return [(known.names[f"p:{one.country}"], one) for one in listed]


def _author(review: Review) -> Account | None:
    author_id = review.revision.author_id
    return session().get(Account, author_id) if author_id else None


def _places(content: InitiativeContent, known: Known) -> list[PlaceLine]:
    """Every place: as typed, as understood, as it will be shown, and what is doubtful in it."""
    found = doubts(content, known)
    lines = []
    for side, _, anchor in content.anchors:
        shown = shown_as(content, anchor, known, curator_agrees=False)
        key = shown_key(anchor, shown)
        is_whole = key == anchor.keys[0] and shown == "locality"
        told_of = tuple(one.message for one in found if f"« {anchor.label} »" in one.message.replace("\u00a0", " "))
        wider = "" if is_whole else known.names.get(key, "")
        lines.append(PlaceLine(side, anchor, wider, told_of, _online(side, anchor)))
    return lines


def _online(side: Side, anchor: AnchorContent) -> tuple[str, ...]:
    """« Konna (Mopti, Mali), par Photon »: what the worker, or a person, found already; nobody is asked here."""
    providers = asked_for(current_app.extensions["place_providers"], side)
    if anchor.verdict == SURE or not providers:
        return ()
    found = known_further(session(), providers, anchor.label, current_app.extensions["gazetteer"])
    return tuple(f"{one.place.label}, par {one.credit}" for one in found)

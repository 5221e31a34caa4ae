"""Reads about reviews."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.models import Account
from directory.core.errors import NotFound, Problem, Withdrawn
from directory.core.time import date_fr, utcnow
from directory.initiatives.content import InitiativeContent, from_json
from directory.initiatives.duplicates import likeness, profile_of
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.queries import known_lists
from directory.initiatives.rules import doubts
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.queries import curated_network_ids
from directory.reviews.models import Handover, Review, ReviewNotice
from directory.reviews.permissions import can_decide, can_read
from directory.reviews.vocabulary import NEEDS_MESSAGE, Decision, ReviewState

ENOUGH_DECISIONS, DECISIONS_READ = 5, 200
_WHOLE = (
    selectinload(Review.network),
    selectinload(Review.revision).selectinload(Revision.initiative),
)


def waiting(session: Session, actor: Account) -> Sequence[Review]:
    """What waits in the networks of the actor, oldest first."""
    return session.scalars(
        select(Review)
        .where(Review.state == ReviewState.WAITING, Review.network_id.in_(curated_network_ids(session, actor.id)))
        .order_by(Review.opened_at, Review.id)
        .options(*_WHOLE)
    ).all()


def get_review(session: Session, review_id: int, actor: Account) -> Review:
    """A review of the actor's networks; raises NotFound for the others too."""
    review = session.get(Review, review_id)
    if review is None or not can_decide(session, actor, review):
        raise NotFound("Cette relecture n’existe pas dans vos réseaux.")
    return _not_taken_back(session, review)


def read_review(session: Session, review_id: int, actor: Account) -> Review:
    """A review of the actor's networks, or one of which they were informed; raises NotFound for the others too."""
    review = session.get(Review, review_id)
    if review is None or not can_read(session, actor, review):
        raise NotFound("Cette relecture n’existe pas dans vos réseaux.")
    return _not_taken_back(session, review)


def _not_taken_back(session: Session, review: Review) -> Review:
    """What was taken back is read by nobody: whoever sent it was told so."""
    if review.state == ReviewState.TAKEN_BACK:
        raise Withdrawn(handled_words(session, review))
    return review


def content_of(review: Review) -> InitiativeContent:
    """What was sent."""
    return from_json(review.revision.content, review.revision.schema)


def published_content(session: Session, review: Review) -> InitiativeContent | None:
    """What the public reads today of the same initiative, or None while nothing is published."""
    revision = session.get(Revision, review.revision.initiative.published_revision_id or 0)
    return from_json(revision.content, revision.schema) if revision else None


def handled_words(session: Session, review: Review) -> str:
    """Why a review no longer waits here: what became of it, at which network, when."""
    network = session.get_one(Network, review.network_id).name
    if review.state == ReviewState.WAITING:
        return f"Cette relecture a été confiée à un autre réseau : {network}."
    at = date_fr(review.decided_at)
    words = {
        ReviewState.PUBLISHED: f"{network} a publié cette version le {at}",
        ReviewState.CHANGES_REQUESTED: f"{network} a demandé des changements le {at}",
        ReviewState.DECLINED: f"{network} n’a pas retenu cette version, le {at}",
        ReviewState.SUPERSEDED: "la structure a envoyé une version plus récente",
        ReviewState.TAKEN_BACK: f"la structure a repris son envoi le {at}",
    }[ReviewState(review.state)]
    return f"Cette relecture a déjà été traitée : {words}."


def usual_days(session: Session, network: Network) -> int | None:
    """Days that a review usually takes: the median of the last year's decisions, from five on; else the network's word.

    None while neither is known. A day begun counts.
    """
    recent = (
        select(Review.opened_at, Review.decided_at)
        .where(Review.network_id == network.id, Review.decided_at >= utcnow() - dt.timedelta(days=365))
        .where(Review.state.in_([decision.value for decision in Decision]))
        .order_by(Review.decided_at.desc())
        .limit(DECISIONS_READ)
    )
    taken = [(decided - opened) / dt.timedelta(days=1) for opened, decided in session.execute(recent) if decided]
    if len(taken) < ENOUGH_DECISIONS:
        return network.usual_days
    return max(1, math.ceil(statistics.median(taken)))


def informed(session: Session, actor: Account) -> Sequence[Review]:
    """What waits at another network and has a place in the actor's territories, the newest first."""
    mine = curated_network_ids(session, actor.id)
    notices = select(ReviewNotice.review_id).where(ReviewNotice.network_id.in_(mine))
    chosen = select(Review).where(
        Review.id.in_(notices), Review.state == ReviewState.WAITING, Review.network_id.not_in(mine)
    )
    return session.scalars(chosen.order_by(Review.opened_at.desc()).options(*_WHOLE)).all()


def decided(session: Session, actor: Account, *, limit: int = 50) -> Sequence[Review]:
    """The last decisions of the actor's networks, the newest first."""
    chosen = select(Review).where(
        Review.network_id.in_(curated_network_ids(session, actor.id)),
        Review.state.in_([decision.value for decision in Decision]),
    )
    return session.scalars(chosen.order_by(Review.decided_at.desc()).limit(limit).options(*_WHOLE)).all()


def published_by(session: Session, actor: Account, review_id: int) -> Initiative | None:
    """The initiative that a review of the actor's networks published, while it is on line."""
    review = session.get(Review, review_id) if 0 < review_id < 1 << 31 else None
    if review is None or review.state != ReviewState.PUBLISHED or not can_decide(session, actor, review):
        return None
    initiative = review.revision.initiative
    return initiative if initiative.state == State.PUBLISHED else None


def lookalikes(session: Session, actor: Account, review: Review) -> list[tuple[Review, str]]:
    """What waits in the actor's networks and looks like this review, with the reason."""
    profile = profile_of(content_of(review))
    others = [one for one in waiting(session, actor) if one.revision.initiative_id != review.revision.initiative_id]
    found = [(one, likeness(profile, profile_of(content_of(one)))) for one in others]
    return [(one, reason) for one, reason in found if reason]


def latest_number(session: Session, initiative_id: int) -> int:
    """The number of the newest revision of an initiative."""
    number = session.scalar(select(func.max(Revision.number)).where(Revision.initiative_id == initiative_id))
    return number or 0


def published_contents(session: Session, reviews: Iterable[Review]) -> dict[int, InitiativeContent]:
    """What the public reads today of each initiative under review, by its number; in one question."""
    ids = [review.revision.initiative_id for review in reviews]
    revisions = session.scalars(
        select(Revision).join(Initiative, Initiative.published_revision_id == Revision.id).where(Initiative.id.in_(ids))
    )
    return {one.initiative_id: from_json(one.content, one.schema) for one in revisions}


def previous(session: Session, review: Review) -> Review | None:
    """The last version of the same initiative that was decided on, if it was sent back: with what was asked."""
    earlier = select(Review).join(Revision).where(Revision.initiative_id == review.revision.initiative_id)
    earlier = earlier.where(Review.id < review.id, Review.state.in_([decision.value for decision in Decision]))
    last = session.scalar(earlier.order_by(Review.id.desc()).limit(1))
    return last if last is not None and last.state in NEEDS_MESSAGE else None


def newer(session: Session, review: Review, actor: Account) -> Review | None:
    """The review of a newer version of the same initiative, while it waits in the actor's networks."""
    later = select(Review).join(Revision).where(Revision.initiative_id == review.revision.initiative_id)
    found = session.scalar(later.where(Review.id > review.id, Review.state == ReviewState.WAITING))
    return found if found is not None and can_decide(session, actor, found) else None


def doubts_of(session: Session, review: Review) -> list[Problem]:
    """What a curator should look at before deciding."""
    content = from_json(review.revision.content, review.revision.schema)
    return doubts(content, known_lists(session, content))


def informed_network_ids(session: Session, review_id: int) -> frozenset[int]:
    """The networks of the initiative's other places, told of the review."""
    return frozenset(session.scalars(select(ReviewNotice.network_id).where(ReviewNotice.review_id == review_id)))


def last_handover(session: Session, review_id: int) -> Handover | None:
    """How the review reached its network, when another one had it before."""
    handovers = select(Handover).where(Handover.review_id == review_id)
    return session.scalar(handovers.order_by(Handover.id.desc()).limit(1))

"""Where what somebody sent stands, and everything that was answered: what « mon espace » tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import CompoundSelect, or_, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions.models import Draft
from directory.contributions.queries import drafts_of
from directory.core.errors import Conflict, NotFound
from directory.initiatives.content import AnchorContent, from_json
from directory.initiatives.models import Initiative, Participation, Revision
from directory.initiatives.permissions import can_publish
from directory.initiatives.vocabulary import Role, State
from directory.networks.models import Network
from directory.organisations.models import Membership
from directory.reviews.models import Handover, Review
from directory.reviews.vocabulary import ReviewState


class Act(StrEnum):
    """What happened to an initiative."""

    SENT = "sent"
    HANDED_OVER = "handed_over"
    PUBLISHED = "published"
    CHANGES_REQUESTED = "changes_requested"
    DECLINED = "declined"
    SUPERSEDED = "superseded"
    TAKEN_BACK = "taken_back"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, at which network, and the words that came with it."""

    act: Act
    at: dt.datetime
    network: str = ""
    message: str = ""
    is_mine: bool = False


@dataclass(frozen=True)
class Standing:
    """One initiative of an account: its last sending, the account's own draft of it, what happened, oldest first."""

    initiative: Initiative
    title: str
    language: str
    here: tuple[AnchorContent, ...]
    there: tuple[AnchorContent, ...]
    state: ReviewState
    network: str
    since: dt.datetime
    message: str
    review_id: int
    draft: Draft | None
    events: tuple[Event, ...]

    @property
    def is_published(self) -> bool:
        """The public sees a sheet, whatever waits."""
        return self.initiative.state == State.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        """The sheet was taken down."""
        return self.initiative.state == State.WITHDRAWN

    @property
    def is_asked(self) -> bool:
        """The network waits for the structure to mend something."""
        return self.state is ReviewState.CHANGES_REQUESTED

    @property
    def is_mended(self) -> bool:
        """The account's draft holds words that were not sent."""
        return self.draft is not None and self.draft.sent_counter != self.draft.counter

    @property
    def is_mine_to_mend(self) -> bool:
        """The account's own draft is the one to open again: what was last sent and not published, or what was begun."""
        if self.draft is None or self.state in (ReviewState.WAITING, ReviewState.SUPERSEDED):
            return False
        is_last = self.draft.review_id == self.review_id and self.state is not ReviewState.PUBLISHED
        return is_last or self.is_mended

    @property
    def can_take_back(self) -> bool:
        """The last sending waits, and is the account's own."""
        is_last = self.draft is not None and self.draft.review_id == self.review_id
        return is_last and self.state is ReviewState.WAITING


def standings(session: Session, account: Account) -> list[Standing]:
    """What an account wrote, or a structure to which it belongs: what is asked first, what was taken down last."""
    found = _standings(session, account, session.scalars(_mine(account.id)).all())
    return sorted(sorted(found, key=lambda one: one.since, reverse=True), key=_rank)


def _rank(one: Standing) -> int:
    if one.is_asked or one.state is ReviewState.WAITING:
        return 0 if one.is_asked else 1
    if one.is_published:
        return 2
    return 4 if one.is_withdrawn else 3


def standing(session: Session, account: Account, initiative_id: int) -> Standing:
    """One of them; raises NotFound for anybody else's."""
    if initiative_id not in session.scalars(_mine(account.id)).all():
        raise NotFound("Cette initiative n’est pas dans votre espace.")
    found = _standings(session, account, [initiative_id])
    if not found:
        raise NotFound("Cette initiative n’est pas dans votre espace.")
    return found[0]


def find_curated(session: Session, account: Account, initiative_id: int) -> Initiative | None:
    """A published sheet of a network that the account curates, and that is not in its own space.

    Raises Conflict while another version waits: sending a correction would set it aside unread.
    """
    initiative = session.get(Initiative, initiative_id)
    if initiative is None or initiative.state != State.PUBLISHED:
        return None
    if not can_publish(session, account, initiative.network_id):
        return None
    if initiative_id in session.scalars(_mine(account.id)).all():
        return None
    waits = select(Review.id).join(Revision).where(Revision.initiative_id == initiative_id)
    if session.scalar(waits.where(Review.state == ReviewState.WAITING).limit(1)) is not None:
        raise Conflict("Une version envoyée par la structure attend votre relecture : lisez-la d’abord.")
    return initiative


def _mine(account_id: int) -> CompoundSelect[int]:
    # As `can_propose` says: while it is published, whoever told it first; a member who left has not.
    wrote = (
        select(Revision.initiative_id)
        .join(Initiative, Initiative.id == Revision.initiative_id)
        .where(Revision.author_id == account_id)
        .where(or_(Initiative.state != State.PUBLISHED.value, Revision.number == 1))
    )
    belongs = (
        select(Participation.initiative_id)
        .join(Membership, Membership.organisation_id == Participation.organisation_id)
        .where(Participation.role == Role.CARRIER.value)
        .where(Membership.account_id == account_id, Membership.granted_at.is_not(None))
    )
    return wrote.union(belongs)


def _standings(session: Session, account: Account, ids: Sequence[int]) -> list[Standing]:
    initiatives = session.scalars(select(Initiative).where(Initiative.id.in_(ids))).all()
    sent: dict[int, list[tuple[Revision, Review, str]]] = {}
    rows = session.execute(
        select(Revision, Review, Network.name)
        .join(Review, Review.revision_id == Revision.id)
        .join(Network, Network.id == Review.network_id)
        .where(Revision.initiative_id.in_(ids))
        .order_by(Revision.initiative_id, Revision.number)
    )
    for revision, review, network in rows:
        sent.setdefault(revision.initiative_id, []).append((revision, review, network))
    handed = _handovers(session, ids)
    drafts: dict[int | None, Draft] = {}
    for draft in drafts_of(session, account):
        drafts.setdefault(draft.initiative_id, draft)
    return [_standing(account, one, sent[one.id], handed, drafts.get(one.id)) for one in initiatives if one.id in sent]


def _standing(
    account: Account,
    initiative: Initiative,
    sent: Sequence[tuple[Revision, Review, str]],
    handed: dict[int, list[Event]],
    draft: Draft | None,
) -> Standing:
    revision, review, network = sent[-1]
    content = from_json(revision.content, revision.schema)
    events = [event for number in range(len(sent)) for event in _events(account, sent, number, handed)]
    if initiative.withdrawn_at is not None:
        events.append(Event(Act.WITHDRAWN, initiative.withdrawn_at))
    return Standing(
        initiative=initiative,
        title=initiative.title or content.title,
        language=content.language,
        here=content.here,
        there=content.there,
        state=ReviewState(review.state),
        network=network,
        since=review.decided_at or review.opened_at,
        message=review.message,
        review_id=review.id,
        draft=draft,
        events=tuple(sorted(events, key=lambda event: event.at)),
    )


def _events(
    account: Account, sent: Sequence[tuple[Revision, Review, str]], number: int, handed: dict[int, list[Event]]
) -> Iterable[Event]:
    """A sending, its way between networks and its answer."""
    revision, review, network = sent[number]
    moves = handed.get(review.id, [])
    first = moves[0].message if moves else network
    yield Event(Act.SENT, review.opened_at, first, is_mine=revision.author_id == account.id)
    yield from (Event(move.act, move.at, move.network) for move in moves)
    if review.state == ReviewState.SUPERSEDED:
        # No clock is kept for it: it happened when the next one was sent.
        yield Event(Act.SUPERSEDED, sent[number + 1][1].opened_at if number + 1 < len(sent) else review.opened_at)
    elif review.decided_at is not None:
        yield Event(Act(review.state), review.decided_at, network, review.message)


def _handovers(session: Session, ids: Sequence[int]) -> dict[int, list[Event]]:
    """The moves of each review between networks, oldest first; `message` holds the network that gave it away."""
    names = dict(session.execute(select(Network.id, Network.name)).all())
    moves = session.scalars(
        select(Handover)
        .join(Review, Review.id == Handover.review_id)
        .join(Revision, Revision.id == Review.revision_id)
        .where(Revision.initiative_id.in_(ids))
        .order_by(Handover.handed_at, Handover.id)
    )
    found: dict[int, list[Event]] = {}
    for move in moves:
        event = Event(Act.HANDED_OVER, move.handed_at, names[move.to_network_id], names[move.from_network_id])
        found.setdefault(move.review_id, []).append(event)
    return found

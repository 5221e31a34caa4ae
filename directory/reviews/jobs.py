"""What the worker does for reviews: tell the curators, then tell whoever sent the initiative.

A job that concerns several people enqueues one for each, with a key: told again, nobody is told twice.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.queries import administrators
from directory.core.jobs import Handler, enqueue
from directory.core.mail import Mail
from directory.initiatives.queries import known_lists
from directory.networks.models import Network
from directory.networks.queries import curators_of
from directory.reviews import mails
from directory.reviews.models import Review
from directory.reviews.queries import content_of, informed_network_ids, last_handover
from directory.reviews.vocabulary import ReviewState

DECIDED = frozenset({ReviewState.PUBLISHED, ReviewState.CHANGES_REQUESTED, ReviewState.DECLINED})


def review_opened(session: Session, *, review_id: int) -> None:
    """Tell the curators of the network in charge, and inform those of the other territories."""
    review = session.get(Review, review_id)
    if review is None or review.state != ReviewState.WAITING:
        return
    told = _tell_curators(session, review)
    for network_id in sorted(informed_network_ids(session, review.id)):
        for reader in curators_of(session, network_id):
            if reader.id not in told:
                key = f"review_informed:{review.id}:{reader.id}"
                enqueue(session, "review_informed", key=key, review_id=review.id, account_id=reader.id)


def review_handed_over(session: Session, *, review_id: int) -> None:
    """Tell the curators of the new network, and whoever sent the initiative."""
    review = session.get(Review, review_id)
    if review is None or review.state != ReviewState.WAITING:
        return
    _tell_curators(session, review)
    enqueue(session, "review_moved", review_id=review.id)


def _tell_curators(session: Session, review: Review) -> set[int]:
    """One mail for each curator, once for each time that the review reaches their network."""
    handover = last_handover(session, review.id)
    readers = curators_of(session, review.network_id)
    if not readers:
        _tell_administrators(session, review)
    for reader in readers:
        key = f"review_waiting:{review.id}:{handover.id if handover else 0}:{reader.id}"
        enqueue(session, "review_waiting", key=key, review_id=review.id, account_id=reader.id)
    return {reader.id for reader in readers}


def _tell_administrators(session: Session, review: Review) -> None:
    """Nobody curates the network: without this, what was sent would wait for ever."""
    for reader in administrators(session):
        key = f"review_unattended:{review.id}:{review.network_id}:{reader.id}"
        enqueue(session, "review_unattended", key=key, review_id=review.id, account_id=reader.id)


def review_unattended(session: Session, *, review_id: int, account_id: int) -> Mail | None:
    """Something waits for a network that nobody curates; nothing once somebody does."""
    review, reader = session.get(Review, review_id), session.get(Account, account_id)
    if review is None or reader is None or review.state != ReviewState.WAITING:
        return None
    if not (reader.active and reader.is_administrator) or curators_of(session, review.network_id):
        return None
    return mails.unattended(review, reader)


def review_waiting(session: Session, *, review_id: int, account_id: int) -> Mail | None:
    """Something waits for a curator; nothing once it was decided, or once somebody else curates."""
    review, reader = session.get(Review, review_id), session.get(Account, account_id)
    if review is None or review.state != ReviewState.WAITING or not _curates(session, reader, review.network_id):
        return None
    assert reader is not None  # noqa: S101  # _curates has looked
    handover = last_handover(session, review.id)
    giver = session.get(Network, handover.from_network_id) if handover else None
    return mails.waiting(review, reader, handover, giver, known_lists(session, content_of(review)))


def review_informed(session: Session, *, review_id: int, account_id: int) -> Mail | None:
    """A review of another network that touches a curator's territory."""
    review, reader = session.get(Review, review_id), session.get(Account, account_id)
    if review is None or reader is None or not reader.active or review.state != ReviewState.WAITING:
        return None
    return mails.informed(review, reader, known_lists(session, content_of(review)))


def review_decided(session: Session, *, review_id: int) -> Mail | None:
    """What the network decided, to whoever sent the initiative and still has an account."""
    review = session.get(Review, review_id)
    author = _author(session, review)
    if review is None or author is None or review.state not in DECIDED:
        return None
    return mails.decided(review, author)


def review_moved(session: Session, *, review_id: int) -> Mail | None:
    """Another network reads it now, to whoever sent it."""
    review = session.get(Review, review_id)
    author = _author(session, review)
    if review is None or author is None or review.state != ReviewState.WAITING:
        return None
    return mails.moved(review, author)


def _author(session: Session, review: Review | None) -> Account | None:
    author_id = review.revision.author_id if review else None
    author = session.get(Account, author_id) if author_id else None
    return author if author is not None and author.active else None


def _curates(session: Session, reader: Account | None, network_id: int) -> bool:
    return reader is not None and reader.id in {curator.id for curator in curators_of(session, network_id)}


HANDLERS: dict[str, Handler] = {
    "review_opened": review_opened,
    "review_handed_over": review_handed_over,
    "review_unattended": review_unattended,
    "review_waiting": review_waiting,
    "review_informed": review_informed,
    "review_decided": review_decided,
    "review_moved": review_moved,
}

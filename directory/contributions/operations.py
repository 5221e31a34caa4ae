"""Writes of an association: start, save, send, confirm, change. Nothing typed is lost; only a valid content leaves."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.operations import find_or_create_confirmed
from directory.accounts.rules import normal_address
from directory.contributions.answers import Typed, answers_of, is_doubtful, read
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder, can_edit
from directory.contributions.queries import find_by_start, problems_of
from directory.core.errors import Conflict, Forbidden, Invalid, InvalidText, Problem
from directory.core.jobs import Job, enqueue
from directory.core.time import utcnow
from directory.initiatives.content import InitiativeContent, from_json, to_json
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.operations import record_revision
from directory.initiatives.permissions import can_propose
from directory.initiatives.rules import clean
from directory.initiatives.vocabulary import State
from directory.reference.keys import Side
from directory.reviews import operations as reviews
from directory.reviews.models import Review
from directory.reviews.vocabulary import ReviewState

MAILS_A_DAY = 12
"""Links mailed to one address in a day: enough to send several initiatives, too few to pester somebody."""
LOOKED_AFTER = dt.timedelta(minutes=5)
"""Somebody who is still on the page chooses, or looks further, before the worker does."""
KEY = re.compile(r"[\w-]{1,64}", re.ASCII)
NOT_YOURS = "Ce brouillon appartient à une autre personne."


def start(
    session: Session, answers: dict[str, Any], *, account: Account | None = None, start_key: str | None = None
) -> Draft:
    """A new draft holding the first answers; a blank form sent twice (`start_key`) starts one draft.

    Whoever starts a draft may edit it: the caller gives its nonce to the browser.
    """
    _check_storable(answers)
    owner = account.id if account else None
    start_key = start_key if start_key and KEY.fullmatch(start_key) else None
    found = find_by_start(session, start_key) if start_key else None
    if found is not None:
        if found.account_id == owner and found.sent_at is None:
            return found
        start_key = None  # the back button, long after: another initiative
    draft = Draft(account_id=owner, typed={"kept": {}, "answers": answers}, start_key=start_key)
    try:
        with session.begin_nested():  # two clicks at once: the second finds the draft of the first
            session.add(draft)
    except IntegrityError:
        found = find_by_start(session, start_key) if start_key else None
        if found is None:
            raise
        return found
    return draft


def start_from(session: Session, document: dict[str, Any], *, actor: Account) -> Draft:
    """A new draft holding a whole content as JSON, valid or not: the way of the command line and the demonstration."""
    _check_storable(document)
    draft = Draft(account_id=actor.id, typed={"kept": document, "answers": {}})
    session.add(draft)
    session.flush()
    return draft


def save(session: Session, draft: Draft, answers: dict[str, Any], *, holder: Holder, counter: int) -> Draft:
    """Keep answers over those that were there; raises Conflict when another tab saved since `counter` was read.

    A whole address at question 5, new for this draft, receives the link that resumes it, once.
    """
    if not can_edit(holder, draft):
        raise Forbidden(NOT_YOURS)
    _check_storable(answers)
    typed: Typed = {**draft.typed, "answers": {**draft.typed.get("answers", {}), **answers}}
    # The condition in the UPDATE lets one of two tabs pass, on both databases.
    saved = session.scalar(
        update(Draft)
        .where(Draft.id == draft.id, Draft.counter == counter)
        .values(typed=typed, counter=counter + 1, saved_at=utcnow())
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(draft)
    if saved is None:
        raise Conflict("Ce brouillon a été modifié dans un autre onglet. Rechargez-le avant de continuer.")
    if holder.account is None and "email" in answers:
        _keep_address(session, draft, answers["email"])
    return draft


def look_later(session: Session, draft: Draft, sides: Sequence[Side]) -> None:
    """Ask the worker to look further, in a while, for each place that is still doubtful then; never to choose one."""
    for side in sides:
        for index, line in enumerate(draft.typed["answers"].get(side.value, [])):
            if is_doubtful(line):
                key = f"draft_place:{draft.id}:{draft.counter}:{side.value}:{index}"
                job = enqueue(
                    session, "draft_place", key=key, draft_id=draft.id, is_there=side is Side.THERE, index=index
                )
                job.due_at = max(job.due_at, utcnow() + LOOKED_AFTER)


def _keep_address(session: Session, draft: Draft, typed: object) -> None:
    try:
        email = normal_address(typed) if isinstance(typed, str) else ""
    except InvalidText:
        return  # kept as typed; the form says what is wrong with it
    if email and email != draft.email:
        draft.email = email
        _mail_link(session, draft, "draft_link", once="typed")


def _mail_link(session: Session, draft: Draft, kind: str, *, once: str) -> None:
    """Ask for the mail of a draft's link; `once` names the occasion. An address receives a few a day, whoever asks."""
    digest = hashlib.sha256((draft.email or "").encode()).hexdigest()[:16]
    today = select(func.count()).where(
        Job.key.startswith(f"draft:{digest}:", autoescape=True), Job.created_at > utcnow() - dt.timedelta(days=1)
    )
    if (session.scalar(today) or 0) < MAILS_A_DAY:
        enqueue(session, kind, key=f"draft:{digest}:{draft.id}:{kind}:{once}", draft_id=draft.id)


def send_link_again(session: Session, draft: Draft, *, holder: Holder) -> None:
    """Mail the link of a draft once more: the one that confirms when it has been sent, that resumes it otherwise."""
    if not can_edit(holder, draft):
        raise Forbidden(NOT_YOURS)
    if draft.email and draft.review_id is None:
        _mail_again(session, draft)


def _mail_again(session: Session, draft: Draft) -> None:
    kind = "draft_confirm" if draft.sent_at else "draft_link"
    _mail_link(session, draft, kind, once=secrets.token_hex(8))


def send_links_to(session: Session, email: str) -> None:
    """Mail the links of every unsent draft of an address; nothing tells the caller whether there was any."""
    waiting = select(Draft).where(Draft.email == normal_address(email), Draft.review_id.is_(None))
    for draft in session.scalars(waiting.order_by(Draft.saved_at.desc()).limit(5)):
        _mail_again(session, draft)


def _check_storable(answers: dict[str, Any]) -> None:
    """NaN and infinity are not JSON (PostgreSQL refuses them), nor is a structure without end."""
    try:
        json.dumps(answers, allow_nan=False)
    except (ValueError, TypeError, RecursionError) as error:
        raise Invalid([Problem("draft", "Ce brouillon contient une valeur qui ne peut pas être gardée.")]) from error


def send(session: Session, draft: Draft, *, holder: Holder) -> Review | None:
    """Send the draft to its network, or, while its address is not proven, mail the link that will: then None.

    Sent again unchanged (a double click, the back button), it is the same sending. Raises Invalid with every problem
    at its answer; the draft is kept as it is.
    """
    if not can_edit(holder, draft):
        raise Forbidden(NOT_YOURS)
    if not _claim_sending(session, draft):
        return draft.review
    needs_address = holder.account is None
    problems = problems_of(session, draft.typed, needs_address=needs_address)
    if problems:
        raise Invalid(problems)
    if holder.account is not None:
        return _submit(session, draft, holder.account)
    if draft.email and draft.email in holder.proven:
        return _submit(session, draft, find_or_create_confirmed(session, draft.email))
    _mail_link(session, draft, "draft_confirm", once=str(draft.counter))
    return None


def _claim_sending(session: Session, draft: Draft) -> bool:
    """True for the first sending of this text; two clicks at once: the condition in the UPDATE lets one pass.

    A text that waits for its address to be confirmed may be sent again, by somebody who has signed in meanwhile.
    """
    session.flush()
    claimed = session.scalar(
        update(Draft)
        .where(
            Draft.id == draft.id,
            or_(Draft.sent_counter.is_(None), Draft.sent_counter != Draft.counter, Draft.review_id.is_(None)),
        )
        .values(sent_counter=Draft.counter, sent_at=utcnow())
        .returning(Draft.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(draft)
    return claimed is not None


def confirm(session: Session, draft: Draft, email: str) -> tuple[Account, Review]:
    """The mailed link was followed: the address is proven, its account made if need be, the draft sent to its network.

    Raises Conflict when there is nothing to confirm: never sent, changed since, or sent under another address.
    """
    session.flush()
    session.refresh(draft, with_for_update=True)
    if draft.email != email:
        raise Conflict("Ce brouillon a changé d’adresse : ouvrez le dernier message reçu.")
    if draft.sent_counter != draft.counter:
        raise Conflict("Ce brouillon a changé depuis son envoi : relisez-le, puis envoyez-le.")
    account = find_or_create_confirmed(session, email)
    if draft.review is not None:
        return account, draft.review
    problems = problems_of(session, draft.typed, needs_address=False)
    if problems:
        raise Invalid(problems)
    return account, _submit(session, draft, account)


def _submit(session: Session, draft: Draft, account: Account) -> Review:
    """Record the revision and open its review for the network in charge, in this transaction."""
    content, _ = read(draft.typed)
    initiative = session.get(Initiative, draft.initiative_id) if draft.initiative_id else None
    if initiative is not None and initiative.published_revision_id is not None:
        _check_changed(content, _told_today(session, initiative))
    revision = record_revision(session, content, author=account, initiative=initiative)
    review = reviews.open_review(session, revision)
    draft.initiative_id, draft.review_id = revision.initiative_id, review.id
    draft.account_id = draft.account_id or account.id
    session.flush()
    session.expire(draft, ["review", "initiative"])
    return review


def _check_changed(content: InitiativeContent, told: Revision) -> None:
    """A network is not asked to review what is published already, word for word."""
    if to_json(clean(content)) == told.content:
        raise Conflict("Rien n’a changé depuis la fiche publiée : modifiez une réponse, puis envoyez.")


def propose_change(session: Session, initiative: Initiative, *, actor: Account) -> Draft:
    """The actor's draft of a change: the one begun, or a new one that starts from what is told today."""
    if not can_propose(session, actor, initiative):
        raise Forbidden("Cette initiative appartient à une autre structure.")
    mine = select(Draft).where(Draft.account_id == actor.id, Draft.initiative_id == initiative.id)
    draft = session.scalar(mine.order_by(Draft.saved_at.desc()).limit(1))
    if draft is not None and draft.sent_counter != draft.counter:
        return draft
    revision = _told_today(session, initiative)
    content = from_json(revision.content, revision.schema)
    typed = {"kept": to_json(content), "answers": answers_of(content)}
    if draft is None:
        draft = Draft(account_id=actor.id, initiative_id=initiative.id, typed=typed)
        session.add(draft)
    elif draft.review is None or (
        draft.review.state == ReviewState.PUBLISHED and draft.review.revision_id != revision.id
    ):
        draft.typed, draft.counter, draft.saved_at = typed, draft.counter + 1, utcnow()
    if initiative.state == State.WITHDRAWN:
        draft.sent_counter = None  # sent again word for word, it is a new sending
    session.flush()
    return draft


def _is_behind(review: Review, told: Revision) -> bool:
    """What the draft holds was published, and told otherwise since; words that never were are not written over."""
    return review.state == ReviewState.PUBLISHED and review.revision_id != told.id


def _told_today(session: Session, initiative: Initiative) -> Revision:
    """The published revision, else the newest."""
    if initiative.published_revision_id is not None:
        return session.get_one(Revision, initiative.published_revision_id)
    newest = select(Revision).where(Revision.initiative_id == initiative.id).order_by(Revision.number.desc())
    return session.scalars(newest.limit(1)).one()


def take_back(session: Session, draft: Draft, *, holder: Holder) -> Draft:
    """Take a sending back while it waits: the draft stays, ready to be mended and sent again."""
    if holder.account is None or not can_edit(holder, draft):
        raise Forbidden(NOT_YOURS)
    if draft.review is None:
        raise Conflict("Ce brouillon n’a pas été envoyé.")
    reviews.take_back(session, draft.review, account=holder.account)
    draft.sent_counter = None
    session.flush()
    return draft


def discard(session: Session, draft: Draft, *, holder: Holder) -> None:
    """Throw a draft away; what was sent to a network is never thrown away, it is taken back."""
    if not can_edit(holder, draft):
        raise Forbidden(NOT_YOURS)
    if draft.review_id is not None:
        raise Conflict("Cette fiche a été envoyée : reprenez l’envoi ou retirez-la, le brouillon reste.")
    session.delete(draft)
    session.flush()

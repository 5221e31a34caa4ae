"""Reads about drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from directory.accounts.models import Account
from directory.accounts.rules import normal_address
from directory.contributions.answers import Typed, located, read
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder, can_edit
from directory.contributions.wording import caution
from directory.core.errors import InvalidText, NotFound, Problem
from directory.core.time import utcnow
from directory.initiatives.content import InitiativeContent
from directory.initiatives.queries import known_lists
from directory.initiatives.rules import check
from directory.reference.models import Need, PublicGroup, Sector
from directory.reference.queries import needs, publics, sectors
from directory.reviews.vocabulary import ReviewState


def get_draft(session: Session, draft_id: int, holder: Holder) -> Draft:
    """The holder's draft; raises NotFound for another's too, so that nobody learns that it exists."""
    draft = session.get(Draft, draft_id)
    if draft is None or not can_edit(holder, draft):
        raise NotFound("Ce brouillon n’existe pas, ou n’est pas ouvert sur cet appareil.")
    return draft


def find_by_start(session: Session, start_key: str) -> Draft | None:
    """The draft that a blank form already started."""
    return session.scalar(select(Draft).where(Draft.start_key == start_key))


def drafts_of(session: Session, account: Account) -> Sequence[Draft]:
    """Every draft of an account, sent or not, the last touched first, with reviews, networks and initiatives."""
    mine = select(Draft).where(Draft.account_id == account.id).order_by(Draft.saved_at.desc(), Draft.id.desc())
    return session.scalars(mine.options(selectinload(Draft.review), selectinload(Draft.initiative))).all()


def held_drafts(session: Session, holder: Holder) -> Sequence[Draft]:
    """The drafts that this browser or this account can go on with and that were never sent, the last touched first."""
    nonces = [nonce for nonce in holder.nonces if nonce]
    owner = holder.account.id if holder.account else None
    is_here = and_(Draft.nonce.in_(nonces), Draft.account_id.is_(None))
    is_mine = or_(is_here, Draft.account_id == owner) if owner else is_here
    unsent = select(Draft).where(is_mine, Draft.review_id.is_(None)).order_by(Draft.saved_at.desc(), Draft.id.desc())
    return session.scalars(unsent).all()


def draft_of_review(session: Session, review_id: int) -> Draft | None:
    """The draft that a review answers, unless it was sent again since."""
    return session.scalar(select(Draft).where(Draft.review_id == review_id).order_by(Draft.id.desc()).limit(1))


def cautions_of(session: Session, typed: Typed) -> list[str]:
    """What the network may ask about the sentence and the name of a draft, once its places are known."""
    content = content_of(typed)
    known = known_lists(session, content)
    told = (("Votre phrase", content.summary), ("Le nom de l’initiative", content.title))
    return [said for subject, text in told if (said := caution(text, content, known, subject=subject))]


def content_of(typed: Typed) -> InitiativeContent:
    """The content that a draft makes, as far as it can be read today."""
    return read(typed)[0]


def problems_of(session: Session, typed: Typed, *, needs_address: bool) -> list[Problem]:
    """Everything that must be mended before sending, each at its answer; empty when the draft can be sent."""
    content, problems = read(typed)
    told = {problem.field.split("-")[0] for problem in problems}
    checked = check(content, known_lists(session, content), today=utcnow().date(), curator_agrees=True)
    problems += [one for one in located(checked) if one.field not in told]
    if needs_address:
        try:
            normal_address(typed.get("answers", {}).get("email") or "")
        except InvalidText:
            problems.append(
                Problem("email", "Donnez une adresse électronique complète : le lien pour confirmer y sera envoyé.")
            )
    return located(problems)


def is_waiting(draft: Draft) -> bool:
    """The draft was sent, and its network has not answered yet."""
    return draft.review is not None and draft.review.state == ReviewState.WAITING


def offered(session: Session, slug: str) -> dict[str, list[tuple[str, str, str]]]:
    """The reference lists that a screen offers: value, words, nothing more."""
    if slug == "partenaire":
        return {"sectors": _options(sectors(session))}
    if slug == "histoire":
        return {"publics": _options(publics(session)), "needs": _options(needs(session))}
    return {}


def _options(listed: Iterable[Sector | PublicGroup | Need]) -> list[tuple[str, str, str]]:
    return [(one.id, one.label, "") for one in listed]

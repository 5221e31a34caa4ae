"""Nothing typed is ever lost; only a valid content is sent, once; nobody touches another's draft."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.accounts.queries import find_account
from directory.contributions import operations
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.contributions.queries import get_draft, held_drafts
from directory.core.errors import Conflict, Forbidden, Invalid, NotFound
from directory.core.jobs import Job
from directory.initiatives.content import to_json
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import State
from directory.reviews import operations as reviews
from directory.reviews.models import Review
from directory.reviews.vocabulary import Decision, ReviewState
from tests.factories import make_account, make_answers, make_content, make_initiative

EMAIL = "a.riou@exemple.bzh"


def held(draft: Draft, *, proven: str = "", account: Account | None = None) -> Holder:
    """The browser in which a draft was begun."""
    return Holder(account, frozenset({draft.nonce}), frozenset({proven} if proven else ()))


def count(session: Session, table: type[Any]) -> int:
    """How many rows a table has."""
    return session.scalar(select(func.count()).select_from(table)) or 0


def jobs(session: Session, kind: str) -> list[dict[str, Any]]:
    """What the jobs of a kind are about."""
    return list(session.scalars(select(Job.payload).where(Job.kind == kind)))


@pytest.mark.parametrize("answers", [{}, {"title": "à moitié"}, {"n’importe": ["quoi", None, {"x": 1}]}])
def test_a_draft_keeps_what_was_typed_valid_or_not(session: Session, answers: dict[str, Any]) -> None:
    draft = operations.start(session, answers)
    session.commit()
    session.expire_all()
    assert get_draft(session, draft.id, held(draft)).typed["answers"] == answers


def test_a_blank_form_sent_twice_starts_one_draft(session: Session) -> None:
    first, second = (operations.start(session, {"summary": "x"}, start_key="une-fois") for _ in range(2))
    assert first is second
    assert count(session, Draft) == 1


def test_two_tabs_cannot_overwrite_each_other(session: Session) -> None:
    draft = operations.start(session, {})
    operations.save(session, draft, {"title": "premier onglet"}, holder=held(draft), counter=0)
    with pytest.raises(Conflict, match="autre onglet"):
        operations.save(session, draft, {"title": "second onglet"}, holder=held(draft), counter=0)
    assert draft.typed["answers"] == {"title": "premier onglet"}


def test_an_answer_does_not_erase_the_others(session: Session) -> None:
    draft = operations.start(session, {"summary": "Une phrase."})
    operations.save(session, draft, {"title": "Un nom"}, holder=held(draft), counter=0)
    assert draft.typed["answers"] == {"summary": "Une phrase.", "title": "Un nom"}


def test_another_person_s_draft_does_not_exist(session: Session) -> None:
    draft = operations.start(session, {}, account=make_account(session))
    stranger = Holder(make_account(session), frozenset({"autre"}))
    with pytest.raises(NotFound):
        get_draft(session, draft.id, stranger)
    for act in (
        lambda: operations.save(session, draft, {"title": "x"}, holder=stranger, counter=0),
        lambda: operations.send(session, draft, holder=stranger),
        lambda: operations.send_link_again(session, draft, holder=stranger),
        lambda: operations.discard(session, draft, holder=stranger),
        lambda: operations.take_back(session, draft, holder=stranger),
    ):
        with pytest.raises(Forbidden):
            act()


def test_the_drafts_of_this_browser_are_offered_until_they_are_sent(session: Session) -> None:
    author = make_account(session)
    mine, other = operations.start(session, make_answers()), operations.start(session, {})
    assert held_drafts(session, held(mine)) == [mine]
    assert held_drafts(session, Holder()) == []
    operations.send(session, mine, holder=held(mine, account=author))
    assert held_drafts(session, held(mine)) == []
    assert get_draft(session, other.id, held(other)) is other


def test_the_address_receives_its_link_once_and_a_new_address_its_own(session: Session) -> None:
    draft = operations.start(session, {})
    for counter, email in enumerate([EMAIL, f" {EMAIL.upper()} ", "autre@exemple.bzh", "pas une adresse"]):
        operations.save(session, draft, {"email": email}, holder=held(draft), counter=counter)
    assert draft.email == "autre@exemple.bzh"
    assert draft.typed["answers"]["email"] == "pas une adresse"
    assert jobs(session, "draft_link") == [{"draft_id": draft.id}] * 2


def test_who_has_an_account_is_not_asked_to_prove_an_address(session: Session) -> None:
    author = make_account(session)
    draft = operations.start(session, make_answers(), account=author)
    review = operations.send(session, draft, holder=Holder(author))
    assert review is not None
    assert review.revision.author_id == author.id
    assert jobs(session, "draft_confirm") == []


def test_without_account_the_sending_waits_for_the_link_then_makes_the_account(session: Session) -> None:
    draft = operations.start(session, {})
    operations.save(session, draft, make_answers(email=EMAIL), holder=held(draft), counter=0)
    assert operations.send(session, draft, holder=held(draft)) is None
    assert operations.send(session, draft, holder=held(draft)) is None
    assert jobs(session, "draft_confirm") == [{"draft_id": draft.id}]
    assert count(session, Revision) == 0
    assert find_account(session, EMAIL) is None
    account, review = operations.confirm(session, draft, EMAIL)
    assert account.email == EMAIL
    assert account.confirmed_at is not None
    assert review.state == ReviewState.WAITING
    assert review.revision.author_id == draft.account_id == account.id
    assert operations.confirm(session, draft, EMAIL) == (account, review)
    assert count(session, Review) == 1


def test_who_came_by_the_link_has_proven_the_address(session: Session) -> None:
    draft = operations.start(session, {})
    operations.save(session, draft, make_answers(email=EMAIL), holder=held(draft), counter=0)
    assert operations.send(session, draft, holder=held(draft, proven="autre@exemple.bzh")) is None
    review = operations.send(session, draft, holder=held(draft, proven=EMAIL))
    assert review is not None
    assert review.revision.author_id == draft.account_id


def test_a_link_to_an_old_address_or_an_old_text_confirms_nothing(session: Session) -> None:
    draft = operations.start(session, {})
    operations.save(session, draft, make_answers(email=EMAIL), holder=held(draft), counter=0)
    with pytest.raises(Conflict, match="changé"):
        operations.confirm(session, draft, EMAIL)
    operations.send(session, draft, holder=held(draft))
    with pytest.raises(Conflict, match="adresse"):
        operations.confirm(session, draft, "autre@exemple.bzh")
    operations.save(session, draft, {"title": "Autre nom"}, holder=held(draft), counter=1)
    with pytest.raises(Conflict, match="depuis son envoi"):
        operations.confirm(session, draft, EMAIL)
    assert count(session, Revision) == 0


def test_links_are_sent_again_to_the_address_of_unsent_drafts_only(session: Session) -> None:
    draft = operations.start(session, {})
    operations.save(session, draft, make_answers(email=EMAIL), holder=held(draft), counter=0)
    operations.send_links_to(session, EMAIL)
    operations.send_links_to(session, "personne@exemple.bzh")
    assert len(jobs(session, "draft_link")) == 2
    operations.send(session, draft, holder=held(draft, proven=EMAIL))
    operations.send_links_to(session, EMAIL)
    operations.send_link_again(session, draft, holder=held(draft, proven=EMAIL))
    assert len(jobs(session, "draft_link")) == 2


def test_an_address_is_not_pestered_by_somebody_else(session: Session) -> None:
    for _ in range(5):
        draft = operations.start(session, {})
        operations.save(session, draft, {"email": EMAIL}, holder=held(draft), counter=0)
        for _ in range(5):
            operations.send_link_again(session, draft, holder=held(draft))
    assert len(jobs(session, "draft_link")) == operations.MAILS_A_DAY
    other = operations.start(session, {})
    operations.save(session, other, {"email": "autre@exemple.bzh"}, holder=held(other), counter=0)
    assert len(jobs(session, "draft_link")) == operations.MAILS_A_DAY + 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"state": "published"},
        {"network_id": 1},
        {"here": [{"lon": "2,35"}]},
        {"stage": "fini"},
        {"main_sector": "astrologie"},
        {"description": "a" * 20_001},
    ],
)
def test_an_invalid_content_is_kept_and_nothing_is_sent(session: Session, change: dict[str, Any]) -> None:
    author = make_account(session)
    document = {**to_json(make_content()), **change}
    draft = operations.start_from(session, document, actor=author)
    session.commit()
    with pytest.raises(Invalid) as refusal:
        operations.send(session, draft, holder=Holder(author))
    session.rollback()
    assert refusal.value.status == 422
    assert refusal.value.problems
    assert (draft.typed["kept"], draft.sent_at) == (document, None)
    for table in (Initiative, Revision, Review):
        assert count(session, table) == 0


def _deep() -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(10_000):
        inner = {"x": inner}
    return inner


@pytest.mark.parametrize("typed", [{"lon": float("nan")}, {"lat": float("inf")}, {"x": {1, 2}}, _deep()])
def test_what_is_no_json_is_refused_and_nothing_is_stored(session: Session, typed: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="ne peut pas être gardée"):
        operations.start(session, typed)
    assert count(session, Draft) == 0


def test_a_double_click_sends_one_initiative(session: Session) -> None:
    author = make_account(session)
    draft = operations.start(session, make_answers(), account=author)
    first, second = (operations.send(session, draft, holder=Holder(author)) for _ in range(2))
    assert first is not None
    assert first is second
    assert (count(session, Initiative), count(session, Revision), count(session, Review)) == (1, 1, 1)


def test_sending_a_mended_draft_makes_a_second_revision_of_the_same_initiative(session: Session) -> None:
    author = make_account(session)
    draft = operations.start(session, make_answers(), account=author)
    first = operations.send(session, draft, holder=Holder(author))
    operations.save(session, draft, {"title": "Mieux dit"}, holder=Holder(author), counter=0)
    second = operations.send(session, draft, holder=Holder(author))
    assert first is not None
    assert second is not None
    assert first.revision.initiative_id == second.revision.initiative_id
    assert (first.revision.number, second.revision.number) == (1, 2)
    assert (first.state, second.state) == (ReviewState.SUPERSEDED, ReviewState.WAITING)


def test_a_sending_is_taken_back_while_it_waits_and_can_be_sent_again(session: Session) -> None:
    author = make_account(session)
    draft = operations.start(session, make_answers(), account=author)
    review = operations.send(session, draft, holder=Holder(author))
    assert review is not None
    operations.take_back(session, draft, holder=Holder(author))
    assert review.state == ReviewState.TAKEN_BACK
    with pytest.raises(Conflict):
        operations.take_back(session, draft, holder=Holder(author))
    again = operations.send(session, draft, holder=Holder(author))
    assert again is not None
    assert again.state == ReviewState.WAITING


def test_a_change_starts_from_what_is_told_and_leaves_it_up(session: Session) -> None:
    initiative = make_initiative(session, title="Deux rives", goals=(4,))
    author = session.get_one(Account, session.scalars(select(Revision.author_id)).one())
    draft = operations.propose_change(session, initiative, actor=author)
    assert draft.initiative_id == initiative.id
    operations.save(session, draft, {"title": "Trois rives"}, holder=Holder(author), counter=draft.counter)
    assert operations.propose_change(session, initiative, actor=author) is draft
    review = operations.send(session, draft, holder=Holder(author))
    assert review is not None
    assert review.revision.content == {**session.scalars(select(Revision)).first().content, "title": "Trois rives"}  # type: ignore[union-attr]  # there is one
    assert (initiative.title, initiative.state) == ("Deux rives", State.PUBLISHED)
    curator = make_account(session, curates=review.network.slug)
    reviews.decide(session, review, actor=curator, decision=Decision.PUBLISH)
    assert initiative.title == "Trois rives"
    with pytest.raises(Forbidden):
        operations.propose_change(session, initiative, actor=make_account(session))


def test_what_was_withdrawn_is_sent_again_word_for_word(session: Session) -> None:
    initiative = make_initiative(session)
    author = session.get_one(Account, session.scalars(select(Revision.author_id)).one())
    withdraw(session, initiative, actor=author)
    draft = operations.propose_change(session, initiative, actor=author)
    review = operations.send(session, draft, holder=Holder(author))
    assert review is not None
    assert (review.state, review.revision.number) == (ReviewState.WAITING, 2)


def test_what_is_published_already_is_not_sent_again_word_for_word(session: Session) -> None:
    initiative = make_initiative(session)
    author = session.get_one(Account, session.scalars(select(Revision.author_id)).one())
    draft = operations.propose_change(session, initiative, actor=author)
    draft.sent_counter = None
    with pytest.raises(Conflict, match="Rien n’a changé"):
        operations.send(session, draft, holder=Holder(author))


def test_only_what_was_never_sent_is_thrown_away(session: Session) -> None:
    author = make_account(session)
    draft, sent = (operations.start(session, make_answers(), account=author) for _ in range(2))
    operations.send(session, sent, holder=Holder(author))
    operations.discard(session, draft, holder=Holder(author))
    with pytest.raises(Conflict):
        operations.discard(session, sent, holder=Holder(author))
    assert list(session.scalars(select(Draft))) == [sent]

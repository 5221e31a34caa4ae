"""Two people press at the same moment, each in their own transaction: one passes, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from directory.accounts.models import Account
from directory.contributions import operations as contributions
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.core.errors import Conflict
from directory.core.jobs import Job
from directory.initiatives.models import CorpusVersion, Initiative, Revision
from directory.reviews.models import Review
from directory.reviews.operations import decide
from directory.reviews.vocabulary import Decision
from tests.factories import make_account, make_answers, make_review

ROUNDS = 12


def together(*acts: Callable[[], str]) -> list[str]:
    """What each of several acts answers, all begun at the same moment."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], str]) -> str:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


@pytest.mark.timeout(300)
def test_two_curators_publish_at_the_same_moment_and_one_is_told(committed: sessionmaker[Session]) -> None:
    with committed.begin() as session:
        curators = [make_account(session, curates="reseau-bretagne-solidaire").id for _ in range(2)]
        before = session.scalar(select(CorpusVersion.version)) or 0
    for _ in range(ROUNDS):
        with committed.begin() as session:
            review_id = make_review(session).id

        def act(account_id: int, number: int = review_id) -> str:
            try:
                with committed.begin() as mine:
                    actor = mine.get_one(Account, account_id)
                    decide(mine, mine.get_one(Review, number), actor=actor, decision=Decision.PUBLISH)
            except Conflict as error:
                return error.message[:42]
            return "published"

        answers = together(lambda: act(curators[0]), lambda: act(curators[1]))
        assert answers == ["Cette relecture a déjà été traitée\u00a0: Résea", "published"]
    with committed() as session:
        assert session.scalar(select(CorpusVersion.version)) == before + ROUNDS
        assert session.scalar(select(func.count()).where(Job.kind == "review_decided")) == ROUNDS


@pytest.mark.timeout(300)
def test_a_double_click_in_two_requests_sends_one_initiative(committed: sessionmaker[Session]) -> None:
    with committed.begin() as session:
        author_id = make_account(session).id
    for round_number in range(1, ROUNDS + 1):
        with committed.begin() as session:
            author = session.get_one(Account, author_id)
            draft_id = contributions.start(session, make_answers(), account=author).id

        def act(number: int = draft_id) -> str:
            with committed.begin() as mine:
                holder = Holder(mine.get_one(Account, author_id))
                review = contributions.send(mine, mine.get_one(Draft, number), holder=holder)
                return str(review.id if review else None)

        first, second = together(act, act)
        assert first == second != "None"
        with committed() as session:
            for table in (Initiative, Revision, Review):
                assert session.scalar(select(func.count()).select_from(table)) == round_number


@pytest.mark.timeout(300)
def test_two_tabs_save_at_the_same_moment_and_one_is_told(committed: sessionmaker[Session]) -> None:
    for _ in range(ROUNDS):
        with committed.begin() as session:
            draft = contributions.start(session, {"summary": "Avant"})
            draft_id, holder = draft.id, Holder(nonces=frozenset({draft.nonce}))

        def act(text: str, number: int = draft_id, who: Holder = holder) -> str:
            try:
                with committed.begin() as mine:
                    contributions.save(mine, mine.get_one(Draft, number), {"summary": text}, holder=who, counter=0)
            except Conflict:
                return "refused"
            return text

        refused_or_first, kept = together(lambda: act("un"), lambda: act("zwei"))
        texts = {refused_or_first, kept} - {"refused"}
        assert len(texts) == 1
        with committed() as session:
            assert session.get_one(Draft, draft_id).typed["answers"]["summary"] in texts

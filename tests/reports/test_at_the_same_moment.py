"""Two people press at the same moment, each in their own transaction: one passes, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from directory.accounts.models import Account
from directory.core.errors import Conflict
from directory.core.jobs import Job
from directory.initiatives.models import Initiative
from directory.reports.models import Report, ReportDecision
from directory.reports.operations import contest, decide, send
from directory.reports.vocabulary import FIRST, Outcome
from tests.factories import make_account, make_initiative
from tests.reports.made import CONTENT, NETWORK

ROUNDS = 8


def together(act: Callable[[int], str]) -> list[str]:
    """What an act answers, begun twice at the same moment."""
    barrier = threading.Barrier(2)

    def run(number: int) -> str:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(2) as threads:
        return sorted(threads.map(run, range(2)))


@pytest.mark.timeout(300)
def test_two_clicks_are_one_report_two_decisions_are_one_two_contestations_are_one(
    committed: sessionmaker[Session],
) -> None:
    with committed.begin() as session:
        curators = [make_account(session, curates=NETWORK).id for _ in range(2)]
    for number in range(ROUNDS):
        with committed() as session:
            initiative_id = make_initiative(session).id

        def click(_: int, sheet: int = initiative_id) -> str:
            with committed.begin() as mine:
                return send(mine, mine.get_one(Initiative, sheet), CONTENT).reference

        first, second = together(click)
        assert first == second
        with committed() as session:
            report_id = session.scalars(select(Report.id).where(Report.reference == first)).one()

        def answer(which: int, report: int = report_id) -> str:
            try:
                with committed.begin() as mine:
                    actor = mine.get_one(Account, curators[which])
                    told = mine.get_one(Report, report)
                    decide(mine, told, actor=actor, round_=FIRST, outcome=Outcome.UNCHANGED, reason="Relu.")
            except Conflict as error:
                return error.message[:29]
            return "décidé"

        assert together(answer) == ["Une décision a déjà été prise", "décidé"]

        def object_to(which: int, report: int = report_id) -> str:
            try:
                with committed.begin() as mine:
                    contest(mine, mine.get_one(Report, report), text=f"Non {which}.")
            except Conflict as error:
                return error.message[:14]
            return "contesté"

        assert together(object_to) == ["Cette décision", "contesté"]
        with committed.begin() as session:  # the day's five reports are not what is tried here
            session.get_one(Report, report_id).email = f"awa{number}@example.org"
    with committed() as session:
        assert session.scalar(select(func.count()).select_from(Report)) == ROUNDS
        assert session.scalar(select(func.count()).select_from(ReportDecision)) == ROUNDS
        receipts = select(func.count()).where(Job.kind == "report_receipt")
        assert session.scalar(receipts) == ROUNDS

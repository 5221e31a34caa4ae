"""Reports for tests, made through the operation that people use."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.initiatives.models import Initiative
from directory.reports import operations
from directory.reports.models import Report
from directory.reports.rules import Notice
from directory.reports.vocabulary import FIRST, Kind, Outcome, Part
from tests.factories import make_account, make_initiative

CONTENT = Notice(
    kind=Kind.INACCURATE,
    part=Part.STORY.value,
    statement="Les élèves n’étaient pas cent,\nmais dix.",
    proposal="Dix élèves.",
    name="Awa Diallo",
    email="awa@example.org",
    is_in_good_faith=True,
)
REPLY = Notice(
    kind=Kind.REPLY,
    part=Part.HEADING.value,
    statement="« Ils ont abandonné l’école »",
    reply="Nous n’avons rien abandonné.\nL’école a rouvert en 2024.",
    signature="La mairie de Morlaix",
    name="Yves Le Goff",
    email="mairie@example.org",
    is_in_good_faith=True,
)
NETWORK = "reseau-bretagne-solidaire"


def make_report(
    session: Session, initiative: Initiative | None = None, notice: Notice = CONTENT, **told: Any
) -> Report:
    """A report about a sheet, waiting."""
    return operations.send(session, initiative or make_initiative(session), replace(notice, **told))


def make_decided(session: Session, report: Report | None = None, **told: Any) -> tuple[Report, Account]:
    """A report answered by a curator of its network, who comes with it."""
    report = report or make_report(session)
    curator = make_account(session, curates=NETWORK)
    chosen: dict[str, Any] = {"outcome": Outcome.UNCHANGED, "reason": "La source le dit.", **told}
    operations.decide(session, report, actor=curator, round_=FIRST, **chosen)
    return report, curator


def make_contested(session: Session, report: Report | None = None, **told: Any) -> tuple[Report, Account]:
    """A decision contested, with the curator who took it."""
    report, curator = make_decided(session, report, **told)
    operations.contest(session, report, text="La source a été corrigée depuis.")
    return report, curator


def make_administrator(session: Session) -> Account:
    """Somebody who administers the site."""
    account = make_account(session)
    account.is_administrator = True
    session.flush()
    return account

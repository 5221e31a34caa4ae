"""A report is taken in once, decided with reasons, contested once, decided for good by somebody else; forgotten."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Conflict, Forbidden, Invalid, NotFound
from directory.core.jobs import Job
from directory.core.time import utcnow
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.operations import publish, record_revision, withdraw
from directory.initiatives.queries import corpus_version
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.reports import operations
from directory.reports.models import PublishedReply, Report, ReportDecision
from directory.reports.public import replies
from directory.reports.rules import CONTEST_WITHIN, DUE, REPORTS_A_DAY, TooManyReports
from directory.reports.vocabulary import FINAL, FIRST, Kind, Outcome
from tests.factories import make_account, make_content, make_initiative, make_review
from tests.reports.made import (
    NETWORK,
    REPLY,
    make_administrator,
    make_contested,
    make_decided,
    make_report,
)


def author_of(session: Session, initiative: Initiative) -> Account:
    wrote = select(Revision.author_id).where(Revision.initiative_id == initiative.id, Revision.number == 1)
    return session.get_one(Account, session.scalar(wrote))


def jobs(session: Session, kind: str) -> list[Job]:
    session.flush()
    return list(session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


def mend(session: Session, initiative: Initiative) -> None:
    """The structure's words, published anew by its network."""
    curator = make_account(session, curates=NETWORK)
    content = make_content(title=initiative.title, description="Dix élèves préparent une exposition.")
    publish(session, record_revision(session, content, author=curator, initiative=initiative), actor=curator)


def test_a_report_is_kept_with_its_number_its_delay_and_the_version_it_speaks_of(session: Session) -> None:
    report = make_report(session)
    assert report.state == "waiting"
    assert report.due_at - report.created_at == DUE[Kind.INACCURATE]
    assert report.revision_number == 1
    year, _, rest = report.reference.partition("-")
    assert (year, len(rest)) == (str(utcnow().year), 6)
    assert not set(rest) & set("01OIL")
    assert [job.payload for job in jobs(session, "report_opened")] == [{"report_id": report.id}]
    assert len(jobs(session, "report_receipt")) == 1


def test_the_same_report_sent_twice_is_one(session: Session) -> None:
    initiative = make_initiative(session)
    first = make_report(session, initiative)
    assert make_report(session, initiative, email=" AWA@example.org ") is first
    assert make_report(session, initiative, statement="Autre chose.") is not first
    assert len(jobs(session, "report_receipt")) == 2


def test_two_strangers_who_write_the_same_few_words_are_not_shown_each_other_s_report(session: Session) -> None:
    initiative = make_initiative(session)
    danger: dict[str, Any] = {"kind": Kind.DANGER, "statement": "Danger !", "name": "", "email": ""}
    first = make_report(session, initiative, proposal="Enlevez la maison d’Awa.", **danger)
    second = make_report(session, initiative, proposal="", **danger)
    assert second is not first
    assert make_report(session, initiative, proposal="", **danger) is second


def test_two_clicks_at_the_same_instant_are_one_report(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    initiative = make_initiative(session)
    first = make_report(session, initiative)
    seen: list[str] = []

    def blind_once(current: Session, digest: str) -> Report | None:
        seen.append(digest)
        return None if len(seen) == 1 else first

    monkeypatch.setattr(operations, "find_same", blind_once)  # what each request sees of the other
    assert make_report(session, initiative) is first
    assert session.scalars(select(Report.id)).all() == [first.id]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", None),
        ("part", ""),
        ("part", "ailleurs"),
        ("statement", " \n "),
        ("statement", "a\x00b"),
        ("statement", "a" * 4001),
        ("proposal", "\ud800"),
        ("name", ""),
        ("name", "Awa\r\nBcc: tous@example.org"),
        ("name", "A" * 121),
        ("email", ""),
        ("email", "awa"),
        ("email", "awa@example.org\r\nBcc: tous@example.org"),
        ("email", "awa@example.org, tous@example.org"),
        ("is_in_good_faith", False),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(session: Session, field: str, value: Any) -> None:
    initiative = make_initiative(session)
    with pytest.raises(Invalid) as refused:
        make_report(session, initiative, **{field: value})
    assert [problem.field for problem in refused.value.problems] == [field]
    assert session.scalars(select(Report)).all() == []


@pytest.mark.parametrize(("field", "value"), [("reply", ""), ("signature", ""), ("email", ""), ("reply", "a" * 4001)])
def test_a_reply_needs_its_text_its_signature_and_an_address(session: Session, field: str, value: str) -> None:
    initiative = make_initiative(session)
    with pytest.raises(Invalid) as refused:
        make_report(session, initiative, REPLY, **{field: value})
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_long_story_may_be_answered_at_length(session: Session) -> None:
    initiative = make_initiative(session, description="mot " * 1500)
    assert make_report(session, initiative, REPLY, reply="a" * 6000).reply == "a" * 6000
    with pytest.raises(Invalid):
        make_report(session, initiative, REPLY, reply="a" * 16_001)


def test_every_problem_is_told_at_once(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        make_report(session, kind=None, part="", statement="", name="", email="", is_in_good_faith=False)
    fields = [problem.field for problem in refused.value.problems]
    assert fields == ["kind", "part", "statement", "name", "email", "is_in_good_faith"]


def test_a_danger_may_be_reported_without_a_name_and_is_answered_first(session: Session) -> None:
    report = make_report(session, kind=Kind.DANGER, name="", email="")
    assert (report.name, report.email) == ("", "")
    assert report.due_at - report.created_at == dt.timedelta(days=2)
    assert jobs(session, "report_receipt") == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_kept_as_it_is_or_refused_at_a_field(session: Session, text: str, name: str, email: str) -> None:
    initiative = session.scalars(select(Initiative).limit(1)).first() or make_initiative(session)
    savepoint = session.begin_nested()
    refused: set[str] = set()
    kept = True
    try:
        report = make_report(session, initiative, statement=text, name=name, email=email)
        kept = report.statement != "" and "\n" not in report.name and "@" in report.email
    except Invalid as error:
        refused = {problem.field for problem in error.problems}
    savepoint.rollback()
    assert kept
    assert refused <= {"statement", "name", "email"}


def test_an_address_that_has_reported_enough_waits_until_tomorrow(session: Session) -> None:
    initiative = make_initiative(session)
    for number in range(REPORTS_A_DAY):
        make_report(session, initiative, statement=f"Erreur {number}.")
    with pytest.raises(TooManyReports):
        make_report(session, initiative, statement="Encore une.")
    make_report(session, initiative, email="autre@example.org")
    session.execute(update(Report).values(created_at=utcnow() - dt.timedelta(days=1, minutes=1)))
    make_report(session, initiative, statement="Encore une.")


def test_a_withdrawn_sheet_can_still_be_reported_and_one_never_public_cannot(session: Session) -> None:
    initiative = make_initiative(session)
    withdraw(session, initiative, actor=author_of(session, initiative))
    assert make_report(session, initiative).revision_number == 0
    with pytest.raises(NotFound):
        make_report(session, make_review(session).revision.initiative)


def test_a_decision_owes_its_reasons(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        make_decided(session, reason="  ")
    assert [problem.field for problem in refused.value.problems] == ["reason"]


def test_a_decision_is_kept_with_who_took_it_and_told(session: Session) -> None:
    report, curator = make_decided(session)
    (decision,) = report.decisions
    assert (decision.outcome, decision.reason, decision.decided_by_id) == ("unchanged", "La source le dit.", curator.id)
    assert report.state == "decided"
    assert [job.payload for job in jobs(session, "report_decided")] == [{"report_id": report.id, "round_": FIRST}]
    assert jobs(session, "report_structure") == []


def test_a_second_decision_is_refused_and_says_why(session: Session) -> None:
    report, curator = make_decided(session)
    other = make_account(session, curates=NETWORK)
    with pytest.raises(Conflict) as refused:
        operations.decide(session, report, actor=other, round_=FIRST, outcome=Outcome.UNCHANGED, reason="Non.")
    assert f"déjà été prise par {curator.email}" in refused.value.message
    assert "rien ne change" in refused.value.message
    assert len(session.scalars(select(ReportDecision)).all()) == 1


def test_corrected_is_said_only_of_a_sheet_that_changed(session: Session) -> None:
    initiative = make_initiative(session)
    report = make_report(session, initiative)
    with pytest.raises(Invalid) as refused:
        make_decided(session, report, outcome=Outcome.CORRECTED)
    assert "n’a pas changé" in refused.value.message
    mend(session, initiative)
    make_decided(session, report, outcome=Outcome.CORRECTED)
    told = {job.payload["account_id"] for job in jobs(session, "report_structure")}
    assert author_of(session, initiative).id in told


def test_withdrawing_is_asked_explicitly_and_takes_the_sheet_down(session: Session) -> None:
    initiative = make_initiative(session)
    author = author_of(session, initiative)
    report = make_report(session, initiative)
    with pytest.raises(Invalid) as refused:
        make_decided(session, report, outcome=Outcome.WITHDRAWN)
    assert [problem.field for problem in refused.value.problems] == ["agrees_to_withdraw"]
    assert initiative.state == State.PUBLISHED
    make_decided(session, report, outcome=Outcome.WITHDRAWN, agrees_to_withdraw=True)
    assert initiative.state == State.WITHDRAWN
    assert [job.payload["account_id"] for job in jobs(session, "report_structure")] == [author.id]


def test_in_the_last_resort_the_national_queue_may_take_a_sheet_down(session: Session) -> None:
    initiative = make_initiative(session)
    report, _ = make_contested(session, make_report(session, initiative))
    national = session.scalars(select(Network.slug).where(Network.is_national)).one()
    chosen: dict[str, Any] = {"outcome": Outcome.WITHDRAWN, "reason": "Une maison se reconnaît."}
    keeper = make_account(session, curates=national)
    operations.decide(session, report, actor=keeper, round_=FINAL, agrees_to_withdraw=True, **chosen)
    assert initiative.state == State.WITHDRAWN


def test_a_sheet_withdrawn_meanwhile_may_be_said_so(session: Session) -> None:
    initiative = make_initiative(session)
    report = make_report(session, initiative)
    withdraw(session, initiative, actor=author_of(session, initiative))
    make_decided(session, report, outcome=Outcome.WITHDRAWN)
    assert report.state == "decided"


def test_a_reply_is_published_once_its_address_is_confirmed(session: Session) -> None:
    initiative = make_initiative(session)
    report = make_report(session, initiative, REPLY)
    with pytest.raises(Invalid) as refused:
        make_decided(session, report, outcome=Outcome.REPLY_PUBLISHED)
    assert "pas encore confirmée" in refused.value.message
    assert replies(session, initiative.slug or "") == []
    operations.confirm(session, report)
    first = report.confirmed_at
    operations.confirm(session, report)
    assert report.confirmed_at == first
    assert len(jobs(session, "report_opened")) == 2
    before = corpus_version(session)
    make_decided(session, report, outcome=Outcome.REPLY_PUBLISHED)
    assert corpus_version(session) == before + 1
    (shown,) = replies(session, initiative.slug or "")
    assert (shown.text, shown.signature) == (REPLY.reply, REPLY.signature)


def test_only_a_reply_can_be_published_and_only_under_a_public_sheet(session: Session) -> None:
    with pytest.raises(Invalid):
        make_decided(session, outcome=Outcome.REPLY_PUBLISHED)
    initiative = make_initiative(session)
    report = operations.confirm(session, make_report(session, initiative, REPLY))
    withdraw(session, initiative, actor=author_of(session, initiative))
    with pytest.raises(Invalid) as refused:
        make_decided(session, report, outcome=Outcome.REPLY_PUBLISHED)
    assert "n’est plus publiée" in refused.value.message


def test_a_published_reply_leaves_with_its_sheet(session: Session) -> None:
    initiative = make_initiative(session)
    slug = initiative.slug or ""
    report = operations.confirm(session, make_report(session, initiative, REPLY))
    make_decided(session, report, outcome=Outcome.REPLY_PUBLISHED)
    withdraw(session, initiative, actor=author_of(session, initiative))
    assert replies(session, slug) == []


def test_a_decision_is_contested_once_with_a_reason(session: Session) -> None:
    report, _ = make_decided(session)
    with pytest.raises(Invalid):
        operations.contest(session, report, text=" ")
    operations.contest(session, report, text="La source a été corrigée depuis.")
    assert operations.contest(session, report, text="La source a été corrigée depuis.") is report
    assert len(jobs(session, "report_contested")) == 1
    with pytest.raises(Conflict):
        operations.contest(session, report, text="Et encore.")


def test_what_waits_and_what_is_too_old_cannot_be_contested(session: Session) -> None:
    with pytest.raises(Conflict):
        operations.contest(session, make_report(session), text="Trop tôt.")
    report, _ = make_decided(session)
    session.execute(update(ReportDecision).values(decided_at=utcnow() - CONTEST_WITHIN - dt.timedelta(hours=1)))
    with pytest.raises(Conflict):
        operations.contest(session, report, text="Trop tard.")
    assert report.state == "decided"


def test_the_final_decision_is_somebody_elses_and_ends_it(session: Session) -> None:
    report, curator = make_contested(session)
    curator.is_administrator = True
    session.flush()
    with pytest.raises(Forbidden):
        operations.decide(session, report, actor=curator, round_=FINAL, outcome=Outcome.UNCHANGED, reason="Non.")
    administrator = make_administrator(session)
    operations.decide(
        session,
        report,
        actor=administrator,
        round_=FINAL,
        outcome=Outcome.WITHDRAWN,
        reason="La personne est en danger.",
        agrees_to_withdraw=True,
    )
    assert report.state == "closed"
    assert report.initiative.state == State.WITHDRAWN
    assert [one.outcome for one in report.decisions] == ["unchanged", "withdrawn"]
    with pytest.raises(Conflict):
        operations.contest(session, report, text="Encore.")


def test_a_first_decision_comes_too_late_once_it_is_contested(session: Session) -> None:
    report, _ = make_contested(session)
    other = make_account(session, curates=NETWORK)
    with pytest.raises(Conflict) as refused:
        operations.decide(session, report, actor=other, round_=FIRST, outcome=Outcome.UNCHANGED, reason="Non.")
    assert "contestée" in refused.value.message


def test_names_are_forgotten_after_their_time_and_the_rest_is_kept(session: Session) -> None:
    kept = dt.timedelta(days=365)
    old, _ = make_decided(session)
    session.execute(update(ReportDecision).values(decided_at=utcnow() - kept - dt.timedelta(days=1)))
    young, _ = make_decided(session)
    waiting = make_report(session)
    session.execute(update(Report).where(Report.id == waiting.id).values(created_at=utcnow() - 2 * kept))
    contested, _ = make_contested(session)
    assert operations.forget_names(session, kept=kept) == 1
    assert operations.forget_names(session, kept=kept) == 0
    assert (old.name, old.email, old.digest) == ("", "", None)
    assert old.forgotten_at is not None
    assert old.statement
    assert [one.reason for one in old.decisions] == ["La source le dit."]
    assert all(report.email for report in (young, waiting, contested))


def test_a_person_can_be_erased_with_their_words_and_their_published_reply(session: Session) -> None:
    initiative = make_initiative(session)
    report = operations.confirm(session, make_report(session, initiative, REPLY))
    make_decided(session, report, outcome=Outcome.REPLY_PUBLISHED)
    other = make_report(session, initiative)
    before = corpus_version(session)
    assert operations.erase(session, "MAIRIE@example.org") == 1
    assert replies(session, initiative.slug or "") == []
    assert corpus_version(session) == before + 1
    assert session.scalars(select(PublishedReply)).all() == []
    texts = (report.statement, report.reply, report.signature, report.name, report.email, report.contest)
    assert texts == ("",) * 6
    assert report.erased_at is not None
    assert [one.outcome for one in report.decisions] == ["reply_published"]
    assert other.email

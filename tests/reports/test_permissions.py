"""Who reads and answers a report, from the rows at each call: the network in charge of the sheet, administrators."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.networks.models import Curatorship, Network
from directory.reports.permissions import can_decide, can_read, has_desk
from directory.reports.queries import answered, deciders, waiting, waiting_count
from directory.reports.vocabulary import FINAL, FIRST, Kind
from tests.factories import make_account
from tests.reports.made import NETWORK, make_administrator, make_contested, make_decided, make_report


def test_the_curators_of_the_network_in_charge_and_administrators_answer(session: Session) -> None:
    report = make_report(session)
    curator, administrator = make_account(session, curates=NETWORK), make_administrator(session)
    for account in (curator, administrator):
        assert has_desk(session, account)
        assert can_decide(session, account, report, FIRST)
        assert report in waiting(session, account)
    for account in (make_account(session), make_account(session, curates="so-cooperation")):
        assert not can_read(session, account, report)
        assert not can_decide(session, account, report, FIRST)
        assert waiting(session, account) == []
        assert waiting_count(session, account) == 0
    assert not has_desk(session, make_account(session))


def test_a_sheet_that_changes_network_takes_its_reports_along(session: Session) -> None:
    report = make_report(session)
    before, after = make_account(session, curates=NETWORK), make_account(session, curates="so-cooperation")
    network = session.scalars(select(Network).where(Network.slug == "so-cooperation")).one()
    report.initiative.network_id = network.id
    session.flush()
    assert not can_read(session, before, report)
    assert can_decide(session, after, report, FIRST)


def test_who_lost_the_network_or_whose_account_is_closed_reads_nothing_more(session: Session) -> None:
    report = make_report(session)
    curator, administrator = make_account(session, curates=NETWORK), make_administrator(session)
    session.execute(delete(Curatorship).where(Curatorship.account_id == curator.id))
    administrator.active = False
    session.flush()
    for account in (curator, administrator):
        assert not can_read(session, account, report)
        assert not has_desk(session, account)


def test_nobody_answers_their_own_report(session: Session) -> None:
    curator = make_account(session, curates=NETWORK)
    report = make_report(session, email=curator.email)
    assert can_read(session, curator, report)
    assert not can_decide(session, curator, report, FIRST)


def test_what_is_contested_goes_to_others(session: Session) -> None:
    report, first = make_contested(session)
    same_network = make_account(session, curates=NETWORK)
    national, administrator = make_account(session, curates="file-nationale"), make_administrator(session)
    assert can_read(session, first, report)
    assert not can_decide(session, first, report, FINAL)
    assert not can_decide(session, same_network, report, FINAL)
    assert can_decide(session, national, report, FINAL)
    assert can_decide(session, administrator, report, FINAL)
    told = deciders(session, report)
    assert {national.id, administrator.id} <= {account.id for account in told}
    assert not {first.id, same_network.id} & {account.id for account in told}


def test_the_national_queue_does_not_read_the_rest(session: Session) -> None:
    report, _ = make_decided(session)
    national = make_account(session, curates="file-nationale")
    assert not can_read(session, national, report)


def test_a_danger_is_told_to_administrators_too_and_comes_first(session: Session) -> None:
    curator, administrator = make_account(session, curates=NETWORK), make_administrator(session)
    usual = make_report(session)
    danger = make_report(session, kind=Kind.DANGER, email="", name="")
    assert administrator not in deciders(session, usual)
    assert administrator in deciders(session, danger)
    mine = [report for report in waiting(session, curator) if report.id in (usual.id, danger.id)]
    assert mine == [danger, usual]


def test_a_network_without_anybody_leaves_it_to_the_administrators(session: Session) -> None:
    report, administrator = make_report(session), make_administrator(session)
    session.execute(delete(Curatorship))
    assert deciders(session, report) == [administrator]


def test_answers_are_listed_the_last_first(session: Session) -> None:
    first, curator = make_decided(session)
    second, _ = make_decided(session, make_report(session))
    found = [report.id for report in answered(session, curator)]
    assert found.index(second.id) < found.index(first.id)
    assert waiting_count(session, curator) == len(waiting(session, curator))

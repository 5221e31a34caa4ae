"""Who belongs to a structure: asked by anybody, granted by a member or by its network, lost at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions import memberships, structures
from directory.core.errors import Conflict, Forbidden, NotFound
from directory.core.jobs import Job
from directory.initiatives.models import Initiative, Participation
from directory.initiatives.operations import withdraw
from directory.initiatives.permissions import can_propose
from directory.networks.models import Curatorship
from directory.organisations.jobs import HANDLERS
from directory.organisations.models import Membership, Organisation
from directory.organisations.queries import is_member, members, memberships_of
from tests.factories import make_account, make_initiative


def carrier_of(session: Session, initiative: Initiative) -> Organisation:
    return session.scalars(
        select(Organisation)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.initiative_id == initiative.id, Participation.role == "carrier")
    ).one()


@pytest.fixture
def initiative(session: Session) -> Initiative:
    return make_initiative(session)


@pytest.fixture
def organisation(session: Session, initiative: Initiative) -> Organisation:
    return carrier_of(session, initiative)


@pytest.fixture
def curator(session: Session, initiative: Initiative) -> Account:
    return make_account(session, curates="reseau-bretagne-solidaire")


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


def kinds(session: Session) -> list[str]:
    return [job.kind for job in session.scalars(select(Job).where(Job.kind.startswith("membership_")).order_by(Job.id))]


def test_asking_twice_is_one_request(session: Session, organisation: Organisation) -> None:
    asker = make_account(session)
    first = memberships.ask(session, organisation, actor=asker)
    told = len(kinds(session))
    assert memberships.ask(session, organisation, actor=asker) is first
    assert first.granted_at is None
    assert len(kinds(session)) == told


def test_a_request_opens_nothing_until_it_is_granted(
    session: Session, initiative: Initiative, organisation: Organisation, curator: Account
) -> None:
    asker = make_account(session)
    membership = memberships.ask(session, organisation, actor=asker)
    assert not is_member(session, asker.id, [organisation.id])
    assert not can_propose(session, asker, initiative)
    memberships.grant(session, membership, actor=curator)
    assert membership.granted_by_id == curator.id
    assert is_member(session, asker.id, [organisation.id])
    assert can_propose(session, asker, initiative)


def test_a_member_grants_to_the_next(session: Session, organisation: Organisation, curator: Account) -> None:
    first, second = make_account(session), make_account(session)
    memberships.grant(session, memberships.ask(session, organisation, actor=first), actor=curator)
    request = memberships.ask(session, organisation, actor=second)
    assert [one.asked.membership for one in structures.membership_requests(session, first)] == [request]
    memberships.grant(session, request, actor=first)
    assert [one.account for one in members(session, organisation.id)] == [first, second]


def test_nobody_else_grants_refuses_or_removes(session: Session, organisation: Organisation, curator: Account) -> None:
    asker = make_account(session)
    request = memberships.ask(session, organisation, actor=asker)
    elsewhere = make_account(session, curates="so-cooperation")
    for stranger in (asker, elsewhere, make_account(session)):
        for act in (memberships.grant, memberships.refuse, memberships.remove):
            with pytest.raises(Forbidden):
                act(session, request, actor=stranger)
    with pytest.raises(Forbidden):
        memberships.leave(session, request, actor=curator)
    assert request.granted_at is None


def test_others_do_not_learn_that_a_request_exists(session: Session, organisation: Organisation) -> None:
    request = memberships.ask(session, organisation, actor=make_account(session))
    stranger = make_account(session, curates="so-cooperation")
    with pytest.raises(NotFound):
        structures.get_membership(session, request.id, stranger)
    assert structures.membership_requests(session, stranger) == []


def test_a_dismissed_curator_or_a_removed_member_answers_no_more(
    session: Session, organisation: Organisation, curator: Account
) -> None:
    member = make_account(session)
    granted = memberships.grant(session, memberships.ask(session, organisation, actor=member), actor=curator)
    request = memberships.ask(session, organisation, actor=make_account(session))
    memberships.remove(session, granted, actor=curator)
    session.execute(delete(Curatorship).where(Curatorship.account_id == curator.id))
    for former in (member, curator):
        with pytest.raises(Forbidden):
            memberships.grant(session, request, actor=former)
        assert structures.membership_requests(session, former) == []


def test_a_closed_account_neither_asks_nor_answers(
    session: Session, organisation: Organisation, curator: Account
) -> None:
    request = memberships.ask(session, organisation, actor=make_account(session))
    curator.active = False
    with pytest.raises(Forbidden):
        memberships.grant(session, request, actor=curator)
    with pytest.raises(Forbidden):
        memberships.ask(session, organisation, actor=curator)


def test_a_structure_that_carries_nothing_published_cannot_be_joined(
    session: Session, initiative: Initiative, organisation: Organisation, curator: Account
) -> None:
    partner = session.scalars(select(Organisation).where(Organisation.side == "there")).first()
    assert partner is not None
    with pytest.raises(Forbidden):
        memberships.ask(session, partner, actor=make_account(session))
    with pytest.raises(NotFound):
        structures.get_carrier(session, partner.slug)
    withdraw(session, initiative, actor=curator)
    with pytest.raises(Forbidden):
        memberships.ask(session, organisation, actor=make_account(session))


def test_a_refusal_never_removes_somebody_granted_meanwhile(
    session: Session, organisation: Organisation, curator: Account
) -> None:
    asker = make_account(session)
    request = memberships.ask(session, organisation, actor=asker)
    memberships.grant(session, request, actor=curator)
    with pytest.raises(Conflict):
        memberships.refuse(session, request, actor=curator)
    assert is_member(session, asker.id, [organisation.id])


def test_granting_twice_tells_once(session: Session, organisation: Organisation, curator: Account) -> None:
    request = memberships.ask(session, organisation, actor=make_account(session))
    memberships.grant(session, request, actor=curator)
    memberships.grant(session, request, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    assert kinds(session).count("membership_granted") == 1
    assert request.granted_by_id == curator.id


def test_a_refused_request_may_be_made_again(session: Session, organisation: Organisation, curator: Account) -> None:
    asker = make_account(session)
    memberships.refuse(session, memberships.ask(session, organisation, actor=asker), actor=curator)
    assert memberships_of(session, asker.id) == []
    assert kinds(session)[-1] == "membership_refused"
    assert memberships.ask(session, organisation, actor=asker).granted_at is None


def test_leaving_tells_nobody_and_is_at_once(session: Session, organisation: Organisation, curator: Account) -> None:
    member = make_account(session)
    granted = memberships.grant(session, memberships.ask(session, organisation, actor=member), actor=curator)
    memberships.leave(session, granted, actor=member)
    assert not is_member(session, member.id, [organisation.id])
    assert "membership_ended" not in kinds(session)


def test_the_author_of_a_published_sheet_is_invited_to_ask(
    session: Session, initiative: Initiative, organisation: Organisation
) -> None:
    from directory.initiatives.models import Revision

    revision = session.get_one(Revision, initiative.published_revision_id)
    author = session.get_one(Account, revision.author_id)
    assert list(structures.to_propose(session, author)) == [organisation]
    request = memberships.ask(session, organisation, actor=author)
    assert structures.to_propose(session, author) == []
    keeper = make_account(session, curates="reseau-bretagne-solidaire")
    (asked,) = structures.membership_requests(session, keeper)
    assert (asked.asked.membership, asked.wrote) == (request, initiative.title)


def test_members_are_told_of_a_request_and_curators_while_there_is_none(
    session: Session, organisation: Organisation, curator: Account, context: Flask
) -> None:
    def readers() -> set[str]:
        asked = session.scalars(select(Job).where(Job.kind == "membership_asked"))
        mails = [HANDLERS["membership_asked"](session, **job.payload) for job in asked]
        return {mail.to for mail in mails if mail is not None}

    first, second = make_account(session), make_account(session)
    request = memberships.ask(session, organisation, actor=first)
    assert curator.email in readers()
    memberships.grant(session, request, actor=curator)
    assert readers() == set()
    memberships.ask(session, organisation, actor=second)
    assert readers() == {first.email}


def test_the_answer_is_mailed_to_whoever_asked(
    session: Session, organisation: Organisation, curator: Account, context: Flask
) -> None:
    asker = make_account(session)
    request = memberships.ask(session, organisation, actor=asker)
    pair = {"account_id": asker.id, "organisation_id": organisation.id}
    assert HANDLERS["membership_granted"](session, **pair) is None
    memberships.grant(session, request, actor=curator)
    told = HANDLERS["membership_granted"](session, **pair)
    assert told is not None
    assert told.action is not None
    assert (told.to, told.action.address.endswith("/mon-espace")) == (asker.email, True)
    assert HANDLERS["membership_ended"](session, **pair) is None
    memberships.remove(session, request, actor=curator)
    assert HANDLERS["membership_granted"](session, **pair) is None
    for kind in ("membership_ended", "membership_refused"):
        mail = HANDLERS[kind](session, **pair)
        assert mail is not None
        assert mail.to == asker.email
    assert curator.email not in " ".join(told.paragraphs)


def test_two_people_asking_at_once_are_two_requests(session: Session, organisation: Organisation) -> None:
    askers = [make_account(session) for _ in range(2)]
    for asker in askers:
        memberships.ask(session, organisation, actor=asker)
    found = session.scalars(select(Membership.account_id).where(Membership.organisation_id == organisation.id)).all()
    assert set(found) == {asker.id for asker in askers}

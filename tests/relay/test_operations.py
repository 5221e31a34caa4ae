"""A message to a structure: taken in once, from anybody, to whoever can read it; forgotten after thirty days."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Conflict, Invalid, Withdrawn
from directory.core.jobs import Job
from directory.core.time import utcnow
from directory.initiatives.models import Initiative, Participation
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import Origin
from directory.networks.models import Curatorship
from directory.organisations.models import Membership
from directory.relay import operations
from directory.relay.models import RelayMessage
from directory.relay.queries import Destination, Reader, destination
from directory.relay.rules import KEPT, MESSAGES_A_DAY, TooManyMessages
from tests.factories import make_account, make_initiative

HELLO = {"name": "Awa Diallo", "email": "awa@example.org", "body": "Bonjour,\nnous cherchons un collège jumeau."}


def author_of(session: Session, initiative: Initiative) -> Account:
    to = destination(session, initiative)
    assert to.reader is Reader.STRUCTURE
    (author,) = to.accounts
    return author


def join(session: Session, initiative: Initiative, *, granted: bool = True) -> Account:
    account = make_account(session)
    organisation_id = session.scalar(
        select(Participation.organisation_id).where(
            Participation.initiative_id == initiative.id, Participation.role == "carrier"
        )
    )
    session.add(
        Membership(account_id=account.id, organisation_id=organisation_id, granted_at=utcnow() if granted else None)
    )
    session.flush()
    return account


def readers(to: Destination) -> set[str]:
    return {account.email for account in to.accounts}


def test_a_message_is_kept_and_leaves_work_to_do(session: Session) -> None:
    initiative = make_initiative(session)
    message = operations.send(session, initiative, **HELLO)
    assert (message.sender_name, message.sender_email, message.body) == tuple(HELLO.values())
    jobs = {job.kind: job for job in session.scalars(select(Job).where(Job.kind.startswith("relay_")))}
    assert set(jobs) == {"relay_message", "relay_copy", "relay_forget"}
    assert {tuple(job.payload.items()) for job in jobs.values()} == {(("message_id", message.id),)}
    assert jobs["relay_forget"].due_at == message.created_at + KEPT


def test_the_form_sent_twice_is_one_message(session: Session) -> None:
    initiative = make_initiative(session)
    first = operations.send(session, initiative, **HELLO)
    assert operations.send(session, initiative, **HELLO | {"email": " AWA@example.org "}) is first
    assert len(session.scalars(select(Job).where(Job.kind == "relay_message")).all()) == 1


def test_two_clicks_at_the_same_instant_send_one_mail(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    initiative = make_initiative(session)
    monkeypatch.setattr(operations, "find_same", lambda *_: None)  # what each request sees of the other
    first, second = (operations.send(session, initiative, **HELLO) for _ in range(2))
    assert first.id != second.id
    for kind in ("relay_message", "relay_copy"):
        (job,) = session.scalars(select(Job).where(Job.kind == kind))
        assert job.payload == {"message_id": first.id}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "Awa\r\nBcc: tous@example.org"),
        ("name", "Awa\nX: y"),
        ("name", "Awa\x00"),
        ("name", "A" * 81),
        ("email", ""),
        ("email", "awa"),
        ("email", "awa@example.org\r\nBcc: tous@example.org"),
        ("email", "awa@example.org, tous@example.org"),
        ("email", "Awa <awa@example.org>"),
        ("email", "a" * 250 + "@example.org"),
        ("body", " \n "),
        ("body", "a\x00b"),
        ("body", "a" * 4001),
        ("body", "\ud800"),
    ],
)
def test_what_no_mail_can_carry_is_told_at_its_field(session: Session, field: str, value: str) -> None:
    initiative = make_initiative(session)
    with pytest.raises(Invalid) as refused:
        operations.send(session, initiative, **HELLO | {field: value})
    assert [problem.field for problem in refused.value.problems] == [field]
    assert session.scalars(select(RelayMessage)).all() == []


def test_every_problem_is_told_at_once(session: Session) -> None:
    with pytest.raises(Invalid) as refused:
        operations.send(session, make_initiative(session), name="", email="", body="")
    assert [problem.field for problem in refused.value.problems] == ["name", "email", "body"]


def test_an_address_that_has_written_enough_waits_until_tomorrow(session: Session) -> None:
    sheets = [make_initiative(session) for _ in range(2)]
    for number in range(MESSAGES_A_DAY):
        operations.send(session, sheets[number % 2], **HELLO | {"body": f"Message {number}."})
    with pytest.raises(TooManyMessages):
        operations.send(session, sheets[0], **HELLO)
    operations.send(session, sheets[0], **HELLO | {"email": "autre@example.org"})
    yesterday = utcnow() - dt.timedelta(days=1, minutes=1)
    session.execute(update(RelayMessage).values(created_at=yesterday))
    operations.send(session, sheets[0], **HELLO)


def test_nobody_writes_to_a_withdrawn_sheet(session: Session) -> None:
    initiative = make_initiative(session)
    withdraw(session, initiative, actor=author_of(session, initiative))
    with pytest.raises(Withdrawn):
        operations.send(session, initiative, **HELLO)


def test_the_author_and_the_granted_members_read(session: Session) -> None:
    initiative = make_initiative(session)
    author = author_of(session, initiative)
    member = join(session, initiative)
    join(session, initiative, granted=False)
    assert readers(destination(session, initiative)) == {author.email, member.email}


def test_a_removed_member_no_longer_reads(session: Session) -> None:
    initiative = make_initiative(session)
    member = join(session, initiative)
    session.execute(update(Membership).where(Membership.account_id == member.id).values(granted_at=None))
    assert member.email not in readers(destination(session, initiative))


def test_a_closed_account_no_longer_reads(session: Session) -> None:
    initiative = make_initiative(session)
    author_of(session, initiative).active = False
    session.flush()
    assert destination(session, initiative).reader is Reader.NETWORK_FOR_SILENCE


def test_a_sheet_after_a_public_source_is_read_by_its_network(session: Session) -> None:
    initiative = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    to = destination(session, initiative)
    assert (to.reader, to.network.slug) == (Reader.NETWORK_FOR_SOURCE, "reseau-bretagne-solidaire")
    curators = session.scalars(select(Curatorship.account_id).where(Curatorship.network_id == to.network.id))
    assert {account.id for account in to.accounts} == set(curators)


def test_a_member_reads_even_after_a_public_source(session: Session) -> None:
    initiative = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    member = join(session, initiative)
    to = destination(session, initiative)
    assert (to.reader, readers(to)) == (Reader.STRUCTURE, {member.email})


def test_an_author_that_no_mail_reaches_leaves_the_message_to_the_network(session: Session) -> None:
    initiative = make_initiative(session)
    author_of(session, initiative).email = "ecriture@demonstration.test"
    session.flush()
    assert destination(session, initiative).reader is Reader.NETWORK_FOR_SILENCE


def test_without_a_curator_the_national_queue_reads_then_nobody(session: Session) -> None:
    initiative = make_initiative(session, origin=Origin.PUBLIC_SOURCE)
    session.query(Curatorship).delete()
    assert destination(session, initiative).reader is Reader.NOBODY
    with pytest.raises(Conflict):
        operations.send(session, initiative, **HELLO)
    keeper = make_account(session, curates="file-nationale")
    to = destination(session, initiative)
    assert (to.reader, readers(to), to.network.is_national) == (Reader.NETWORK_FOR_SOURCE, {keeper.email}, True)


def test_messages_are_forgotten_after_thirty_days(session: Session) -> None:
    initiative = make_initiative(session)
    old = operations.send(session, initiative, **HELLO)
    old.created_at = utcnow() - KEPT
    session.flush()
    young = operations.send(session, initiative, **HELLO | {"body": "Plus récent."})
    assert operations.purge(session) == 1
    assert session.scalars(select(RelayMessage.id)).all() == [young.id]

"""Writes of the corpus: record a revision, publish it, withdraw. Callers commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Conflict, Forbidden, Invalid
from directory.core.text import free_slug, slugify
from directory.core.time import utcnow
from directory.initiatives import projection, spelling
from directory.initiatives.content import SCHEMA, InitiativeContent, from_json, to_json
from directory.initiatives.models import (
    Anchor,
    CorpusChange,
    CorpusVersion,
    Initiative,
    InitiativeGoal,
    InitiativeSector,
    Participation,
    Revision,
    SearchRow,
)
from directory.initiatives.permissions import can_propose, can_publish, can_withdraw
from directory.initiatives.queries import RAISED, is_concerned, known_lists, revision_count
from directory.initiatives.rules import Known, check, clean, named_partners, withheld_in
from directory.initiatives.vocabulary import State
from directory.networks.models import Network
from directory.networks.queries import network_in_charge
from directory.organisations.models import Organisation
from directory.reference.queries import sectors as all_sectors


def record_revision(
    session: Session, content: InitiativeContent, *, author: Account, initiative: Initiative | None
) -> Revision:
    """A validated snapshot of the content, under the network in charge of its first place here.

    Raises Invalid with every problem, Forbidden when the initiative is another's.
    """
    if initiative is not None and not can_propose(session, author, initiative):
        raise Forbidden("Cette initiative appartient à une autre structure.")
    problems = check(content, known_lists(session, content), today=utcnow().date(), curator_agrees=True)
    if problems:
        raise Invalid(problems)
    content = clean(content)
    network = network_in_charge(session, content.here[0].keys)
    if initiative is None:
        initiative = Initiative(network_id=network.id)
        session.add(initiative)
    else:
        _lock(session, initiative)  # two people at once: each gets a number of its own
        if initiative.state != State.PUBLISHED:
            initiative.network_id = network.id
    session.flush()
    revision = Revision(
        initiative_id=initiative.id,
        number=revision_count(session, initiative.id) + 1,
        schema=SCHEMA,
        content=to_json(content),
        author_id=author.id,
    )
    session.add(revision)
    session.flush()
    return revision


def publish(
    session: Session,
    revision: Revision,
    *,
    actor: Account,
    network: Network | None = None,
    agrees_to_place: bool = False,
) -> Initiative:
    """Make a revision the one that the public sees: projection, search row, corpus version, all in this transaction.

    `network` is the one to which the review was handed over; without it, the network in charge of the first place.
    Raises Forbidden outside the actor's networks, or when no place here lies in the network's territory.
    """
    content = from_json(revision.content, revision.schema)
    network = network or network_in_charge(session, content.here[0].keys)
    if not can_publish(session, actor, network.id) or not is_concerned(session, network, content):
        raise Forbidden("Cette initiative relève d’un autre réseau que les vôtres.")
    initiative = _lock(session, revision.initiative)
    if initiative.withdrawn_at is not None and initiative.withdrawn_at >= revision.created_at:
        raise Conflict("La structure a retiré cette initiative après cet envoi.")
    known = known_lists(session, content)
    problems = check(content, known, today=utcnow().date(), curator_agrees=agrees_to_place)
    if problems:
        raise Invalid(problems)
    former = _clear_projection(session, initiative)
    initiative.network_id = network.id
    _project(session, initiative, content, known, agrees_to_place=agrees_to_place)
    _mark_published(initiative, revision)
    row = _add_search_row(session, initiative, content, known)
    raise_version(session, initiative)
    # Now that nobody else publishes before the end of this transaction: words are shared.
    spelling.learn(session, [row.heading, row.body])
    spelling.forget(session, former)
    return initiative


def _project(
    session: Session, initiative: Initiative, content: InitiativeContent, known: Known, *, agrees_to_place: bool
) -> None:
    """Write what the public may see of a content: its facts, its address, its places, who acts, in what field."""
    projection.write_facts(initiative, content)
    if initiative.slug is None or withheld_in(initiative.slug, content, known, curator_agrees=agrees_to_place):
        initiative.slug = _free_slug(session, content.title)
    anchors = projection.make_anchors(content, known, agrees_to_place=agrees_to_place)
    initiative.anchors = anchors
    initiative.participations = projection.make_participations(
        session, content, anchors, named_partners(content, known, curator_agrees=agrees_to_place)
    )
    initiative.sectors = projection.make_sectors(content)
    initiative.goals = projection.make_goals(content)


def _mark_published(initiative: Initiative, revision: Revision) -> None:
    """Published now, by this revision; the day of the first publication stays."""
    now = utcnow()
    initiative.state, initiative.published_revision_id = State.PUBLISHED.value, revision.id
    initiative.first_published_at = initiative.first_published_at or now
    initiative.published_at, initiative.withdrawn_at = now, None


def _add_search_row(session: Session, initiative: Initiative, content: InitiativeContent, known: Known) -> SearchRow:
    """The words that find an initiative, its projection once written."""
    session.flush()
    row = projection.make_search_row(content, initiative.anchors, _findable_names(session, initiative), known.names)
    row.id = initiative.id
    session.add(row)
    return row


def withdraw(session: Session, initiative: Initiative, *, actor: Account) -> Initiative:
    """Take a published initiative down: its address answers 410, nothing of it stays in list, map, search or export."""
    if not can_withdraw(session, actor, initiative):
        raise Forbidden("Seule la structure ou son réseau peut retirer cette initiative.")
    return take_down(session, initiative)


def take_down(session: Session, initiative: Initiative) -> Initiative:
    """Withdraw, for callers who checked that it may be; raises Conflict when it is not published."""
    _lock(session, initiative)
    if initiative.state != State.PUBLISHED:
        raise Conflict("Cette initiative n’est pas publiée.")
    former = _clear_projection(session, initiative)
    initiative.state, initiative.published_revision_id = State.WITHDRAWN.value, None
    initiative.title = initiative.title_fold = initiative.summary = initiative.description = ""
    initiative.meeting = initiative.change_here = initiative.change_there = ""
    initiative.sources, initiative.publics, initiative.needs = [], [], []
    initiative.withdrawn_at = utcnow()
    raise_version(session, initiative)
    spelling.forget(session, former)
    return initiative


def _lock(session: Session, initiative: Initiative) -> Initiative:
    """The initiative as it is now, kept from others until the end: publishing and withdrawing exclude each other."""
    session.flush()
    session.refresh(initiative, with_for_update=True)
    return initiative


def raise_version(session: Session, initiative: Initiative) -> int:
    """Raise the corpus version and note what changed; the row lock orders concurrent publications."""
    return raise_versions(session, [initiative.id])


def raise_versions(session: Session, ids: Sequence[int]) -> int:
    """One version for each initiative (one at least), as if they had changed one after the other; gives the last."""
    session.flush()
    version = session.scalar(
        update(CorpusVersion)
        .where(CorpusVersion.id == 1)
        .values(version=CorpusVersion.version + len(ids), changed_at=utcnow())
        .returning(CorpusVersion.version)
        .execution_options(synchronize_session=False)
    )
    if version is None:
        raise RuntimeError("corpus_version has no row: the first migration writes it")
    numbered = list(enumerate(ids, version - len(ids) + 1))
    # Each: a savepoint may give up the last one alone.
    session.info.setdefault(RAISED, set()).update(number for number, _ in numbered)
    session.execute(insert(CorpusChange), [{"version": number, "initiative_id": one} for number, one in numbered])
    return version


def _clear_projection(session: Session, initiative: Initiative) -> list[str]:
    """Take down what the public sees; gives the texts by which it was found."""
    session.flush()
    former = session.execute(select(SearchRow.heading, SearchRow.body).where(SearchRow.id == initiative.id)).all()
    for table in (Anchor, Participation, InitiativeSector, InitiativeGoal):
        session.execute(delete(table).where(table.initiative_id == initiative.id))
    session.execute(delete(SearchRow).where(SearchRow.id == initiative.id))
    session.expire(initiative, ["anchors", "participations", "sectors", "goals"])
    return [text for row in former for text in row]


def _findable_names(session: Session, initiative: Initiative) -> list[str]:
    labels = {sector.id: sector.label for sector in all_sectors(session)}
    organisations = session.scalars(
        select(Organisation.name)
        .join(Participation, Participation.organisation_id == Organisation.id)
        .where(Participation.initiative_id == initiative.id)
        .order_by(Participation.role, Participation.position)
    )
    return [*organisations, *(labels[sector.sector_id] for sector in initiative.sectors)]


def _free_slug(session: Session, title: str) -> str:
    base = slugify(title)
    taken = set(session.scalars(select(Initiative.slug).where(Initiative.slug.startswith(base, autoescape=True))))
    return free_slug(base, taken)

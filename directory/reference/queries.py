"""Reads of the reference lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.reference.keys import Level, Side
from directory.reference.models import ActorType, Goal, Need, PublicGroup, Sector, Territory, Vigilance


def find_territory(session: Session, key: str) -> Territory | None:
    """The territory of a key, or nothing: a malformed key, a town there (`v:`), an unknown code."""
    return session.get(Territory, key)


def get_territory(session: Session, key: str) -> Territory:
    """The territory of a key; raises NotFound."""
    territory = find_territory(session, key)
    if territory is None:
        raise NotFound("Ce territoire n’est pas dans nos listes.")
    return territory


def territory_names(session: Session, keys: Iterable[str]) -> dict[str, str]:
    """The names of the territories among the keys; unknown keys are absent."""
    rows = session.execute(select(Territory.key, Territory.name).where(Territory.key.in_(set(keys))))
    return {row.key: row.name for row in rows}


def ancestors(session: Session, key: str) -> tuple[str, ...]:
    """The keys that hold a territory, finest first, itself included: commune, EPCI, département, région, zone.

    A level that does not exist is skipped: no EPCI in Ouessant, no région in Nouméa. An unknown key gives nothing.
    """
    territory = find_territory(session, key)
    if territory is None:
        return ()
    keys = [territory.key, *([territory.epci_key] if territory.epci_key else [])]
    while territory.parent_key is not None:
        keys.append(territory.parent_key)
        territory = get_territory(session, territory.parent_key)
    return tuple(keys)


def sectors(session: Session) -> Sequence[Sector]:
    """Every sector, in the order of the list."""
    return session.scalars(select(Sector).order_by(Sector.position)).all()


def goals(session: Session) -> Sequence[Goal]:
    """The seventeen goals, by number."""
    return session.scalars(select(Goal).order_by(Goal.number)).all()


def actor_types(session: Session) -> Sequence[ActorType]:
    """Every type of actor, in the order of the list."""
    return session.scalars(select(ActorType).order_by(ActorType.position)).all()


def publics(session: Session) -> Sequence[PublicGroup]:
    """Every group of people, in the order of the list."""
    return session.scalars(select(PublicGroup).order_by(PublicGroup.position)).all()


def needs(session: Session) -> Sequence[Need]:
    """Everything an initiative may look for, in the order of the list."""
    return session.scalars(select(Need).order_by(Need.position)).all()


def countries(session: Session) -> Sequence[Territory]:
    """Every country there, in alphabetical order."""
    return _level(session, Level.COUNTRY)


def regions(session: Session) -> Sequence[Territory]:
    """Every région here, in alphabetical order."""
    return _level(session, Level.REGION)


def departements(session: Session) -> Sequence[Territory]:
    """Every département here, in the order of codes."""
    chosen = select(Territory).where(Territory.side == Side.HERE, Territory.level == Level.DEPARTEMENT)
    return session.scalars(chosen.order_by(Territory.key)).all()


def vigilance(session: Session) -> Sequence[Vigilance]:
    """The countries under vigilance, by code."""
    return session.scalars(select(Vigilance).order_by(Vigilance.country)).all()


def _level(session: Session, level: Level) -> Sequence[Territory]:
    return session.scalars(select(Territory).where(Territory.level == level).order_by(Territory.name_fold)).all()

"""Tables of the reference lists. They are written by `operations.load` from the files of data/, by nobody else."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Date, Enum, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow
from directory.reference.keys import Level, Side


def _values(kind: type[Side] | type[Level]) -> list[str]:
    return [member.value for member in kind]


class Territory(Base):
    """A territory on either side, from the commune or the division to the zone or the country.

    Towns there (`v:`) are not rows: the gazetteer knows them. `lon` and `lat` are a centre in degrees, for drawing.
    """

    __tablename__ = "territory"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    level: Mapped[Level] = mapped_column(
        Enum(Level, native_enum=False, length=12, values_callable=_values, name="level"), index=True
    )
    side: Mapped[Side] = mapped_column(Enum(Side, native_enum=False, length=5, values_callable=_values, name="side"))
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200), index=True)
    parent_key: Mapped[str | None] = mapped_column(String(20), ForeignKey("territory.key"), index=True)
    epci_key: Mapped[str | None] = mapped_column(String(20), ForeignKey("territory.key"), index=True)
    country: Mapped[str] = mapped_column(String(2), index=True)
    lon: Mapped[float]
    lat: Mapped[float]
    population: Mapped[int | None] = mapped_column(Integer)


class Sector(Base):
    """A field of action (« domaine d’intervention »)."""

    __tablename__ = "sector"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Goal(Base):
    """One of the seventeen sustainable development goals."""

    __tablename__ = "goal"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(String(200))
    long_label: Mapped[str] = mapped_column(String(500))


class ActorType(Base):
    """A type of actor, in a family of types."""

    __tablename__ = "actor_type"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class PublicGroup(Base):
    """People with whom, or for whom, an initiative acts (« publics »)."""

    __tablename__ = "public_group"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Need(Base):
    """What an initiative looks for today (« besoins »)."""

    __tablename__ = "need"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    position: Mapped[int]


class Vigilance(Base):
    """A country where naming a partner or a place more finely than the country needs a curator's agreement too."""

    __tablename__ = "vigilance"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    since_on: Mapped[dt.date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(500))


class ReferenceVersion(Base):
    """What was loaded last, by name ("lists", "demonstration"), and the digest of the files it came from."""

    __tablename__ = "reference_version"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)

"""Revisions, and the projection of the published one: the only thing that the public queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from geoalchemy2 import Geometry, WKBElement, WKTElement
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.core.database import SRID, Base, UTCDateTime
from directory.core.time import utcnow
from directory.initiatives.vocabulary import State


class Revision(Base):
    """A validated, immutable snapshot of the content; the true positions stay here."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("initiative_id", "number", name="uq_revision_initiative_number"),
        CheckConstraint("number >= 1", name="number"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    number: Mapped[int]
    schema: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)

    initiative: Mapped[Initiative] = relationship(foreign_keys=[initiative_id])


class Initiative(Base):
    """An initiative; what stands in its columns and children is what the public may know, once published."""

    __tablename__ = "initiative"
    __table_args__ = (
        CheckConstraint("state IN ('unpublished', 'published', 'withdrawn')", name="state"),
        CheckConstraint(
            "state <> 'published' OR (slug IS NOT NULL AND published_revision_id IS NOT NULL"
            " AND main_sector IS NOT NULL AND stage IS NOT NULL AND length(title) > 0 AND length(summary) > 0)",
            name="published_is_complete",
        ),
        CheckConstraint("state = 'published' OR published_revision_id IS NULL", name="only_published_has_revision"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=State.UNPUBLISHED.value, index=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    published_revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, name="fk_initiative_published_revision_id_revision")
    )
    slug: Mapped[str | None] = mapped_column(String(100), unique=True)
    title: Mapped[str] = mapped_column(String(200), default="")
    title_fold: Mapped[str] = mapped_column(String(400), default="")
    summary: Mapped[str] = mapped_column(String(400), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    meeting: Mapped[str] = mapped_column(Text, default="")
    change_here: Mapped[str] = mapped_column(Text, default="")
    change_there: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(12), default="fr")
    nature: Mapped[str | None] = mapped_column(String(30))
    since_year: Mapped[int | None]
    stage: Mapped[str | None] = mapped_column(String(20))
    stage_on: Mapped[int | None]
    main_sector: Mapped[str | None] = mapped_column(ForeignKey("sector.id"))
    is_sector_by_site: Mapped[bool] = mapped_column(default=False)
    origin: Mapped[str] = mapped_column(String(20), default="carrier")
    sources: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    publics: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    needs: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
    """Both as chosen; counts and filters read them from the columns in memory."""
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    first_published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    published_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

    anchors: Mapped[list[Anchor]] = relationship(
        cascade="all, delete-orphan", order_by="(Anchor.side, Anchor.position)", passive_deletes=True
    )
    participations: Mapped[list[Participation]] = relationship(
        cascade="all, delete-orphan", order_by="(Participation.role, Participation.position)", passive_deletes=True
    )
    sectors: Mapped[list[InitiativeSector]] = relationship(
        cascade="all, delete-orphan", order_by="InitiativeSector.position", passive_deletes=True
    )
    goals: Mapped[list[InitiativeGoal]] = relationship(
        cascade="all, delete-orphan", order_by="InitiativeGoal.goal", passive_deletes=True
    )


class Anchor(Base):
    """One end of the links of a published initiative, as the public may know it: already coarsened where withheld."""

    __tablename__ = "anchor"
    __table_args__ = (
        UniqueConstraint("initiative_id", "side", "position", name="uq_anchor_initiative_side_position"),
        CheckConstraint("side IN ('here', 'there')", name="side"),
        CheckConstraint("position >= 0", name="position"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(5))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40), index=True)
    keys: Mapped[list[str]] = mapped_column(JSON)
    """Territory keys from the shown one to the coarsest."""
    label: Mapped[str] = mapped_column(String(200))
    """What people read: as typed, or the name of the shown territory where the place is withheld."""
    name: Mapped[str] = mapped_column(String(200))
    """The name of the shown territory itself, for the map."""
    context: Mapped[str] = mapped_column(String(200), default="")
    level: Mapped[str] = mapped_column(String(12))
    precision: Mapped[str] = mapped_column(String(12))
    is_withheld: Mapped[bool] = mapped_column(default=False)
    found_by: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """The online provider that gave the position shown; empty for ours and for a pin."""
    geom: Mapped[WKBElement | WKTElement] = mapped_column(Geometry("POINT", srid=SRID, spatial_index=True))


class Participation(Base):
    """An organisation takes part in a published initiative; a partner has a row only once it agreed to be named."""

    __tablename__ = "participation"
    __table_args__ = (CheckConstraint("role IN ('carrier', 'partner')", name="role"),)

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]


class InitiativeSector(Base):
    """A sector of a published initiative; position 0 is the main one."""

    __tablename__ = "initiative_sector"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    sector_id: Mapped[str] = mapped_column(ForeignKey("sector.id"), primary_key=True)
    position: Mapped[int]


class InitiativeGoal(Base):
    """A sustainable development goal of a published initiative."""

    __tablename__ = "initiative_goal"

    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    goal: Mapped[int] = mapped_column(ForeignKey("goal.number"), primary_key=True)


class SearchRow(Base):
    """What `analysis.indexed` keeps of a published initiative: its title and places, then everything else."""

    __tablename__ = "initiative_search"

    id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), primary_key=True)
    heading: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)


class SearchWord(Base):
    """A word that a search row holds, and how it sounds: what may be offered in the place of a misspelt one."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    sound: Mapped[str] = mapped_column(String(80), index=True)


class CorpusVersion(Base):
    """One row: the version of everything public, raised inside each publishing transaction."""

    __tablename__ = "corpus_version"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    changed_at: Mapped[dt.datetime] = mapped_column(UTCDateTime)


class CorpusChange(Base):
    """Which initiative a version published or withdrew."""

    __tablename__ = "corpus_change"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    initiative_id: Mapped[int] = mapped_column(ForeignKey("initiative.id", ondelete="CASCADE"), index=True)

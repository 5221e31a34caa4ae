"""Organisations and memberships."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow


class Organisation(Base):
    """An actor named by at least one published initiative; made at publication, from the revision."""

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("length(name) BETWEEN 1 AND 200", name="name_length"),
        UniqueConstraint("name_fold", "side", "place_key", name="uq_organisation_name_side_place"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(400), index=True)
    side: Mapped[str] = mapped_column(String(5))
    place_key: Mapped[str] = mapped_column(String(40), default="")
    """Tells namesakes apart: the département of the first anchor here, the country of the first anchor there."""
    actor_type: Mapped[str | None] = mapped_column(ForeignKey("actor_type.id"))
    website: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)


class Membership(Base):
    """An account belongs to an organisation once a member or a curator granted it."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("account_id", "organisation_id", name="uq_membership_account_organisation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    granted_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    granted_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))

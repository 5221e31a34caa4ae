"""Networks, their coverage and their curators."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow


class Network(Base):
    """A regional network, or the national queue: a network without coverage that receives the rest."""

    __tablename__ = "network"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    website: Mapped[str] = mapped_column(String(500), default="")
    source: Mapped[str] = mapped_column(String(500), default="")
    is_national: Mapped[bool] = mapped_column(Boolean, default=False)
    usual_days: Mapped[int | None]
    """Days that a review usually takes, as the network says itself, until enough decisions tell it."""

    coverages: Mapped[list[Coverage]] = relationship(
        back_populates="network", cascade="all, delete-orphan", order_by="Coverage.territory_key"
    )


class Coverage(Base):
    """One territory that a network is in charge of; a territory has one network at most."""

    __tablename__ = "coverage"

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id", ondelete="CASCADE"), index=True)
    territory_key: Mapped[str] = mapped_column(ForeignKey("territory.key"), unique=True)

    network: Mapped[Network] = relationship(back_populates="coverages")


class Curatorship(Base):
    """An account may act for a network."""

    __tablename__ = "curatorship"
    __table_args__ = (UniqueConstraint("account_id", "network_id", name="uq_curatorship_account_network"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id", ondelete="CASCADE"), index=True)
    granted_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)

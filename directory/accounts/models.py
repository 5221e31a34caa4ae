"""Flask-Security's tables. What a person may do is not here: it is read from memberships and curatorships."""

from __future__ import annotations

import datetime as dt
import secrets

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from directory.core.database import Base, UTCDateTime
from directory.core.time import utcnow


class AccountRole(Base):
    """Which account has which Flask-Security role; the site itself uses none."""

    __tablename__ = "account_role"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id", ondelete="CASCADE"), primary_key=True)


class Role(Base, RoleMixin):
    """A Flask-Security role: its data store asks for the table."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(String(255), default="")


class Account(Base, UserMixin):
    """A person who confirmed an address; administrator is the only flag."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("length(email) BETWEEN 3 AND 254", name="email_length"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True, default=lambda: secrets.token_hex(32))
    confirmed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The mixin's own annotations forget None and are invariant.
    last_login_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)  # type: ignore[assignment]
    current_login_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)  # type: ignore[assignment]
    login_count: Mapped[int] = mapped_column(default=0)
    tf_last_counter: Mapped[int | None]
    """The time step of the last one-time code accepted: the same code is refused a second time."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    """Codes for the day the telephone is lost, encrypted by the site's key; each serves once."""
    pending_email: Mapped[str | None] = mapped_column(String(254))
    """The address asked for and not confirmed yet."""
    former_email: Mapped[str | None] = mapped_column(String(254))
    """The address before the last change: it is told of it."""
    is_administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)

    roles: Mapped[list[Role]] = relationship(secondary="account_role")  # type: ignore[assignment]


class AccountSession(Base):
    """One signed-in browser: the cookie alone opens nothing once this row is closed."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256, in hexadecimal, of the identifier that only the cookie holds."""
    browser: Mapped[str] = mapped_column(String(80), default="")
    opened_at: Mapped[dt.datetime] = mapped_column(UTCDateTime, default=utcnow)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UTCDateTime)

"""What marks a database that holds invented or borrowed sheets, and keeps them away from those of real people."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.core.errors import Conflict, Forbidden
from directory.core.time import utcnow
from directory.initiatives.models import Initiative
from directory.reference.models import ReferenceVersion

VERSION = "demonstration"
"""The row of `reference_version` that marks a database holding the demonstration: production refuses it."""
DOMAIN = "demonstration.test"
"""Reserved for tests: no mail can ever leave for it."""


def refuse_production(is_production: bool) -> None:
    """Raise Forbidden in production."""
    if is_production:
        raise Forbidden("La démonstration ne se charge pas en production.")


def keep_apart(session: Session, *, is_production: bool) -> None:
    """Raise Forbidden in production, Conflict in an unmarked database where real people or sheets are.

    There is no way around: the mark makes production refuse a database for good.
    """
    refuse_production(is_production)
    if session.get(ReferenceVersion, VERSION) is not None:
        return
    has_people = session.scalar(select(Account.id).where(~Account.email.endswith(f"@{DOMAIN}")).limit(1))
    if has_people is not None or session.scalar(select(Initiative.id).limit(1)) is not None:
        raise Conflict("Cette base contient de vrais comptes ou de vraies fiches : prenez une base neuve.")


def put(session: Session, name: str = VERSION, digest: str = "") -> None:
    """Note what was loaded under a name, and mark the database; the mark alone has no digest."""
    for one, told in {VERSION: "", name: digest}.items():
        row = session.get(ReferenceVersion, one)
        if row is None:
            session.add(ReferenceVersion(name=one, digest=told, loaded_at=utcnow()))
        elif told:
            row.digest, row.loaded_at = told, utcnow()
    session.flush()


def found(session: Session, name: str = VERSION) -> str | None:
    """The digest noted under a name, empty for the mark alone, or nothing."""
    row = session.get(ReferenceVersion, name)
    return row.digest if row else None

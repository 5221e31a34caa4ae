"""Reads about organisations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.organisations.models import Organisation


def get_organisation(session: Session, slug: str) -> Organisation:
    """The organisation of a slug; raises NotFound."""
    organisation = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise NotFound("Cette organisation n’existe pas, ou plus à cette adresse.")
    return organisation

"""Writes about organisations."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.core.text import fold, free_slug, slugify
from directory.organisations.models import Organisation


def find_or_create(
    session: Session, name: str, *, side: str, place_key: str, actor_type: str | None, website: str
) -> Organisation:
    """The organisation of that folded name on that side of that territory, made if it is new; facts are refreshed.

    Called by the publication of an initiative, which checked the permission.
    """
    folded = fold(name)
    organisation = session.scalar(
        select(Organisation).where(
            Organisation.name_fold == folded, Organisation.side == side, Organisation.place_key == place_key
        )
    )
    if organisation is None:
        organisation = Organisation(
            name=name, name_fold=folded, side=side, place_key=place_key, slug=_free_slug(session, name)
        )
        session.add(organisation)
    organisation.name = name
    organisation.actor_type = actor_type or organisation.actor_type
    organisation.website = website or organisation.website or ""
    session.flush()
    return organisation


def _free_slug(session: Session, name: str) -> str:
    base = slugify(name)
    taken = set(session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(base, autoescape=True))))
    return free_slug(base, taken)

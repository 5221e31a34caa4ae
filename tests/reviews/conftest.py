"""A curator, and what may wait at the desk."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions import operations as contributions
from directory.contributions.permissions import Holder
from directory.initiatives.models import Revision
from directory.reviews.models import Review
from tests.conftest import SignIn
from tests.factories import make_account, make_initiative

BRETAGNE = "reseau-bretagne-solidaire"


@pytest.fixture
def curator(session: Session, sign_in: SignIn) -> FlaskClient:
    """A curator of the network of Bretagne."""
    return sign_in(make_account(session, curates=BRETAGNE))


def change_of(session: Session, **answers: Any) -> Review:
    """A change proposed to a published initiative."""
    initiative = make_initiative(session, title="Deux rives", summary="Deux écoles s’écrivent.")
    written = select(Revision.author_id).where(Revision.initiative_id == initiative.id)
    author = session.get_one(Account, session.scalars(written).first())
    draft = contributions.propose_change(session, initiative, actor=author)
    contributions.save(session, draft, answers, holder=Holder(author), counter=draft.counter)
    review = contributions.send(session, draft, holder=Holder(author))
    assert review is not None
    session.commit()
    return review

"""People and the networks they act for."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from directory.accounts.operations import create
from directory.accounts.queries import find_account
from directory.core.errors import Conflict, InvalidText


def test_an_address_has_one_account_whatever_its_case(session: Session) -> None:
    account = create(session, "Anne@Exemple.org")
    assert find_account(session, "anne@exemple.ORG") is account
    with pytest.raises(Conflict):
        create(session, "ANNE@exemple.org")


@pytest.mark.parametrize(
    "email", ["", "anne", "anne@", "@exemple.org", "anne@exemple.org\r\nBcc: x@y.fr", "a\x00@b.fr"]
)
def test_what_is_no_address_is_refused_with_an_example(session: Session, email: str) -> None:
    with pytest.raises(InvalidText, match=r"nom@domaine\.fr"):
        create(session, email)


def test_an_account_is_no_administrator_unless_said(session: Session) -> None:
    assert not create(session, "anne@exemple.org").is_administrator

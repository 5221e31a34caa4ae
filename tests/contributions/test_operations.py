"""Nothing typed is lost; only a valid content is sent; nobody touches another's draft."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.contributions import operations
from directory.contributions.models import Draft
from directory.contributions.queries import get_draft
from directory.core.errors import Conflict, Forbidden, Invalid, NotFound
from directory.initiatives.content import to_json
from directory.initiatives.models import Initiative, Revision
from directory.reviews.models import Review
from tests.factories import make_account, make_content


@pytest.mark.parametrize("typed", [{}, {"title": "à moitié"}, {"n’importe": ["quoi", None, {"x": 1}]}])
def test_a_draft_keeps_what_was_typed_valid_or_not(session: Session, typed: dict[str, Any]) -> None:
    author = make_account(session)
    draft = operations.start(session, typed, actor=author)
    session.commit()
    session.expire_all()
    assert get_draft(session, draft.id, author).typed == typed


def test_two_tabs_cannot_overwrite_each_other(session: Session) -> None:
    author = make_account(session)
    draft = operations.start(session, {}, actor=author)
    operations.save(session, draft, {"title": "premier onglet"}, actor=author, counter=0)
    with pytest.raises(Conflict, match="autre onglet"):
        operations.save(session, draft, {"title": "second onglet"}, actor=author, counter=0)
    assert draft.typed == {"title": "premier onglet"}


def test_another_person_s_draft_does_not_exist(session: Session) -> None:
    draft = operations.start(session, {}, actor=make_account(session))
    stranger = make_account(session)
    with pytest.raises(NotFound):
        get_draft(session, draft.id, stranger)
    with pytest.raises(Forbidden):
        operations.save(session, draft, {"title": "x"}, actor=stranger, counter=0)
    with pytest.raises(Forbidden):
        operations.submit(session, draft, actor=stranger)


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"state": "published"},
        {"network_id": 1},
        {"here": [{"lon": "2,35"}]},
        {"stage": "fini"},
        {"main_sector": "astrologie"},
        {"description": "a" * 20_001},
    ],
)
def test_an_invalid_draft_is_kept_and_nothing_is_sent(session: Session, change: dict[str, Any]) -> None:
    author = make_account(session)
    typed = {**to_json(make_content()), **change}
    draft = operations.start(session, typed, actor=author)
    with pytest.raises(Invalid) as refusal:
        operations.submit(session, draft, actor=author)
    assert refusal.value.status == 422
    assert refusal.value.problems
    assert draft.typed == typed
    for table in (Initiative, Revision, Review):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def _deep() -> dict[str, Any]:
    inner: dict[str, Any] = {}
    for _ in range(10_000):
        inner = {"x": inner}
    return inner


@pytest.mark.parametrize("typed", [{"lon": float("nan")}, {"lat": float("inf")}, {"x": {1, 2}}, _deep()])
def test_what_is_no_json_is_refused_and_nothing_is_stored(session: Session, typed: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="ne peut pas être gardée"):
        operations.start(session, typed, actor=make_account(session))
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_sending_a_draft_again_makes_a_second_revision_of_the_same_initiative(session: Session) -> None:
    author = make_account(session)
    draft = operations.start(session, to_json(make_content()), actor=author)
    first, second = (operations.submit(session, draft, actor=author) for _ in range(2))
    assert first.revision.initiative_id == second.revision.initiative_id
    assert (first.revision.number, second.revision.number) == (1, 2)

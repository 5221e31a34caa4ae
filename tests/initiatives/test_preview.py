"""What is shown before sending is what will be published, and nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.initiatives.content import PartnerContent
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Anchor, Initiative
from directory.initiatives.preview import preview
from directory.initiatives.public import Sheet, sheet
from directory.initiatives.vocabulary import Agreement, Disclosure
from directory.organisations.models import Organisation
from tests.factories import ANTSIRABE, MORLAIX, QUIMPER, SEGOU, make_content, make_initiative

CONTENTS: list[dict[str, Any]] = [
    {},
    {
        "here": (MORLAIX, QUIMPER),
        "there": (ANTSIRABE, SEGOU),
        "goals": (4, 17),
        "meeting": "Un été, au port.",
        "publics": ("jeunes",),
        "needs": ("conseil", "benevoles"),
    },
    {"there": (ANTSIRABE,), "partners": (PartnerContent("Lycée", agreement=Agreement.NOT_ASKED),)},
    {"there": (SEGOU,), "partners": (PartnerContent("Lycée", agreement=Agreement.YES),)},
    {"here": (replace(MORLAIX, shown_as=Disclosure.REGION),), "partners": ()},
]


def without_addresses(told: Sheet) -> Sheet:
    """A sheet as it reads: its slug, those and the numbers of its organisations come with the publication."""
    named = [tuple(replace(one, slug="", id=0) for one in group) for group in (told.card.carriers, told.partners)]
    return replace(
        told,
        card=replace(told.card, slug="", carriers=named[0]),
        partners=named[1],
        revision_number=0,
        id=0,
        sent_on=None,
    )


@pytest.mark.parametrize("changes", CONTENTS)
def test_the_preview_reads_as_the_sheet_that_is_then_published(session: Session, changes: dict[str, Any]) -> None:
    content = make_content(**changes)
    before = preview(session, CorpusIndex().current(session).known, content)
    initiative = make_initiative(session, content)
    published = sheet(CorpusIndex().current(session), session, initiative.slug or "")
    assert before is not None
    assert before == without_addresses(published)


def test_a_preview_writes_nothing(session: Session) -> None:
    assert preview(session, CorpusIndex().current(session).known, make_content()) is not None
    session.commit()
    for table in (Initiative, Anchor, Organisation):
        assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.parametrize("side", ["here", "there"])
def test_there_is_no_preview_while_an_end_is_missing_or_unknown(session: Session, side: str) -> None:
    lists = CorpusIndex().current(session).known
    lost = replace(MORLAIX if side == "here" else ANTSIRABE, keys=("d:999", "z:FX") if side == "here" else ("p:ZZ",))
    assert preview(session, lists, make_content(**{side: ()})) is None
    assert preview(session, lists, make_content(**{side: (lost,)})) is None

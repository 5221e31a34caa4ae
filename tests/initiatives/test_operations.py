"""Publishing and withdrawing: what appears, what disappears, who may."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.core.errors import Conflict, Forbidden, Invalid
from directory.initiatives.content import OrganisationContent, PartnerContent, from_json
from directory.initiatives.models import Anchor, CorpusChange, Initiative, Participation, Revision, SearchRow
from directory.initiatives.operations import publish, record_revision, withdraw
from directory.initiatives.queries import corpus_version
from directory.initiatives.vocabulary import Agreement, Disclosure
from directory.organisations.models import Organisation
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SEGOU,
    make_account,
    make_content,
    make_initiative,
    make_review,
)


def test_publishing_writes_anchors_organisations_sectors_and_raises_the_version(session: Session) -> None:
    before = corpus_version(session)
    initiative = make_initiative(session, here=(MORLAIX, QUIMPER), other_sectors=("sante",), goals=(4, 3))
    assert corpus_version(session) == before + 1
    assert session.get_one(CorpusChange, before + 1).initiative_id == initiative.id
    assert [(one.side, one.name) for one in initiative.anchors] == [
        ("here", "Morlaix"),
        ("here", "Quimper"),
        ("there", "Puerto López"),
    ]
    assert [one.sector_id for one in initiative.sectors] == ["education", "sante"]
    assert sorted(one.goal for one in initiative.goals) == [3, 4]
    names = session.scalars(select(Organisation.name).join(Participation).order_by(Organisation.name)).all()
    assert names == ["Escuela del Mar", "Les Amis du monde"]


def test_a_slug_never_changes_and_namesakes_get_a_number(session: Session) -> None:
    first = make_initiative(session, title="Deux rives")
    second = make_initiative(session, title="Deux rives")
    assert (first.slug, second.slug) == ("deux-rives", "deux-rives-2")


def test_the_true_position_of_a_protected_place_stays_in_the_revision(session: Session) -> None:
    initiative = make_initiative(session, there=(SEGOU,))
    there = session.execute(
        select(Anchor, func.ST_X(Anchor.geom), func.ST_Y(Anchor.geom)).where(Anchor.side == "there")
    ).one()
    anchor, lon, lat = there
    assert (anchor.name, anchor.key, anchor.keys, anchor.is_withheld) == ("Mali", "p:ML", ["p:ML"], True)
    assert abs(lon - SEGOU.lon) > 0.5 or abs(lat - SEGOU.lat) > 0.5
    assert "segou" not in session.get_one(SearchRow, initiative.id).heading
    revision = session.get_one(Revision, initiative.published_revision_id)
    assert from_json(revision.content, revision.schema).there[0].lon == SEGOU.lon


def test_a_hidden_village_typed_over_a_coarse_territory_shows_the_territory_alone(session: Session) -> None:
    for keys in (("a:MG.33", "p:MG"), ("p:MG",)):
        village = replace(ANTSIRABE, label="Village secret", keys=keys, lon=47.111, lat=-19.222)
        initiative = make_initiative(session, there=(village,), partners=())
        shown = initiative.anchors[-1]
        assert shown.is_withheld
        assert "secret" not in shown.label
        assert session.scalar(select(func.ST_X(Anchor.geom)).where(Anchor.id == shown.id)) != 47.111


def test_a_new_address_is_made_when_the_old_one_tells_a_place_now_hidden(session: Session) -> None:
    author = make_account(session)
    first = make_review(session, make_content(title="École d’Antsirabe", there=(ANTSIRABE,)), author=author)
    curator = make_account(session, curates=first.network.slug)
    initiative = publish(session, first.revision, actor=curator)
    assert initiative.slug == "ecole-d-antsirabe"
    hidden = make_content(title="Une école", there=(replace(ANTSIRABE, shown_as=Disclosure.COUNTRY),))
    publish(session, record_revision(session, hidden, author=author, initiative=initiative), actor=curator)
    assert initiative.slug == "une-ecole"


def test_a_withdrawal_is_not_undone_by_a_review_that_was_waiting(session: Session) -> None:
    author = make_account(session)
    first = make_review(session, author=author)
    curator = make_account(session, curates=first.network.slug)
    initiative = publish(session, first.revision, actor=curator)
    waiting = record_revision(session, make_content(title="Suite"), author=author, initiative=initiative)
    withdraw(session, initiative, actor=author)
    with pytest.raises(Conflict, match="retiré"):
        publish(session, waiting, actor=curator)


def test_a_village_that_no_list_holds_keeps_its_name_beside_what_was_found(session: Session) -> None:
    village = replace(ANTSIRABE, label="Masinandraina, près d’Antsirabe", context="")
    initiative = make_initiative(session, there=(village,))
    shown = initiative.anchors[-1]
    assert (shown.label, shown.name, shown.context) == ("Masinandraina, près d’Antsirabe", "Antsirabe", "Antsirabe")


def test_a_partner_that_has_not_agreed_has_no_row_and_is_not_found(session: Session) -> None:
    silent = (PartnerContent("Cooperativa Secreta", agreement=Agreement.NOT_ASKED),)
    initiative = make_initiative(session, partners=silent)
    assert session.scalars(select(Organisation.name)).all() == ["Les Amis du monde"]
    assert "secreta" not in session.get_one(SearchRow, initiative.id).body


def test_an_organisation_of_the_same_name_elsewhere_is_another_one(session: Session) -> None:
    make_initiative(session, here=(MORLAIX,))
    make_initiative(session, here=(BORDEAUX,))
    slugs = session.scalars(select(Organisation.slug).where(Organisation.side == "here").order_by(Organisation.slug))
    assert slugs.all() == ["les-amis-du-monde", "les-amis-du-monde-2"]


def test_an_organisation_of_two_initiatives_of_one_place_is_one_row(session: Session) -> None:
    make_initiative(session, carriers=(OrganisationContent("Les Amis du monde"),))
    make_initiative(session, carriers=(OrganisationContent("LES AMIS du Monde"),), here=(QUIMPER,))
    assert session.scalar(select(func.count()).where(Organisation.side == "here")) == 1


def test_withdrawing_removes_every_trace_from_the_projection(session: Session) -> None:
    author = make_account(session)
    review = make_review(session, author=author)
    curator = make_account(session, curates=review.network.slug)
    initiative = publish(session, review.revision, actor=curator)
    withdraw(session, initiative, actor=author)
    for table in (Anchor, Participation, SearchRow):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    assert (initiative.state, initiative.title, initiative.published_revision_id) == ("withdrawn", "", None)


def test_a_withdrawn_initiative_cannot_be_withdrawn_again(session: Session) -> None:
    initiative = make_initiative(session)
    curator = make_account(session, curates="reseau-bretagne-solidaire")
    withdraw(session, initiative, actor=curator)
    with pytest.raises(Conflict):
        withdraw(session, initiative, actor=curator)


def test_a_stranger_can_neither_publish_nor_withdraw_nor_propose(session: Session) -> None:
    review = make_review(session)
    stranger = make_account(session)
    elsewhere = make_account(session, curates="so-cooperation")
    for actor in (stranger, elsewhere):
        with pytest.raises(Forbidden):
            publish(session, review.revision, actor=actor)
        with pytest.raises(Forbidden):
            record_revision(session, make_content(), author=actor, initiative=review.revision.initiative)
    initiative = make_initiative(session)
    with pytest.raises(Forbidden):
        withdraw(session, initiative, actor=stranger)


def test_an_invalid_content_leaves_nothing_behind(session: Session) -> None:
    author = make_account(session)
    with pytest.raises(Invalid) as refusal:
        record_revision(session, make_content(title="", since_year=3000), author=author, initiative=None)
    assert {problem.field for problem in refusal.value.problems} == {"title", "since_year"}
    assert session.scalar(select(func.count()).select_from(Initiative)) == 0
    assert session.scalar(select(func.count()).select_from(Revision)) == 0


def test_publishing_a_change_replaces_the_whole_projection(session: Session) -> None:
    author = make_account(session)
    first = make_review(session, make_content(goals=(1,)), author=author)
    curator = make_account(session, curates=first.network.slug)
    initiative = publish(session, first.revision, actor=curator)
    slug = initiative.slug
    hidden = replace(PUERTO_LOPEZ, shown_as=Disclosure.COUNTRY)
    changed = make_content(title="Un autre nom", here=(QUIMPER,), there=(hidden,), goals=())
    second = record_revision(session, changed, author=author, initiative=initiative)
    assert initiative.title != "Un autre nom", "what is published stays up meanwhile"
    publish(session, second, actor=curator)
    session.refresh(initiative)
    assert (initiative.slug, initiative.title, second.number) == (slug, "Un autre nom", 2)
    assert [anchor.name for anchor in initiative.anchors] == ["Quimper", "Équateur"]
    assert initiative.goals == []

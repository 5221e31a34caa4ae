"""The desk's queue: what waits in a curator's networks, why, since when, and what it may repeat."""

from __future__ import annotations

from dataclasses import replace

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories import ANTSIRABE, BORDEAUX, SEGOU, make_content, make_initiative, make_review
from tests.reading import words
from tests.reviews.conftest import change_of


def test_the_queue_tells_each_link_why_it_is_here_and_since_when(session: Session, curator: FlaskClient) -> None:
    make_review(session, make_content(title="Sous vigilance", there=(SEGOU,)))
    change_of(session, title="Trois rives")
    make_review(session, make_content(title="Ailleurs", here=(BORDEAUX,)))
    session.commit()
    page = curator.get("/relecture")
    said = words(page)
    assert "Deux fiches attendent votre relecture" in said
    assert "Sous vigilance Nouvelle fiche, envoyée par Les Amis du monde ." in said
    assert "Pays sous vigilance : deux accords sont nécessaires" in said
    assert (
        "Trois rives Changement proposé par Les Amis du monde : nom de l’initiative. La fiche reste en ligne." in said
    )
    assert "Reçue aujourd’hui" in said
    assert "Ailleurs" not in said
    assert page.headers["Cache-Control"] == "no-store"


def test_the_queue_says_what_a_new_sheet_may_repeat_published_or_waiting(
    session: Session, curator: FlaskClient
) -> None:
    make_initiative(session, title="Deux rives")
    make_review(session, make_content(title="Les deux rives"))
    ports = make_content(title="Deux ports", there=(ANTSIRABE,))
    make_review(session, ports)
    make_review(session, replace(ports, title="Les deux ports", summary="Dit autrement."))
    seul = make_content(title="Seul", there=(SEGOU,))
    make_review(session, seul)
    change_of(session, title="Trois quais")
    session.commit()
    said = words(curator.get("/relecture"))
    sent = "Nouvelle fiche, envoyée par Les Amis du monde ."
    assert f"Les deux rives {sent} Peut-être déjà publiée : Deux rives Reçue" in said
    assert f"Deux ports {sent} Peut-être la même, en attente aussi : Les deux ports Reçue" in said
    assert f"Les deux ports {sent} Peut-être la même, en attente aussi : Deux ports Reçue" in said
    assert f"Seul {sent} Pays sous vigilance" in said
    assert said.count("eut-être") == 3, "neither the one that is alone nor the change of a published sheet"
    told = words(curator.get("/relecture?file=relues"))
    assert "eut-être" not in told


def test_an_empty_desk_says_that_everything_is_read(curator: FlaskClient) -> None:
    assert "Aucune fiche n’attend votre relecture" in words(curator.get("/relecture"))
    assert "Aucune décision pour l’instant" in words(curator.get("/relecture?file=relues"))


def test_the_queue_asks_the_database_the_same_number_of_questions_whatever_waits(
    session: Session, curator: FlaskClient, count_queries: list[str]
) -> None:
    make_initiative(session, title="Deux rives")
    curator.get("/initiatives")  # the columns of what is published are read once
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_review(session, make_content(title="Deux rives"))
        session.commit()
        count_queries.clear()
        assert curator.get("/relecture").status_code == 200
        counts.append(len(count_queries))
    assert counts[0] == counts[1]

"""The desk: a curator reads what waits in their networks and nothing else, decides once, and loses no word."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.contributions import operations as contributions
from directory.contributions.permissions import Holder
from directory.core.errors import Conflict, Forbidden, Invalid
from directory.core.jobs import Job
from directory.geocoding.operations import remember
from directory.geocoding.providers import Hit, State, make_providers
from directory.initiatives.content import InitiativeContent, OrganisationContent, PartnerContent
from directory.initiatives.vocabulary import Agreement, Stage
from directory.networks.queries import get_network
from directory.reviews.models import Handover, Review
from directory.reviews.operations import decide, hand_over, take_back
from directory.reviews.vocabulary import Decision, ReviewState
from tests.conftest import SignIn
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    QUIMPER,
    SEGOU,
    make_account,
    make_answers,
    make_content,
    make_initiative,
    make_review,
)
from tests.reading import words
from tests.reviews.conftest import BRETAGNE, change_of

EXITS = ("/", "/initiatives", "/carte", "/carte/liste", "/initiatives.csv", "/initiatives.geojson", "/organisations")
AQUITAINE = "so-cooperation"


def press(client: FlaskClient, review: Review, action: str = "decision", **data: Any) -> TestResponse:
    """Send a form of the review's page, with its token."""
    page = client.get(f"/relecture/{review.id}").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return client.post(f"/relecture/{review.id}/{action}", data={"csrf_token": token[1] if token else "", **data})


def test_a_stranger_signs_in_and_an_account_without_network_is_told_so(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    review = make_review(session)
    session.commit()
    for address in ("/relecture", f"/relecture/{review.id}"):
        answer = client.get(address)
        assert answer.status_code == 303
        assert "/compte/connexion" in answer.headers["Location"]
        refused = sign_in(make_account(session)).get(address)
        assert refused.status_code == 403
        assert "animent un réseau" in words(refused)


def test_another_network_s_review_does_not_exist(session: Session, curator: FlaskClient) -> None:
    review = make_review(session, make_content(here=(BORDEAUX,)))
    session.commit()
    assert curator.get(f"/relecture/{review.id}").status_code == 404
    for action in ("decision", "transmettre"):
        assert press(curator, review, action, decision="publier").status_code in (400, 404)
    session.refresh(review)
    assert review.state == ReviewState.WAITING


def test_a_page_shows_places_with_their_verdicts_and_what_to_ask(session: Session, curator: FlaskClient) -> None:
    review = make_review(
        session,
        make_content(
            title="Un forage",
            there=(ANTSIRABE,),
            partners=(PartnerContent("Lycée technique", agreement=Agreement.NOT_ASKED),),
            since_year=None,
        ),
    )
    session.commit()
    said = words(curator.get(f"/relecture/{review.id}"))
    assert "Antsirabe , Madagascar" in said
    assert "Placé au centre de la localité ; lieu reconnu sans doute. Montré comme « Alaotra Mangoro »." in said
    assert "Lycée technique (pas encore demandé)" in said
    assert "Avez-vous pu demander à votre partenaire s’il accepte d’être nommé ?" in said
    assert "Depuis quand ce lien existe-t-il, même à peu près ?" in said


def test_a_change_is_shown_word_by_word_and_the_sheet_stays(session: Session, curator: FlaskClient) -> None:
    review = change_of(session, summary="Deux écoles s’écrivent et se rendent visite.", title="Trois rives")
    body = curator.get(f"/relecture/{review.id}").get_data(as_text=True)
    assert "<del>Deux</del>" in body
    assert "<ins>Trois</ins>" in body
    assert "<ins>et se rendent visite</ins>" in body
    assert "Deux changements sont proposés" in body.replace("&nbsp;", " ")
    assert review.revision.initiative.title == "Deux rives"


def test_publishing_puts_the_sheet_on_line_and_tells_the_structure(
    session: Session, curator: FlaskClient, client: FlaskClient
) -> None:
    review = make_review(session, make_content(title="Deux rives"))
    session.commit()
    answer = press(curator, review, decision="publier", notes=["raconter"], message="Bravo.")
    assert answer.status_code == 303
    desk = curator.get(answer.headers["Location"])
    assert "La fiche est en ligne. La structure l’apprend par courriel. Voir la fiche : Deux rives" in words(desk)
    assert 'href="/initiatives/deux-rives"' in desk.get_data(as_text=True)
    assert client.get("/initiatives/deux-rives").status_code == 200
    session.expire_all()
    assert review.state == ReviewState.PUBLISHED
    assert review.message.endswith("ce qui change ici et là-bas.\n\nBravo.")
    assert "review_decided" in set(session.scalars(select(Job.kind)))


def test_the_desk_links_to_no_sheet_that_was_not_published_here(
    session: Session, curator: FlaskClient, sign_in: SignIn
) -> None:
    waiting = make_review(session)
    make_initiative(session, title="Deux rives", here=(BORDEAUX,))
    elsewhere = session.scalars(select(Review).where(Review.state == ReviewState.PUBLISHED)).one()
    session.commit()
    for number in (waiting.id, elsewhere.id, 0, 10**12, "deux"):
        said = words(curator.get(f"/relecture?fait=publiee&fiche={number}"))
        assert "La fiche est en ligne. La structure l’apprend par courriel." in said
        assert "Voir la fiche" not in said
    own = sign_in(make_account(session, curates=AQUITAINE))
    assert "Voir la fiche" in words(own.get(f"/relecture?fait=publiee&fiche={elsewhere.id}"))


def test_a_decision_leaves_a_line_in_the_log_without_any_address(
    session: Session, curator: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    review = make_review(session)
    session.commit()
    caplog.set_level("INFO", "directory")
    press(curator, review, decision="publier")
    lines = [line for line in caplog.messages if line.startswith(f"review {review.id}: published by account")]
    assert len(lines) == 1
    assert "@" not in lines[0]


def test_asking_for_changes_takes_one_tick(session: Session, curator: FlaskClient) -> None:
    review = make_review(session, make_content(since_year=None))
    session.commit()
    assert press(curator, review, decision="demander", questions=["depuis", "inconnue"]).status_code == 303
    session.expire_all()
    assert review.state == ReviewState.CHANGES_REQUESTED
    assert "– Depuis quand ce lien existe-t-il, même à peu près\u00a0?" in review.message
    assert "Corrigez dans votre espace" in review.message


@pytest.mark.parametrize("decision", ["demander", "refuser"])
def test_a_refusal_without_a_word_comes_back_to_be_completed(
    session: Session, curator: FlaskClient, decision: str
) -> None:
    review = make_review(session)
    session.commit()
    answer = press(curator, review, decision=decision)
    assert answer.status_code == 422
    assert "Dites pourquoi, en une phrase" in words(answer)
    session.expire_all()
    assert review.state == ReviewState.WAITING


def test_declining_with_a_prepared_reason_and_own_words(session: Session, curator: FlaskClient) -> None:
    review = make_review(session)
    session.commit()
    press(curator, review, decision="refuser", reasons=["doublon"], message="Voyez « Deux rives ».")
    session.expire_all()
    assert review.state == ReviewState.DECLINED
    assert review.message.endswith("Voyez « Deux rives ».")
    assert "déjà dans l’annuaire" in review.message


def test_what_was_found_online_for_a_doubtful_place_is_at_hand(
    app: Flask, session: Session, curator: FlaskClient
) -> None:
    wide = replace(SEGOU, label="Konna (Mali)", keys=("p:ML",), name="Mali", context="", precision="country")
    review = make_review(session, make_content(there=(replace(wide, verdict="approché"),)))
    remember(session, "photon", "Konna (Mali)", State.FOUND, [Hit("Konna", "Mopti, Mali", 14.94, -3.9, "ML")])
    session.commit()
    assert "Trouvé en ligne" not in words(curator.get(f"/relecture/{review.id}")), "the site does not look further"
    app.extensions["place_providers"] = make_providers(("photon",), "Site")
    said = words(curator.get(f"/relecture/{review.id}"))
    if app.extensions["gazetteer"] is not None:
        assert "Konna (Mopti, Mali), par Photon, d’après OpenStreetMap" in said


@pytest.mark.parametrize(("agrees", "shown"), [("", "Mali"), ("oui", "Ségou")])
def test_a_watched_place_is_shown_only_by_the_curator_s_word(
    session: Session, curator: FlaskClient, client: FlaskClient, agrees: str, shown: str
) -> None:
    review = make_review(session, make_content(title="Deux rives", summary="On s’écrit.", there=(SEGOU,)))
    session.commit()
    page = words(curator.get(f"/relecture/{review.id}"))
    assert "Mali est sous vigilance depuis le 22 novembre 2026. Conflit armé et insécurité" in page
    word = {"agrees_to_place": agrees} if agrees else {}
    assert press(curator, review, decision="publier", **word).status_code == 303
    assert shown in words(client.get("/initiatives/deux-rives"))
    session.expire_all()
    assert review.agrees_to_place is bool(agrees)


def test_the_second_curator_reads_who_decided_and_keeps_the_message(session: Session, sign_in: SignIn) -> None:
    review = make_review(session, make_content(title="Deux rives"))
    session.commit()
    first, second = (sign_in(make_account(session, curates=BRETAGNE)) for _ in range(2))
    page = second.get(f"/relecture/{review.id}").get_data(as_text=True)
    assert press(first, review, decision="publier").status_code == 303
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    late = {"csrf_token": token[1], "decision": "refuser", "message": "Un long message."}
    answer = second.post(f"/relecture/{review.id}/decision", data=late)
    assert answer.status_code == 409
    said = words(answer)
    assert "déjà été traitée : Réseau Bretagne Solidaire a publié cette version le" in said
    assert "Un long message." in said
    session.expire_all()
    assert review.state == ReviewState.PUBLISHED


def test_a_decision_on_an_outdated_version_is_refused_and_says_why(session: Session, curator: FlaskClient) -> None:
    author = make_account(session)
    draft = contributions.start(session, make_answers(), account=author)
    old = contributions.send(session, draft, holder=Holder(author))
    assert old is not None
    session.commit()
    page = curator.get(f"/relecture/{old.id}").get_data(as_text=True)
    contributions.save(session, draft, {"title": "Mieux dit"}, holder=Holder(author), counter=0)
    new = contributions.send(session, draft, holder=Holder(author))
    assert new is not None
    session.commit()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    late = {"csrf_token": token[1], "decision": "publier", "message": "Bravo pour tout."}
    answer = curator.post(f"/relecture/{old.id}/decision", data=late)
    assert answer.status_code == 409
    said = words(answer)
    assert "une version plus récente : relisez celle-là. La voici, avec votre message : rien n’a été envoyé." in said
    assert "Mieux dit" in said
    assert "Bravo pour tout." in said
    assert f"/relecture/{new.id}/decision" in answer.get_data(as_text=True)


def test_a_review_is_handed_over_to_a_network_of_its_places_only(
    session: Session, curator: FlaskClient, sign_in: SignIn
) -> None:
    review = make_review(session, make_content(title="Deux rives", here=(MORLAIX, BORDEAUX)))
    session.commit()
    refused = press(curator, review, "transmettre", network="gescod", reason="À vous.")
    assert refused.status_code == 422
    assert "Choisissez un réseau dans la liste." in words(refused)
    assert "À vous." in words(refused)
    assert press(curator, review, "transmettre", network=AQUITAINE, reason="Elle est de chez vous.").status_code == 303
    session.expire_all()
    assert review.network.slug == AQUITAINE
    assert session.scalar(select(func.count()).select_from(Handover)) == 1
    other = sign_in(make_account(session, curates=AQUITAINE))
    assert "Elle est de chez vous." in words(other.get(f"/relecture/{review.id}"))
    given = words(curator.get(f"/relecture/{review.id}"))
    assert "So Coopération relit cette fiche et décide. Elle a un lieu dans votre territoire." in given
    assert press(curator, review, decision="publier").status_code in (400, 404)
    assert press(other, review, decision="publier").status_code == 303
    session.expire_all()
    assert review.state == ReviewState.PUBLISHED
    assert review.revision.initiative.network_id == review.network_id


def test_networks_of_the_other_places_are_informed_and_decide_nothing(session: Session, sign_in: SignIn) -> None:
    review = make_review(session, make_content(title="Deux rives", here=(MORLAIX, QUIMPER, BORDEAUX)))
    session.commit()
    informed = sign_in(make_account(session, curates=AQUITAINE))
    assert "Deux rives" not in words(informed.get("/relecture"))
    assert "Deux rives" in words(informed.get("/relecture?file=pour-information"))
    page = informed.get(f"/relecture/{review.id}")
    assert "Réseau Bretagne Solidaire relit cette fiche et décide" in words(page)
    assert "<form" not in page.get_data(as_text=True).split("<main", 1)[1].split("</main>")[0]
    assert press(informed, review, decision="publier").status_code in (400, 404)


def test_what_looks_like_it_is_shown_published_or_waiting(session: Session, curator: FlaskClient) -> None:
    optique = (OrganisationContent("Opti"),)
    make_initiative(session, title="Les lunettes de Pleumeur", carriers=optique)
    make_review(session, make_content(title="Lunettes de Pleumeur", carriers=optique))
    review = make_review(session, make_content(title="Les lunettes", carriers=optique))
    session.commit()
    said = words(curator.get(f"/relecture/{review.id}"))
    assert "Est-ce la même ?" in said
    assert "Les lunettes de Pleumeur Publiée. Même structure" in said
    assert "Lunettes de Pleumeur En attente de relecture. Même structure" in said


@pytest.mark.parametrize("address", EXITS)
@pytest.mark.parametrize("decision", [None, Decision.DECLINE, Decision.REQUEST_CHANGES])
def test_what_waits_or_was_declined_leaks_nowhere(
    session: Session, client: FlaskClient, address: str, decision: Decision | None
) -> None:
    review = make_review(session, make_content(title="Secret de relecture", carriers=(OrganisationContent("Cachée"),)))
    if decision:
        decide(session, review, actor=make_account(session, curates=BRETAGNE), decision=decision, message="Non.")
    session.commit()
    body = client.get(address).get_data(as_text=True)
    assert "Secret de relecture" not in body
    assert "Cachée" not in body


def test_the_usual_delay_is_the_network_s_word_then_what_it_did(session: Session, curator: FlaskClient) -> None:
    review = make_review(session)
    review.network.usual_days = 10
    session.commit()
    assert "réponse attendue dans 10 jours" in words(curator.get("/relecture"))
    for _ in range(5):
        make_initiative(session)
    assert "réponse attendue demain" in words(curator.get("/relecture"))


def test_hostile_words_are_text_at_the_desk(session: Session, curator: FlaskClient) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    content: InitiativeContent = make_content(title=hostile, summary=hostile, stage=Stage.IDEA)
    review = make_review(session, content)
    session.commit()
    for address in ("/relecture", f"/relecture/{review.id}"):
        body = curator.get(address).get_data(as_text=True)
        assert "<img" not in body.split("<main", 1)[1]
        assert "&lt;img src=x" in body


def test_a_review_handed_over_meanwhile_gives_back_what_was_written_to_the_other_network(
    session: Session, sign_in: SignIn
) -> None:
    review = make_review(session, make_content(here=(MORLAIX, BORDEAUX)))
    session.commit()
    first, second = (sign_in(make_account(session, curates=BRETAGNE)) for _ in range(2))
    page = second.get(f"/relecture/{review.id}").get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    assert press(first, review, decision="publier").status_code == 303
    late = {"csrf_token": token[1], "network": AQUITAINE, "reason": "Elle vous revient."}
    answer = second.post(f"/relecture/{review.id}/transmettre", data=late)
    assert answer.status_code == 409
    assert "Elle vous revient." in words(answer)
    assert session.scalar(select(func.count()).select_from(Handover)) == 0


def test_a_handover_by_somebody_without_the_network_is_refused(session: Session) -> None:
    review = make_review(session, make_content(here=(MORLAIX, BORDEAUX)))
    stranger = make_account(session, curates=AQUITAINE)
    with pytest.raises(Forbidden):
        hand_over(session, review, actor=stranger, network=get_network(session, AQUITAINE))
    owner = make_account(session, curates=BRETAGNE)
    with pytest.raises(Invalid):
        hand_over(session, review, actor=owner, network=get_network(session, BRETAGNE))
    with pytest.raises(Invalid):
        hand_over(session, review, actor=owner, network=get_network(session, "gescod"))
    hand_over(session, review, actor=owner, network=get_network(session, "file-nationale"))
    assert review.network.is_national
    with pytest.raises(Forbidden):
        decide(session, review, actor=owner, decision=Decision.PUBLISH)


def test_an_author_takes_back_what_waits_and_only_that(session: Session) -> None:
    author = make_account(session)
    review = make_review(session, author=author)
    with pytest.raises(Forbidden):
        take_back(session, review, account=make_account(session, curates=BRETAGNE))
    take_back(session, review, account=author)
    assert review.state == ReviewState.TAKEN_BACK
    curator = make_account(session, curates=BRETAGNE)
    with pytest.raises(Conflict, match="la structure a repris son envoi"):
        decide(session, review, actor=curator, decision=Decision.PUBLISH)
    with pytest.raises(Conflict):
        take_back(session, review, account=author)


def test_a_sheet_sent_again_shows_what_was_asked_and_what_changed_since(session: Session, curator: FlaskClient) -> None:
    author = make_account(session)
    draft = contributions.start(session, make_answers(make_content(since_year=None)), account=author)
    first = contributions.send(session, draft, holder=Holder(author))
    assert first is not None
    decider = make_account(session, curates=BRETAGNE)
    decide(session, first, actor=decider, decision=Decision.REQUEST_CHANGES, message="Depuis quand ?")
    contributions.save(session, draft, {"since_year": "2011"}, holder=Holder(author), counter=draft.counter)
    again = contributions.send(session, draft, holder=Holder(author))
    assert again is not None
    session.commit()
    assert "Corrigée et renvoyée par Les Amis du monde" in words(curator.get("/relecture"))
    page = curator.get(f"/relecture/{again.id}")
    said = words(page)
    assert "Ce que le réseau avait demandé le" in said
    assert "Depuis quand ?" in said
    assert "voici ce qui a changé depuis la précédente" in said
    assert "<ins>2011</ins>" in page.get_data(as_text=True)
    assert "En ligne" not in said

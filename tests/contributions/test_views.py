"""`/proposer` as a browser without scripts sees it: nothing typed is lost, nothing is sent twice."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.contributions.identity import LIFE
from directory.contributions.models import Draft
from directory.reviews.models import Review
from tests.contributions.proposing import (
    EMAIL,
    SENTENCE,
    answer_all,
    answers,
    begin,
    fields,
    fill,
    kinds,
    link_of,
    stored,
)

# The path


def test_the_first_page_asks_the_first_question_and_keeps_nothing(client: FlaskClient, session: Session) -> None:
    page = client.get("/proposer")
    assert "ensemble, en une phrase" in page.text
    assert "brouillon=" not in "".join(page.headers.getlist("Set-Cookie"))
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_ten_questions_and_a_mailed_link_reach_the_network(app: Flask, client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    page = client.get(f"/proposer/{draft_id}/relire")
    assert "Réseau Bretagne Solidaire" in page.text
    answer = fill(client, f"/proposer/{draft_id}/envoyer", {}, page)
    assert answer.headers["Location"] == f"/proposer/{draft_id}/recu"
    receipt = client.get(answer.headers["Location"])
    assert "Il reste un geste" in receipt.text
    assert "a…@exemple.org" in receipt.text
    assert EMAIL not in receipt.text
    assert kinds(session) == ["draft_link", "draft_confirm"]
    elsewhere = app.test_client()
    address = link_of(app, stored(session, draft_id))
    shown = elsewhere.get(address)
    assert "Confirmer et envoyer" in shown.text
    assert session.scalar(select(func.count()).select_from(Review)) == 0  # reading a mail sends nothing
    answer = fill(elsewhere, address, {}, shown)
    assert answer.headers["Location"] == f"/proposer/{draft_id}/recu"
    assert "vous relit" in elsewhere.get(answer.headers["Location"]).text
    review = session.scalars(select(Review)).one()
    assert review.network.slug == "reseau-bretagne-solidaire"
    assert kinds(session)[-1] == "review_opened"


def test_the_same_link_pressed_twice_sends_once(app: Flask, client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    fill(client, f"/proposer/{draft_id}/envoyer", {}, client.get(f"/proposer/{draft_id}/relire"))
    address = link_of(app, stored(session, draft_id))
    shown = client.get(address)
    for _ in range(2):
        assert fill(client, address, {}, shown).status_code in (303, 400)
    assert session.scalar(select(func.count()).select_from(Review)) == 1
    assert client.get(address).headers["Location"] == f"/proposer/{draft_id}/recu"


def test_a_link_that_resumes_opens_the_draft_on_another_device(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = begin(client)
    fill(client, f"/proposer/{draft_id}/structure", {"carrier": "Nous", "email": EMAIL})
    phone = app.test_client()
    assert phone.get(f"/proposer/{draft_id}/structure").status_code == 404
    answer = phone.get(link_of(app, stored(session, draft_id)))
    assert answer.headers["Location"] == f"/proposer/{draft_id}/relire"
    assert SENTENCE in phone.get(answer.headers["Location"]).text


def test_the_cookie_of_drafts_is_out_of_reach_of_scripts(client: FlaskClient) -> None:
    answer = fill(client, "/proposer", {"summary": SENTENCE})
    cookie = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("brouillon="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={LIFE}" in cookie


def test_drafts_are_offered_before_another_is_begun(client: FlaskClient) -> None:
    draft_id = begin(client)
    page = client.get("/proposer")
    assert f"/proposer/{draft_id}/relire" in page.text
    assert SENTENCE in page.text


# One initiative, whatever the clicks


def test_a_double_click_on_the_first_page_begins_one_draft(client: FlaskClient, session: Session) -> None:
    page = client.get("/proposer")
    first, second = (fill(client, "/proposer", {"summary": SENTENCE}, page) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert session.scalar(select(func.count()).select_from(Draft)) == 1


def test_the_first_page_sent_again_with_other_words_changes_the_same_draft(
    client: FlaskClient, session: Session
) -> None:
    page = client.get("/proposer")
    fill(client, "/proposer", {"summary": SENTENCE}, page)
    fill(client, "/proposer", {"summary": "Deux chorales."}, page)
    assert session.scalars(select(Draft)).one().typed["answers"]["summary"] == "Deux chorales."


def test_a_double_click_on_send_opens_one_sending(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    page = client.get(f"/proposer/{draft_id}/relire")
    for _ in range(2):
        assert fill(client, f"/proposer/{draft_id}/envoyer", {}, page).status_code == 303
    assert kinds(session).count("draft_confirm") == 1


# Kept as typed


def test_what_is_wrong_is_kept_and_comes_back_with_the_likely_year(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer = fill(client, f"/proposer/{draft_id}/histoire", {"since_year": "2105", "title": "Deux rives"})
    assert answer.status_code == 422
    assert "Vouliez-vous écrire 2005 ou 2015" in answer.text
    assert 'href="#since_year"' in answer.text
    assert fields(answer)["since_year"] == "2105"
    assert answers(session, draft_id)["since_year"] == "2105"


def test_a_sentence_too_long_begins_the_draft_and_says_so(client: FlaskClient, session: Session) -> None:
    answer = fill(client, "/proposer", {"summary": "a" * 301})
    assert answer.status_code == 422
    assert "301" in answer.text
    assert session.scalars(select(Draft)).one().typed["answers"]["summary"] == "a" * 301


def test_a_story_of_twenty_thousand_characters_is_refused_and_comes_back(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    story = "x" * 20_001
    answer = fill(client, f"/proposer/{draft_id}/histoire", {"meeting": story, "title": "Nous"})
    assert answer.status_code == 422
    assert "x" * 20_000 in answer.text
    assert answers(session, draft_id)["meeting"].startswith("x" * 20_000)


def test_every_button_keeps_what_was_typed(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    for act, target in (("revenir", "lieux"), ("plus-tard", "garde=")):
        typed = {"carrier": f"Nous, {act}", "email": "", "faire": act}
        answer = fill(client, f"/proposer/{draft_id}/structure", typed)
        assert answer.status_code == 303
        assert target in answer.headers["Location"]
        assert answers(session, draft_id)["carrier"] == f"Nous, {act}"


def test_two_tabs_on_one_screen_show_both_texts_and_lose_neither(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    address = f"/proposer/{draft_id}/structure"
    tabs = [client.get(address), client.get(address)]
    fill(client, address, {"carrier": "Premier onglet", "email": ""}, tabs[0])
    answer = fill(client, address, {"carrier": "Second onglet", "email": ""}, tabs[1])
    assert answer.status_code == 409
    assert "Premier onglet" in answer.text
    assert fields(answer)["carrier"] == "Second onglet"
    assert answers(session, draft_id)["carrier"] == "Premier onglet"
    fill(client, address, {}, answer)
    assert answers(session, draft_id)["carrier"] == "Second onglet"


def test_two_tabs_on_two_screens_do_not_disturb_each_other(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    tab = client.get(f"/proposer/{draft_id}/structure")
    fill(client, f"/proposer/{draft_id}/histoire", {"title": "Deux rives", "stage": "ongoing"})
    typed = {"carrier": "Nous", "email": EMAIL}
    assert fill(client, f"/proposer/{draft_id}/structure", typed, tab).status_code == 303
    assert answers(session, draft_id)["carrier"] == "Nous"
    assert answers(session, draft_id)["title"] == "Deux rives"


def test_words_sent_after_the_session_expired_go_back_to_their_author(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = begin(client)
    page = client.get(f"/proposer/{draft_id}/structure")
    client.delete_cookie("brouillon")
    typed = {"carrier": "Ce que je venais d’écrire", "email": EMAIL}
    refused = fill(client, f"/proposer/{draft_id}/structure", typed, page)
    assert refused.status_code == 404
    assert "Votre texte est toujours là" in refused.text
    fill(client, f"/proposer/{draft_id}/structure", {}, refused)
    assert "carrier" not in answers(session, draft_id)
    session.get_one(Draft, draft_id).email = EMAIL
    session.commit()
    client.get(link_of(app, stored(session, draft_id)))  # opened in another tab
    fill(client, f"/proposer/{draft_id}/structure", {}, refused)
    assert answers(session, draft_id)["carrier"] == "Ce que je venais d’écrire"

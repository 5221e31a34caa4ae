"""`/proposer`: whose draft it is, what links open, what nobody should send."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.contributions.models import Draft
from directory.core import tokens
from directory.networks.models import Network
from tests.conftest import SignIn
from tests.contributions.proposing import (
    ANSWERS,
    EMAIL,
    PLACES,
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
from tests.factories import make_account, make_initiative, make_territory_anchor

# Whose draft


def test_nobody_reads_or_writes_the_draft_of_another(app: Flask, client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    stranger = app.test_client()
    token = fields(stranger.get("/proposer"))["csrf_token"]
    for path in ("ensemble", "lieux", "structure", "partenaire", "histoire", "relire", "recu"):
        answer = stranger.get(f"/proposer/{draft_id}/{path}")
        assert answer.status_code == 404, path
        assert SENTENCE not in answer.text
    for path in ("ensemble", "envoyer", "recu", "effacer"):
        answer = stranger.post(f"/proposer/{draft_id}/{path}", data={"csrf_token": token, "summary": "Volé"})
        assert answer.status_code == 404, path
    assert answers(session, draft_id)["summary"] == SENTENCE


def test_a_cookie_that_we_did_not_sign_opens_nothing(app: Flask, client: FlaskClient) -> None:
    draft_id = begin(client)
    for value in ("", "x", "W10.x.y", tokens.sign("x" * 40, "drafts held", [[draft_id, "0" * 32, ""]])):
        stranger = app.test_client()
        stranger.set_cookie("brouillon", value)
        assert stranger.get(f"/proposer/{draft_id}/relire").status_code == 404


def test_fields_that_no_screen_asks_are_ignored(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    forged = {"account_id": "1", "review_id": "1", "nonce": "a", "typed": "{}", "state": "published", "title": "Autre"}
    fill(client, f"/proposer/{draft_id}/structure", {"carrier": "Nous", "email": EMAIL, **forged})
    draft = stored(session, draft_id)
    assert (draft.account_id, draft.review_id) == (None, None)
    assert set(draft.typed["answers"]) == {"summary", "carrier", "email"}


def test_a_post_without_the_token_of_its_page_is_refused(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    for path in ("structure", "envoyer", "recu", "effacer"):
        typed = {"carrier": "Sans jeton", "counter": "1"}
        assert client.post(f"/proposer/{draft_id}/{path}", data=typed).status_code in (303, 400, 422), path
    assert "carrier" not in answers(session, draft_id)


# Links


@pytest.mark.parametrize("token", ["x", "a.b.c", "W10.aaaa.bbbb", "é", "x" * 3000])
def test_a_link_that_is_not_ours_offers_another(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/proposer/lien/{token}")
    assert answer.status_code == 410
    assert "Recevoir un lien" in answer.text


def test_the_link_of_an_address_that_was_corrected_opens_nothing(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = begin(client)
    fill(client, f"/proposer/{draft_id}/structure", {"carrier": "Nous", "email": "erreur@exemple.org"})
    old = link_of(app, stored(session, draft_id), "erreur@exemple.org")
    fill(client, f"/proposer/{draft_id}/structure", {"carrier": "Nous", "email": EMAIL})
    assert app.test_client().get(old).status_code == 410


def test_asking_for_a_link_answers_alike_whether_a_draft_waits_or_not(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = begin(client)
    fill(client, f"/proposer/{draft_id}/structure", {"carrier": "Nous", "email": EMAIL})
    before = len(kinds(session))
    told = []
    for email in (EMAIL, "inconnue@exemple.org"):
        answer = fill(app.test_client(), "/proposer/lien", {"email": email})
        assert answer.status_code == 200
        told.append(answer.text.replace(email, "").replace(fields(answer)["csrf_token"], ""))
    assert told[0] == told[1]
    assert len(kinds(session)) == before + 1


def test_the_receipt_mails_again_and_lets_one_correct_the_address(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    fill(client, f"/proposer/{draft_id}/envoyer", {}, client.get(f"/proposer/{draft_id}/relire"))
    address = f"/proposer/{draft_id}/recu"
    assert "Un nouveau message" in client.get(fill(client, address, {}).headers["Location"]).text
    assert kinds(session).count("draft_confirm") == 2
    assert fill(client, address, {"email": "pas une adresse"}).status_code == 422
    fill(client, address, {"email": "b.riou@exemple.org"})
    assert stored(session, draft_id).email == "b.riou@exemple.org"
    assert kinds(session).count("draft_confirm") == 3


# Reading over


def test_reading_over_says_what_is_missing_and_leads_to_it(client: FlaskClient) -> None:
    draft_id = begin(client)
    page = client.get(f"/proposer/{draft_id}/relire")
    for slug in ("lieux", "structure", "partenaire", "histoire"):
        assert f"/proposer/{draft_id}/{slug}?retour=relire" in page.text
    assert fill(client, f"/proposer/{draft_id}/envoyer", {}, page).status_code == 422


def test_a_screen_opened_from_reading_over_leads_back_to_it(client: FlaskClient) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    answer = fill(client, f"/proposer/{draft_id}/ensemble?retour=relire", {"summary": "Deux chorales."})
    assert answer.headers["Location"] == f"/proposer/{draft_id}/relire"


def test_a_name_is_proposed_that_withholds_what_the_place_withholds(client: FlaskClient) -> None:
    draft_id = begin(client)
    fill(
        client,
        f"/proposer/{draft_id}/lieux",
        {**PLACES, "there-0-typed": "Antsirabe, Vakinankaratra"} | {"there-0-choice": "v:1069166"},
    )
    assert fields(client.get(f"/proposer/{draft_id}/histoire"))["title"] == "Morlaix – Vakinankaratra"


def test_what_waits_for_its_network_is_followed_rather_than_changed(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    fill(client, f"/proposer/{draft_id}/envoyer", {}, client.get(f"/proposer/{draft_id}/relire"))
    address = link_of(app, stored(session, draft_id))
    fill(client, address, {}, client.get(address))
    for slug in ("lieux", "relire"):
        assert client.get(f"/proposer/{draft_id}/{slug}").headers["Location"] == f"/proposer/{draft_id}/recu"


# What nobody should send


def test_ten_megabytes_are_refused_before_they_are_read(client: FlaskClient) -> None:
    draft_id = begin(client)
    body = b"summary=" + b"a" * 10_000_000
    answer = client.post(f"/proposer/{draft_id}/ensemble", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "text",
    [
        "a\x00b",
        "\x1b[31m",
        "\ufffe",
        "e" + "\u0301" * 1000,
        "\u202egnp.exe",
        "👩\u200d👩\u200d👧",
        "ﬁ Κ К K",
        "<script>",
    ],
)
def test_no_text_is_the_sites_fault_in_any_field(client: FlaskClient, session: Session, text: str) -> None:
    answer = fill(client, "/proposer", {"summary": f"Ensemble {text}"})
    assert answer.status_code in (303, 422)
    draft_id = session.scalars(select(Draft.id)).one()
    for slug, typed in ANSWERS:
        page = client.get(f"/proposer/{draft_id}/{slug}")
        hostile = {name: f"{text}{value}" for name, value in typed.items()}
        answer = fill(client, f"/proposer/{draft_id}/{slug}", hostile, page)
        assert answer.status_code in (303, 422), slug
        assert "<script>" + typed.get("carrier", "") not in answer.text
        assert client.get(f"/proposer/{draft_id}/{slug}").status_code == 200
    assert client.get(f"/proposer/{draft_id}/relire").status_code == 200


@pytest.mark.parametrize(
    "name", ["here-²-typed", "here-99999999999999999999-typed", "here--1-typed", "here-٣-typed", "partners-²-name"]
)
def test_a_line_with_a_strange_number_is_ignored(client: FlaskClient, name: str) -> None:
    draft_id = begin(client)
    for slug in ("lieux", "partenaire"):
        assert fill(client, f"/proposer/{draft_id}/{slug}", {name: "x"}).status_code == 422


@pytest.mark.parametrize("counter", ["", "x", "-1", "1e9", "9" * 400, "²"])
def test_a_strange_counter_changes_nothing(client: FlaskClient, session: Session, counter: str) -> None:
    draft_id = begin(client)
    typed = {"carrier": "Nous", "email": "", "counter": counter, "base": "x"}
    assert fill(client, f"/proposer/{draft_id}/structure", typed).status_code == 409
    assert "carrier" not in answers(session, draft_id)


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "abc"])
def test_a_draft_that_does_not_exist_is_not_found(client: FlaskClient, number: str) -> None:
    assert client.get(f"/proposer/{number}/lieux").status_code == 404


# Signed in


def test_somebody_signed_in_is_not_asked_for_an_address_and_sends_at_once(sign_in: SignIn, session: Session) -> None:
    account = make_account(session)
    visitor = sign_in(account)
    draft_id = begin(visitor)
    page = visitor.get(f"/proposer/{draft_id}/structure")
    assert account.email in page.text
    assert "email" not in fields(page)
    for slug, typed in ANSWERS:
        asked = {name: value for name, value in typed.items() if name != "email"}
        assert fill(visitor, f"/proposer/{draft_id}/{slug}", asked).status_code == 303
    fill(visitor, f"/proposer/{draft_id}/envoyer", {}, visitor.get(f"/proposer/{draft_id}/relire"))
    assert "vous relit" in visitor.get(f"/proposer/{draft_id}/recu").text
    assert "draft_link" not in kinds(session)
    assert stored(session, draft_id).account_id == account.id


def test_a_published_sheet_that_looks_like_it_is_shown_before_sending(client: FlaskClient, session: Session) -> None:
    published = make_initiative(
        session,
        title="Deux rives, deux écoles",
        there=(make_territory_anchor(session, "Mali"),),
        partners=(),
    )
    draft_id = begin(client)
    answer_all(client, draft_id)
    page = client.get(f"/proposer/{draft_id}/relire")
    assert "Est-ce la même" in page.text
    assert f"/initiatives/{published.slug}" in page.text
    assert "Non, c’est une autre" in page.text


def test_the_usual_delay_of_the_network_is_said_only_when_it_is_known(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    assert "pas encore connu" in client.get(f"/proposer/{draft_id}/relire").text
    network = session.scalars(select(Network).where(Network.slug == "reseau-bretagne-solidaire")).one()
    network.usual_days = 10
    session.commit()
    assert "10\u00a0jours ou moins" in client.get(f"/proposer/{draft_id}/relire").text.replace("&nbsp;", "\u00a0")


def test_a_draft_is_erased_only_when_asked_twice(client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    page = client.get(f"/proposer/{draft_id}/effacer")
    assert SENTENCE in page.text
    assert session.get(Draft, draft_id) is not None
    fill(client, f"/proposer/{draft_id}/effacer", {}, page)
    session.expire_all()
    assert session.get(Draft, draft_id) is None
    assert client.get(f"/proposer/{draft_id}/lieux").status_code == 404

"""`/proposer` as a browser without scripts sees it: nothing typed is lost, nothing is guessed, nothing leaks."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.contributions.identity import LIFE
from directory.contributions.models import Draft
from directory.core import tokens
from directory.core.jobs import Job
from directory.networks.models import Network
from directory.reviews.models import Review
from tests.conftest import SignIn
from tests.factories import make_account, make_initiative, make_territory_anchor

SENTENCE = "Deux écoles s’écrivent et se rendent visite."
EMAIL = "a.riou@exemple.org"
PLACES = {"here-0-typed": "Morlaix", "there-0-typed": "Bamako, Mali", "there-0-shown_as": "region"}
ANSWERS = (
    ("lieux", PLACES),
    ("structure", {"carrier": "Les Amis du Vakinankaratra", "email": EMAIL}),
    ("partenaire", {"partners-0-name": "Lycée Kankou", "partners-0-agreement": "yes", "main_sector": "education"}),
    ("histoire", {"since_year": "2015", "stage": "ongoing", "title": "Deux rives, deux écoles"}),
)


class _Fields(HTMLParser):
    """What a browser would send back of a page's forms, without pressing any named button."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "textarea":
            self._area, self.values[name] = name, ""
        if tag != "input" or not name or (given.get("type") in ("radio", "checkbox") and "checked" not in given):
            return
        self.values.setdefault(name, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def fields(page: TestResponse) -> dict[str, str]:
    """The fields of a page as it fills them."""
    parser = _Fields()
    parser.feed(page.text)
    return parser.values


def fill(client: FlaskClient, address: str, typed: dict[str, str], page: TestResponse | None = None) -> TestResponse:
    """Open a page (or use the one given), type over it and press the button."""
    shown = page or client.get(address)
    return client.post(address, data=fields(shown) | typed)


def begin(client: FlaskClient, sentence: str = SENTENCE) -> int:
    """A draft begun by this browser: its number."""
    answer = fill(client, "/proposer", {"summary": sentence})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["Location"].split("/")[2])


def answer_all(client: FlaskClient, draft_id: int, **changes: dict[str, str]) -> None:
    """The nine other questions."""
    for slug, typed in ANSWERS:
        answer = fill(client, f"/proposer/{draft_id}/{slug}", typed | changes.get(slug, {}))
        assert answer.status_code == 303, answer.text


def stored(session: Session, draft_id: int) -> Draft:
    """The draft as the database holds it now."""
    session.expire_all()
    return session.get_one(Draft, draft_id)


def answers(session: Session, draft_id: int) -> dict[str, Any]:
    """The answers of a draft as the database holds them now."""
    found: dict[str, Any] = stored(session, draft_id).typed["answers"]
    return found


def kinds(session: Session) -> list[str]:
    """What waits to be mailed."""
    return list(session.scalars(select(Job.kind).order_by(Job.id)))


def link_of(app: Flask, draft: Draft, email: str = EMAIL) -> str:
    """The address that a mail gives for a draft."""
    token = tokens.sign(app.config["SECRET_KEY"], "draft", [draft.id, draft.nonce, email])
    return f"/proposer/lien/{token}"


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

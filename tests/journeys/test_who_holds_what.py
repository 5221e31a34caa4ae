"""What somebody with another browser, an old link, a former right or a stale page may not do, nor lose."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.accounts.models import Account
from directory.contributions import memberships
from directory.contributions import operations as contributions
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.initiatives.models import Initiative
from directory.initiatives.permissions import can_withdraw
from directory.initiatives.vocabulary import Disclosure
from directory.networks.models import Curatorship, Network
from directory.organisations.models import Organisation
from directory.organisations.queries import find_membership
from directory.reviews import jobs as review_jobs
from directory.reviews import operations as reviews
from directory.reviews.models import Review
from directory.reviews.vocabulary import Decision
from tests.conftest import SignIn
from tests.contributions.proposing import EMAIL, SENTENCE, answer_all, begin, fields, fill, link_of, stored
from tests.factories import BORDEAUX, MORLAIX, SEGOU, make_account, make_content, make_initiative, make_review

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


def send(client: FlaskClient, draft_id: int) -> None:
    """Press « Envoyer au réseau »."""
    page = client.get(f"/proposer/{draft_id}/relire")
    client.post(f"/proposer/{draft_id}/envoyer", data=fields(page))


def sent(app: Flask, client: FlaskClient, session: Session) -> int:
    """A draft begun in `client`, whose sending was confirmed in another browser."""
    draft_id = begin(client)
    answer_all(client, draft_id)
    send(client, draft_id)
    fill(app.test_client(), link_of(app, stored(session, draft_id)), {})
    assert stored(session, draft_id).review_id is not None
    return draft_id


def curator_of(session: Session, initiative: Initiative) -> Account:
    """Who curates the network of an initiative."""
    chosen = select(Account).join(Curatorship).where(Curatorship.network_id == initiative.network_id)
    return session.scalars(chosen).one()


def member_of(session: Session, initiative: Initiative) -> Account:
    """Somebody whom the curator tied to the structure that carries an initiative."""
    someone = make_account(session)
    organisation = session.get_one(Organisation, initiative.participations[0].organisation_id)
    asked = memberships.ask(session, organisation, actor=someone)
    memberships.grant(session, asked, actor=curator_of(session, initiative))
    return someone


def test_a_shared_computer_shows_nothing_after_signing_out(session: Session, sign_in: SignIn) -> None:
    client = sign_in(make_account(session))
    begin(client)
    client.post("/compte/deconnexion", data=fields(client.get("/compte")))
    assert SENTENCE not in client.get("/proposer").text


def test_signing_out_closes_what_a_mailed_link_had_opened(app: Flask, client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    send(client, draft_id)
    fill(client, link_of(app, stored(session, draft_id)), {})
    assert client.get("/mon-espace").status_code == 200
    client.post("/compte/deconnexion", data=fields(client.get("/compte")))
    assert client.get(f"/proposer/{draft_id}/relire").status_code == 404


def test_a_link_mailed_to_a_mistyped_address_never_opens_the_draft(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id, structure={"email": "inconnue@exemple.org"})
    answer_all(client, draft_id, structure={"email": EMAIL})
    wrong = link_of(app, stored(session, draft_id), "inconnue@exemple.org")
    stranger = app.test_client()
    assert stranger.get(wrong).status_code == 410
    send(client, draft_id)
    fill(client, link_of(app, stored(session, draft_id)), {})
    assert stranger.get(wrong, follow_redirects=True).status_code == 410


def test_the_browser_that_began_is_told_to_sign_in_once_the_draft_has_an_account(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    draft_id = sent(app, client, session)
    review = session.get_one(Review, stored(session, draft_id).review_id)
    curator = make_account(session, curates=review.network.slug)
    reviews.decide(session, review, actor=curator, decision=Decision.REQUEST_CHANGES, message="Précisez.")
    session.commit()
    page = client.get(f"/proposer/{draft_id}/relire")
    assert page.status_code == 404, "nothing may look sent that no account can send"


def test_words_typed_in_a_tab_while_another_sent_come_back(app: Flask, client: FlaskClient, session: Session) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    other_tab = fields(client.get(f"/proposer/{draft_id}/histoire"))
    send(client, draft_id)
    fill(client, link_of(app, stored(session, draft_id)), {})
    late = other_tab | {"meeting": "Un long récit tapé ici."}
    answer = client.post(f"/proposer/{draft_id}/histoire", data=late, headers=SAME_ORIGIN)
    assert "Un long récit tapé ici." in answer.text


def test_a_receipt_of_a_text_changed_since_leads_to_reading_it_over(client: FlaskClient) -> None:
    draft_id = begin(client)
    answer_all(client, draft_id)
    send(client, draft_id)
    emptied = {"here-0-typed": "", "here-0-key": "", "here-0-chosen_for": ""}
    page = fields(client.get(f"/proposer/{draft_id}/lieux"))
    client.post(f"/proposer/{draft_id}/lieux", data=page | emptied)
    answer = client.get(f"/proposer/{draft_id}/recu")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/relire")


def test_what_was_taken_back_is_read_by_nobody(session: Session, sign_in: SignIn) -> None:
    author = make_account(session)
    review = make_review(session, author=author)
    curator = make_account(session, curates=review.network.slug)
    draft = session.scalars(select(Draft).where(Draft.account_id == author.id)).one()
    contributions.take_back(session, draft, holder=Holder(author))
    session.commit()
    assert sign_in(curator).get(f"/relecture/{review.id}").status_code == 410


def test_a_member_who_was_removed_cannot_withdraw_what_they_once_changed(session: Session) -> None:
    initiative = make_initiative(session)
    someone, curator = member_of(session, initiative), curator_of(session, initiative)
    draft = contributions.propose_change(session, initiative, actor=someone)
    contributions.save(session, draft, {"summary": "Autre phrase."}, holder=Holder(someone), counter=draft.counter)
    review = contributions.send(session, draft, holder=Holder(someone))
    assert review is not None
    reviews.decide(session, review, actor=curator, decision=Decision.DECLINE, message="Non.")
    organisation_id = initiative.participations[0].organisation_id
    asked = find_membership(session, someone.id, organisation_id)
    assert asked is not None
    memberships.remove(session, asked, actor=curator)
    assert not can_withdraw(session, someone, initiative)


def test_words_that_a_colleague_superseded_are_not_written_over(session: Session) -> None:
    initiative = make_initiative(session)
    curator = curator_of(session, initiative)
    people = [member_of(session, initiative) for _ in range(2)]
    for number, person in enumerate(people):
        draft = contributions.propose_change(session, initiative, actor=person)
        answers = {"summary": f"Les mots de {number}."}
        contributions.save(session, draft, answers, holder=Holder(person), counter=draft.counter)
        review = contributions.send(session, draft, holder=Holder(person))
    assert review is not None
    reviews.decide(session, review, actor=curator, decision=Decision.DECLINE, message="Non.")
    again = contributions.propose_change(session, initiative, actor=people[0])
    assert again.typed["answers"]["summary"] == "Les mots de 0."


@pytest.mark.parametrize("how", ["expired", "handed over"])
def test_a_curator_s_words_come_back_when_the_door_closed(session: Session, sign_in: SignIn, how: str) -> None:
    review = make_review(session)
    curator = make_account(session, curates=review.network.slug)
    session.commit()
    client = sign_in(curator)
    page = fields(client.get(f"/relecture/{review.id}"))
    if how == "expired":
        with client.session_transaction() as cookie:
            cookie["seen"] = 0
    else:
        national = session.scalars(select(Network).where(Network.is_national)).one()
        reviews.hand_over(session, review, actor=curator, network=national)
        session.commit()
    late = {"csrf_token": page["csrf_token"], "decision": "demander", "message": "Mon long message réfléchi."}
    answer = client.post(f"/relecture/{review.id}/decision", data=late, headers=SAME_ORIGIN, follow_redirects=True)
    assert answer.status_code >= 400
    assert "Mon long message réfléchi." in answer.text


def test_a_mail_tells_no_place_that_the_public_may_not_read(app: Flask, session: Session) -> None:
    hidden = replace(SEGOU, shown_as=Disclosure.COUNTRY)
    review = make_review(session, make_content(there=(hidden,), summary="Deux lycées s’écrivent."))
    curator = make_account(session, curates=review.network.slug)
    with app.app_context():
        mail = review_jobs.review_waiting(session, review_id=review.id, account_id=curator.id)
    assert mail is not None
    told = " ".join((mail.subject, *mail.paragraphs))
    assert "Ségou" not in told
    assert "Mali" in told


def test_a_network_that_nobody_curates_is_told_to_the_administrators(app: Flask, session: Session) -> None:
    review = make_review(session)
    admin = make_account(session)
    admin.is_administrator = True
    session.flush()
    review_jobs.review_opened(session, review_id=review.id)
    with app.app_context():
        mail = review_jobs.review_unattended(session, review_id=review.id, account_id=admin.id)
        assert mail is not None
        assert (mail.to, "Réseau Bretagne Solidaire" in mail.subject) == (admin.email, True)
        make_account(session, curates=review.network.slug)
        assert review_jobs.review_unattended(session, review_id=review.id, account_id=admin.id) is None


def test_a_network_only_informed_does_not_read_who_sent_it(session: Session, sign_in: SignIn) -> None:
    author = make_account(session)
    review = make_review(session, make_content(here=(MORLAIX, BORDEAUX)), author=author)
    other = make_account(session, curates="so-cooperation")
    session.commit()
    answer = sign_in(other).get(f"/relecture/{review.id}")
    assert answer.status_code == 200
    assert author.email not in answer.text


def test_a_network_only_informed_reads_no_more_than_the_sheet_will_show(session: Session, sign_in: SignIn) -> None:
    content = make_content(here=(MORLAIX, BORDEAUX), there=(SEGOU,), summary="Deux lycées s’écrivent.")
    review = make_review(session, content)
    client = sign_in(make_account(session, curates="so-cooperation"))
    for address in ("/relecture?file=pour-information", f"/relecture/{review.id}"):
        body = client.get(address).text
        assert "Mali" in body
        assert "Ségou" not in body
        assert str(SEGOU.lat) not in body
        assert content.partners[0].name not in body


def test_a_start_key_that_no_page_wrote_is_left_out(client: FlaskClient) -> None:
    blank = fields(client.get("/proposer"))
    for key in ("x" * 100, "clé à accents", ""):
        assert client.post("/proposer", data=blank | {"start_key": key, "summary": SENTENCE}).status_code == 303


def test_a_blank_form_restored_long_after_begins_another_initiative(
    app: Flask, client: FlaskClient, session: Session
) -> None:
    blank = fields(client.get("/proposer"))
    first = client.post("/proposer", data=blank | {"summary": SENTENCE})
    draft_id = int(first.headers["Location"].split("/")[2])
    answer_all(client, draft_id)
    send(client, draft_id)
    fill(app.test_client(), link_of(app, stored(session, draft_id)), {})
    again = client.post("/proposer", data=blank | {"summary": "Une tout autre initiative."})
    assert int(again.headers["Location"].split("/")[2]) != draft_id
    assert stored(session, draft_id).typed["answers"]["summary"] == SENTENCE

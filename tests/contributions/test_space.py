"""« Mon espace »: what is mine and nothing else, in plain words; what the network asked; every way out confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import Account
from directory.contributions import memberships, operations
from directory.contributions.models import Draft
from directory.contributions.permissions import Holder
from directory.initiatives.models import Initiative, Revision
from directory.organisations.models import Membership, Organisation
from directory.reviews.models import Review
from directory.reviews.operations import decide
from directory.reviews.vocabulary import Decision
from tests.conftest import SignIn
from tests.factories import BORDEAUX, make_account, make_content, make_initiative, make_review
from tests.reading import words

NETWORK = "reseau-bretagne-solidaire"
ASKED = "Dites-nous depuis quand.\n<b>Et avec qui ?</b>"


def press(client: FlaskClient, address: str, page: str = "", **data: Any) -> TestResponse:
    """Send a form, with the token of the page that shows it."""
    return client.post(address, data={"csrf_token": token_of(client, page or address), **data})


def token_of(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).get_data(as_text=True))
    return found[1] if found else ""


def author_of(session: Session, initiative: Initiative) -> Account:
    revision = session.scalars(select(Revision).where(Revision.initiative_id == initiative.id)).first()
    assert revision is not None
    return session.get_one(Account, revision.author_id)


def decided(session: Session, review: Review, decision: Decision, message: str = "") -> Review:
    curator = make_account(session, curates=review.network.slug)
    return decide(session, review, actor=curator, decision=decision, message=message)


def draft_of(session: Session, review: Review) -> Draft:
    return session.scalars(select(Draft).where(Draft.review_id == review.id)).one()


def test_a_stranger_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    answer = client.get("/mon-espace")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/compte/connexion?suite=/mon-espace")


def test_an_empty_space_invites(session: Session, sign_in: SignIn) -> None:
    answer = sign_in(make_account(session)).get("/mon-espace")
    assert answer.status_code == 200
    assert "Raconter une initiative" in words(answer)
    assert "aucun" not in words(answer).lower()


def test_no_page_of_mine_is_kept_or_indexed(session: Session, sign_in: SignIn) -> None:
    review = make_review(session)
    client = sign_in(session.get_one(Account, review.revision.author_id))
    for address in ("/mon-espace", f"/mon-espace/initiatives/{review.revision.initiative_id}"):
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex">' in answer.get_data(as_text=True)


def test_a_draft_is_resumed_or_thrown_away_after_a_question(session: Session, sign_in: SignIn) -> None:
    account = make_account(session)
    draft = operations.start(session, {"summary": "Nous <b>chantons</b> ensemble."}, account=account)
    client = sign_in(account)
    page = client.get("/mon-espace")
    assert "Nous <b>chantons</b> ensemble." in words(page)
    assert f"/proposer/{draft.id}/relire" in page.get_data(as_text=True)
    address = f"/mon-espace/brouillons/{draft.id}/supprimer"
    assert "Supprimer ce brouillon ?" in words(client.get(address))
    assert len(session.scalars(select(Draft.id)).all()) == 1
    assert press(client, address).status_code == 303
    assert session.scalars(select(Draft.id)).all() == []
    assert "Le brouillon est supprimé." in words(client.get("/mon-espace?fait=supprime"))


def test_what_was_sent_cannot_be_thrown_away(session: Session, sign_in: SignIn) -> None:
    review = make_review(session)
    draft = draft_of(session, review)
    client = sign_in(session.get_one(Account, draft.account_id))
    assert client.get(f"/mon-espace/brouillons/{draft.id}/supprimer").status_code == 409
    assert session.get(Draft, draft.id) is not None


@pytest.mark.parametrize(
    ("decision", "message", "said"),
    [
        (None, "", "En relecture : Réseau Bretagne Solidaire, depuis le"),
        (Decision.PUBLISH, "Merci.", "Publiée le"),
        (Decision.REQUEST_CHANGES, ASKED, "Réseau Bretagne Solidaire demande des changements avant de publier."),
        (Decision.DECLINE, "Hors du champ.", "Non retenue par Réseau Bretagne Solidaire"),
    ],
)
def test_where_it_stands_is_said_in_plain_words(
    session: Session, sign_in: SignIn, decision: Decision | None, message: str, said: str
) -> None:
    review = make_review(session)
    if decision:
        decided(session, review, decision, message)
    client = sign_in(session.get_one(Account, review.revision.author_id))
    assert said in words(client.get("/mon-espace"))
    page = words(client.get(f"/mon-espace/initiatives/{review.revision.initiative_id}"))
    assert said in page
    assert " ".join(message.split()) in page


def test_what_the_network_asked_comes_first_and_opens_the_same_draft(session: Session, sign_in: SignIn) -> None:
    author = make_account(session)
    make_review(session, make_content(title="Une autre"), author=author)
    review = make_review(session, author=author)
    decided(session, review, Decision.REQUEST_CHANGES, ASKED)
    page = sign_in(author).get("/mon-espace")
    text = words(page)
    assert "Une fiche attend votre réponse" in text
    assert text.index("Dites-nous depuis quand. <b>Et avec qui ?</b>") < text.index("Une autre")
    assert f'href="/proposer/{draft_of(session, review).id}/relire"' in page.get_data(as_text=True)


def test_every_answer_is_kept_in_order(session: Session, sign_in: SignIn) -> None:
    author = make_account(session)
    review = make_review(session, author=author)
    draft = draft_of(session, review)
    decided(session, review, Decision.REQUEST_CHANGES, "Une première demande.")
    operations.save(session, draft, {"title": "Mieux dit"}, holder=Holder(author), counter=draft.counter)
    again = operations.send(session, draft, holder=Holder(author))
    assert again is not None
    decided(session, again, Decision.PUBLISH, "Bienvenue !")
    text = words(sign_in(author).get(f"/mon-espace/initiatives/{draft.initiative_id}"))
    steps = ["envoyée au réseau", "Une première demande.", "envoyée au réseau", "Bienvenue !"]
    positions, start = [], 0
    for step in steps:
        start = text.index(step, start) + 1
        positions.append(start)
    assert positions == sorted(positions)


def test_a_sending_is_taken_back_while_it_waits(session: Session, sign_in: SignIn) -> None:
    review = make_review(session)
    account = session.get_one(Account, review.revision.author_id)
    client = sign_in(account)
    page = f"/mon-espace/initiatives/{review.revision.initiative_id}"
    token = {"csrf_token": token_of(client, page)}
    assert client.post(f"{page}/reprendre", data=token).status_code == 303
    session.refresh(review)
    assert review.state == "taken_back"
    assert "Corriger et renvoyer" in words(client.get(page))
    assert client.post(f"{page}/reprendre", data=token).status_code == 409


def test_a_proposed_change_leaves_the_published_sheet_as_it_is(
    session: Session, sign_in: SignIn, client: FlaskClient
) -> None:
    initiative = make_initiative(session)
    author = author_of(session, initiative)
    mine = sign_in(author)
    page = f"/mon-espace/initiatives/{initiative.id}"
    answer = press(mine, f"{page}/changer", page)
    draft = session.scalars(select(Draft).where(Draft.account_id == author.id)).one()
    assert answer.headers["Location"].endswith(f"/proposer/{draft.id}/relire")
    operations.save(session, draft, {"title": "Un nouveau nom"}, holder=Holder(author), counter=draft.counter)
    review = operations.send(session, draft, holder=Holder(author))
    session.commit()
    assert review is not None
    assert "elle reste en ligne telle quelle" in words(mine.get(page))
    assert "Un nouveau nom" not in words(client.get(f"/initiatives/{initiative.slug}"))
    decided(session, review, Decision.PUBLISH)
    session.commit()
    assert "Un nouveau nom" in words(client.get(f"/initiatives/{initiative.slug}"))


def test_a_stale_page_never_replaces_what_was_sent_or_begun(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    author = author_of(session, initiative)
    client = sign_in(author)
    page = f"/mon-espace/initiatives/{initiative.id}"
    stale = {"csrf_token": token_of(client, page)}
    client.post(f"{page}/changer", data=stale)
    draft = session.scalars(select(Draft).where(Draft.account_id == author.id)).one()
    operations.save(session, draft, {"title": "Un nouveau nom"}, holder=Holder(author), counter=draft.counter)
    session.commit()
    client.post(f"{page}/changer", data=stale)
    review = operations.send(session, draft, holder=Holder(author))
    session.commit()
    assert review is not None
    assert client.post(f"{page}/changer", data=stale).status_code == 409
    decided(session, review, Decision.REQUEST_CHANGES, "Un mot de trop.")
    session.commit()
    assert client.post(f"{page}/changer", data=stale).headers["Location"].endswith(f"/proposer/{draft.id}/relire")
    session.refresh(draft)
    assert draft.typed["answers"]["title"] == "Un nouveau nom"


def test_withdrawing_asks_then_takes_the_sheet_down_everywhere(
    session: Session, sign_in: SignIn, client: FlaskClient
) -> None:
    initiative = make_initiative(session, title="Une fiche à retirer")
    mine = sign_in(author_of(session, initiative))
    page = f"/mon-espace/initiatives/{initiative.id}"
    assert "Retirer cette fiche de la publication ?" in words(mine.get(f"{page}/retirer"))
    assert client.get(f"/initiatives/{initiative.slug}").status_code == 200
    assert press(mine, f"{page}/retirer").status_code == 303
    for address in (f"/initiatives/{initiative.slug}", f"/initiatives/{initiative.slug}/ecrire"):
        assert client.get(address).status_code == 410
    for address in ("/initiatives", "/carte", "/"):
        assert "Une fiche à retirer" not in words(client.get(address))
    assert "Retirée le" in words(mine.get(page))
    assert mine.get(f"{page}/retirer").status_code == 409


def test_nothing_of_another_account_can_be_reached(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    waiting = make_review(session)
    draft = operations.start(session, {"summary": "À moi."}, account=make_account(session))
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here")).first()
    assert organisation is not None
    request = memberships.ask(session, organisation, actor=make_account(session))
    numbers = (initiative.id, waiting.revision.initiative_id)
    reads = [f"/mon-espace/brouillons/{draft.id}/supprimer"]
    reads += [f"/mon-espace/initiatives/{number}{rest}" for number in numbers for rest in ("", "/retirer")]
    reads += [f"/mon-espace/rattachements/{request.id}/{act}" for act in ("quitter", "refuser", "retirer")]
    writes = [
        f"/mon-espace/initiatives/{number}/{act}" for number in numbers for act in ("changer", "reprendre", "retirer")
    ]
    writes += [reads[0], f"/mon-espace/rattachements/{request.id}/accorder", *reads[-3:]]
    before = state_of(session)
    for stranger in (make_account(session), make_account(session, curates="so-cooperation")):
        client = sign_in(stranger)
        for address in reads:
            assert client.get(address).status_code == 404, address
        page = f"/mon-espace/rattachement/{organisation.slug}"
        for address in writes:
            assert press(client, address, page, account_id="1", state="published").status_code == 404, address
    assert state_of(session) == before


def state_of(session: Session) -> list[object]:
    """Everything that a stranger must leave as it is."""
    session.expire_all()
    return [
        sorted((one.id, one.state) for one in session.scalars(select(Initiative))),
        sorted((one.id, one.state) for one in session.scalars(select(Review))),
        sorted((one.id, one.counter) for one in session.scalars(select(Draft))),
        sorted((one.id, str(one.granted_at)) for one in session.scalars(select(Membership))),
    ]


@pytest.mark.parametrize("number", ["0", "999999999", "2147483648", "9" * 30, "-1", "1.5", "x"])
def test_a_number_that_names_nothing_is_not_found(session: Session, sign_in: SignIn, number: str) -> None:
    client = sign_in(make_account(session))
    for address in (f"initiatives/{number}", f"brouillons/{number}/supprimer", f"rattachements/{number}/quitter"):
        assert client.get(f"/mon-espace/{address}").status_code == 404


def test_a_removed_member_loses_access_at_the_next_request(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    member, curator = make_account(session), make_account(session, curates=NETWORK)
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here")).one()
    granted = memberships.grant(session, memberships.ask(session, organisation, actor=member), actor=curator)
    client = sign_in(member)
    page = f"/mon-espace/initiatives/{initiative.id}"
    assert client.get(page).status_code == 200
    memberships.remove(session, granted, actor=curator)
    session.commit()
    assert client.get(page).status_code == 404
    assert press(client, f"{page}/changer", f"/mon-espace/rattachement/{organisation.slug}").status_code == 404
    assert session.scalars(select(Draft).where(Draft.account_id == member.id)).all() == []


def test_a_membership_is_asked_granted_and_left_from_the_pages(session: Session, sign_in: SignIn) -> None:
    make_initiative(session)
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here")).one()
    page = f"/mon-espace/rattachement/{organisation.slug}"
    asker, curator = make_account(session), make_account(session, curates=NETWORK)
    mine, theirs = sign_in(asker), sign_in(curator)
    assert "verront l’adresse électronique de votre compte" in words(mine.get(page))
    token = {"csrf_token": token_of(mine, page)}
    assert mine.post(page, data={**token, "granted_at": "2020-01-01", "granted_by_id": "1"}).status_code == 303
    request = session.scalars(select(Membership).where(Membership.account_id == asker.id)).one()
    assert request.granted_at is None
    assert "Rattachement demandé le" in words(mine.get("/mon-espace"))
    assert mine.post(f"/mon-espace/rattachements/{request.id}/accorder", data=token).status_code == 403
    assert asker.email in words(theirs.get("/mon-espace"))
    assert press(theirs, f"/mon-espace/rattachements/{request.id}/accorder", "/mon-espace").status_code == 303
    session.refresh(request)
    assert request.granted_by_id == curator.id
    assert "Vous en faites partie depuis le" in words(mine.get(page))
    assert press(mine, f"/mon-espace/rattachements/{request.id}/quitter").status_code == 303
    session.expire_all()
    assert session.scalars(select(Membership).where(Membership.account_id == asker.id)).all() == []


def test_a_stranger_sees_no_address_on_the_page_of_a_structure(session: Session, sign_in: SignIn) -> None:
    make_initiative(session)
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here")).one()
    member, curator = make_account(session), make_account(session, curates=NETWORK)
    memberships.grant(session, memberships.ask(session, organisation, actor=member), actor=curator)
    memberships.ask(session, organisation, actor=make_account(session))
    page = sign_in(make_account(session)).get(f"/mon-espace/rattachement/{organisation.slug}").get_data(as_text=True)
    assert "@" not in page


def test_a_curator_is_led_to_the_desk(session: Session, sign_in: SignIn) -> None:
    make_review(session)
    make_review(session, make_content(here=(BORDEAUX,)))
    assert "Ouvrir la relecture : 1 fiche attend" in words(
        sign_in(make_account(session, curates=NETWORK)).get("/mon-espace")
    )
    assert "relecture" not in words(sign_in(make_account(session)).get("/mon-espace"))


def test_reading_writes_nothing(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    client = sign_in(author_of(session, initiative))
    organisation = session.scalars(select(Organisation).where(Organisation.side == "here")).one()
    before = state_of(session)
    for address in (
        "/mon-espace",
        f"/mon-espace/initiatives/{initiative.id}",
        f"/mon-espace/initiatives/{initiative.id}/retirer",
        f"/mon-espace/rattachement/{organisation.slug}",
    ):
        assert client.get(address).status_code == 200
    for address in (f"/mon-espace/initiatives/{initiative.id}/changer", "/mon-espace/rattachements/1/accorder"):
        assert client.get(address).status_code == 405
    assert state_of(session) == before


def test_a_form_without_its_token_changes_nothing(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    client = sign_in(author_of(session, initiative))
    before = state_of(session)
    for act in ("changer", "retirer", "reprendre"):
        assert client.post(f"/mon-espace/initiatives/{initiative.id}/{act}").status_code == 400
    assert state_of(session) == before


def test_a_long_list_costs_no_more_questions(session: Session, sign_in: SignIn, count_queries: list[str]) -> None:
    author = make_account(session)
    client = sign_in(author)
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_review(session, author=author)
        session.commit()
        count_queries.clear()
        assert client.get("/mon-espace").status_code == 200
        counts.append(len(count_queries))
    assert counts[0] == counts[1]

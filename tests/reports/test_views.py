"""Reporting a sheet: no account, nothing typed lost, a receipt; then the decision is followed and contested."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from directory.accounts.models import Account
from directory.initiatives.models import Initiative, Revision
from directory.initiatives.operations import record_revision, withdraw
from directory.reports import operations
from directory.reports.mails import follow_token
from directory.reports.models import Report
from directory.reviews.operations import open_review
from directory.web.limits import limiter
from tests.conftest import SignIn
from tests.factories import make_account, make_content, make_initiative
from tests.reading import hidden, words
from tests.reports.made import NETWORK, make_decided, make_report
from tests.reports.made import REPLY as NOTICE_REPLY

CONTENT = {
    "kind": "inaccurate",
    "part": "story",
    "statement": "Les élèves n’étaient pas cent,\nmais dix.",
    "proposal": "Dix élèves.",
    "name": "Awa Diallo",
    "email": "awa@example.org",
    "is_in_good_faith": "oui",
}
REPLY = {
    "part": "heading",
    "statement": "« Ils ont abandonné l’école »",
    "reply": "Nous n’avons rien abandonné.\nL’école a rouvert en 2024.",
    "signature": "La mairie de Morlaix",
    "name": "Yves Le Goff",
    "email": "mairie@example.org",
    "is_in_good_faith": "oui",
}


def address(initiative: Initiative, subject: str = "") -> str:
    return f"/initiatives/{initiative.slug}/signaler" + (f"?sujet={subject}" if subject else "")


def reports(session: Session) -> list[Report]:
    session.expire_all()
    return list(session.scalars(select(Report).order_by(Report.id)))


@pytest.fixture
def send(client: FlaskClient) -> Any:
    """Fill in the form of a sheet and send it, as somebody who takes the time to write."""

    def sent(initiative: Initiative, subject: str = "", **typed: Any) -> TestResponse:
        page = client.get(address(initiative, subject))
        usual = REPLY if subject == "reponse" else CONTENT
        data = {name: value for name, value in {**hidden(page), **usual, **typed}.items() if value is not None}
        return client.post(address(initiative, subject), data=data)

    return sent


def test_a_report_is_taken_in_and_followed_without_an_account(session: Session, client: FlaskClient, send: Any) -> None:
    initiative = make_initiative(session)
    page = client.get(address(initiative))
    assert page.status_code == 200
    assert "Signaler un contenu" in words(page)
    answer = send(initiative)
    assert answer.status_code == 303
    (report,) = reports(session)
    assert (report.kind, report.part, report.name, report.email) == (
        "inaccurate",
        "story",
        "Awa Diallo",
        CONTENT["email"],
    )
    followed = client.get(answer.headers["Location"])
    assert followed.status_code == 200
    assert report.reference in words(followed)
    assert "Le Réseau Bretagne Solidaire vous répond, avec ses raisons, au plus tard le" in words(followed)


def test_a_reply_is_asked_for_at_its_own_address(session: Session, client: FlaskClient, send: Any) -> None:
    initiative = make_initiative(session)
    page = client.get(address(initiative, "reponse"))
    assert "Votre réponse peut compter jusqu’à 4 000 caractères" in words(page).replace("\u202f", " ")
    followed = client.get(send(initiative, "reponse").headers["Location"])
    assert "Regardez vos courriels" in words(followed)
    assert "C’est bien mon adresse" not in words(followed)
    (report,) = reports(session)
    assert (report.kind, report.reply, report.signature) == ("reply", REPLY["reply"], REPLY["signature"])


@pytest.mark.parametrize(
    ("subject", "field", "typed", "said"),
    [
        ("", "kind", None, "Choisissez ce que vous signalez"),
        ("", "kind", "reply", "Choisissez ce que vous signalez"),
        ("", "part", "<script>", "Choisissez de quelle partie"),
        ("", "statement", "", "Dites ce qui ne va pas"),
        ("", "name", "Awa\r\nBcc: tous@example.org", "caractère invisible"),
        ("", "email", "awa@", "n’est pas une adresse électronique complète"),
        ("", "email", "", "Donnez votre adresse"),
        ("", "is_in_good_faith", None, "Cochez cette case"),
        ("reponse", "reply", "", "Écrivez la réponse"),
        ("reponse", "reply", "a" * 4001, "4001 caractères"),
        ("reponse", "signature", "", "sous quel nom"),
    ],
)
def test_what_cannot_be_sent_comes_back_filled_in(
    session: Session, send: Any, subject: str, field: str, typed: str | None, said: str
) -> None:
    answer = send(make_initiative(session), subject, **{field: typed})
    assert answer.status_code == 422
    assert said in words(answer)
    page = html.unescape(answer.get_data(as_text=True)).replace("\r\n", "\n")
    usual = REPLY if subject else CONTENT
    kept = {name: value for name, value in usual.items() if name not in (field, "kind", "part", "is_in_good_faith")}
    assert all(value in page for value in kept.values())
    chosen = [name for name in ("kind", "part", "is_in_good_faith") if name in usual and name != field]
    assert page.count(" checked") == len(chosen)
    assert f'href="#{field}"' in page
    assert reports(session) == []


def test_a_danger_is_reported_without_a_name_and_followed_by_its_page_alone(
    session: Session, client: FlaskClient, send: Any
) -> None:
    answer = send(make_initiative(session), kind="danger", name="", email="")
    followed = client.get(answer.headers["Location"])
    assert "Gardez l’adresse de cette page" in words(followed)
    (report,) = reports(session)
    assert (report.kind, report.email) == ("danger", "")


def test_sent_twice_it_is_one_report(session: Session, send: Any) -> None:
    initiative = make_initiative(session)
    assert [send(initiative).status_code for _ in range(2)] == [303, 303]
    assert len(reports(session)) == 1


def test_an_address_that_asks_for_something_else_is_refused(session: Session, client: FlaskClient) -> None:
    initiative = make_initiative(session)
    assert client.get(address(initiative, "autre")).status_code == 400
    assert client.get("/initiatives/nulle-part/signaler").status_code == 404
    assert client.get("/signalements/nulle-part").status_code == 410
    assert client.post("/signalements/nulle-part/contester").status_code in (400, 410)


def test_a_withdrawn_sheet_leads_to_the_form_and_is_not_named_there(
    session: Session, client: FlaskClient, send: Any
) -> None:
    initiative = make_initiative(session)
    title = initiative.title
    withdraw(session, initiative, actor=make_account(session, curates=NETWORK))
    session.commit()
    gone = client.get(f"/initiatives/{initiative.slug}")
    assert gone.status_code == 410
    assert f'href="{address(initiative)}"' in gone.get_data(as_text=True)
    page = client.get(address(initiative))
    assert "Une fiche retirée du site" in words(page)
    assert title not in words(page)
    assert send(initiative).status_code == 303


def test_the_sixth_report_of_an_hour_is_refused_and_kept_in_the_form(
    session: Session, app: Flask, send: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    initiative = make_initiative(session)
    monkeypatch.setattr(limiter, "enabled", True)
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    limiter.init_app(app)
    limiter.reset()
    sent = [send(initiative, statement=f"Erreur {number}.", email=f"a{number}@example.org") for number in range(6)]
    assert [answer.status_code for answer in sent] == [303] * 5 + [429]
    assert "Erreur 5." in sent[-1].get_data(as_text=True)
    assert len(reports(session)) == 5


def test_a_form_without_its_token_or_filled_in_by_a_robot_sends_nothing(
    session: Session, client: FlaskClient, send: Any
) -> None:
    initiative = make_initiative(session)
    assert client.post(address(initiative), data=CONTENT).status_code in (400, 422)
    assert send(initiative, site="https://spam.example").status_code == 422
    assert reports(session) == []


def test_no_other_column_can_be_written(session: Session, send: Any) -> None:
    initiative = make_initiative(session)
    send(initiative, state="closed", reference="2020-AAAAAA", confirmed_at="2020-01-01", signature="Le préfet")
    (report,) = reports(session)
    assert (report.state, report.confirmed_at, report.signature) == ("waiting", None, "")
    assert report.reference != "2020-AAAAAA"


def test_hostile_text_is_text_everywhere(session: Session, client: FlaskClient, send: Any, sign_in: SignIn) -> None:
    attack = "<script>pwned()</script> {{7*7}} \u202e \"'&"
    initiative = make_initiative(session)
    typed = dict.fromkeys(("statement", "reply", "signature", "name"), attack)
    followed = send(initiative, "reponse", **typed).headers["Location"]
    (report,) = reports(session)
    curator = sign_in(make_account(session, curates=NETWORK))
    operations.confirm(session, report)
    session.commit()
    desk = f"/relecture/signalements/{report.id}"
    form = {**hidden(curator.get(desk)), "outcome": "reply_published", "reason": attack}
    assert curator.post(f"{desk}/decision", data=form).status_code == 303
    for page in (client.get(followed), curator.get(desk), client.get(f"/initiatives/{initiative.slug}")):
        body = page.get_data(as_text=True)
        assert "<script>pwned" not in body
        assert "&lt;script&gt;pwned" in body
        assert "{{7*7}}" in html.unescape(body)


def test_the_mailed_link_alone_confirms_the_address(session: Session, app: Flask, client: FlaskClient) -> None:
    report = make_report(session, notice=NOTICE_REPLY)
    session.commit()
    links = {mailed: follow_token(app.config["SECRET_KEY"], report, is_mailed=mailed) for mailed in (True, False)}
    for mailed, status in ((False, 403), (True, 303)):
        token = hidden(client.get("/proposer"))["csrf_token"]
        answer = client.post(f"/signalements/{links[mailed]}/confirmer", data={"csrf_token": token})
        assert answer.status_code == status
        (kept,) = reports(session)
        assert (kept.confirmed_at is not None) == mailed
    assert "Adresse confirmée." in words(client.get(f"/signalements/{links[True]}?fait=confirmee"))


def test_following_gives_no_cookie_until_something_is_to_be_said(
    session: Session, app: Flask, client: FlaskClient
) -> None:
    report = make_report(session)
    session.commit()
    page = client.get(f"/signalements/{follow_token(app.config['SECRET_KEY'], report, is_mailed=False)}")
    assert "Set-Cookie" not in page.headers
    assert page.headers["Cache-Control"] == "no-store"
    assert report.name not in words(page)
    assert report.email not in words(page)


def test_an_erased_report_is_followed_no_more(session: Session, app: Flask, client: FlaskClient) -> None:
    report = make_report(session)
    token = follow_token(app.config["SECRET_KEY"], report, is_mailed=True)
    operations.erase(session, report.email)
    session.commit()
    assert client.get(f"/signalements/{token}").status_code == 410


def test_the_desk_lists_what_waits_and_the_sheet_stands_beside_the_report(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    report = make_report(session, initiative)
    curator = sign_in(make_account(session, curates=NETWORK))
    assert "Signalements 1" in words(curator.get("/relecture"))
    assert "Répondre aux signalements : 1 attend" in words(curator.get("/mon-espace"))
    queue = curator.get("/relecture/signalements")
    assert "Un signalement attend une réponse" in words(queue)
    assert "réponse due dans 15 jours" in words(queue)
    page = words(curator.get(f"/relecture/signalements/{report.id}"))
    assert CONTENT["statement"].split("\n")[0] in page
    assert "awa@example.org" in page
    assert initiative.description in page


def test_a_decision_without_reasons_comes_back_as_it_was_ticked(session: Session, sign_in: SignIn) -> None:
    report = make_report(session)
    curator = sign_in(make_account(session, curates=NETWORK))
    desk = f"/relecture/signalements/{report.id}"
    form = {**hidden(curator.get(desk)), "outcome": "withdrawn", "reason": " "}
    answer = curator.post(f"{desk}/decision", data=form)
    assert answer.status_code == 422
    assert "Donnez vos raisons" in words(answer)
    assert "Cochez cette case pour retirer la fiche" in words(answer)
    assert 'value="withdrawn" checked' in answer.get_data(as_text=True)


def test_a_reply_asked_for_late_is_told_to_the_desk_and_refused_in_its_own_words(
    session: Session, app: Flask, sign_in: SignIn
) -> None:
    initiative = make_initiative(session)
    curator = sign_in(make_account(session, curates=NETWORK))
    report = make_report(session, initiative, NOTICE_REPLY)
    desk = f"/relecture/signalements/{report.id}"
    session.commit()
    assert "plus de trois mois" not in words(curator.get(desk))
    initiative.first_published_at = initiative.published_at = report.created_at - dt.timedelta(days=91)
    session.commit()
    assert "plus de trois mois après la publication" in words(curator.get(desk))
    make_decided(session, report, reason="Trop tard.")
    session.commit()
    token = follow_token(app.config["SECRET_KEY"], report, is_mailed=True)
    assert "La réponse n’est pas publiée" in words(app.test_client().get(f"/signalements/{token}"))
    assert "La réponse n’est pas publiée." in words(curator.get("/relecture/signalements?file=repondus"))


def test_nothing_chosen_is_told_at_the_choices(session: Session, sign_in: SignIn) -> None:
    report = make_report(session)
    curator = sign_in(make_account(session, curates=NETWORK))
    desk = f"/relecture/signalements/{report.id}"
    for typed in ({}, {"outcome": "reply_published"}, {"outcome": "<b>"}):
        answer = curator.post(f"{desk}/decision", data={**hidden(curator.get(desk)), **typed})
        assert answer.status_code == 422
        assert "Choisissez une des décisions de la liste." in words(answer)
        assert "Donnez vos raisons" in words(answer)


def test_a_decision_that_comes_second_is_refused_and_its_words_are_kept(session: Session, sign_in: SignIn) -> None:
    report = make_report(session)
    slow = sign_in(make_account(session, curates=NETWORK))
    desk = f"/relecture/signalements/{report.id}"
    form = {**hidden(slow.get(desk)), "outcome": "unchanged", "reason": "Je ne crois pas."}
    _, quick = make_decided(session, report)
    session.commit()
    answer = slow.post(f"{desk}/decision", data=form)
    assert answer.status_code == 409
    assert f"déjà été prise par {quick.email}" in words(answer)
    assert "Je ne crois pas." in answer.get_data(as_text=True)


def test_a_curator_mends_the_sheet_unless_a_version_waits(session: Session, sign_in: SignIn) -> None:
    initiative = make_initiative(session)
    make_report(session, initiative)
    curator = sign_in(make_account(session, curates=NETWORK))
    token = hidden(curator.get("/proposer"))["csrf_token"]
    mend = f"/mon-espace/initiatives/{initiative.id}/changer"
    begun = curator.post(mend, data={"csrf_token": token})
    assert begun.status_code == 303
    assert initiative.title in words(curator.get(begun.headers["Location"]))
    author = session.get_one(Account, session.scalar(select(Revision.author_id)))
    revision = record_revision(session, make_content(title="Autre"), author=author, initiative=initiative)
    open_review(session, revision)
    session.commit()
    assert curator.post(mend, data={"csrf_token": token}).status_code == 409


def test_the_privacy_page_says_what_is_kept(client: FlaskClient) -> None:
    assert "effacés 365 jours après la dernière décision" in words(client.get("/vie-privee"))

"""A person's whole path: a sheet reported, its receipt, a decision, a contestation, the final decision; all by HTTP."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from directory.accounts.models import Account
from directory.core.commands import make_worker
from directory.core.time import date_fr
from directory.initiatives.models import Revision
from directory.reports.models import Report
from tests.conftest import SignIn
from tests.factories import make_account, make_initiative
from tests.reading import hidden, words
from tests.reports.made import NETWORK, make_administrator

AWA, MAIRIE = "awa@example.org", "mairie@example.org"


class Reader:
    """Somebody with a browser, who reads pages and sends their forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def read(self, address: str) -> str:
        """The words of a page."""
        answer = self.client.get(address, follow_redirects=True)
        assert answer.status_code == 200, address
        return words(answer)

    def send(self, page: str, to: str = "", **typed: str) -> str:
        """Send the form of a page; where it led."""
        answer = self.client.post(to or page, data={**hidden(self.client.get(page)), **typed})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]


class Mailbox:
    """The mails that the worker wrote, each told once."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.folder, self.read = app, settings.instance / "outbox", set[str]()

    def to(self, address: str, words: str) -> tuple[str, str]:
        """The text of the new mail to an address whose subject holds such words, and the address of its action."""
        make_worker(self.app).run_due()
        for path in sorted(self.folder.glob("*.eml")):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            subject = " ".join(str(message["Subject"]).replace("\u00a0", " ").split())
            if path.name not in self.read and message["To"] == address and words in subject:
                self.read.add(path.name)
                body = message.get_body(("plain",))
                assert body is not None
                text = " ".join(body.get_content().replace("\u00a0", " ").split())
                links = re.findall(r"http://127\.0\.0\.1:5000(/\S+)", text)
                return text, links[0] if links else ""
        raise AssertionError(f"no new mail to {address}")


def test_from_a_report_to_the_final_decision(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, sign_in: SignIn
) -> None:
    initiative = make_initiative(session, title="Les puits partagés")
    curator, administrator = make_account(session, curates=NETWORK), make_administrator(session)
    session.commit()
    awa, desk, office = Reader(client), Reader(sign_in(curator)), Reader(sign_in(administrator))
    mails = Mailbox(app, settings)

    where = awa.send(
        f"/initiatives/{initiative.slug}/signaler",
        kind="inaccurate",
        part="story",
        statement="Le puits est à Ségou, pas à Kayes.",
        name="Awa Diallo",
        email=AWA,
        is_in_good_faith="oui",
    )
    report = session.scalars(select(Report)).one()
    assert report.reference in awa.read(where)
    text, follow = mails.to(AWA, "bien reçu")
    assert report.reference in text
    assert date_fr(report.due_at).replace("\u00a0", " ") in text

    _, waiting = mails.to(curator.email, "signalement attend")
    assert "Le puits est à Ségou" in desk.read(waiting)
    desk.send(waiting, f"{waiting}/decision", outcome="unchanged", reason="La fiche dit bien Ségou.")
    text, follow = mails.to(AWA, "la décision")
    assert "La fiche dit bien Ségou." in text
    assert "Rien ne change" in awa.read(follow)

    awa.send(follow, f"{follow}/contester", text="Le résumé dit encore Kayes.")
    mails.to(AWA, "contestation reçue")
    _, contested = mails.to(administrator.email, "signalement attend")
    assert contested == waiting
    assert "Une autre personne que celle qui a décidé" in desk.read(waiting)
    assert "Le résumé dit encore Kayes." in office.read(contested)
    office.send(
        contested, f"{contested}/decision", outcome="withdrawn", agrees_to_withdraw="oui", reason="Vous avez raison."
    )
    text, follow = mails.to(AWA, "la décision")
    assert "Vous avez raison." in text
    said = awa.read(follow)
    for told in ("Décision finale", "La fiche dit bien Ségou.", "Le résumé dit encore Kayes.", "Vous avez raison."):
        assert told in said
    assert "Contester" not in said
    assert client.get(f"/initiatives/{initiative.slug}").status_code == 410
    author = session.scalars(select(Account).join(Revision, Revision.author_id == Account.id)).one()
    text, _ = mails.to(author.email, "Votre fiche a changé")
    assert "Vous avez raison." in text
    assert "Awa" not in text


def test_from_a_right_of_reply_to_the_sheet(
    app: Flask, client: FlaskClient, session: Session, settings: Settings, sign_in: SignIn
) -> None:
    initiative = make_initiative(session)
    curator = make_account(session, curates=NETWORK)
    session.commit()
    person, desk, mails = Reader(client), Reader(sign_in(curator)), Mailbox(app, settings)
    sheet = f"/initiatives/{initiative.slug}"
    before = client.get(sheet).headers["ETag"]
    person.send(
        f"{sheet}/signaler?sujet=reponse",
        part="heading",
        statement="Nous sommes nommés.",
        reply="Nous n’avons jamais fermé l’école.",
        signature="La mairie de Morlaix",
        name="Yves Le Goff",
        email=MAIRIE,
        is_in_good_faith="oui",
    )
    _, follow = mails.to(MAIRIE, "bien reçu")
    person.send(follow, f"{follow}/confirmer")
    mails.to(curator.email, "signalement attend")
    _, waiting = mails.to(curator.email, "signalement attend")
    assert "adresse confirmée le" in desk.read(waiting)
    desk.send(waiting, f"{waiting}/decision", outcome="reply_published", reason="La mairie est nommée.")
    text, _ = mails.to(MAIRIE, "la décision")
    assert "La réponse est publiée sous la fiche" in text
    shown = person.read(sheet)
    assert "Nous n’avons jamais fermé l’école." in shown
    assert "Réponse de La mairie de Morlaix , publiée le" in shown
    assert "Yves Le Goff" not in shown
    assert client.get(sheet, headers={"If-None-Match": before}).status_code == 200

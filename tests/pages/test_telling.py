"""For whom a sheet is told again: the page, and files that hold nothing but what is public."""

from __future__ import annotations

import io

import docx
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import OrganisationContent, PartnerContent
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import Agreement
from tests.factories import make_account, make_content, make_initiative, make_review

FILES = "/initiatives/deux-rives/raconter/"


def test_the_page_offers_each_reader_in_two_kinds_of_files(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Deux rives")
    body = client.get("/initiatives/deux-rives/raconter").text
    for reader in ("amp", "forim", "region-bretagne", "region-nouvelle-aquitaine", "cncd", "rrma", "mairie"):
        assert f'href="{FILES}{reader}.docx"' in body
        assert f'href="{FILES}{reader}.odt"' in body
    assert "À vérifier auprès du guichet" in body
    assert '<meta name="robots" content="noindex">' in body
    assert 'href="/initiatives/deux-rives/raconter"' in client.get("/initiatives/deux-rives").text


@pytest.mark.parametrize("form", ["docx", "odt"])
def test_a_file_is_saved_under_a_plain_name_and_kept_without_a_cookie(
    client: FlaskClient, session: Session, form: str
) -> None:
    make_initiative(session, title="Deux rives")
    answer = client.get(f"{FILES}amp.{form}")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=deux-rives-amp.{form}"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    again = client.get(f"{FILES}amp.{form}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_partner_who_did_not_agree_is_in_no_file(client: FlaskClient, session: Session) -> None:
    partners = (PartnerContent("Sans accord", agreement=Agreement.NOT_ASKED),)
    make_initiative(session, title="Deux rives", partners=partners)
    opened = docx.Document(io.BytesIO(client.get(f"{FILES}amp.docx").data))
    whole = "\n".join(one.text for one in opened.paragraphs)
    assert "Sans accord" not in whole
    assert "accepte-t-elle d’être nommée" in whole


def test_a_hostile_title_gives_a_harmless_name(client: FlaskClient, session: Session) -> None:
    carriers = (OrganisationContent("=cmd|' /C calc'!A0", "association"),)
    made = make_initiative(session, title='../../x"; filename=evil.exe', carriers=carriers)
    answer = client.get(f"/initiatives/{made.slug}/raconter/mairie.docx")
    assert answer.headers["Content-Disposition"] == f"attachment; filename={made.slug}-mairie.docx"


def test_there_is_nothing_to_tell_of_what_is_not_public(client: FlaskClient, session: Session) -> None:
    made = make_initiative(session, title="Deux rives")
    make_review(session, make_content(title="Pas encore"))
    session.commit()
    assert client.get("/initiatives/pas-encore/raconter").status_code == 404
    assert client.get("/initiatives/pas-encore/raconter/amp.docx").status_code == 404
    assert client.get(f"{FILES}astrologue.docx").status_code == 404
    assert client.get(f"{FILES}amp.exe").status_code == 404
    withdraw(session, made, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    assert client.get("/initiatives/deux-rives/raconter").status_code == 410
    assert client.get(f"{FILES}amp.docx").status_code == 410

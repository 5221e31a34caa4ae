"""A mail is sentences and one action; nobody forges a header; it is in safe hands, or it is said not to be."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import logging
import ssl
import stat
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config import Settings
from directory.core.errors import InvalidText
from directory.core.mail import Action, Mail, MailRefused, compose, open_transport
from tests.smtp import MailServer, mail_server

SUBJECT = "Votre initiative « Écoles jumelées » est déjà très appréciée à Quimper, où l’on s’en réjouit"
ADDRESS = "https://annuaire.example/proposer/lien/" + "a1b2c3" * 20
MAIL = Mail(
    to="personne@exemple.org",
    subject=SUBJECT,
    paragraphs=("Une phrase assez longue pour aller à la ligne, avec « des mots » que rien ne sépare.", "Et <b> & co."),
    action=Action("Reprendre mon brouillon", ADDRESS),
    quote="Bonjour,\n\nvoici <b>ma</b> réponse.",
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path,
        public_url="https://annuaire.example",
        mail_from="bonjour@annuaire.example",
        contact_email="contact@annuaire.example",
    )


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def composed(mail: Mail, settings: Settings) -> EmailMessage:
    """The message as whoever receives it reads it."""
    at = dt.datetime(2026, 11, 22, 5, 0, tzinfo=dt.UTC)
    sent = compose(mail, settings, message_id="<1@annuaire.example>", at=at)
    message = email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_a_mail_says_from_whom_to_whom_and_that_a_machine_sent_it(settings: Settings) -> None:
    message = composed(MAIL, settings)
    assert message["From"] == "Ici & Là-bas <bonjour@annuaire.example>"
    assert message["To"] == "personne@exemple.org"
    assert message["Reply-To"] == "contact@annuaire.example"
    assert message["Date"] == "Sun, 22 Nov 2026 05:00:00 +0000"
    assert message["Message-ID"] == "<1@annuaire.example>"
    assert message["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize("length", range(1, len(SUBJECT) + 1, 7))
def test_a_subject_arrives_with_its_accents_and_all_its_spaces(settings: Settings, length: int) -> None:
    subject = SUBJECT[:length].strip()
    assert composed(replace(MAIL, subject=subject), settings)["Subject"] == subject


def test_a_long_subject_is_cut_and_marks_of_direction_leave_it(settings: Settings) -> None:
    subject = composed(replace(MAIL, subject="\u202eÀ l’envers " + "mot " * 100), settings)["Subject"]
    assert subject.startswith("À l’envers mot")
    assert subject.endswith("…")
    assert len(subject) <= 150


def test_the_text_is_wrapped_and_the_address_is_whole(settings: Settings) -> None:
    text = body(composed(MAIL, settings), "plain")
    assert f"Reprendre mon brouillon :\n{ADDRESS}\n" in text
    assert all(len(line) <= 72 for line in text.splitlines() if line != ADDRESS)
    assert "« des mots »" in text
    assert "> Bonjour,\n>\n> voici <b>ma</b> réponse.\n" in text
    assert "contact@annuaire.example" in text


def test_the_html_has_the_same_words_one_action_and_no_markup_of_others(settings: Settings) -> None:
    html = body(composed(MAIL, settings), "html")
    assert '<html lang="fr">' in html
    assert "Et &lt;b&gt; &amp; co." in html
    assert "Bonjour,<br><br>voici &lt;b&gt;ma&lt;/b&gt; réponse." in html
    assert html.count('class="action"') == 1
    assert f'<a href="{ADDRESS}">Reprendre mon brouillon</a>' in html
    assert "color-scheme" in html
    for foreign in ("<script", "<img", "url(", "@import", "style="):
        assert foreign not in html


def test_a_mail_without_action_nor_contact_says_no_more_than_its_sentences(settings: Settings) -> None:
    message = composed(replace(MAIL, action=None, quote=""), replace(settings, contact_email=""))
    assert message["Reply-To"] is None
    assert "copiez cette adresse" not in body(message, "html")
    assert "Une question" not in body(message, "plain")


def test_who_answers_a_person_does_not_write_to_the_site(settings: Settings) -> None:
    message = composed(replace(MAIL, reply_to="autre@exemple.org"), settings)
    assert message["Reply-To"] == "autre@exemple.org"
    assert "contact@annuaire.example" not in body(message, "plain")


FORGED = ["\r\nBcc: tous@exemple.org", "\nX: 1", "\r", "\x00", "\u2028", "\x85", "\ud800"]


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("where", ["to", "subject", "reply_to"])
def test_a_header_cannot_be_forged(where: str, forged: str) -> None:
    for value in (f"a@exemple.org{forged}", f"{forged}a@exemple.org", f"a{forged}@exemple.org"):
        with pytest.raises(InvalidText, match=r"adresse|objet"):
            replace(MAIL, **{where: value})  # type: ignore[arg-type]  # one of three texts


@pytest.mark.parametrize(
    "address",
    [
        "",
        "personne",
        "@exemple.org",
        "a@",
        "a@b@c",
        "a b@c.org",
        "a@b c",
        "a@exemple.org, b@exemple.org",
        "a@exemple.org;b@exemple.org",
        "A <a@exemple.org>",
        "<a@exemple.org>",
        "a..b@exemple.org",
        "a@-exemple.org",
        "a@exemple..org",
        "a@[127.0.0.1]",
        "a(b)@exemple.org",
        "a" * 65 + "@exemple.org",
        "a@" + "b" * 64 + ".org",
    ],
)
def test_what_is_not_one_address_is_refused(address: str) -> None:
    with pytest.raises(InvalidText, match="adresse"):
        replace(MAIL, to=address)


def test_an_accented_domain_is_written_as_the_network_wants_it(settings: Settings) -> None:
    assert composed(replace(MAIL, to="o'x+y@exämple.org"), settings)["To"] == "o'x+y@xn--exmple-cua.org"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/relative", "https://", "https://a.example/\n", "ftp://a"])
def test_an_action_opens_a_page_and_nothing_else(address: str) -> None:
    with pytest.raises(InvalidText, match="lien"):
        Action("Ouvrir", address)


def test_without_a_server_mails_are_files_that_their_owner_alone_reads(settings: Settings) -> None:
    transport = open_transport(settings)
    for _ in range(2):
        transport.send(composed(MAIL, settings), "20261122-050000-000001-draft_link")
    (path,) = (settings.instance / "outbox").iterdir()
    assert path.name == "20261122-050000-000001-draft_link.eml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert ADDRESS in body(email.message_from_bytes(path.read_bytes(), policy=email.policy.default), "plain")


def send(settings: Settings, url: str, **changes: Any) -> None:
    """Send the mail through the server of a URL."""
    message = compose(replace(MAIL, **changes), settings, message_id="<1@annuaire.example>", at=dt.datetime.now(dt.UTC))
    open_transport(replace(settings, mail_url=url)).send(message, "essai")


def test_a_server_takes_the_mail_whole(settings: Settings, server: MailServer) -> None:
    send(settings, server.url())
    (message,) = server.taken
    assert message["Subject"] == SUBJECT
    assert server.recipients == ["personne@exemple.org"]
    assert ADDRESS in body(message, "plain")


def test_what_is_accepted_is_sent_even_when_the_server_hangs_up(settings: Settings, server: MailServer) -> None:
    server.parts_rudely = True
    send(settings, server.url())
    assert len(server.taken) == 1


def test_nothing_leaves_for_the_invented_people_of_the_demonstration(
    settings: Settings, server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for address in ("x@demonstration.test", "x@reseau.demonstration.test"):
        send(settings, server.url(), to=address)
    assert server.said == []
    assert "not sent" in caplog.text
    assert "demonstration.test" not in caplog.text
    send(settings, server.url(), to="x@unedemonstration.test")
    assert len(server.taken) == 1


@pytest.mark.parametrize(
    "answer", ["550 5.1.1 no such user", "550 personne ici", "551 parti", "553 nom refusé", "501 5.1.3 bad address"]
)
def test_an_address_that_takes_no_mail_is_told_from_what_may_be_mended(
    settings: Settings, server: MailServer, answer: str
) -> None:
    server.refusals["RCPT"] = answer
    with pytest.raises(MailRefused):
        send(settings, server.url())


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("RCPT", "450 4.2.0 liste grise"),
        ("RCPT", "554 5.7.1 relay access denied"),
        ("RCPT", "552 5.2.2 boîte pleine"),
        ("MAIL", "550 expéditeur refusé"),
        ("DATA", "451 plus tard"),
        ("EHLO", "421 fermé"),
    ],
)
def test_what_may_be_mended_is_an_error_that_passes(
    settings: Settings, server: MailServer, verb: str, answer: str
) -> None:
    server.refusals |= {verb: answer, "HELO": answer}
    with pytest.raises(OSError) as caught:  # noqa: PT011  # smtplib's errors are OSErrors
        send(settings, server.url())
    assert "personne@exemple.org" not in str(caught.value)
    assert server.taken == []


def test_a_password_is_never_said_in_clear(settings: Settings, server: MailServer) -> None:
    with pytest.raises(OSError, match="STARTTLS"):
        send(settings, f"smtp://site:motdepasse@127.0.0.1:{server.port}?starttls")
    assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1, with its key, that nobody trusts yet."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "essai")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "essai.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_server_that_cannot_prove_its_name_learns_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_trusted: bool
) -> None:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with mail_server(context) as server:
        url = f"smtp://site:motdepasse@127.0.0.1:{server.port}?starttls"
        if is_trusted:
            send(settings, url)
            assert any(line.startswith("AUTH PLAIN") for line in server.said)
            assert len(server.taken) == 1
        else:
            with pytest.raises(ssl.SSLCertVerificationError):
                send(settings, url)
            assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)

"""Mail: sentences and one action, composed when they are sent, in one text and one HTML layout, then carried away.

Nothing here knows what a mail is about: `mails.py` of each package writes the sentences, the worker sends them.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import re
import smtplib
import ssl
import textwrap
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from config import Settings
from directory.core.errors import InvalidText

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
DEMONSTRATION = "demonstration.test"
"""The invented people of the demonstration: nothing leaves for them."""

PATIENCE = 20.0
"""Seconds that a server may take for one answer; a whole exchange stays shorter than a job's lease."""

WIDTH = 72
LONGEST_SUBJECT = 150
NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
"""Marks that turn the order of letters: a subject stands alone in a list, where they would turn its neighbours."""


@dataclass(frozen=True)
class Action:
    """The one thing to do: what the button says, and the absolute address it opens."""

    label: str
    address: str

    def __post_init__(self) -> None:
        """Raise InvalidText unless the address is one of the web, whole and without a space."""
        parts = urlsplit(self.address)
        if parts.scheme not in ("http", "https") or not parts.netloc or re.search(r"[\s\x00-\x1f]", self.address):
            raise InvalidText("L’adresse de ce lien n’est pas celle d’une page. Corrigez-la.")


@dataclass(frozen=True)
class Mail:
    """What one person is told: plain sentences, at most one action, and somebody else's words in `quote`.

    Raises InvalidText when an address or the subject holds what would forge a header.
    """

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    action: Action | None = None
    reply_to: str | None = None
    quote: str = ""

    def __post_init__(self) -> None:
        """Check here, where whoever typed it can still be told, rather than when the mail leaves."""
        address_header(self.to)
        if self.reply_to is not None:
            address_header(self.reply_to)
        if NOT_IN_A_HEADER.search(self.subject) or not self.subject.strip():
            raise InvalidText("L’objet de ce message est vide ou contient un retour à la ligne. Retapez-le.")


def address_header(address: str) -> Address:
    """One address for a header; raises InvalidText for anything else, a name or a second address included."""
    local, _, domain = address.rpartition("@")
    try:
        if NOT_IN_A_HEADER.search(address) or Address(addr_spec=f"{local}@example.org").username != local:
            raise ValueError("not one address")
        host = domain.encode("idna").decode("ascii")
        if not HOST.fullmatch(host) or len(local) > 64 or len(host) > 253:
            raise ValueError("not a host")
        return Address(username=local, domain=host)
    except (MessageError, ValueError, IndexError) as error:
        message = "Cette adresse électronique ne peut pas recevoir de message. Vérifiez-la : nom@exemple.org."
        raise InvalidText(message) from error


def compose(mail: Mail, settings: Settings, *, message_id: str, at: dt.datetime) -> EmailMessage:
    """The message ready to leave, as text and HTML; the same `message_id` makes a second copy recognisable."""
    message = EmailMessage(policy=SMTP)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message.set_raw("From", formataddr((settings.site_name, sender(settings))))
    message["To"] = address_header(mail.to)
    reply_to = mail.reply_to or settings.contact_email
    if reply_to:
        message["Reply-To"] = address_header(reply_to)
    message.set_raw("Subject", _subject(mail.subject))
    message["Auto-Submitted"] = "auto-generated"  # an absent person's answering machine keeps silent
    message["Content-Language"] = "fr"
    given = {"mail": mail, "site_name": settings.site_name, "site_address": settings.public_url.rstrip("/")}
    given |= {"contact": "" if mail.reply_to else settings.contact_email}
    message.set_content(_LAYOUTS.get_template("mails/mail.txt").render(given), cte="quoted-printable")
    html = _LAYOUTS.get_template("mails/mail.html").render(given)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def sender(settings: Settings) -> str:
    """The address that mails come from: the one set, else one of the site's own host."""
    host = urlsplit(settings.public_url).hostname or ""
    return settings.mail_from or f"ne-pas-repondre@{host if re.search('[a-z]', host) else 'localhost'}"


def _subject(text: str) -> str:
    """The subject, cut where it is too long, encoded and folded.

    Encoded here because the standard library's new policies lose the space between two encoded words when they fold.
    """
    text = DIRECTION.sub("", text).strip()
    if len(text) > LONGEST_SUBJECT:
        text = text[: LONGEST_SUBJECT - 1].rstrip() + "…"
    return Header(text, "ascii" if text.isascii() else "utf-8", header_name="Subject").encode(linesep=SMTP.linesep)


def _wrapped(text: str) -> str:
    """A paragraph in lines of 72 signs at most; no-break spaces hold, an address is never cut."""
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def _quoted(text: str) -> str:
    """Somebody's words, each line behind a sign, their own line breaks kept."""
    lines = (textwrap.wrap(line, WIDTH - 2, break_long_words=False, break_on_hyphens=False) for line in _lines(text))
    return "\n".join(f"> {line}".rstrip() for group in lines for line in group or [""])


def _lines(text: str) -> list[str]:
    return text.strip().split("\n")


_LAYOUTS = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_LAYOUTS.filters |= {"wrapped": _wrapped, "quoted": _quoted, "lines": _lines}


class MailRefused(Exception):
    """The server says that this address takes no mail: trying again would change nothing."""


class Transport(Protocol):
    """Carries messages away."""

    def send(self, message: EmailMessage, name: str) -> None:
        """Return once the message is in safe hands; raise otherwise. `name` tells one message from another."""
        ...


def open_transport(settings: Settings) -> Transport:
    """What the settings chose; nothing is opened before the first message."""
    if not settings.mail_url:
        return Outbox(settings.instance / "outbox")
    parts = urlsplit(settings.mail_url)
    port = {"smtps": 465, "smtp": 587 if parts.query else 25}[parts.scheme]
    return Server(
        host=parts.hostname or "",
        port=parts.port or port,
        encryption="tls" if parts.scheme == "smtps" else parts.query,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        own_name=urlsplit(settings.public_url).hostname or "localhost",
    )


@dataclass(frozen=True)
class Outbox:
    """A folder of .eml files to look at; a message written twice is one file."""

    folder: Path

    def send(self, message: EmailMessage, name: str) -> None:
        """Write the file whole, for its owner only: it may hold the link that opens a draft."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{name}.eml"
        draft = path.with_name(f".{name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        draft.replace(path)


@dataclass(frozen=True)
class Server:
    """A mail server, spoken to once a message."""

    host: str
    port: int
    encryption: str = ""
    """"" for none, "starttls", or "tls" from the first word."""
    user: str = ""
    password: str = field(default="", repr=False)
    own_name: str = "localhost"

    def send(self, message: EmailMessage, name: str) -> None:
        """Hand the message over; raises MailRefused when its address takes none, OSError for what may pass later."""
        to = message["To"].addresses[0]
        if f".{to.domain}".endswith(f".{DEMONSTRATION}"):
            log.info("mail %s is for the demonstration: not sent", name)
            return
        server = self._connect()
        try:
            if self.encryption == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from None  # the original names the address
        finally:
            # Without waiting for an answer: accepted is accepted, and until the job is marked done a kill makes a copy.
            with contextlib.suppress(OSError):
                server.putcmd("QUIT")
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.encryption == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, self.own_name, timeout=PATIENCE, context=context)
        return smtplib.SMTP(self.host, self.port, self.own_name, timeout=PATIENCE)


def _refusal(code: int, answer: bytes) -> Exception:
    """What a refused recipient means: 5.1.x, or 550, 551, 553 without more, say that the address is at fault.

    Anything else ("relay access denied", a full box, a block list) may be mended, so that it is worth another try.
    """
    status = re.match(rb"\s*([245]\.\d+)\.\d+", answer)
    is_final = status[1] == b"5.1" if status else code in {550, 551, 553}
    return MailRefused(f"SMTP {code}") if is_final else smtplib.SMTPResponseException(code, "recipient refused for now")

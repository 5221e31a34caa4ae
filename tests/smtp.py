"""A mail server on this machine for the tests: takes what it is told to take, and keeps it."""

from __future__ import annotations

import email
import email.policy
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class MailServer:
    """What it was given, and how it behaves."""

    taken: list[EmailMessage] = field(default_factory=list)
    """In order; in hand from the moment the last line came, before the answer."""
    recipients: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """Every command it heard, in clear or through TLS."""
    refusals: dict[str, str] = field(default_factory=dict)
    """Verb -> the answer given instead of an acceptance."""
    when_heard: Callable[[str], object] = lambda _verb: None
    """Called with each verb before it is answered; "." is a message in hand, not yet acknowledged."""
    parts_rudely: bool = False
    tls: ssl.SSLContext | None = None
    port: int = 0

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each message taken."""
        return [str(message["Message-ID"]) for message in self.taken]

    def url(self, options: str = "") -> str:
        """The setting that leads here."""
        return f"smtp://127.0.0.1:{self.port}{options}"


class _Talk(socketserver.StreamRequestHandler):
    server: _Listener

    def handle(self) -> None:
        with suppress(OSError):  # the other side may be killed at any word
            self._answer("220 essai")
            while line := self.rfile.readline():
                if not self._obey(line.decode().strip()):
                    return

    def finish(self) -> None:
        super().finish()
        self.connection.close()  # TLS has its own socket over the listener's

    def _answer(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _obey(self, line: str) -> bool:
        of = self.server.of
        of.said.append(line)
        verb = line.split(":", maxsplit=1)[0].split(" ", maxsplit=1)[0].upper()
        of.when_heard(verb)
        if verb in of.refusals:
            self._answer(of.refusals[verb])
        elif verb == "EHLO":
            offers = ["250-STARTTLS"] if of.tls and not isinstance(self.connection, ssl.SSLSocket) else []
            self._answer("\r\n".join(["250-essai", *offers, "250 AUTH PLAIN"]))
        elif verb == "STARTTLS" and of.tls:
            self._answer("220 go")
            self.connection = of.tls.wrap_socket(self.connection, server_side=True)
            self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        elif verb == "DATA":
            self._take()
        elif verb == "QUIT":
            if not of.parts_rudely:
                self._answer("221 bye")
            return False
        else:
            if verb == "RCPT":
                of.recipients.append(line.split("<")[1].split(">", maxsplit=1)[0])
            self._answer("235 ok" if verb == "AUTH" else "250 ok")
        return True

    def _take(self) -> None:
        self._answer("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return
            lines.append(line.removeprefix(b"."))
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.server.of.taken.append(message)
        self.server.of.when_heard(".")
        self._answer("250 taken")


class _Listener(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    of: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or refuses our certificate, is part of the tests."""


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A server on a free port, stopped at the end."""
    with _Listener(("127.0.0.1", 0), _Talk) as listener:
        listener.of = MailServer(tls=tls, port=listener.server_address[1])
        thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield listener.of
        listener.shutdown()
        thread.join()

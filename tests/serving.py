"""The site as script/server runs it, for tests of whole paths and of kills: gunicorn and the worker, one folder."""

from __future__ import annotations

import email
import email.policy
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from alembic import command

from config import Environment, Settings
from directory import create_app
from directory.accounts import operations as accounts
from directory.networks import operations as networks
from directory.networks.queries import get_network
from directory.reference import operations as reference
from tests.conftest import ROOT, migration_config

CURATOR, PASSWORD = "animation@exemple.org", "une barque sans rame ni voile"
BIN = Path(sys.executable).parent


@dataclass
class Site:
    """A running site, its worker, and the folder where mails are written."""

    url: str
    folder: Path
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start « server » or « worker »; the server answers when this returns."""
        bind = self.url.removeprefix("http://")
        commands = {
            "server": ["gunicorn", "-w", "1", "--threads", "4", "-b", bind, "--no-control-socket", "wsgi:app"],
            "worker": ["flask", "--app", "wsgi", "jobs", "work"],
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            arguments = [str(BIN / commands[name][0]), *commands[name][1:]]
            # A session of its own: a kill takes gunicorn's own workers with it.
            self.running[name] = subprocess.Popen(
                arguments, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        if name == "server":
            self._wait()

    def kill(self, name: str) -> None:
        """End a program and its children at once, as a power cut would."""
        with suppress(ProcessLookupError):
            os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running.pop(name).wait()

    def _wait(self) -> None:
        """Until a page is answered: the port is open before the application has started."""
        for _ in range(300):
            with suppress(OSError), urlopen(f"{self.url}/proposer", timeout=60) as answer:  # noqa: S310  # ours
                assert answer.status == 200
                return
            time.sleep(0.2)
        raise AssertionError("the site did not start")

    def mail(self, to: str, subject: str) -> str:
        """The address of the one action of the last mail with such a subject, waiting for the worker."""
        for _ in range(300):
            for path in sorted((self.folder / "outbox").glob("*.eml"), reverse=True):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if message["To"] == to and subject in " ".join(str(message["Subject"]).split()):
                    body = message.get_body(("plain",))
                    assert body is not None
                    found = re.search(rf"{re.escape(self.url)}\S+", body.get_content())
                    assert found is not None, "a mail has one action"
                    return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no mail « {subject} » to {to}")


@contextmanager
def new_site(folder: Path, *, environment: str = "development") -> Iterator[Site]:
    """A site with its reference lists and one curator, not yet started; what still runs is ended afterwards."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    database = f"sqlite:///{folder / 'directory.sqlite'}"
    command.upgrade(migration_config(database), "head")
    _fill(database, folder)
    url = f"http://127.0.0.1:{port}"
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
        "DIRECTORY_ENVIRONMENT": environment,
        "DIRECTORY_INSTANCE": str(folder),
        "DIRECTORY_PUBLIC_URL": url,
        **{name: os.environ[name] for name in ("DIRECTORY_GAZETTEER",) if name in os.environ},
    }
    site = Site(url, folder, variables)
    try:
        yield site
    finally:
        for name in list(site.running):
            site.kill(name)


def _fill(database: str, folder: Path) -> None:
    app = create_app(Settings(environment=Environment.TEST, instance=folder, database_url=database))
    with app.app_context(), app.extensions["sessions"].begin() as session:
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
        curator = accounts.create(session, CURATOR)
        accounts.give_first_password(session, curator, PASSWORD)
        networks.appoint(session, curator, get_network(session, "reseau-bretagne-solidaire"))
    app.extensions["engine"].dispose()

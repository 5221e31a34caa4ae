"""From « Raconter une initiative » to the sheet on the map, through the mails: the real server, the real worker.

Once by the keyboard alone on a phone, once without scripts. Nothing is stubbed: gunicorn serves, the worker writes the
mails in the outbox, each link is followed as it was mailed, limits and the traps for robots are on.
"""

from __future__ import annotations

import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from alembic import command
from playwright.sync_api import Browser, Page, expect

from config import Environment, Settings
from directory import create_app
from directory.accounts import operations as accounts
from directory.networks import operations as networks
from directory.networks.queries import get_network
from directory.reference import operations as reference
from tests.browser.conftest import PHONE
from tests.conftest import ROOT, migration_config

CURATOR, PASSWORD = "animation@exemple.org", "une barque sans rame ni voile"
READ_SECONDS = 3.2
"""What somebody takes at least to read the first page: robots are quicker."""


@dataclass
class Site:
    """A running site, its worker, and the folder where mails are written."""

    url: str
    outbox: Path

    def mail(self, to: str, subject: str) -> str:
        """The address of the one action of the last mail with such a subject, waiting for the worker."""
        for _ in range(300):
            for path in sorted(self.outbox.glob("*.eml"), reverse=True):
                message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                if message["To"] == to and subject in " ".join(str(message["Subject"]).split()):
                    body = message.get_body(("plain",))
                    assert body is not None
                    found = re.search(rf"{re.escape(self.url)}\S+", body.get_content())
                    assert found is not None, "a mail has one action"
                    return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no mail « {subject} » to {to} among {[one.name for one in self.outbox.glob('*')]}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as script/server runs it: gunicorn and the worker, two processes, one folder."""
    folder = tmp_path_factory.mktemp("path")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    database = f"sqlite:///{folder / 'directory.sqlite'}"
    command.upgrade(migration_config(database), "head")
    _people(database, folder)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
        "DIRECTORY_ENVIRONMENT": "development",
        "DIRECTORY_INSTANCE": str(folder),
        "DIRECTORY_PUBLIC_URL": url,
        **{name: os.environ[name] for name in ("DIRECTORY_GAZETTEER",) if name in os.environ},
    }
    bin_ = Path(sys.executable).parent
    bind = f"127.0.0.1:{port}"
    serve = [str(bin_ / "gunicorn"), "-w", "1", "--threads", "4", "-b", bind, "--no-control-socket", "wsgi:app"]
    work = [str(bin_ / "flask"), "--app", "wsgi", "jobs", "work"]
    with ExitStack() as stack:
        log = stack.enter_context((folder / "log").open("w"))
        running = [
            stack.enter_context(subprocess.Popen(one, cwd=ROOT, env=environment, stdout=log, stderr=log))
            for one in (serve, work)
        ]
        _wait_for(url)
        yield Site(url, folder / "outbox")
        for process in running:
            process.terminate()


def _people(database: str, folder: Path) -> None:
    """The reference lists, and a curator who has a password."""
    app = create_app(Settings(environment=Environment.TEST, instance=folder, database_url=database))
    with app.app_context(), app.extensions["sessions"].begin() as session:
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
        curator = accounts.create(session, CURATOR)
        accounts.give_first_password(session, curator, PASSWORD)
        networks.appoint(session, curator, get_network(session, "reseau-bretagne-solidaire"))
    app.extensions["engine"].dispose()


def _wait_for(url: str) -> None:
    """Until the first page is answered: the port is open before the application has started."""
    for _ in range(300):
        with suppress(OSError), urlopen(f"{url}/proposer", timeout=60) as answer:  # noqa: S310  # our own address
            assert answer.status == 200
            return
        time.sleep(0.2)
    raise AssertionError("the site did not start")


def reach(page: Page, selector: str) -> None:
    """Walk by the Tab key to a control."""
    for _ in range(150):
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {selector}")


def write(page: Page, selector: str, text: str) -> None:
    """Walk to a field and type."""
    reach(page, selector)
    page.keyboard.type(text)


def press(page: Page, selector: str) -> None:
    """Walk to a button and press it; the next page is there when this returns."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tick(page: Page, selector: str) -> None:
    """Walk to a radio group and take the option that is reached."""
    reach(page, selector)
    page.keyboard.press("Space")


NEXT = ".question__foot .button"


def tell(page: Page, name: str, address: str) -> int:
    """Answer the ten questions by the keyboard; returns how many screens were seen, the last one being « Relire »."""
    page.goto("/proposer")
    page.wait_for_timeout(READ_SECONDS * 1000)
    write(page, "#summary", "Deux lycées s’écrivent et se rendent visite.")
    press(page, NEXT)
    write(page, "#here-0-typed", "Morlaix")
    page.keyboard.press("Escape")
    write(page, "#there-0-typed", "Bamako, Mali")
    page.keyboard.press("Escape")
    press(page, NEXT)
    write(page, "#carrier", "Les Amis du lycée")
    write(page, "#email", address)
    press(page, NEXT)
    write(page, "[name='partners-0-name']", "Lycée Askia")
    tick(page, "[name='partners-0-agreement']")
    tick(page, "[name='main_sector']")
    press(page, NEXT)
    write(page, "#since_year", "2015")
    tick(page, "[name='stage']")
    reach(page, "#title")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(name)
    press(page, NEXT)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relisez")
    return 6


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scripts", [True, False], ids=["keyboard alone", "without scripts"])
def test_an_association_tells_a_network_publishes_a_citizen_finds(browser: Browser, site: Site, scripts: bool) -> None:
    name = "Deux lycées" if scripts else "Deux lycées sans script"
    author = f"a.riou{1 if scripts else 2}@exemple.org"
    options = {
        "base_url": site.url,
        "viewport": {"width": PHONE[0], "height": PHONE[1]},
        "locale": "fr-FR",
        "java_script_enabled": scripts,
    }
    here, desk, anybody = (browser.new_context(**options) for _ in range(3))  # type: ignore[arg-type]
    for context in (here, desk, anybody):
        context.set_default_timeout(40_000)
    page = here.new_page()

    assert tell(page, name, author) == 6
    press(page, NEXT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Il reste un geste")
    elsewhere = browser.new_context(**options).new_page()  # type: ignore[arg-type]  # another device
    elsewhere.goto(site.mail(author, "onfirme"))
    press(elsewhere, "main button[type=submit]")
    expect(elsewhere.locator("main")).to_contain_text("Réseau Bretagne Solidaire")
    elsewhere.goto("/mon-espace")
    expect(elsewhere.locator("main")).to_contain_text(name)

    curator = desk.new_page()
    curator.goto(site.mail(CURATOR, f"« {name} »"))
    write(curator, "#email", CURATOR)
    write(curator, "#password", PASSWORD)
    press(curator, "main form button[type=submit]")
    expect(curator.get_by_role("heading", level=1)).to_contain_text(name)
    expect(curator.locator("main")).to_contain_text("sous vigilance")
    press(curator, "[name=decision][value=publier]")
    expect(curator.get_by_role("status")).to_contain_text("La fiche est en ligne")

    page.goto(site.mail(author, "en ligne"))
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text("Morlaix")
    expect(page.locator("main")).to_contain_text("Mali")
    expect(page.locator("main")).not_to_contain_text("Bamako")

    citizen = anybody.new_page()
    citizen.goto("/carte?ici=c:29151")
    expect(citizen.get_by_role("link", name=name, exact=True, include_hidden=True)).to_be_attached()
    for context in (here, desk, anybody, elsewhere.context):
        context.close()

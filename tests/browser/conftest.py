"""A real browser on a real server: its own database, a few initiatives (some hostile), a free loopback port."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from alembic import command
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request, Response, expect, sync_playwright
from sqlalchemy.orm import Session

from directory.core.database import make_engine
from directory.initiatives.content import OrganisationContent, SourceContent
from directory.initiatives.vocabulary import Disclosure, Origin
from directory.networks import operations as networks
from directory.reference import operations as reference
from tests.conftest import ROOT, migration_config
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SAINT_DENIS,
    SEGOU,
    SUVA,
    make_initiative,
)

CHROMIUM = "/usr/bin/chromium"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 20_000
"""Milliseconds given to what a page must show: a loaded machine is five times slower than a calm one."""
expect.set_options(timeout=PATIENCE)
LARGE, PHONE, NARROW = (1280, 800), (390, 844), (320, 640)

HOSTILE = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "'-window.pwned=1-'",
    "</title><script>window.pwned=1</script>",
    "javascript:window.pwned=1",
    "{{7*7}}{%raw%}",
    "</script><script>window.pwned=1</script>",
    "&lt;script&gt;window.pwned=1&lt;/script&gt;",
    "<a href=javascript:window.pwned=1>x</a>",
    "\u202egnp.exe\u202c",
    "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 2,
)
"""Texts that a page must show as they are; the last two try the layout."""

_ELEMENTS = (
    "img src=x",
    "svg",
    "body",
    "video src=x",
    "audio src=x",
    "input autofocus",
    "details open",
    "iframe",
    "style",
)
_HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onpointerenter", "onanimationstart")
MORE_HOSTILE = (
    *(f"<{element} {handler}=window.pwned=1>" for element in _ELEMENTS for handler in _HANDLERS),
    *(f'" {handler}="window.pwned=1' for handler in _HANDLERS),
    *(f"' {handler}='window.pwned=1" for handler in _HANDLERS),
    *(f"]]><{element}/onload=window.pwned=1>" for element in _ELEMENTS),
    *(f"{scheme}window.pwned=1" for scheme in ("JaVaScRiPt:", "java\tscript:", "vbscript:", "data:text/html,")),
    "<scr<script>ipt>window.pwned=1</scr</script>ipt>",
    "<ScRiPt>window.pwned=1</sCrIpT>",
    "<script/x>window.pwned=1</script>",
    "<!--><script>window.pwned=1</script>-->",
    "<noscript><p title='</noscript><img src=x onerror=window.pwned=1>'>",
    "<math><mtext></form><form><mglyph><style></math><img src=x onerror=window.pwned=1>",
    "<base href=//exemple.org/>",
    "<meta http-equiv=refresh content=0;url=javascript:window.pwned=1>",
    "<link rel=stylesheet href=//exemple.org/x.css>",
    "<object data=javascript:window.pwned=1>",
    "<embed src=javascript:window.pwned=1>",
    "<form action=javascript:window.pwned=1><button>x</button></form>",
    "${window.pwned=1}",
    "#{window.pwned=1}",
    "{%25 include 'x' %25}",
)
"""Further texts, shown in summaries and descriptions: with the others, over a hundred."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser may be late on a loaded machine: one more try, told by pytest (« rerun ») and by script/report.py."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@dataclass
class LiveServer:
    """A running site and the slugs it knows."""

    url: str
    slugs: dict[str, str] = field(default_factory=dict)


@contextmanager
def served(module: str, *arguments: str, folder: Path) -> Iterator[str]:
    """The address of a server run by a module that prints its port; ended afterwards, its log kept in the folder."""
    serve = [sys.executable, "-m", module, *arguments]
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(serve, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port.isdigit(), "the server did not start"
        yield f"http://127.0.0.1:{port}"
        process.terminate()


@contextmanager
def made_site(folder: Path, publish: Callable[[Session], dict[str, str]]) -> Iterator[LiveServer]:
    """A site on a free loopback port, with its own database, where `publish` told sheets and gave their slugs."""
    url = f"sqlite:///{folder / 'live.sqlite'}"
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session:
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
        session.commit()
        slugs = publish(session)
    engine.dispose()
    with served("tests.browser.serve", url, str(folder), folder=folder) as address:
        yield LiveServer(address, slugs)


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The site that most tests read, and leave as it is."""
    with made_site(tmp_path_factory.mktemp("live"), _publish) as site:
        yield site


def _publish(session: Session) -> dict[str, str]:
    """A handful of links: plain, with many ends, protected, across the antimeridian, in another language, hostile."""
    made = {
        "plain": make_initiative(session, title="Mada-Breizh", here=(QUIMPER,), there=(ANTSIRABE,), since_year=2005),
        "many": make_initiative(
            session, title="Deux rives", here=(QUIMPER, MORLAIX, BORDEAUX), there=(PUERTO_LOPEZ, SUVA), goals=(4, 17)
        ),
        "protected": make_initiative(
            session, title="Un lien protégé", there=(replace(SEGOU, shown_as=Disclosure.COUNTRY),), partners=()
        ),
        "source": make_initiative(
            session,
            title="D’après une page",
            here=(SAINT_DENIS,),
            there=(ANTSIRABE,),
            description="",
            since_year=None,
            stage_on=2012,
            origin=Origin.PUBLIC_SOURCE,
            sources=(SourceContent("Page de l’association", "https://example.org/page"),),
        ),
        "english": make_initiative(session, title="Two shores", summary="Two schools write.", language="en"),
    }
    for number, text in enumerate(HOSTILE):
        made[f"hostile-{number}"] = make_initiative(
            session,
            title=text,
            summary=f"{text} {MORE_HOSTILE[number]}"[:300],
            description="\n\n".join([text, *MORE_HOSTILE[number :: len(HOSTILE)]]),
            carriers=(OrganisationContent(text, "association"),),
            here=(replace(MORLAIX, label=text),),
            there=(replace(PUERTO_LOPEZ, name=text[:60], context=text[:60]),),
            sources=(SourceContent(text, None),),
        )
    return {name: initiative.slug or "" for name, initiative in made.items()}


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """Chromium, as installed on the machine."""
    opened = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield opened
    opened.close()


class Watch:
    """Notes what must never happen on a page: an error, a breach of the policy, a request elsewhere, a missing file."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.faults: list[str] = []
        self.is_paused = False

    def follow(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While axe runs: it tries styles that the policy forbids, and says so itself."""
        self.is_paused = True
        yield
        self.is_paused = False

    def _console(self, message: ConsoleMessage) -> None:
        # A missing file is told with its address by _response; a finger moved while the page still slides from the
        # one before is the browser's own remark on Leaflet, and changes nothing for the person.
        is_remark = message.text.startswith(("Failed to load resource", "Ignored attempt to cancel a touch"))
        if message.type in ("error", "warning") and not is_remark and not self.is_paused:
            self.faults.append(f"{message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.faults.append(f"elsewhere: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type not in ("document", "fetch"):
            self.faults.append(f"{response.status}: {response.url}")


OpenPage = Callable[..., Page]


@pytest.fixture
def watch(live_server: LiveServer) -> Iterator[Watch]:
    """The faults of the test's pages; any fails the test."""
    watched = Watch(live_server.url)
    yield watched
    assert watched.faults == []


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[OpenPage]:
    """Opens a watched page of a size, at an address of the site; options are those of a browser context."""
    contexts = []

    def open_one(address: str = "/", size: tuple[int, int] = LARGE, **options: Any) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            reduced_motion=options.pop("reduced_motion", "reduce"),
            locale="fr-FR",
            **options,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.follow(page)
        page.goto(address)
        return page

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def open_map(open_page: OpenPage) -> OpenPage:
    """Opens the map at an address and waits for its links."""

    def open_one(address: str = "/carte", size: tuple[int, int] = LARGE, **options: Any) -> Page:
        page = open_page(address, size, **options)
        expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true")
        return page

    return open_one


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A watched page on a large screen, at the home page."""
    return open_page("/")


@pytest.fixture
def violations(watch: Watch) -> Callable[[Page], list[str]]:
    """Runs axe on a page: one line for each breach of WCAG 2.2 AA or of its best practices."""
    source = AXE.read_text(encoding="utf-8")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def run(page: Page) -> list[str]:
        with watch.paused():
            page.evaluate(source)
            found = page.evaluate("tags => axe.run(document, {runOnly: tags, preload: false})", tags)
        return [
            f"{violation['id']}: {node['html'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return run

"""Raster tiles of another host in a browser: shown, named, asked of that host alone, without our outlines."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from alembic import command
from playwright.sync_api import Browser, expect
from sqlalchemy.orm import Session

from directory.core.database import make_engine
from directory.networks import operations as networks
from directory.reference import operations as reference
from tests.browser.conftest import LiveServer, Watch, served
from tests.conftest import ROOT, migration_config
from tests.factories import make_initiative

CREDIT = "© Les cartes de l’essai https://cartes.example/droits"


def one_colour(red: int, green: int, blue: int) -> bytes:
    """A PNG of 256 × 256 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes((red, green, blue)) * 256) * 256
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class TileHandler(BaseHTTPRequestHandler):
    """Answers every address with the same tile, and keeps what it was asked with."""

    tile = one_colour(120, 170, 90)
    asked: list[tuple[str, str]] = []  # noqa: RUF012  # shared by the requests of a test

    def do_GET(self) -> None:
        """One tile."""
        self.asked.append((self.path, self.headers.get("Cookie", "")))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(self.tile)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing in the output of the tests."""


@pytest.fixture(scope="module")
def tile_host() -> Iterator[str]:
    """A host of tiles on a free loopback port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), TileHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory, tile_host: str) -> Iterator[LiveServer]:
    """The site with these tiles and one initiative."""
    folder = tmp_path_factory.mktemp("tiles")
    url = f"sqlite:///{folder / 'live.sqlite'}"
    command.upgrade(migration_config(url), "head")
    engine = make_engine(url)
    with Session(engine) as session:
        reference.load(session, ROOT / "data")
        networks.load(session, ROOT / "data")
        slug = make_initiative(session, title="Mada-Breizh").slug or ""
        session.commit()
    engine.dispose()
    tiles = tile_host + "/{z}/{x}/{y}.png"
    with served("tests.browser.serve_tiles", url, str(folder), tiles, CREDIT, folder=folder) as address:
        yield LiveServer(address, {"plain": slug})


class TilesWatch(Watch):
    """What must never happen, the tiles of the chosen host aside."""

    tile_host = ""

    def _request(self, request: Any) -> None:
        if not request.url.startswith(f"{self.tile_host}/"):
            super()._request(request)


@pytest.fixture
def watch(live_server: LiveServer, tile_host: str) -> Iterator[Watch]:
    """The faults of the test's pages; any fails the test."""
    watched = TilesWatch(live_server.url)
    watched.tile_host = tile_host
    yield watched
    assert watched.faults == []


@pytest.mark.parametrize("name", ["map", "sheet"])
def test_the_tiles_of_the_chosen_host_are_shown_and_named_and_our_outlines_are_not_loaded(
    browser: Browser, live_server: LiveServer, watch: Watch, tile_host: str, name: str
) -> None:
    address = "/carte" if name == "map" else f"/initiatives/{live_server.slugs['plain']}"
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800}, locale="fr-FR")
    page = context.new_page()
    watch.follow(page)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    TileHandler.asked.clear()
    page.goto(address)
    if name == "sheet":
        page.locator(".places__stage").scroll_into_view_if_needed()
        expect(page.locator("[data-places]")).to_have_attribute("data-state", "ready", timeout=30_000)
    else:
        expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=30_000)
    # Leaflet puts an empty image in place of a tile that it no longer wants.
    loaded = page.locator(f'img.leaflet-tile-loaded[src^="{tile_host}/"]').first
    expect(loaded).to_have_js_property("naturalWidth", 256, timeout=30_000)
    credit = page.locator(".leaflet-control-attribution")
    expect(credit).to_contain_text("© Les cartes de l’essai")
    expect(credit.locator("a")).to_have_attribute("href", "https://cartes.example/droits")
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "/geo/" in url or "tiles.worker" in url]
    assert TileHandler.asked
    assert not [cookie for _, cookie in TileHandler.asked if cookie]
    context.close()

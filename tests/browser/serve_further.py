"""Serves the site with providers of places on this machine: `python -m tests.browser.serve_further DATABASE FOLDER`.

What they answer depends on what they are asked: « panne » is refused, « lent » waits longer than anybody would.
"""

from __future__ import annotations

import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from werkzeug.serving import make_server

from config import Environment, Settings
from directory import create_app
from directory.geocoding.outbound import Fetcher
from directory.geocoding.providers import make_provider
from tests.geocoding.stub import ADDRESS, FEATURE


class Answers(BaseHTTPRequestHandler):
    """A provider for each side: one village of Mali, one street of Morlaix."""

    def do_GET(self) -> None:
        """Answer after the words of the query."""
        query = parse_qs(urlsplit(self.path).query).get("q", [""])[0].lower()
        time.sleep(8 if "lent" in query else 0)
        self.send_response(503 if "panne" in query else 200)
        self.end_headers()
        found = [] if "zzz" in query else [ADDRESS if "rue" in query else FEATURE]
        self.wfile.write(json.dumps({"features": found}).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""


def main(database_url: str, folder: str, port: str = "0") -> None:
    """Print the free loopback port that was taken, then serve until the process ends."""
    stub = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    stub.daemon_threads = True
    Thread(target=stub.serve_forever, daemon=True).start()
    gazetteer = os.environ.get("DIRECTORY_GAZETTEER")
    chosen: dict[str, Any] = {"gazetteer": Path(gazetteer)} if gazetteer else {}
    app = create_app(Settings(environment=Environment.TEST, instance=Path(folder), database_url=database_url, **chosen))
    here = f"http://127.0.0.1:{stub.server_address[1]}"
    app.extensions["place_providers"] = tuple(
        make_provider(name, here, "Site", Fetcher(is_allowed=lambda address: True)) for name in ("ban", "photon")
    )
    server = make_server("127.0.0.1", int(port), app, threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Serves the site of the browser tests in a process of its own: `python -m tests.browser.serve DATABASE FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from config import Environment, Settings
from directory import create_app


def main(database_url: str, folder: str) -> None:
    """Print the free loopback port that was taken, then serve until the process ends."""
    gazetteer = os.environ.get("DIRECTORY_GAZETTEER")
    chosen: dict[str, Any] = {"gazetteer": Path(gazetteer)} if gazetteer else {}
    app = create_app(Settings(environment=Environment.TEST, instance=Path(folder), database_url=database_url, **chosen))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

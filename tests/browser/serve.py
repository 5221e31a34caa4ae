"""Serves the site of the browser tests in its own process: `python -m tests.browser.serve DATABASE FOLDER [SECRET]`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from config import Environment, Settings
from directory import create_app


def main(database_url: str, folder: str, secret_key: str = "") -> None:
    """Print the free loopback port that was taken, then serve until the process ends.

    A test that signs links itself gives the secret.
    """
    gazetteer = os.environ.get("DIRECTORY_GAZETTEER")
    chosen: dict[str, Any] = {"gazetteer": Path(gazetteer)} if gazetteer else {}
    chosen |= {"secret_key": secret_key} if secret_key else {}
    app = create_app(Settings(environment=Environment.TEST, instance=Path(folder), database_url=database_url, **chosen))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

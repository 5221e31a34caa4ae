"""Serves the site over raster tiles: `python -m tests.browser.serve_tiles DATABASE FOLDER TILES_URL CREDIT`."""

from __future__ import annotations

import sys
from pathlib import Path

from werkzeug.serving import make_server

from config import Environment, Settings
from directory import create_app


def main(database_url: str, folder: str, tiles_url: str, credit: str) -> None:
    """Print the free loopback port that was taken, then serve until the process ends."""
    settings = Settings(
        environment=Environment.TEST,
        instance=Path(folder),
        database_url=database_url,
        tiles_url=tiles_url,
        tiles_attribution=credit,
    )
    server = make_server("127.0.0.1", 0, create_app(settings), threaded=True)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

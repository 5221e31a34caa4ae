"""Filled instances, kept in .cache/bench/ from one run to the next: one folder a size and a database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, make_url, text

from measuring.figures import ROOT, load, say, thousands

CACHE = ROOT / ".cache" / "bench"
BIN = Path(sys.executable).parent
SEED = 1


@dataclass(frozen=True)
class Instance:
    """A folder with its database, ready to be served."""

    size: int
    folder: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        """The URL of the database."""
        return self.environment.get("DIRECTORY_DATABASE_URL") or f"sqlite:///{self.folder / 'directory.sqlite'}"

    def flask(self, *words: str) -> str:
        """Run a command of the site; stops the bench when it fails."""
        run = [str(BIN / "flask"), "--app", "wsgi", *words]
        done = subprocess.run(run, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)} : {done.stderr[-2000:]}")
        return done.stdout


def instance(size: int, postgres: str = "") -> Instance:
    """The instance of a size, filled when it is not yet; on a database of its own of the server `postgres`."""
    folder = CACHE / f"{size}{'-postgis' if postgres else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    gazetteer = os.environ.get("DIRECTORY_GAZETTEER", str(ROOT / ".cache/tests/gazetteer.sqlite"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
        "DIRECTORY_ENVIRONMENT": "test",
        "DIRECTORY_INSTANCE": str(folder),
        "DIRECTORY_GAZETTEER": gazetteer,
    }
    if postgres:
        environment["DIRECTORY_DATABASE_URL"] = _database(postgres, f"bench_{size}")
    made = Instance(size, folder, environment)
    for command in ("db upgrade", "reference load", "networks load"):
        made.flask(*command.split())
    _fill(made)
    return made


def _fill(made: Instance) -> None:
    """Generate the sheets; the time is kept beside them, since a later run does not spend it again."""
    start, before = time.perf_counter(), load()
    said = made.flask("demo", "generate", "--initiatives", str(made.size), "--seed", str(SEED))
    seconds = time.perf_counter() - start
    if "déjà" not in said:
        say(f"{thousands(made.size)} sheets made in {seconds:.0f} s")
        note = f"{seconds:.0f} s, load {before} before and {load()} after"
        (made.folder / "generated.txt").write_text(note, "utf-8")


def _database(server: str, name: str) -> str:
    """The URL of a database of that server, made when it is not there."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
        if not known:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return make_url(server).set(database=name).render_as_string(hide_password=False)

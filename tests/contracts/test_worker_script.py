"""script/worker keeps one worker running, and leaves nothing behind."""

from __future__ import annotations

import os
import runpy
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = """#!/bin/bash
echo "$$ $*" >> started
trap 'echo stopped >> started; exit 0' TERM
while sleep 0.05; do [ -z "$PARENT_OF_SITE" ] || kill -0 "$PARENT_OF_SITE" || exit 0; done
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout where the worker is a few lines of shell."""
    for folder in ("script", ".venv/bin"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copy(ROOT / "script" / "worker", tmp_path / "script")
    flask = tmp_path / ".venv" / "bin" / "flask"
    flask.write_text(WORKER)
    flask.chmod(0o755)
    return tmp_path


def keep(house: Path, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PARENT_OF_SITE": ""} | variables
    return subprocess.Popen([house / "script" / "worker", *arguments], env=environment, stderr=subprocess.DEVNULL)


def started(house: Path) -> list[str]:
    path = house / "started"
    return path.read_text().splitlines() if path.exists() else []


def wait_for(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_worker_that_is_killed_is_started_again_and_stops_when_asked(house: Path) -> None:
    with keep(house) as process:
        wait_for(lambda: len(started(house)) == 1)
        os.kill(int(started(house)[0].split()[0]), signal.SIGKILL)
        wait_for(lambda: len(started(house)) == 2)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert started(house)[2:] == ["stopped"]
    assert started(house)[0].endswith(" --app wsgi jobs work")


def test_the_worker_ends_with_the_site_it_works_for(house: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as site, keep(house, str(site.pid), PARENT_OF_SITE=str(site.pid)) as process:
        wait_for(lambda: len(started(house)) == 1)
        site.kill()
        site.wait()
        assert process.wait(10) == 0
    assert started(house)[0].endswith(f" jobs work --while {site.pid}")
    assert len(started(house)) == 1


def test_stopping_the_site_stops_its_worker_and_waits_for_it(house: Path) -> None:
    stop = runpy.run_path(str(ROOT / "script" / "gunicorn.conf.py"))["stop_keeper"]
    with keep(house) as process:
        wait_for(lambda: len(started(house)) == 1)
        stop(process.pid)
        assert started(house)[1:] == ["stopped"]
    stop(process.pid)  # gone already: nothing to say

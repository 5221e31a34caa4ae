"""What the scripts promise to whoever runs them."""

from __future__ import annotations

import os
import re
import runpy
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def steps(script: str) -> subprocess.CompletedProcess[str]:
    """Run a few lines of shell as the scripts do, with script/steps.sh sourced."""
    text = f'set -euo pipefail; source "{ROOT}/script/steps.sh"; {script}'
    return subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False, timeout=60)


def server(**variables: str) -> subprocess.CompletedProcess[str]:
    """Run script/server, which must refuse what it is given here."""
    return subprocess.run(
        [ROOT / "script" / "server"],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_step_says_what_it_does_and_hides_what_went_well() -> None:
    run = steps("step 'Un pas' echo bavardage")
    assert run.returncode == 0
    assert run.stdout.splitlines()[0] == "→ Un pas…"
    assert "bavardage" not in run.stdout


def test_a_failed_step_stops_the_script_and_shows_its_output() -> None:
    run = steps("step 'Un pas' ls /nulle-part; say jamais")
    assert run.returncode == 1
    assert "/nulle-part" in run.stderr
    assert "Échec : Un pas." in run.stderr
    assert "jamais" not in run.stdout


def test_a_signal_ends_the_step_and_what_the_step_started(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = f'source "{ROOT}/script/steps.sh"; step Long bash -c "sleep 60 & echo \\$! > {mark}; wait"'
    logs = tmp_path / "logs"
    logs.mkdir()
    environment = os.environ | {"TMPDIR": str(logs)}
    with subprocess.Popen(["bash", "-c", text], env=environment, stdout=subprocess.DEVNULL) as process:
        while not (mark.exists() and mark.read_text()):
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 143
    assert list(logs.iterdir()) == []
    sleeper = Path("/proc", mark.read_text().strip(), "cmdline")
    deadline = time.monotonic() + 5
    while sleeper.exists() and sleeper.read_bytes() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not sleeper.exists() or not sleeper.read_bytes()


def test_a_digest_follows_names_and_contents_and_survives_a_missing_folder(tmp_path: Path) -> None:
    def digest() -> str:
        run = steps(f'digest "{tmp_path}" "{tmp_path}/absent"')
        assert run.returncode == 0
        return run.stdout

    seen = {digest()}
    for name, content in (("a", "1"), ("a", "2"), ("b", "2")):
        (tmp_path / name).write_text(content)
        seen.add(digest())
    assert len(seen) == 4
    assert digest() in seen


def test_an_account_that_may_not_install_is_told_what_is_missing(tmp_path: Path) -> None:
    for name in ("dirname", "realpath"):
        (tmp_path / name).symlink_to(f"/usr/bin/{name}")
    for name, line in (("apt-get", "exit 99"), ("id", "echo 1000")):
        (tmp_path / name).write_text(f"#!/bin/bash\n{line}\n")
        (tmp_path / name).chmod(0o755)
    text = f'source "{ROOT}/script/steps.sh"; require_packages "Pour essayer" paquet-un paquet-deux'
    command = ["/bin/bash", "-c", text]
    run = subprocess.run(command, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "Pour essayer : il manque paquet-un paquet-deux." in run.stderr
    assert "apt-get install paquet-un paquet-deux" in run.stderr


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1", "80 80"])
def test_the_server_refuses_a_port_that_is_none(port: str, tmp_path: Path) -> None:
    run = server(PORT=port, DIRECTORY_INSTANCE=str(tmp_path))
    assert run.returncode == 1
    assert f"PORT vaut « {port} »" in run.stderr


def test_the_server_names_an_address_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = server(PORT=port, HOST="127.0.0.1", DIRECTORY_INSTANCE=str(tmp_path))
    assert run.returncode == 1
    assert f"127.0.0.1:{port} ne peut pas servir" in run.stderr


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000"), ("localhost", "localhost:8000")]
)
def test_gunicorn_listens_where_asked(monkeypatch: pytest.MonkeyPatch, host: str, address: str) -> None:
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", "8000")
    settings = runpy.run_path(str(ROOT / "script" / "gunicorn.conf.py"))
    assert settings["bind"] == [address]
    assert settings["control_socket_disable"] is True


CASE = '<testcase classname="tests.{where}" name="test_a[{name}]">{inside}</testcase>'


def report(tmp_path: Path, *cases: str, expected: tuple[str, ...] = ()) -> int:
    """What script/report.py answers about these results."""
    path = tmp_path / "results.xml"
    path.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>", "utf-8")
    code = runpy.run_path(str(ROOT / "script" / "report.py"))["main"](str(path), *expected)
    assert isinstance(code, int)
    return code


def test_the_report_counts_each_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [
        CASE.format(where="core.test_database", name="spatialite", inside=""),
        CASE.format(where="core.test_database", name="postgis-3", inside=""),
        CASE.format(where="browser.test_map", name="spatialite", inside=""),
        CASE.format(where="core.test_text", name="word", inside=""),
    ]
    assert report(tmp_path, *cases, expected=("pure", "spatialite", "postgis", "browser")) == 0
    counted = "1 sans base de données, 1 sur SpatiaLite, 1 sur PostgreSQL et PostGIS, 1 dans Chromium"
    assert counted in capsys.readouterr().out


def test_the_report_fails_when_an_engine_ran_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = CASE.format(where="core.test_database", name="spatialite", inside="")
    assert report(tmp_path, case, expected=("spatialite", "postgis")) == 1
    assert "aucun essai sur PostgreSQL et PostGIS" in capsys.readouterr().out


@pytest.mark.parametrize(("reason", "code"), [("no browser here", 1), ("DIRECTORY_SAMPLES is not set", 0)])
def test_the_report_accepts_only_missing_samples(tmp_path: Path, reason: str, code: int) -> None:
    case = CASE.format(where="geocoding.test_gold", name="x", inside=f'<skipped message="{reason}"/>')
    assert report(tmp_path, case) == code


def test_what_the_styles_name_is_there() -> None:
    missing = [
        f"{path.relative_to(ROOT)}: {address}"
        for path in sorted((ROOT / "static" / "css").glob("*.css"))
        for address in re.findall(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)", path.read_text("utf-8"))
        if not (path.parent / address).is_file()
    ]
    assert missing == []

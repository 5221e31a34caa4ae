"""The doors to write: time at the server of each page, and what a first visit downloads.

Serves a site of its own (SpatiaLite, one gunicorn worker of four threads, limits off) filled with the demonstration and
waiting reviews, asks for each page ROUNDS times over HTTP, and reads the times that the server itself logs.
Goals: pages of /proposer 60 ms and a review page 80 ms (p95), 60 kB compressed for a page of /proposer.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import requests
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 40
PASSWORD = "la barque relie les deux rives"  # noqa: S105  # of the demonstration, printed by script/server
CURATOR = "reseau-bretagne-solidaire@demonstration.test"
TELLS = {
    "lieux": {
        "here-0-typed": "Morlaix",
        "here-0-shown_as": "locality",
        "there-0-typed": "Bamako, Mali",
        "there-0-shown_as": "locality",
    },
    "structure": {"carrier": "Les Amis du lycée", "email": "a.riou@exemple.org"},
    "partenaire": {"partners-0-name": "Lycée Askia", "partners-0-agreement": "yes", "main_sector": "education"},
    "histoire": {"since_year": "2015", "stage": "ongoing", "meeting": "Un été.", "title": "Deux lycées"},
}


class Browser:
    """A visitor who reads each page, then sends its form."""

    def __init__(self, url: str) -> None:
        self.url, self.http = url, requests.Session()

    def get(self, path: str) -> str:
        answer = self.http.get(self.url + path, timeout=60)
        answer.raise_for_status()
        return answer.text

    def send(self, path: str, page: str, **typed: str) -> str:
        """Post the form of a page; returns the path where it leads."""
        fields = {}
        for tag in re.findall(r'<input[^>]*type="hidden"[^>]*>', page):
            given = dict(re.findall(r'([a-z_]+)="([^"]*)"', tag))
            if "name" in given:
                fields[given["name"]] = given.get("value", "")
        answer = self.http.post(self.url + path, data=fields | typed, allow_redirects=False, timeout=60)
        if answer.status_code != 303:
            raise SystemExit(f"{path} answered {answer.status_code}")
        return answer.headers["Location"].removeprefix(self.url)


def serve(folder: Path, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Fill an instance and serve it; its log holds one JSON line a request."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    gazetteer = os.environ.get("DIRECTORY_GAZETTEER", str(ROOT / ".cache/tests/gazetteer.sqlite"))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("DIRECTORY_")},
        "DIRECTORY_ENVIRONMENT": "test",
        "DIRECTORY_INSTANCE": str(folder),
        "DIRECTORY_GAZETTEER": gazetteer,
        "DIRECTORY_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    for command in ("db upgrade", "reference load", "networks load", "demo load", "demo accounts"):
        run = [BIN / "flask", "--app", "wsgi", *command.split()]
        subprocess.run(run, cwd=ROOT, env=environment, check=True, capture_output=True)
    gunicorn = [
        BIN / "gunicorn",
        "-w",
        "1",
        "--threads",
        "4",
        "-b",
        f"127.0.0.1:{port}",
        "--no-control-socket",
        "wsgi:app",
    ]
    process = subprocess.Popen(gunicorn, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=log.open("wb"))
    url = f"http://127.0.0.1:{port}"
    for _ in range(150):
        try:
            requests.get(f"{url}/proposer", timeout=60)
        except requests.ConnectionError:
            time.sleep(0.2)
        else:
            return process, url
    raise SystemExit("the site did not start")


def tell(url: str) -> str:
    """The ten questions once, by a new visitor; returns the path of « Relire »."""
    visitor = Browser(url)
    path = visitor.send("/proposer", visitor.get("/proposer"), summary="Deux lycées s’écrivent et se rendent visite.")
    for _ in TELLS:
        step = path.rsplit("/", 1)[1]
        path = visitor.send(path, visitor.get(path), **TELLS[step])
    visitor.get(path)
    visitor.send(path.replace("relire", "envoyer"), visitor.get(path))
    return path


def review(url: str, rounds: int) -> None:
    """An association sends, a curator reads the queue and one review, many times; then asks for changes."""
    author = Browser(url)
    page = author.get("/compte/connexion")
    author.send("/compte/connexion", page, email="association@demonstration.test", password=PASSWORD)
    for _ in range(10):
        path = author.send("/proposer", author.get("/proposer"), summary="Deux lycées s’écrivent et se rendent visite.")
        for _ in TELLS:
            step = path.rsplit("/", 1)[1]
            typed = {name: value for name, value in TELLS[step].items() if name != "email"}
            path = author.send(path, author.get(path), **typed)
        author.send(path.replace("relire", "envoyer"), author.get(path))
    curator = Browser(url)
    curator.send("/compte/connexion", curator.get("/compte/connexion"), email=CURATOR, password=PASSWORD)
    found = re.findall(r'href="(/relecture/\d+)"', curator.get("/relecture"))
    for number in range(rounds):
        curator.get("/relecture")
        curator.get(found[number % len(found)])
        author.get("/mon-espace")
    for one in found:
        curator.send(f"{one}/decision", curator.get(one), decision="demander", message="Depuis quand ?")


def times(log: Path) -> dict[str, list[float]]:
    """The milliseconds that the server logged, by method and kind of page."""
    found: dict[str, list[float]] = defaultdict(list)
    for line in log.read_text("utf-8").splitlines():
        if line.startswith("{"):
            told = json.loads(line)
            if "milliseconds" in told and told["path"].startswith(("/proposer", "/relecture", "/mon-espace")):
                found[f"{told['method']} {re.sub(r'[0-9]+', 'N', told['path'])}"].append(told["milliseconds"])
    return found


def weights(url: str) -> dict[str, int]:
    """Bytes on the wire of a first visit, with everything the page asks for."""
    found = {}
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for path in ("/proposer", "lieux", "structure", "partenaire", "histoire", "relire"):
            page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
            sizes: list[float] = []
            page.goto(f"{url}/proposer")
            page.fill("#summary", "Deux lycées s’écrivent et se rendent visite.")
            page.click(".question__foot .button")
            page.wait_for_url("**/lieux")
            address = page.url.replace("lieux", path) if path != "/proposer" else f"{url}/proposer"
            client = page.context.new_cdp_session(page)
            client.send("Network.enable")
            client.send("Network.setCacheDisabled", {"cacheDisabled": True})
            client.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(address, wait_until="networkidle")
            found[path] = int(sum(sizes))
            page.context.close()
        browser.close()
    return found


def main() -> None:
    """Print a table for docs/measures/."""
    folder = Path(tempfile.mkdtemp())
    log = folder / "log"
    process, url = serve(folder / "instance", log)
    try:
        for _ in range(ROUNDS):
            tell(url)
        review(url, ROUNDS)
        print("| page | n | median, ms | p95, ms |\n|---|---|---|---|")
        for name, values in sorted(times(log).items()):
            if len(values) >= 5:
                p95 = statistics.quantiles(values, n=20)[-1]
                print(f"| {name} | {len(values)} | {statistics.median(values):.0f} | {p95:.0f} |")
        print("\n| first visit | kB |\n|---|---|")
        for name, size in weights(url).items():
            print(f"| {name} | {size / 1000:.1f} |")
    finally:
        process.terminate()
        process.wait()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()

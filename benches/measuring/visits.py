"""What people ask of the directory: addresses never asked before of this worker, then the same a second time.

A worker keeps its last answers: who comes first waits for the page to be made, who comes next does not. Both are told.
"""

from __future__ import annotations

import json
import random
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from measuring.figures import pair, percentile
from measuring.flows import ACTORS, CENTRES, COUNTRIES, REGIONS, SECTORS, STAGES, Asked
from measuring.index import opened
from measuring.serving import Client

CANDIDATES = (
    "forage école bibliothèque mangrove habitants jardin puits femmes jeunes échange chantier santé eau moulin solaire"
    " lycée maraîchage artisans couture compost dispensaire théâtre musique tournoi apiculture coopérative pirogue"
    " four vélos reboisement maternité ordinateurs manuels internat correspondance semences fablab comité association"
    " commune année projet place retour monde travail groupe partenaires formation familles village enfants"
).split()
"""Words of the generated sheets, rare and common."""
RARE, COMMON = (0.01, 0.035), (0.25, 0.45)
"""Shares of the corpus: « found in 2 % », « found in a third »."""
TYPED = (
    "saint-brieuc", "sénégal", "kayes", "eau", "association des amis", "bibliothèque", "madagascar", "quimper",
    "forage", "lycée", "éducation", "toulouse", "bamako", "santé", "comité de jumelage", "réunion", "ouagadougou",
    "jardin",
)  # fmt: skip
GOALS_MS = {
    "no words": (12, 20, 60),
    "a word found in 2 %": (15, 25, 90),
    "a word found in a third": (20, 45, 400),
    "three filters and a box": (15, 30, 100),
    "suggestions, letter by letter": (10, 15, 40),
    "a sheet": (8, 8, 12),
}
"""At 12,000, 100,000 and 1,000,000 sheets, server time, p95."""
TERRITORIES = tuple(
    [f"r:{code}" for code in REGIONS]
    + [f"p:{code}" for code in COUNTRIES]
    + [f"d:{code:02}" for code in range(1, 96) if code != 20]
)
"""Pages of territories on both sides."""
SIZES = (12_000, 100_000, 1_000_000)


class Visited(Asked):
    """The times and weights of one kind of address, beside its goal; `again` are those of its next readers."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.again = Asked(name)

    def row_at(self, size: int) -> list[str]:
        """The line of a table for a corpus of that size."""
        goal = GOALS_MS.get(self.name)
        asked = f"{goal[SIZES.index(size)]}" if goal and size in SIZES else ""
        return [
            self.name,
            str(len(self.client)),
            pair(self.server),
            asked,
            pair(self.processor),
            pair(self.again.server) if self.again.server else "",
            pair(self.client),
            f"{percentile(self.sizes, 0.5) / 1000:.1f} / {max(self.sizes) / 1000:.1f}",
        ]


HEAD = (
    "asked", "n", "first reader, ms of the server: median / p95", "goal, p95", "of processor, ms",
    "next reader, ms of the server", "client of the first, ms", "kB: median / largest",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """Words of the corpus by how much they find."""

    rare: tuple[str, ...]
    common: tuple[str, ...]


def words(client: Client) -> Words:
    """The candidates that find about 2 % and about a third of the sheets; stops the bench when there are none."""
    everything = _total(client, "")
    shares = {word: _total(client, word) / everything for word in CANDIDATES}
    rare = tuple(word for word, share in shares.items() if RARE[0] <= share <= RARE[1])
    common = tuple(word for word, share in shares.items() if COMMON[0] <= share <= COMMON[1])
    if not rare or not common:
        raise SystemExit(f"no word as rare or as common as wanted: {shares}")
    return Words(rare, common)


def _total(client: Client, word: str) -> int:
    answer = client.get("/carte/liste?" + urlencode({"q": word}))
    return int(json.loads(opened(answer.body, answer.encoding))["total"])


def slugs(client: Client, number: int) -> list[str]:
    """The addresses of some sheets, of the first pages by title."""
    found: list[str] = []
    page = 1
    while len(found) < number:
        answer = client.get(f"/carte/liste?tri=titre&page={page}")
        items = json.loads(opened(answer.body, answer.encoding))["items"]
        if not items:
            break
        found += [item["slug"] for item in items]
        page += 1
    return found[:number]


def _list(*pairs: tuple[str, str]) -> str:
    return "/initiatives?" + urlencode(pairs)


def _filters(rng: random.Random) -> list[tuple[str, str]]:
    """Three facets and a box around a known place."""
    facets = {"secteur": SECTORS, "pays": COUNTRIES, "region": REGIONS, "etat": STAGES, "acteur": ACTORS}
    chosen = [(name, rng.choice(facets[name])) for name in rng.sample(sorted(facets), 3)]
    lon, lat = rng.choice(CENTRES)
    wide = rng.uniform(2, 12)
    box = (lon - wide, max(lat - wide, -85), lon + wide, min(lat + wide, 85))
    return [*chosen, ("bbox", ",".join(f"{value:.3f}" for value in box))]


def kinds(rng: random.Random, told: Words, sheets: Sequence[str], number: int) -> dict[str, list[str]]:
    """The addresses by kind, `number` of each, all different."""
    orders = [("tri", order) for order in ("recent", "titre")]
    typed = [word[:length] for word in TYPED for length in range(2, len(word) + 1)]
    pages = [("page", str(page)) for page in range(1, 200)]
    draws: dict[str, Callable[[], str]] = {
        "no words": lambda: _list(rng.choice(orders), rng.choice(pages)),
        "a word found in 2 %": lambda: _list(
            ("q", rng.choice(told.rare)), *_perhaps(rng, orders), rng.choice(pages[:6])
        ),
        "a word found in a third": lambda: _list(("q", rng.choice(told.common)), rng.choice(pages[:100])),
        "three filters and a box": lambda: _list(*_filters(rng)),
        "suggestions, letter by letter": lambda: "/suggestions?" + urlencode({"q": rng.choice(typed)}),
        "a sheet": lambda: f"/initiatives/{rng.choice(sheets)}",
        "a territory": lambda: f"/territoires/{rng.choice(TERRITORIES)}",
    }
    return {name: _different(draw, number) for name, draw in draws.items()}


def _perhaps(rng: random.Random, orders: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return rng.choice([[], *([order] for order in orders)])


def _different(draw: Callable[[], str], number: int) -> list[str]:
    """What is drawn, without what was drawn before; fewer when there are not so many."""
    found: dict[str, None] = {}
    for _ in range(number * 20):
        if len(found) == number:
            break
        found[draw()] = None
    return list(found)


def visit(port: int, paths: dict[str, list[str]]) -> list[Visited]:
    """Ask every address once, kinds interleaved, then a second time; `paths` were drawn by `kinds`."""
    client = Client(port)
    visited = {name: Visited(name) for name in paths}
    for asked in (visited, {name: one.again for name, one in visited.items()}):
        for turn in range(max(map(len, paths.values()))):
            for name, some in paths.items():
                if turn < len(some):
                    asked[name].add(some[turn], client.get(some[turn]))
    return list(visited.values())


def unchanged(port: int, paths: Sequence[str]) -> Visited:
    """The same addresses asked again with the tag of their first answer: 304."""
    client, asked = Client(port), Visited("304, asked again")
    for path in paths:
        tag = client.get(path).tag
        asked.add(path, client.get(path, **{"If-None-Match": tag}))
    return asked


@dataclass(frozen=True)
class Together:
    """Several clients at once: what each waited, answers a second, refusals."""

    clients: int
    waited: tuple[float, ...]
    seconds: float
    refused: int

    def row(self) -> list[str]:
        """The line of a table."""
        rate = len(self.waited) / self.seconds
        waited = f"{statistics.median(self.waited):.0f} / {percentile(self.waited, 0.95):.0f}"
        return [str(self.clients), str(len(self.waited)), f"{rate:.0f}", waited, str(self.refused)]


TOGETHER = ("clients at once", "n", "answers a second", "client, ms: median / p95", "not 200")


def together(port: int, paths: Sequence[str], clients: int) -> Together:
    """Every address asked once, by so many clients."""
    waiting, lock = list(paths), threading.Lock()
    waited: list[float] = []
    refused = 0

    def ask() -> None:
        nonlocal refused
        client = Client(port)
        while True:
            with lock:
                if not waiting:
                    return
                path = waiting.pop()
            answer = client.get(path)
            with lock:
                waited.append(answer.client_ms)
                refused += answer.status != 200

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Together(clients, tuple(waited), time.perf_counter() - start, refused)

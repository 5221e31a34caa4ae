"""What the map asks: levels, boxes, filters and words drawn at random, no two alike, so that no cache is flattered."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from urllib.parse import urlencode

from measuring.figures import pair, percentile
from measuring.serving import Answer, Client

SECTORS = ("education", "sante", "eau-assainissement", "agriculture-alimentation", "ecsi", "energie", "numerique")
COUNTRIES = ("SN", "ML", "MG", "MA", "BF", "BJ", "TG", "VN", "HT", "DE", "UA")
REGIONS = ("11", "53", "84", "76", "52", "93", "04")
STAGES = ("en-cours", "terminee", "idee")
ACTORS = ("association", "commune", "osim", "etablissement-scolaire")
PLACES = {"ici": ("r:53", "d:29", "r:84", "d:974", "z:NC", "c:44109"), "labas": ("p:SN", "p:MG", "a:SN.01", "p:VN")}
WORDS = ("forage", "habitants", "école", "bibliothèque", "mangrove", "école forage", "puits Sénégal", "Morlaix", "bib")
CENTRES = (
    (2.5, 46.8),
    (-3.0, 48.2),
    (4.8, 45.7),
    (55.5, -21.1),
    (-14.5, 14.5),
    (47.5, -19.0),
    (-4.0, 12.0),
    (166.0, -22.0),
)
SPANS = {2: (8.0, 30.0), 3: (0.6, 6.0)}
"""Degrees of longitude seen at the levels that have a box."""
MAX_WIRE = 10_000
"""Goal for the bytes of one compressed answer."""


@dataclass
class Asked:
    """The times and weights of one kind of question."""

    name: str
    server: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def add(self, path: str, answer: Answer) -> None:
        """Count an answer; anything but 200, or 304 where it was asked for, is a fault of the bench."""
        if answer.status not in (200, 304):
            raise SystemExit(f"{path} answered {answer.status}: {answer.body[:300]!r}")
        self.server.append(answer.server_ms)
        self.processor.append(answer.processor_ms)
        self.client.append(answer.client_ms)
        self.sizes.append(len(answer.body))
        self.slowest = max(self.slowest, (answer.server_ms, path))

    def row(self) -> list[str]:
        """The line of a table."""
        sizes = f"{percentile(self.sizes, 0.5) / 1000:.1f} / {max(self.sizes) / 1000:.1f}"
        return [
            self.name,
            str(len(self.server)),
            pair(self.server),
            pair(self.processor),
            f"{self.slowest[0]:.0f}",
            pair(self.client),
            sizes,
        ]


HEAD = (
    "asked",
    "n",
    "server, ms: median / p95",
    "of processor, ms",
    "longest, ms",
    "client, ms",
    "kB: median / largest",
)


def _draws(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  # nothing is protected by it


def filters(rng: random.Random) -> list[tuple[str, str]]:
    """One to three facets, or none one time in four."""
    chosen: list[tuple[str, str]] = []
    facets = {"secteur": SECTORS, "pays": COUNTRIES, "region": REGIONS, "etat": STAGES, "acteur": ACTORS}
    for name in rng.sample(sorted(facets), rng.choice((0, 1, 2, 2))):
        chosen += [(name, value) for value in rng.sample(facets[name], rng.choice((1, 1, 2)))]
    if rng.random() < 0.2:
        chosen.append(("depuis", str(rng.randint(1990, 2024))))
    if rng.random() < 0.2:
        side = rng.choice(("ici", "labas"))
        chosen.append((side, rng.choice(PLACES[side])))
    return chosen


def box(rng: random.Random, level: int) -> list[tuple[str, str]]:
    """A view around a known place, as wide as that level is looked at."""
    lon, lat = rng.choice(CENTRES)
    lon, lat = lon + rng.uniform(-2, 2), lat + rng.uniform(-1.5, 1.5)
    wide = rng.uniform(*SPANS[level])
    west, east, south, north = lon - wide / 2, lon + wide / 2, lat - wide / 3, lat + wide / 3
    return [("bbox", ",".join(f"{value:.4f}" for value in (west, south, east, north)))]


def path(level: int, *pairs: list[tuple[str, str]]) -> str:
    """The address of one question."""
    return "/carte/flux?" + urlencode([("niveau", str(level)), *(pair for some in pairs for pair in some)])


def kinds(rng: random.Random, number: int) -> dict[str, list[str]]:
    """The questions by kind, `number` of each."""
    found = {
        "zones and countries": [path(0, filters(rng)) for _ in range(number)],
        "régions and countries": [path(1, filters(rng)) for _ in range(number)],
        "départements and divisions, in a box": [path(2, box(rng, 2), filters(rng)) for _ in range(number)],
        "communes and towns, in a box": [path(3, box(rng, 3), filters(rng)) for _ in range(number)],
        "communes and towns, the whole world": [path(3, filters(rng)) for _ in range(number)],
        "both ends chosen": [
            path(3, [("ici", rng.choice(PLACES["ici"])), ("labas", rng.choice(PLACES["labas"]))], filters(rng)[:1])
            for _ in range(number)
        ],
    }
    found = {name: [p for p in paths if p.count("ici=") < 2 and p.count("labas=") < 2] for name, paths in found.items()}
    found = {name: list(dict.fromkeys(paths)) for name, paths in found.items()}  # a worker keeps what it answered
    words = [[("q", rng.choice(WORDS))] for _ in range(number)]
    found["with a text search, any level"] = [
        path(level := rng.randint(0, 3), word, filters(rng)[:2], box(rng, level) if level > 1 else []) for word in words
    ]
    return found


def ask(port: int, *, number: int = 120, seed: int = 7) -> list[Asked]:
    """Ask every question once, kinds interleaved, after another draw of them warmed the server."""
    client = Client(port)
    for paths in kinds(_draws(seed + 1), 12).values():
        for one in paths:
            client.get(one)
    asked = {name: (Asked(name), paths) for name, paths in kinds(_draws(seed), number).items()}
    for turn in range(number):
        for counted, paths in asked.values():
            if turn < len(paths):
                counted.add(paths[turn], client.get(paths[turn]))
    return [counted for counted, _ in asked.values()]


def everything(asked: list[Asked]) -> Asked:
    """All the kinds without words together: what the goal speaks of."""
    whole = Asked("**all without words**")
    for one in asked:
        if "text search" not in one.name:
            whole.server += one.server
            whole.processor += one.processor
            whole.client += one.client
            whole.sizes += one.sizes
            whole.slowest = max(whole.slowest, one.slowest)
    return whole

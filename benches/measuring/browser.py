"""The map page in Chromium: when its links are drawn, what stops the reader, what it keeps, how it moves."""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, TimeoutError, sync_playwright

from measuring.figures import percentile
from measuring.serving import Site

ROUNDS = 5
PATIENCE_MS = 120_000
SETTLING_MS = 4_000
"""A browser that has just been started draws its own address bar meanwhile, which is a page too."""
CHROMIUM = "/usr/bin/chromium"
STEPS = 60
"""Moves of a drag."""
WATCH = """
  window.bench = { ready: 0, tasks: [] };
  new PerformanceObserver((list) => {
    for (const task of list.getEntries()) window.bench.tasks.push(task.duration);
  }).observe({ type: "longtask", buffered: true });
  new MutationObserver((_, observer) => {
    if (!document.querySelector("[data-ready]")) return;
    observer.disconnect();
    requestAnimationFrame(() => requestAnimationFrame(() => { window.bench.ready = performance.now(); }));
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
"""
FRAMES = """
  window.bench.frames = []; window.bench.isWatching = true;
  { let last = performance.now();
    const tick = (now) => {
      window.bench.frames.push(now - last); last = now;
      if (window.bench.isWatching) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick); }
"""


@dataclass(frozen=True)
class Profile:
    """A sort of reader: the window, and how much slower than this machine."""

    name: str
    width: int
    height: int
    slower: int = 1
    is_phone: bool = False

    @property
    def options(self) -> dict[str, Any]:
        """What Playwright wants."""
        size = {"width": self.width, "height": self.height}
        phone = {"device_scale_factor": 3 if self.is_phone else 1, "has_touch": self.is_phone}
        return {"viewport": size, "bypass_csp": True, **phone}  # what waits is evaluated in the page


PROFILES = (
    Profile("desktop 1280×800, unthrottled", 1280, 800),
    Profile("phone 390×844, processor 4× slower", 390, 844, 4, is_phone=True),
)


@dataclass
class Seen:
    """What several first visits of one profile gave, in milliseconds and megabytes."""

    drawn: list[float] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)
    blocked: list[float] = field(default_factory=list)
    heap: list[float] = field(default_factory=list)
    frames: list[float] = field(default_factory=list)
    worst: list[float] = field(default_factory=list)

    def row(self, name: str) -> list[str]:
        """The line of a table."""
        frames = f"{statistics.median(self.frames):.1f} / {percentile(self.frames, 0.95):.0f} / {max(self.worst):.0f}"
        return [
            name,
            f"{statistics.median(self.drawn):.0f} ({min(self.drawn):.0f}–{max(self.drawn):.0f})",
            f"{statistics.median(self.longest):.0f} ({max(self.longest):.0f})",
            f"{statistics.median(self.blocked):.0f}",
            f"{statistics.median(self.heap):.1f}",
            frames,
        ]


HEAD = (
    "profile",
    "links drawn, ms: median (from–to)",
    "longest task, ms: median (worst)",
    "blocked beyond 50 ms, ms",
    "heap after collection, MB",
    "panning, ms a frame: median / p95 / worst",
)


def visit(site: Site, *, rounds: int = ROUNDS) -> dict[str, Seen]:
    """First visits of each profile, each in a browser of its own, then a drag."""
    found: dict[str, Seen] = defaultdict(Seen)
    with sync_playwright() as driver:
        for _ in range(rounds):
            for profile in PROFILES:
                _visit(driver, site, profile, found[profile.name])
    return dict(found)


def _launch(driver: Playwright) -> Browser:
    return driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])


def _visit(driver: Playwright, site: Site, profile: Profile, seen: Seen) -> None:
    browser = _launch(driver)
    page = browser.new_context(**profile.options).new_page()
    page.wait_for_timeout(SETTLING_MS)
    client = page.context.new_cdp_session(page)
    if profile.slower > 1:
        client.send("Emulation.setCPUThrottlingRate", {"rate": profile.slower})
    _open(page, site)
    seen.drawn.append(page.evaluate("window.bench.ready"))
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1500)  # what comes after: labels of the ground, tiles of the base map
    tasks = page.evaluate("window.bench.tasks")
    seen.longest.append(max(tasks, default=0.0))
    seen.blocked.append(sum(max(0.0, task - 50) for task in tasks))
    client.send("HeapProfiler.enable")
    client.send("HeapProfiler.collectGarbage")
    seen.heap.append(client.send("Runtime.getHeapUsage")["usedSize"] / 1e6)
    frames = _drag(page, profile)
    seen.frames += frames
    seen.worst.append(max(frames))
    browser.close()


def _open(page: Page, site: Site) -> None:
    """Go to the map and wait for its links; what the page complains of stops the bench."""
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(WATCH)
    page.goto(f"{site.url}/carte")
    try:
        page.wait_for_function("window.bench.ready > 0", timeout=PATIENCE_MS)
    except TimeoutError as error:
        raise SystemExit(f"the links are not drawn: {faults or 'no fault told'}") from error


def _drag(page: Page, profile: Profile) -> list[float]:
    """The time of each frame while the map is dragged."""
    box = page.locator(".leaflet-container").first.bounding_box()
    if box is None:
        raise SystemExit("the map is not on the page")
    left, top = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * (0.3 if profile.is_phone else 0.45)
    page.mouse.move(left, top)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(STEPS):
        page.mouse.move(left - step * 3, top + step)
        page.wait_for_timeout(12)
    frames: list[float] = page.evaluate("(window.bench.isWatching = false, window.bench.frames)")
    page.mouse.up()
    return frames[2:]


KINDS = {
    "text/html": "HTML",
    "text/css": "CSS",
    "text/javascript": "JS",
    "application/javascript": "JS",
    "font/woff2": "fonts",
}


@dataclass(frozen=True)
class Weight:
    """A first visit: (kind, compressed bytes, bytes of heads, answers), and (path, bytes), the heaviest first."""

    kinds: list[tuple[str, int, int, int]]
    files: list[tuple[str, int]]


def weigh(site: Site) -> Weight:
    """Bytes of a first visit; what the workers of the page ask for too."""
    with sync_playwright() as driver:
        browser = _launch(driver)
        page = browser.new_context(**PROFILES[0].options).new_page()
        site.answers()
        _open(page, site)
        page.wait_for_load_state("networkidle")
        browser.close()
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    answers = site.answers()
    for told in answers:
        found[_kind(told)].append((told["bytes"], told["head"]))
    kinds = [
        (kind, sum(size for size, _ in pairs), sum(head for _, head in pairs), len(pairs))
        for kind, pairs in found.items()
    ]
    files = sorted(((told["path"], told["bytes"]) for told in answers), key=lambda file: -file[1])
    return Weight(sorted(kinds, key=lambda kind: -kind[1]), files)


def _kind(told: dict[str, Any]) -> str:
    path = told["path"]
    if path.startswith("/static/geo/"):
        return "outlines and labels of the ground"
    if path.startswith(("/carte/flux", "/carte/liste")):
        return "first flows" if "flux" in path else "list"
    return KINDS.get(told["type"], told["type"] or "other")

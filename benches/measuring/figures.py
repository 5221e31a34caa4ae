"""Medians, percentiles and the tables of a report."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def say(text: str) -> None:
    """Tell what is being measured."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {text}\n")
    sys.stderr.flush()


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which a share of the values lies, interpolated."""
    ordered = sorted(values)
    at = (len(ordered) - 1) * share
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def pair(values: Sequence[float], digits: int = 1) -> str:
    """« median / p95 »."""
    return f"{statistics.median(values):.{digits}f} / {percentile(values, 0.95):.{digits}f}"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a Markdown table, and an empty one."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return [*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows), ""]


def thousands(number: float) -> str:
    """12,000."""
    return f"{number:,.0f}"


def load() -> str:
    """The load of the last minute: what else ran beside the measure."""
    return f"{os.getloadavg()[0]:.1f}"


def calibration() -> float:
    """Milliseconds of one fixed loop, the best of three: to compare runs and machines."""
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        sum(number * number for number in range(1_000_000))
        best = min(best, (time.perf_counter() - start) * 1000)
    return best


def machine() -> str:
    """The processor, the memory, the versions."""
    names = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024 / 1024
    commit, chromium = _said("git", "rev-parse", "--short", "HEAD"), _said("/usr/bin/chromium", "--version")
    return (
        f"{os.cpu_count()} processors ({names[0] if names else platform.processor()}), {memory:.0f} GB;"
        f" Python {platform.python_version()}, {chromium}; code at {commit}"
    )


def _said(*words: str) -> str:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

"""Rules of the house that no tool checks, read off the files."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE = 450
LONGEST_FUNCTION = 60
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted((ROOT / "directory").rglob("*.py"))
UNESCAPED = re.compile(r"\|\s*safe\b|\bMarkup\(|autoescape\s+false|render_template_string", re.IGNORECASE)
MAY_BE_UNESCAPED = {
    "directory/basemap/page.py": "the map's container as Folium writes it; its one variable part is escaped there",
}
"""File -> why what it lets through can hold nothing that a person typed."""

INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\b(?:src|type=\"application/(?:ld\+)?json\"))",
    re.IGNORECASE,
)
MAY_HOLD_STYLE = {
    "templates/mails/mail.html": "a mail is no page: no style sheet can be called from it, no policy of ours applies",
}
"""File -> why its look must stand in it."""

COMMENT = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)


def tracked() -> list[Path]:
    """The files of the repository, with those about to join it."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return [path for name in listing.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def lines_matching(path: Path, pattern: re.Pattern[str]) -> list[str]:
    """What the pattern finds in a file, comments of templates left out; newlines are kept so that lines count."""
    text = COMMENT.sub(lambda found: "\n" * found[0].count("\n"), path.read_text("utf-8"))
    return [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {found[0].strip()}"
        for found in pattern.finditer(text)
    ]


def test_no_text_leaves_unescaped() -> None:
    found = [
        line
        for path in [*TEMPLATES, *MODULES]
        if str(path.relative_to(ROOT)) not in MAY_BE_UNESCAPED
        for line in lines_matching(path, UNESCAPED)
    ]
    assert found == []


def test_every_exception_to_escaping_is_still_needed() -> None:
    assert [name for name in MAY_BE_UNESCAPED if not lines_matching(ROOT / name, UNESCAPED)] == []


def test_no_template_holds_a_style_or_a_script() -> None:
    found = [
        line
        for path in TEMPLATES
        if str(path.relative_to(ROOT)) not in MAY_HOLD_STYLE
        for line in lines_matching(path, INLINE)
    ]
    assert found == []


@pytest.mark.parametrize(
    "fault",
    ['<p style="color: red">', "<style>", "<script>let a</script>", '<a onclick="go()">', '<a href="javascript:go()">'],
)
def test_an_inline_style_or_script_is_seen(fault: str) -> None:
    assert INLINE.search(fault)


@pytest.mark.parametrize(
    "line",
    [
        '<script src="/a.js" defer></script>',
        '<script type="module" src="/a.js">',
        '<script type="application/json">',
        "<p lang='fr'>",
    ],
)
def test_a_script_of_its_own_file_is_accepted(line: str) -> None:
    assert not INLINE.search(line)


def test_files_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in tracked()
        if path.suffix in {".py", ".html", ".css", ".js"}
        and "versions" not in path.parts
        and (count := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    ]
    assert long == []


def test_functions_stay_short() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def test_locks_name_no_registry() -> None:
    locks = ("requirements.txt", "requirements-dev.txt", "package-lock.json", ".npmrc")
    pattern = re.compile(r"\"resolved\"|index-url|find-links|registry=|@ https?:")
    assert [line for name in locks for line in lines_matching(ROOT / name, pattern)] == []


def test_every_python_requirement_has_its_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        pinned = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8").strip())
        assert [line.split()[0] for line in pinned if "--hash=sha256:" not in line] == []

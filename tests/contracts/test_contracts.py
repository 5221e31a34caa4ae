"""Each contract of pyproject.toml catches the fault it is there for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]


@dataclass(frozen=True)
class Fault:
    """A line added to a file of the package, and the contract that must refuse it."""

    contract: str
    file: str
    line: str


FAULTS = (
    Fault("Packages form a stack", "core/time.py", "import directory.reference.keys"),
    Fault("Packages form a stack", "networks/queries.py", "import directory.organisations.models"),
    Fault("Packages form a stack", "utils/__init__.py", ""),
    Fault("A file imports rows below its own", "initiatives/models.py", "import directory.initiatives.operations"),
    Fault("A file imports rows below its own", "initiatives/queries.py", "import directory.initiatives.public"),
    Fault("A file imports rows below its own", "networks/helpers.py", ""),
    Fault("A page is a file of its own", "pages/home.py", "import directory.pages.legal"),
    Fault("A page is a file of its own", "pages/helpers.py", ""),
    Fault("A page is a file of its own", "pages/parts/answer.py", "import directory.pages.home"),
    Fault("What pages are made of is stacked too", "pages/parts/shared.py", "import directory.pages.parts.posters"),
    Fault("What pages are made of is stacked too", "pages/parts/helpers.py", ""),
    Fault("A still picture is drawn in layers", "stills/ribbons.py", "import directory.stills.poster"),
    Fault("A still picture is drawn in layers", "stills/helpers.py", ""),
    Fault("Only still pictures are drawn by Pillow", "pages/share.py", "import PIL.Image"),
    Fault("The core has its own files", "core/errors.py", "import directory.core.database"),
    Fault("The core has its own files", "core/misc.py", ""),
    Fault("The web has its own files", "web/headers.py", "import directory.web.site"),
    Fault("The web has its own files", "web/common.py", ""),
    Fault("Only basemap.page imports folium", "pages/map.py", "import folium"),
    Fault("Only basemap.page imports folium", "core/geography.py", "from branca.element import Figure"),
    Fault("Only the gazetteer and the providers import geopy", "geocoding/places.py", "import geopy.distance"),
    Fault("Only exchange reads and writes XML and workbooks", "initiatives/queries.py", "import lxml.etree"),
    Fault("Only exchange reads and writes XML and workbooks", "pages/directory.py", "import openpyxl"),
    Fault("Flask stops at row 2", "initiatives/operations.py", "from flask import g"),
    Fault("Flask stops at row 2", "networks/permissions.py", "import flask_babel"),
    Fault("Flask stops at row 2", "reference/queries.py", "import wtforms"),
    Fault(
        "The web's plumbing is for doors and presentation", "initiatives/queries.py", "import directory.web.database"
    ),
    Fault("Flask-Security stays in accounts and web", "networks/models.py", "import flask_security"),
    Fault("Pages and feeds never write", "pages/sheet.py", "import directory.initiatives.operations"),
    Fault(
        "Doors are opened by the application and the command line only",
        "pages/home.py",
        "import directory.networks.commands",
    ),
    Fault(
        "Doors are opened by the application and the command line only", "web/site.py", "import directory.pages.home"
    ),
)


def broken(tree: Path) -> set[str]:
    """The names of the contracts that the package in this folder breaks."""
    run = subprocess.run(
        [LINT, "--no-cache", "--config", "pyproject.toml"], cwd=tree, capture_output=True, text=True, check=False
    )
    found = set(re.findall(r"^(.+) BROKEN\b", run.stdout, re.MULTILINE))
    if bool(run.returncode) != bool(found):
        pytest.fail("lint-imports could not judge: " + (run.stdout + run.stderr).strip()[-300:])
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package, to plant a fault in."""
    shutil.copytree(ROOT / "directory", tmp_path / "directory", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_package_keeps_every_contract(tree: Path) -> None:
    assert broken(tree) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.contract}: {fault.file} {fault.line}")
def test_a_contract_catches_its_fault(tree: Path, fault: Fault) -> None:
    path = tree / "directory" / fault.file
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"\n{fault.line}\n")
    assert fault.contract in broken(tree)


def test_every_contract_has_a_fault_planted() -> None:
    assert {contract["name"] for contract in CONTRACTS} == {fault.contract for fault in FAULTS}


def test_no_package_escapes_the_rows() -> None:
    watched = {name for contract in CONTRACTS if contract.get("exhaustive") for name in contract["containers"]}
    packages = {f"directory.{path.parent.name}" for path in (ROOT / "directory").glob("*/__init__.py")}
    assert packages <= watched

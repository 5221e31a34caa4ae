"""Reading the inputs: the data files inside installed packages, and the tables of ``data``."""

import csv
import json
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

#: Characters of a long file held at once.
CHUNK: Final = 1 << 20
#: The ISO codes of France and of its territories with a code of their own.
FRENCH_CODES: Final = frozenset("FR GP MQ GF RE YT PM BL MF WF PF NC TF".split())


def package_file(package: str, *parts: str) -> Path:
    """Return the path of a data file of an installed package, without importing the package."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"package {package} is not installed")
    return Path(next(iter(spec.submodule_search_locations))).joinpath(*parts)


def read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def read_json(path: Path) -> Any:
    """Return the content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_tsv(path: Path, columns: int) -> Iterator[list[str]]:
    """Yield the rows of a tab-separated file, padded to a number of columns."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            cells = line.rstrip("\n").split("\t")
            yield cells + [""] * (columns - len(cells))


def stream_values(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the values of a JSON object of objects one by one: the whole would take a gigabyte of memory."""
    decode = json.JSONDecoder().raw_decode
    with path.open(encoding="utf-8") as stream:
        text = stream.read(CHUNK)
        position = text.index("{") + 1
        while True:
            opening = text.find("{", position)
            try:
                if opening < 0:
                    raise ValueError("the next value is not read yet")
                value, position = decode(text, opening)
            except ValueError:
                more = stream.read(CHUNK)
                if not more:
                    if opening >= 0:
                        raise
                    return
                text, position = text[position:] + more, 0
                continue
            yield value

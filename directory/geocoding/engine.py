"""The SQLite module the gazetteer uses: the standard one when its FTS5 knows trigrams, else the packaged one."""

import sqlite3
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

#: The first version of SQLite whose FTS5 has the trigram tokenizer.
FIRST_WITH_TRIGRAMS: Final = (3, 34, 0)
_CANDIDATES: Final = ("sqlite3", "pysqlite3")


def has_trigrams(module: Any) -> bool:
    """Return whether a SQLite module can index trigrams."""
    if module.sqlite_version_info < FIRST_WITH_TRIGRAMS:
        return False
    connection = module.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(k, tokenize='trigram')")
    except module.OperationalError:
        return False
    finally:
        connection.close()
    return True


@lru_cache(1)
def sqlite_module() -> Any:
    """Return the SQLite module to use; raise ``RuntimeError`` when none on this computer knows trigrams."""
    for name in _CANDIDATES:
        if find_spec(name) is not None and has_trigrams(module := import_module(name)):
            return module
    raise RuntimeError("no SQLite with FTS5 trigrams: install pysqlite3-binary")


def open_read_only(path: Path) -> sqlite3.Connection:
    """Open a gazetteer that nobody changes while it is open; raise ``sqlite3.Error`` when it cannot be read."""
    module = sqlite_module()
    uri = f"file:{path.absolute().as_posix().replace('?', '%3f').replace('#', '%23')}?mode=ro&immutable=1"
    try:
        connection: sqlite3.Connection = module.connect(uri, uri=True, check_same_thread=False)
        connection.execute("PRAGMA cache_size=-8000")
        connection.execute("PRAGMA mmap_size=67108864")
    except module.Error as error:
        raise sqlite3.DatabaseError(str(error)) from error
    return connection


def open_new(path: Path) -> sqlite3.Connection:
    """Open a file to be written once, without a journal."""
    connection: sqlite3.Connection = sqlite_module().connect(str(path))
    for pragma in ("page_size=4096", "journal_mode=off", "synchronous=off"):
        connection.execute(f"PRAGMA {pragma}")
    return connection

"""A file sent as it is written: nothing of it is kept, its first bytes leave at once, a client that leaves stops it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from flask import Response, request

GZIP = 16 + zlib.MAX_WBITS
LEVEL = 4
"""Half the time of the usual level, for a tenth more bytes."""


def sent_as_written(parts: Iterator[str] | Iterator[bytes], *, content_type: str, name: str, shrinks: bool) -> Response:
    """An attachment made of parts; `shrinks` for a text, compressed part by part for whoever accepts gzip.

    The first part is made before the answer begins, so that what fails at once is told as on any page; a HEAD request
    makes none.
    """
    begun: list[str | bytes] = [] if request.method == "HEAD" else list(islice(parts, 1))
    written = _encoded(chain(begun, parts))
    is_gzip = shrinks and request.accept_encodings.quality("gzip") > 0
    response = Response(_compressed(written) if is_gzip else written, content_type=content_type)
    if is_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _encoded(parts: Iterable[str | bytes]) -> Iterator[bytes]:
    for part in parts:
        yield part.encode() if isinstance(part, str) else part


def _compressed(parts: Iterator[bytes]) -> Iterator[bytes]:
    """One gzip stream, flushed at each part: a compressor waiting for more would keep the first bytes for seconds."""
    compressor = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    for part in parts:
        yield compressor.compress(part) + compressor.flush(zlib.Z_SYNC_FLUSH)
    yield compressor.flush()

"""A public answer is kept by the browser and asked about again."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient


def test_the_same_answer_is_not_sent_twice(visitor: FlaskClient) -> None:
    first = visitor.get("/essai/gardee?version=1&b=2&a=1")
    again = visitor.get("/essai/gardee?a=1&b=2&version=1", headers={"If-None-Match": first.headers["ETag"]})
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert again.status_code == 304
    assert again.data == b""
    assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize("encoding", ["br", "gzip", "zstd"])
def test_compression_does_not_change_the_tag(visitor: FlaskClient, encoding: str) -> None:
    plain = visitor.get("/essai/gardee?version=1")
    packed = visitor.get("/essai/gardee?version=1", headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    assert len(packed.data) < len(plain.data) / 10
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]


@pytest.mark.parametrize("changed", ["version=2", "version=1&q=", "version=1&page=2"])
def test_another_version_or_address_is_another_answer(visitor: FlaskClient, changed: str) -> None:
    first = visitor.get("/essai/gardee?version=1")
    again = visitor.get(f"/essai/gardee?{changed}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200

"""Fetching outside: only hosts of the Internet, at the address that was checked, within a time and a size."""

import socket
import time
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.geocoding.outbound import Fetcher, OutboundError, Refused, TooLarge, TooSlow, is_public, resolve
from tests.geocoding.stub import Stub, serving

HERE = Fetcher(is_allowed=lambda address: address == "127.0.0.1")


@pytest.fixture
def stub() -> Iterator[Stub]:
    with serving() as stub:
        yield stub


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "10.0.0.1", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "[::1]", "[::ffff:169.254.169.254]", "[::ffff:7f00:1]", "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]", "[64:ff9b:1::a9fe:a9fe]", "[fd00::1]", "[fe80::1]", "[::]", "[::127.0.0.1]",
        "224.0.0.1", "255.255.255.255", "[2001:0:7f00:1::]",
    ],
)  # fmt: skip
def test_no_way_of_writing_a_private_address_passes(host: str) -> None:
    with pytest.raises(OutboundError):
        Fetcher().get(f"http://{host}:9/search", {}, 2.0)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_internet_passes(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=40))
def test_what_is_no_address_never_passes(text: str) -> None:
    assert not is_public(f"x{text}")


@given(st.ip_addresses(v=4, network="10.0.0.0/8"))
def test_a_private_address_carried_by_another_never_passes(address: object) -> None:
    for carrier in ("::ffff:{}", "64:ff9b::{}", "::{}"):
        assert not is_public(carrier.format(address))


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(Refused):
        Fetcher(resolve=lambda host, port: ["8.8.8.8", "127.0.0.1"]).get("http://place.example/", {}, 2.0)


def test_the_checked_address_is_the_one_connected_to(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers a public address first and a private one next gains nothing: it is asked once."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    def no_lookup(*_: object, **__: object) -> object:
        raise AssertionError("a second look-up")

    port = stub.address.rpartition(":")[2]
    fetcher = Fetcher(resolve=rebinding, is_allowed=lambda address: address == "127.0.0.1")
    create = socket.create_connection
    connected: list[object] = []

    def watched(address: tuple[str, int], timeout: float) -> socket.socket:
        connected.append(address[0])
        return create(address, timeout=timeout)

    monkeypatch.setattr(socket, "create_connection", watched)
    assert fetcher.get(f"http://place.example:{port}/", {}, 2.0).status == 200
    assert (asked, connected) == (["place.example"], ["127.0.0.1"])


def test_a_redirect_is_followed_only_to_allowed_hosts(stub: Stub) -> None:
    stub.status, stub.headers = 302, {"Location": "http://169.254.169.254/latest/meta-data"}
    with pytest.raises(Refused):
        HERE.get(stub.address, {}, 2.0)
    stub.headers = {"Location": "/again"}
    with pytest.raises(Refused, match="from address to address"):
        HERE.get(stub.address, {}, 2.0)
    assert len(stub.asked) == 5
    for location in ("file:///etc/passwd", "http://user:word@127.0.0.1/", "http://[::1", "gopher://127.0.0.1:70/"):
        stub.headers = {"Location": location}
        with pytest.raises(Refused):
            HERE.get(stub.address, {}, 2.0)


@pytest.mark.parametrize("is_announced", [True, False])
def test_a_large_answer_is_left(stub: Stub, is_announced: bool) -> None:
    stub.body = b"x" * 2_000_000
    stub.headers = {"Content-Length": "50000000"} if is_announced else {}
    with pytest.raises(TooLarge):
        HERE.get(stub.address, {}, 5.0)


@pytest.mark.parametrize("drips", [True, False])
def test_a_slow_answer_is_left_at_the_deadline(stub: Stub, drips: bool) -> None:
    stub.drip, stub.seconds, stub.body = drips, 0.0 if drips else 3.0, b"x" * 100
    start = time.monotonic()
    with pytest.raises(TooSlow):
        HERE.get(stub.address, {}, 0.6)
    assert time.monotonic() - start < 2.0


def test_a_slow_name_is_left_at_the_deadline() -> None:
    def slow(host: str, port: int) -> list[str]:
        time.sleep(2)
        return ["8.8.8.8"]

    with pytest.raises(TooSlow):
        Fetcher(resolve=slow).get("http://place.example/", {}, 0.2)


def test_a_closed_port_and_an_unknown_name_are_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(OutboundError):
        HERE.get(f"http://127.0.0.1:{port}/", {}, 1.0)
    with pytest.raises(OutboundError):
        Fetcher(resolve=lambda host, port: resolve("", -1)).get("http://place.example/", {}, 1.0)

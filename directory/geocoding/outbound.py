"""Fetching from a host of the Internet without being led elsewhere: a checked address, a deadline, a size.

The address that was checked is the one connected to, so that a name that changes its address meanwhile gains nothing.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import monotonic
from typing import Final
from urllib.parse import urljoin, urlsplit

LONGEST_ANSWER: Final = 1_000_000
MOST_REDIRECTS: Final = 3
_CHUNK: Final = 65_536
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_PORTS: Final = {"http": 80, "https": 443}
#: Networks whose addresses hold an IPv4 address: NAT64 (the well-known and the local one) and IPv4-compatible ones.
_NAT64: Final = tuple(ipaddress.IPv6Network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48", "::/96"))
_NOT_PUBLIC: Final = tuple(ipaddress.ip_network(n) for n in ("100.64.0.0/10", "192.88.99.0/24", "fec0::/10"))
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class OutboundError(Exception):
    """Nothing usable came back; the message is for the log and names no query."""


class Refused(OutboundError):
    """The host, or one it leads to, is not on the Internet, or is not addressed as it should."""


class TooSlow(OutboundError):
    """The deadline passed."""


class TooLarge(OutboundError):
    """The answer is larger than any answer should be."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def embedded(address: Address) -> list[Address]:
    """Return the IPv4 addresses that an IPv6 address carries to a translator or a tunnel."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address] = [one for one in (address.ipv4_mapped, address.sixtofour) if one is not None]
    found.extend(address.teredo or ())
    if any(address in network for network in _NAT64):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return found


def is_public(text: str) -> bool:
    """Return whether an address, and any it carries, is one of the Internet."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    for one in (address, *embedded(address)):
        is_listed = any(one in network for network in _NOT_PUBLIC if network.version == one.version)
        is_reserved = one.is_reserved and one not in _NAT64[0]
        if not one.is_global or one.is_multicast or is_reserved or is_listed:
            return False
    return True


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def within(seconds: float, call: Callable[[], Sequence[str]]) -> Sequence[str]:
    """Return what a call that cannot be interrupted returns, or give it up after some seconds."""
    box: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def run() -> None:
        try:
            box.put(call())
        except (OSError, UnicodeError) as error:
            box.put(error)

    Thread(target=run, daemon=True).start()
    try:
        found = box.get(timeout=seconds)
    except Empty:
        raise TooSlow("the name of the host was not resolved in time") from None
    if isinstance(found, Exception):
        raise OutboundError("the name of the host is unknown") from found
    return found


@dataclass(frozen=True)
class Fetcher:
    """Fetches addresses of the Internet; `resolve` and `is_allowed` are changed by tests only."""

    resolve: Resolve = resolve
    is_allowed: Callable[[str], bool] = is_public
    longest: int = LONGEST_ANSWER
    context: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def get(self, url: str, headers: Mapping[str, str], seconds: float) -> Answer:
        """Return the answer of an address, or of the one it leads to, all within some seconds."""
        deadline = monotonic() + seconds
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._get(url, headers, deadline)
            if answer.status not in _REDIRECTS:
                return answer
            try:
                following = urljoin(url, answer.headers.get("location", ""))
            except ValueError:
                raise Refused("led to an address that cannot be read") from None
            if urlsplit(url).scheme == "https" and urlsplit(following).scheme != "https":
                raise Refused("led away from https")
            url = following
        raise Refused("led from address to address")

    def _get(self, url: str, headers: Mapping[str, str], deadline: float) -> Answer:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            raise Refused("the address cannot be read") from None
        if (
            parts.scheme not in _PORTS
            or not host
            or not port
            or parts.username is not None
            or parts.password is not None
        ):
            raise Refused("the address is not one of a public host")
        connection = self._connect(parts.scheme, host, port, deadline)
        target = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        # Each read may wait; together they may not pass the deadline: then the socket is shut under them.
        watch = Timer(max(0.0, deadline - monotonic()), _shut, (connection.sock,))
        watch.daemon = True
        watch.start()
        try:
            connection.request("GET", target, headers={**headers, "Accept-Encoding": "identity", "Connection": "close"})
            response = connection.getresponse()
            read = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, read, self._body(response, deadline))
        except (OSError, http.client.HTTPException) as error:
            if monotonic() >= deadline or isinstance(error, TimeoutError):
                raise TooSlow("no answer in time") from error
            raise OutboundError("the host does not answer as it should") from error
        finally:
            watch.cancel()
            connection.close()

    def _connect(self, scheme: str, host: str, port: int, deadline: float) -> http.client.HTTPConnection:
        """Connect to the first of the addresses of a host, all of which must be allowed."""
        addresses = within(max(0.01, deadline - monotonic()), lambda: self.resolve(host, port))
        if not addresses or not all(map(self.is_allowed, addresses)):
            raise Refused("the host has an address that is not of the Internet")
        connection = http.client.HTTPConnection(host, port)
        try:
            connected = socket.create_connection((addresses[0], port), timeout=max(0.01, deadline - monotonic()))
            if scheme == "https":
                connected = self.context.wrap_socket(connected, server_hostname=host)
        except TimeoutError as error:
            raise TooSlow("no connection in time") from error
        except OSError as error:
            raise OutboundError("the host cannot be reached") from error
        connection.sock = connected
        return connection

    def _body(self, response: http.client.HTTPResponse, deadline: float) -> bytes:
        told = response.getheader("Content-Length", "")
        if told.isascii() and told.isdecimal() and int(told[:12]) > self.longest:
            raise TooLarge("the answer announces too many bytes")
        body = bytearray()
        while chunk := response.read1(_CHUNK):
            body += chunk
            if len(body) > self.longest:
                raise TooLarge("the answer has too many bytes")
            if monotonic() >= deadline:
                raise TooSlow("no whole answer in time")
        if monotonic() >= deadline:
            raise TooSlow("no whole answer in time")
        return bytes(body)


def _shut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:  # closed meanwhile
        return

"""A provider on this machine that answers as badly as real ones do on a bad day."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

FEATURE = {
    "geometry": {"coordinates": [-3.9, 14.94]},
    "properties": {"name": "Konna", "state": "Mopti", "country": "Mali", "countrycode": "ML"},
}
RECORD = {"lat": "14.94", "lon": "-3.9", "display_name": "Konna, Mopti, Mali", "address": {"country_code": "ml"}}
ADDRESS = {
    "geometry": {"coordinates": [-3.83, 48.58]},
    "properties": {"label": "Rue de Paris 29600 Morlaix", "context": "29, Finistère, Bretagne", "citycode": "29151"},
}


@dataclass
class Stub:
    """What the server answers next, and what it was asked."""

    status: int = 200
    content: Any = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    drip: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    when_asked: Callable[[], None] = lambda: None
    address: str = ""

    def bytes(self) -> bytes:
        return self.body if self.body is not None else json.dumps(self.content).encode()


@contextmanager
def serving() -> Iterator[Stub]:
    """Serve a stub on a free port of this machine."""
    stub = Stub(content={"features": [FEATURE]})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stub.asked.append((self.path, self.headers.get("User-Agent", "")))
            stub.when_asked()
            time.sleep(stub.seconds)
            try:
                self.send_response(stub.status)
                for name, value in stub.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for byte in stub.bytes() if stub.drip else ():
                    self.wfile.write(bytes([byte]))
                    self.wfile.flush()
                    time.sleep(0.1)
                if not stub.drip:
                    self.wfile.write(stub.bytes())
            except OSError:
                return

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub.address = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()

"""A real server on this machine for the tests of downloads: it may cut answers short, hang, ignore ranges, or say nothing."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest


class Server(ThreadingHTTPServer):
    """Serves `files`; remembers the ranges asked for; may cut answers short, ignore ranges, or say nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.cut_after: int | None = None
        self.hang_after: int | None = None
        self.ranges = True
        self.silent = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        name, wanted = self.path.lstrip("/"), self.headers.get("Range", "")
        self.server.asked.append((name, wanted))
        if self.server.silent.is_set():
            self.server.over.wait(30)
            return
        whole = self.server.files.get(name)
        if whole is None:
            self.send_error(404)
            return
        start = int(re.findall(r"\d+", wanted)[0]) if wanted and self.server.ranges else 0
        if start >= len(whole):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(whole) - start))
        self.end_headers()
        if self.server.hang_after:
            self.wfile.write(whole[start : start + self.server.hang_after])
            self.server.over.wait(30)
            return
        self.wfile.write(
            whole[start : start + self.server.cut_after] if self.server.cut_after else whole[start:]
        )

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.over.set()
    made.shutdown()
    made.server_close()
    thread.join()

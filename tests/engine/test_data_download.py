"""Downloads from a real server on this machine: progress, cancelling, going on, damage, silence."""

import gzip
import hashlib
import re
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resnet_studio.design.errors import StudioError
from resnet_studio.engine import fetching
from resnet_studio.engine.data import opening
from resnet_studio.engine.data.known import torchvision_class


class Server(ThreadingHTTPServer):
    """Serves `files`; remembers the ranges asked for; may cut answers short, ignore ranges, or say nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.cut_after: int | None = None
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


@pytest.fixture
def fashion(server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """A small FashionMNIST on the server, its md5s in torchvision's table."""
    dice = np.random.default_rng(0)
    resources = []
    for prefix in ("train", "t10k"):
        for name, array in (
            (f"{prefix}-images-idx3-ubyte", dice.integers(0, 256, (300, 28, 28), dtype=np.uint8)),
            (f"{prefix}-labels-idx1-ubyte", (np.arange(300) % 10).astype(np.uint8)),
        ):
            header = bytes([0, 0, 8, array.ndim]) + b"".join(size.to_bytes(4, "big") for size in array.shape)
            packed = gzip.compress(header + array.tobytes(), mtime=0)
            server.files[f"{name}.gz"] = packed
            resources.append((f"{name}.gz", hashlib.md5(packed).hexdigest()))
    kind = torchvision_class("fashion_mnist")
    monkeypatch.setattr(kind, "resources", resources)
    monkeypatch.setattr(kind, "mirrors", [server.url])
    return server


def fetch(root: Path, *, cancel_after: int | None = None) -> list[tuple[int, int, str]]:
    seen: list[tuple[int, int, str]] = []

    def progress(done: int, total: int, text: str) -> None:
        seen.append((done, total, text))

    opening.download(
        "fashion_mnist", root, progress, lambda: cancel_after is not None and len(seen) >= cancel_after
    )
    return seen


def test_what_is_downloaded_can_be_trained_with(fashion: Server, tmp_path: Path) -> None:
    seen = fetch(tmp_path)
    done = [entry[0] for entry in seen]
    assert done == sorted(done)
    assert done[-1] == sum(map(len, fashion.files.values()))
    assert all(entry[0] <= entry[1] for entry in seen)
    assert opening.probe("fashion_mnist", tmp_path).train == 300
    before = len(fashion.asked)
    fetch(tmp_path)
    assert len(fashion.asked) == before


def test_a_cancelled_download_goes_on_where_it_stopped(fashion: Server, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"^Cancelled\.$"):
        fetch(tmp_path, cancel_after=2)
    (part,) = (tmp_path / "FashionMNIST" / "raw").glob("*.part")
    size = part.stat().st_size
    assert size > 0
    fashion.asked.clear()
    fetch(tmp_path)
    assert fashion.asked[0] == (part.name.removesuffix(".part"), f"bytes={size}-")
    assert opening.probe("fashion_mnist", tmp_path).train == 300


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_connection_goes_on_where_it_stopped(fashion: Server, tmp_path: Path, ranges: bool) -> None:
    fashion.cut_after, fashion.ranges = 100_000, ranges
    with pytest.raises(StudioError, match="could not be downloaded") as caught:
        fetch(tmp_path)
    assert "goes on" in caught.value.remedy
    fashion.cut_after = None
    fetch(tmp_path)
    assert opening.probe("fashion_mnist", tmp_path).train == 300


def test_wrong_bytes_are_thrown_away(fashion: Server, tmp_path: Path) -> None:
    name = "train-images-idx3-ubyte.gz"
    good = fashion.files[name]
    fashion.files[name] = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(StudioError, match="md5"):
        fetch(tmp_path)
    assert not list(tmp_path.rglob("*.part"))
    assert not list(tmp_path.rglob(name))
    fashion.files[name] = good
    fetch(tmp_path)


def test_a_complete_part_is_taken_as_it_is(fashion: Server, tmp_path: Path) -> None:
    name = "train-images-idx3-ubyte.gz"
    part = tmp_path / "FashionMNIST" / "raw" / f"{name}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(fashion.files[name])
    fetch(tmp_path)
    assert opening.probe("fashion_mnist", tmp_path).train == 300


def test_a_server_that_is_not_there_or_says_nothing_is_named(
    fashion: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 0.2)
    fashion.silent.set()
    with pytest.raises(StudioError, match="could not be downloaded"):
        fetch(tmp_path)
    fashion.silent.clear()
    fashion.files.clear()
    with pytest.raises(StudioError, match="could not be downloaded"):
        fetch(tmp_path)


def test_a_connection_that_breaks_inside_tls_is_not_the_disks_fault(
    fashion: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise ssl.SSLEOFError(8, "EOF occurred in violation of protocol")

    monkeypatch.setattr(fetching, "_receive", broken)
    with pytest.raises(StudioError, match=r"could not be downloaded .*Check the connection"):
        fetch(tmp_path)


def test_a_place_that_cannot_be_written_is_named(fashion: Server, tmp_path: Path) -> None:
    (tmp_path / "FashionMNIST").write_text("in the way")
    with pytest.raises(StudioError, match="could not be written"):
        fetch(tmp_path)

"""Fetching uv: from whatever index is set, and only the pinned one."""

import hashlib
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import uv
from tools.talk import SetupError

ENDING = "manylinux_2_17_x86_64.manylinux2014_x86_64"
FILE = f"uv-{uv.VERSION}-py3-none-{ENDING}.whl"


def wheel(program: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(f"uv-{uv.VERSION}.data/scripts/uvx", b"another")
        archive.writestr(f"uv-{uv.VERSION}.data/scripts/uv", program)
    return content.getvalue()


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package index on this machine that serves a folder; nothing else offers a uv."""
    (tmp_path / "simple" / "uv").mkdir(parents=True)

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
    for name in ("UV_DEFAULT_INDEX", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(uv, "HOME", tmp_path / "home")
    (tmp_path / "home").mkdir()
    monkeypatch.setattr(uv.sys, "platform", "linux")
    monkeypatch.setattr(uv.platform, "machine", lambda: "x86_64")
    yield tmp_path / "simple" / "uv"
    server.shutdown()
    server.server_close()
    thread.join()


def offer(
    index: Path, content: bytes, monkeypatch: pytest.MonkeyPatch, *, pinned: bytes | None = None
) -> None:
    (index / FILE).write_bytes(content)
    (index / "index.html").write_text(f'<a href="other.whl">x</a><a href="{FILE}#sha256=0" data-a="1">y</a>')
    sha256 = hashlib.sha256(pinned or content).hexdigest()
    monkeypatch.setitem(uv.WHEELS, ("linux", "x86_64"), (ENDING, sha256))


def test_the_pinned_uv_is_fetched_once(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(index, wheel(b"#!/bin/sh\n"), monkeypatch)
    program = Path(uv.find_uv())
    assert program.read_bytes() == b"#!/bin/sh\n"
    assert program.stat().st_mode & 0o111
    (index / FILE).unlink()
    assert uv.find_uv() == str(program)


def test_another_uv_than_the_pinned_one_is_refused(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(index, wheel(b"evil"), monkeypatch, pinned=wheel(b"good"))
    with pytest.raises(SetupError, match="not the pinned one"):
        uv.find_uv()
    assert list(uv.HOME.iterdir()) == []


def test_an_index_without_it_is_named(index: Path) -> None:
    (index / "index.html").write_text("nothing here")
    with pytest.raises(SetupError, match=f"has no {FILE}"):
        uv.find_uv()


def test_no_network_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    with pytest.raises(SetupError, match=r"127\.0\.0\.1:9/simple/uv/ cannot be read .* Check the network"):
        uv.find_uv()


def test_an_unknown_machine_is_told(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv.platform, "machine", lambda: "vax")
    with pytest.raises(SetupError, match="No uv is pinned for linux on vax"):
        uv.find_uv()


@pytest.mark.parametrize(
    ("tells", "good"), [("uv 0.13.9 (x)", True), ("uv 0.4.30", False), ("no such shim", False)]
)
def test_a_uv_on_the_path_must_be_recent(
    index: Path, monkeypatch: pytest.MonkeyPatch, tells: str, *, good: bool
) -> None:
    found = index.parents[1] / "uv"
    found.write_text(f"#!/bin/sh\necho '{tells}'\n")
    found.chmod(0o755)
    offer(index, wheel(b"#!/bin/sh\n"), monkeypatch)
    assert (uv.find_uv() == str(found)) == good


def test_uv_hears_the_settings_made_for_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("UV_DEFAULT_INDEX", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.setenv("PIP_CERT", "/etc/own.pem")
    env = uv.environment()
    assert env["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert env["SSL_CERT_FILE"] == "/etc/own.pem"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    assert uv.environment()["UV_DEFAULT_INDEX"] == "https://uv.example/simple"

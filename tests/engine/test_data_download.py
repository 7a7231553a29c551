"""Downloads from a real server on this machine: progress, cancelling, going on, damage, silence."""

import gzip
import hashlib
import ssl
from pathlib import Path

import numpy as np
import pytest

from resnet_studio.design.errors import StudioError
from resnet_studio.engine import fetching
from resnet_studio.engine.data import opening
from resnet_studio.engine.data.known import torchvision_class
from tests.engine.server import Server, server

__all__ = ["server"]


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


def test_a_download_that_hangs_is_given_up_and_goes_on_where_it_stopped(
    fashion: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 0.2)
    fashion.hang_after = 150_000
    with pytest.raises(StudioError, match=r"could not be downloaded .*(timed out|TimeoutError)") as caught:
        fetch(tmp_path)
    assert "goes on where it stopped" in caught.value.remedy
    (part,) = (tmp_path / "FashionMNIST" / "raw").glob("*.part")
    size = part.stat().st_size
    assert 0 < size <= 150_000
    fashion.hang_after = None
    fashion.asked.clear()
    fetch(tmp_path)
    assert fashion.asked[0] == (part.name.removesuffix(".part"), f"bytes={size}-")


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

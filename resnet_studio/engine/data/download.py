"""Downloads a known data set into torchvision's folder layout: resumable, cancellable, compared by md5. Knows no training."""

from __future__ import annotations

import gzip
import http.client
import shutil
import ssl
import tarfile
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.design.atomic import replace_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.known import is_sound, missing_files, torchvision_class
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.wire import CANCELLED

# (bytes done, bytes in all or 0, what is being done)
Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]

_CHUNK = 64 * 1024
# A server that says nothing for so long is not coming back.
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Archive:
    """One file to fetch: where from (in order of preference), where to, and its md5."""

    urls: tuple[str, ...]
    path: Path
    md5: str


def archives(name: str, place: Path) -> list[Archive]:
    """What torchvision's table says of a data set."""
    kind = torchvision_class(name)
    if name in ("mnist", "fashion_mnist"):
        raw = place / kind.__name__ / "raw"
        return [
            Archive(tuple(mirror + file for mirror in kind.mirrors), raw / file, md5)
            for file, md5 in kind.resources
        ]
    return [Archive((kind.url,), place / kind.filename, kind.tgz_md5)]


def download_known(name: str, place: Path, progress: Progress, cancelled: Cancelled) -> None:
    """Fetch what is missing and unpack it; a later call goes on where an earlier one ended.

    Raises:
        StudioError: no server answers, the disk is full, a file is not what it should be, or `cancelled` said so.
    """
    title = KNOWN[name].title
    if not missing_files(name, place):
        progress(1, 1, f"{title} is there already")
        return
    counter = _Counter(KNOWN[name].download_bytes, f"Downloading {title}", progress)
    for archive in archives(name, place):
        try:
            archive.path.parent.mkdir(parents=True, exist_ok=True)
            if not is_sound(archive.path, archive.md5):
                _fetch_from_any(archive, counter, cancelled)
            counter.finish(archive.path.stat().st_size)
            progress(counter.done, counter.total, f"Unpacking {archive.path.name}")
            _unpack(archive.path)
        except OSError as error:
            raise StudioError(
                f"{archive.path} could not be written ({error.strerror or error}).",
                "Free some space or choose another folder; the download goes on where it stopped.",
            ) from error
    left = missing_files(name, place)
    if left:
        raise StudioError(
            f"{title} lacks {left[0]} after unpacking.", "Remove the archive and download it again."
        )


class _Counter:
    """Bytes of all archives together."""

    def __init__(self, total: int, text: str, progress: Progress) -> None:
        self.total, self.text, self._progress = total, text, progress
        self._finished = self._current = 0

    @property
    def done(self) -> int:
        return self._finished + self._current

    def at(self, current: int) -> None:
        self._current = current
        self._progress(self.done, max(self.total, self.done), self.text)

    def finish(self, size: int) -> None:
        self._finished += size
        self._current = 0


def _fetch_from_any(archive: Archive, counter: _Counter, cancelled: Cancelled) -> None:
    reasons: list[str] = []
    for url in archive.urls:
        try:
            _fetch(url, archive, counter, cancelled)
            return
        except (
            urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError, ssl.SSLError
        ) as error:  # fmt: skip
            reasons.append(f"{url}: {getattr(error, 'reason', None) or type(error).__name__}")
    raise StudioError(
        f"{archive.path.name} could not be downloaded ({'; '.join(reasons)}).",
        "Check the connection and try again: it goes on where it stopped. Or put the files there by hand.",
    )


def _fetch(url: str, archive: Archive, counter: _Counter, cancelled: Cancelled) -> None:
    part = archive.path.with_name(archive.path.name + ".part")
    have = part.stat().st_size if part.exists() else 0
    if cancelled():
        raise StudioError(CANCELLED)
    request = urllib.request.Request(url, headers={"User-Agent": "resnet-studio"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
            # 206 goes on; a server that cannot sends everything from the start.
            append = answer.status == http.HTTPStatus.PARTIAL_CONTENT
            expected = answer.length
            got = _receive(answer, part, have if append else 0, counter, cancelled)
        if expected is not None and got != expected:
            raise ConnectionError("the connection ended early")
    except urllib.error.HTTPError as error:
        error.close()
        # 416: all bytes are there already; whether they are right, the md5 tells.
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
    if not is_sound(part, archive.md5):
        part.unlink()
        raise StudioError(f"{url} is not what it should be (its md5 differs).", "Try again later.")
    part.replace(archive.path)


def _receive(
    answer: http.client.HTTPResponse, part: Path, have: int, counter: _Counter, cancelled: Cancelled
) -> int:
    """Append to the part file; returns the bytes received."""
    got = 0
    with part.open("ab") as file:
        file.truncate(have)
        while chunk := answer.read(_CHUNK):
            if cancelled():
                raise StudioError(CANCELLED)
            file.write(chunk)
            got += len(chunk)
            counter.at(have + got)
    return got


def _unpack(path: Path) -> None:
    try:
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                archive.extractall(path.parent, filter="data")
        else:
            replace_atomically(path.with_suffix(""), lambda temporary: _gunzip(path, temporary))
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StudioError(
            f"{path} could not be unpacked ({error}).", "Remove it and download it again."
        ) from error


def _gunzip(source: Path, target: Path) -> None:
    with gzip.open(source) as packed, target.open("xb") as file:
        shutil.copyfileobj(packed, file)

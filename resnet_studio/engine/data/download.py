"""Downloads a known data set into torchvision's folder layout: resumable, cancellable, compared by md5. Knows no training."""

from __future__ import annotations

import gzip
import shutil
import tarfile
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from resnet_studio.design.atomic import replace_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.known import is_sound, missing_files, torchvision_class
from resnet_studio.engine.fetching import Cancelled, Progress, Wanted, fetch
from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN


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
        progress(1, 1, tr("{title} is there already", title=title))
        return
    counter = _Counter(KNOWN[name].download_bytes, f"Downloading {title}", progress)
    for archive in archives(name, place):
        try:
            archive.path.parent.mkdir(parents=True, exist_ok=True)
            if not is_sound(archive.path, archive.md5):
                sound = partial(is_sound, md5=archive.md5)
                fetch(Wanted(urls=archive.urls, path=archive.path, is_sound=sound), counter.at, cancelled)
            counter.finish(archive.path.stat().st_size)
            progress(counter.done, counter.total, tr("Unpacking {name}", name=archive.path.name))
            _unpack(archive.path)
        except OSError as error:
            raise StudioError(
                tr("{path} could not be written ({why}).", path=archive.path, why=error.strerror or error),
                tr("Free some space or choose another folder; the download goes on where it stopped."),
            ) from error
    left = missing_files(name, place)
    if left:
        raise StudioError(
            tr("{title} lacks {left} after unpacking.", title=title, left=left[0]),
            tr("Remove the archive and download it again."),
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


def _unpack(path: Path) -> None:
    try:
        if path.name.endswith(".tar.gz"):
            with tarfile.open(path) as archive:
                archive.extractall(path.parent, filter="data")
        else:
            replace_atomically(path.with_suffix(""), lambda temporary: _gunzip(path, temporary))
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise StudioError(
            tr("{path} could not be unpacked ({error}).", path=path, error=error),
            tr("Remove it and download it again."),
        ) from error


def _gunzip(source: Path, target: Path) -> None:
    with gzip.open(source) as packed, target.open("xb") as file:
        shutil.copyfileobj(packed, file)

"""Fetches one file from a server: resumable, cancellable, put in place only when its sum is right. Knows no data set.

What has come stays beside the target as NAME.part, and the next try goes on from there.
"""

from __future__ import annotations

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.wire import CANCELLED

# (bytes done, bytes in all or 0, what is being done)
Progress = Callable[[int, int, str], None]
Cancelled = Callable[[], bool]

_CHUNK = 64 * 1024
# A server that says nothing for so long is not coming back.
TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One file to fetch.

    Args:
        urls: where from, in order of preference.
        path: where to; its folder exists.
        is_sound: whether a file is what was asked for.
        sum_name: how people call what `is_sound` compares.
    """

    urls: tuple[str, ...]
    path: Path
    is_sound: Callable[[Path], bool]
    sum_name: str = "md5"


def fetch(wanted: Wanted, at: Callable[[int], None], cancelled: Cancelled) -> None:
    """Fetch a file from the first of its servers that answers.

    Args:
        wanted: what.
        at: told how many bytes are there.
        cancelled: asked at every piece.

    Raises:
        StudioError: no server answers, the file is not what it should be, or `cancelled` said so.
        OSError: the disk does not take it.
    """
    reasons: list[str] = []
    for url in wanted.urls:
        try:
            _fetch(url, wanted, at, cancelled)
            return
        except (
            urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError, ssl.SSLError
        ) as error:  # fmt: skip
            reasons.append(f"{url}: {getattr(error, 'reason', None) or type(error).__name__}")
    raise StudioError(
        f"{wanted.path.name} could not be downloaded ({'; '.join(reasons)}).",
        f"Check the connection and try again: it goes on where it stopped. Or put the file into {wanted.path.parent} by hand.",
    )


def _fetch(url: str, wanted: Wanted, at: Callable[[int], None], cancelled: Cancelled) -> None:
    part = wanted.path.with_name(wanted.path.name + ".part")
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
            got = _receive(answer, part, have if append else 0, at, cancelled)
        if expected is not None and got != expected:
            raise ConnectionError("the connection ended early")
    except urllib.error.HTTPError as error:
        error.close()
        # 416: all bytes are there already; whether they are right, the sum tells.
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
    if not wanted.is_sound(part):
        part.unlink()
        raise StudioError(
            f"{url} is not what it should be (its {wanted.sum_name} differs).", "Try again later."
        )
    part.replace(wanted.path)


def _receive(
    answer: http.client.HTTPResponse, part: Path, have: int, at: Callable[[int], None], cancelled: Cancelled
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
            at(have + got)
    return got

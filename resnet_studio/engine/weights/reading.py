"""Opens a file of weights through the child, and never by itself. Knows no design and no training."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, ClassVar

import torch
from torch import Tensor

import resnet_studio
from resnet_studio.design.errors import StudioError
from resnet_studio.engine import children
from resnet_studio.engine.weights import reader

Waiting = Callable[[], None]
SECONDS = 180.0
_MAX_TOLD = 64 * 1024 * 1024
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16,
        torch.int8, torch.uint8, torch.bool, torch.complex64, torch.complex128,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a file holds, without the numbers.

    Args:
        path: the file.
        kind: "zip" or "stream" (torch's two formats), or "safetensors".
        tensors: name to (dtype, shape).
        not_finite: names of tensors that hold NaN or infinity.
        design: the design file's text that lies in it, or None.
        notices: what was put right on reading.
        sha256: of the whole file.
    """

    path: Path
    kind: str
    tensors: Mapping[str, tuple[str, tuple[int, ...]]]
    not_finite: tuple[str, ...]
    design: str | None
    notices: tuple[str, ...]
    sha256: str

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name to shape."""
        return {name: shape for name, (_, shape) in self.tensors.items()}

    def dtype(self, name: str) -> torch.dtype | None:
        """The tensor's type; None for one that no network here has."""
        return _DTYPES.get(self.tensors[name][0])


def _silent() -> None:
    """Nobody wants to know."""


def look(path: Path, waiting: Waiting = _silent) -> Held:
    """What a file holds. The last answers are remembered for as long as the file stays the same.

    Args:
        path: the file.
        waiting: called about four times a second; what it raises ends the child.

    Raises:
        StudioError: it is no file of plain weights, or takes too much time or memory.
    """
    status = _regular(path)
    remembered = _Remember.get(path, status)
    if remembered is not None:
        return remembered
    held = _held(path, _ask(path, None, waiting))
    _Remember.put(path, status, held)
    return held


def take(path: Path, waiting: Waiting = _silent) -> tuple[dict[str, Tensor], Held]:
    """The tensors of a file, on the CPU, and what `look` says.

    Raises:
        StudioError: as `look`; or there is no room for a copy.
    """
    from safetensors.torch import load_file

    _regular(path)
    with tempfile.TemporaryDirectory(prefix="resnet-studio-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "weights.safetensors"
        held = _held(path, _ask(path, copy, waiting))
        tensors = load_file(str(copy))
        if {
            name: (str(t.dtype).removeprefix("torch."), tuple(t.shape)) for name, t in tensors.items()
        } != dict(held.tensors):
            raise _refusal(path, "It changed while it was read.", "Try again.")
        return tensors, held


class _Remember:
    """The last few files, by what tells that they have not changed."""

    known: ClassVar[dict[tuple[str, int, int], Held]] = {}
    most = 8

    @classmethod
    def _key(cls, path: Path, status: os.stat_result) -> tuple[str, int, int]:
        return str(path.absolute()), status.st_size, status.st_mtime_ns

    @classmethod
    def get(cls, path: Path, status: os.stat_result) -> Held | None:
        return cls.known.get(cls._key(path, status))

    @classmethod
    def put(cls, path: Path, status: os.stat_result, held: Held) -> None:
        while len(cls.known) >= cls.most:
            cls.known.pop(next(iter(cls.known)))
        cls.known[cls._key(path, status)] = held


def _regular(path: Path) -> os.stat_result:
    import stat

    try:
        # Looked at before it is opened: opening a FIFO would wait for ever.
        status = path.stat()
    except (OSError, ValueError) as error:
        raise _refusal(
            path, f"It could not be read ({getattr(error, 'strerror', None) or error})."
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(path, "It is not a regular file.", "Choose a .pt, .pth or .safetensors file.")
    return status


def _held(path: Path, told: Mapping[str, Any]) -> Held:
    if "error" in told:
        what, remedy = told["error"]
        raise _refusal(path, str(what), str(remedy))
    tensors = {
        str(name): (str(dtype), tuple(map(int, shape))) for name, (dtype, shape) in told["tensors"].items()
    }
    design = told["design"]
    return Held(
        path=path, kind=str(told["kind"]), tensors=tensors,
        not_finite=tuple(map(str, told["not_finite"])),
        design=design if isinstance(design, str) else None,
        notices=tuple(map(str, told["notices"])), sha256=_sum(path),
    )  # fmt: skip


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _refusal(path: Path, what: str, remedy: str = "") -> StudioError:
    return StudioError(f"{path}: {what[:1].upper()}{what[1:]}", remedy)


# --- the child --------------------------------------------------------------------------------------------------------


def _ask(path: Path, copy: Path | None, waiting: Waiting) -> dict[str, Any]:
    """What the child says of a file."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as log:
        with children.watched(_start(path, copy, said, log)) as child:
            _await(path, child, waiting)
        said.seek(0)
        log.seek(0)
        try:
            told = json.loads(said.read(_MAX_TOLD))
        except ValueError as error:
            words = log.read().decode(errors="replace").strip().splitlines()
            reason = words[-1][:200] if words else f"exit code {child.returncode}"
            raise _refusal(
                path, f"Reading it ended without an answer ({reason}).", "It was not opened."
            ) from error
        return dict(told)


def _start(path: Path, copy: Path | None, said: IO[bytes], log: IO[bytes]) -> subprocess.Popen[bytes]:
    # -P and a path of our own: a torch.py in the user's folder must not be imported.
    package = str(Path(resnet_studio.__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        "PYTHONPATH": package if not others else os.pathsep.join((package, others)),
        "CUDA_VISIBLE_DEVICES": "",
        "OMP_NUM_THREADS": "1",
    }
    words = [str(path.absolute()), *([] if copy is None else [str(copy)])]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", reader.__name__, *words],
        stdin=subprocess.PIPE, stdout=said, stderr=log, env=environment,
    )  # fmt: skip


def _await(path: Path, child: subprocess.Popen[bytes], waiting: Waiting) -> None:
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            child.wait(timeout=0.25)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise _refusal(path, f"Reading it took over {SECONDS:.0f} s.", "It was not opened.") from None
            waiting()
        else:
            return

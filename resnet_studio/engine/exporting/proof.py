"""Proof that an exported file gives the network back: a clean process reads it, builds it and compares outputs.

The parent's side computes what is expected and watches the child; the child's side is `main`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import torch
from torch import Tensor

import resnet_studio
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine import children
from resnet_studio.engine.build import build
from resnet_studio.engine.modules import Network
from resnet_studio.engine.weights.file import load_pt, write_pt

BATCHES = (1, 2, 7)
# About a second of one core; beyond that smaller images prove as much about the weights.
_MACS = 10**10
_SMALL = 32
_SECONDS = 240.0
_GIB = 2**30
_TOLERANCE = 1e-4


class ComparisonError(StudioError):
    """The exported file, read again, does not give the same outputs; it was thrown away."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Sample:
    """Inputs of each batch size, the original's outputs, and what people should know of the choice."""

    inputs: list[Tensor]
    outputs: list[Tensor]
    note: str = ""


@torch.no_grad()
def sample(network: Network, design: Design) -> Sample:
    """Outputs of the network in eval mode on fixed random images; the global random state is not used."""
    channels, height, width = design.input.shape
    note = ""
    if analyse(design).totals.macs * sum(BATCHES) > _MACS:
        height, width = min(height, 2 * _SMALL), min(width, 2 * _SMALL)
        note = f"Outputs were compared on images of {channels}x{height}x{width}."
    generator = torch.Generator().manual_seed(0)
    inputs = [torch.rand((count, channels, height, width), generator=generator) for count in BATCHES]
    was_training = network.training
    network.eval()
    try:
        outputs = [network(images) for images in inputs]
    finally:
        network.train(was_training)
    return Sample(inputs, outputs, note)


def difference(expected: Tensor, found: Tensor) -> float:
    """The largest absolute difference; the same infinities and the same NaNs are no difference, others infinite."""
    if expected.shape != found.shape:
        return float("inf")
    finite = torch.isfinite(expected) & torch.isfinite(found)
    same = finite | (expected == found) | (torch.isnan(expected) & torch.isnan(found))
    if not bool(same.all()):
        return float("inf")
    apart = torch.where(finite, expected - found, 0.0).abs()
    return float(apart.max()) if apart.numel() else 0.0


# --- the parent's side ------------------------------------------------------------------------------------------------


def compare_in_clean_process(path: Path, asked: Sample, waiting: Callable[[], None]) -> float:
    """The largest difference over all batches.

    Args:
        path: the file to prove.
        asked: inputs and the original's outputs.
        waiting: called about twice a second; what it raises ends the child.

    Raises:
        ComparisonError: the child could not read or build it, or the outputs differ.
        OSError: there is no room for the comparison's own file.
    """
    with tempfile.TemporaryDirectory(prefix="resnet-studio-") as folder, tempfile.TemporaryFile() as log:
        expected = Path(folder) / "expected.pt"
        write_pt(expected, {"inputs": asked.inputs, "outputs": asked.outputs})
        with children.watched(_start(path, expected, log)) as child:
            _await(child, waiting)
            assert child.stdout is not None
            said = child.stdout.read()
        log.seek(0)
        return _judged(child.returncode, said, log.read())


def _start(path: Path, expected: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    # -P and a path of our own: a torch.py in the user's folder must not be imported.
    package = str(Path(resnet_studio.__file__).resolve().parent.parent)
    others = os.environ.get("PYTHONPATH")
    environment = os.environ | {
        "PYTHONPATH": package if not others else os.pathsep.join((package, others)),
        "CUDA_VISIBLE_DEVICES": "",
    }
    command = [
        sys.executable,
        "-P",
        "-m",
        __name__,
        str(path.absolute()),
        str(expected),
        str(torch.get_num_threads()),
    ]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment
    )


def _await(child: subprocess.Popen[bytes], waiting: Callable[[], None]) -> None:
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            child.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            if time.monotonic() > deadline:
                raise ComparisonError(
                    f"Reading the exported file again took over {_SECONDS:.0f} s; it was thrown away.",
                    "Try again when the machine is less busy.",
                ) from None
            waiting()
        else:
            return


def _judged(code: int, said: bytes, log: bytes) -> float:
    try:
        told = json.loads(said)
        largest, allowed = float(told["difference"]), float(told["allowed"])
    except (ValueError, KeyError, TypeError) as error:
        lines = (said or log).decode(errors="replace").strip().splitlines() or [f"exit code {code}"]
        raise ComparisonError(
            f"The exported file could not be read again ({lines[-1][:300]}); it was thrown away.",
            "The old file is untouched. Try again; if it stays so, this is a bug.",
        ) from error
    if not largest <= allowed:
        raise ComparisonError(
            f"The exported file gives other outputs than the network (difference {largest:g}); it was thrown away.",
            "The old file is untouched. This is a bug.",
        )
    return largest


# --- the child's side -------------------------------------------------------------------------------------------------


@torch.no_grad()
def _compared(path: Path, expected: Path) -> dict[str, float]:
    wanted = torch.load(expected, map_location="cpu", weights_only=True)
    contents = load_pt(path)
    network = build(contents.design).eval()
    network.load_state_dict(dict(contents.state_dict), strict=True)
    largest, scale = 0.0, 1.0
    for images, outputs in zip(wanted["inputs"], wanted["outputs"], strict=True):
        largest = max(largest, difference(outputs, network(images)))
        scale = max(scale, float(torch.nan_to_num(outputs, 0.0, 0.0, 0.0).abs().max()))
    return {"difference": largest, "allowed": _TOLERANCE * scale}


def _limit_memory(path: Path, expected: Path) -> None:
    if sys.platform != "linux":
        return
    import resource

    # Data, not address space: torch's libraries map far more than they touch.
    limit = 6 * _GIB + 6 * path.stat().st_size + 64 * expected.stat().st_size
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _end_with_parent() -> None:
    """stdin is a pipe that the parent holds: its end means that the parent is gone."""
    sys.stdin.buffer.read()
    os._exit(3)


def main() -> int:
    """Compare one file with what is expected of it; one JSON object on stdout."""
    path, expected, threads = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    threading.Thread(target=_end_with_parent, daemon=True).start()
    torch.set_num_threads(threads)
    try:
        _limit_memory(path, expected)
        told = _compared(path, expected)
    except StudioError as error:
        print(error)
        return 1
    print(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # the thread still reads stdin, and must not keep the interpreter from ending


if __name__ == "__main__":
    sys.exit(main())

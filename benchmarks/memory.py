"""The memory that training is said to need before it begins, against the measured peak of a real run's process."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from benchmarks.measure import Result
from resnet_studio.analysis.plan import analyse
from resnet_studio.analysis.training_memory import TOLERANCE, Load, need
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.runs.child import STOP, child_environment, train_command
from resnet_studio.runs.events import Step, decode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.footprint import footprint
from resnet_studio.runs.spec import TrainSpec, default_spec

CASES = (("resnet18", 4), ("resnet18", 16), ("cifar_resnet20", 128), ("cifar_resnet20", 512))
_STEPS = 2
_SMALLEST = ("digits_starter", 2)


@dataclass(frozen=True, slots=True)
class Peak:
    """Bytes beyond those of the smallest run."""

    estimated: int
    measured: int


def _design(name: str) -> Design:
    design = preset(name)
    return edits.adapt(design, spec=design.input, classes=10)


def _spec(batch: int, device: str) -> TrainSpec:
    # The digits, made as large as the network takes them: nothing must be downloaded.
    return replace(default_spec("digits"), batch_size=batch, optimizer="sgd", epochs=1, device=device)


def peak_of(name: str, batch: int, folder: Path, device: str = "cpu") -> Peak:
    """Train a few steps in a real child and save.

    Both figures are beyond those of the smallest run, which holds what every process with torch does. On a card they are all of it:
    what torch allocated there at the highest.
    """
    measured, estimated = _taken(name, batch, folder, device), _said(name, batch, device)
    if device == "cpu":
        measured -= _smallest()
        estimated -= _said(*_SMALLEST, device)
    return Peak(estimated, measured)


@cache
def _smallest() -> int:
    with tempfile.TemporaryDirectory() as folder:
        return _taken(*_SMALLEST, Path(folder), "cpu")


def _said(name: str, batch: int, device: str) -> int:
    load = Load(**footprint(_spec(batch, device), device=device))
    return need(analyse(_design(name)), load).total


def _taken(name: str, batch: int, folder: Path, device: str) -> int:
    run = RunFolder.create(_design(name), _spec(batch, device), folder)
    seen: list[int] = []
    steps = 0
    child = subprocess.Popen(
        train_command(run), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=child_environment()
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    with child.stdin, child.stdout:
        for line in child.stdout:
            event = decode(line)
            seen.append(_peak(child.pid) if device == "cpu" else getattr(event, "memory_bytes", 0))
            steps += isinstance(event, Step)
            if isinstance(event, Step) and steps == _STEPS:
                child.stdin.write(STOP)
                child.stdin.flush()
    if child.wait() or not any(seen):
        raise RuntimeError(f"The run of {name} ended with {child.returncode}.")
    return max(seen)


def _peak(pid: int) -> int:
    """The most that a process has had in memory; 0 once it is gone.

    Not what the system tells at its end: that holds what the interpreter touches when it leaves.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


def _has_card() -> bool:
    import torch

    return torch.cuda.is_available()


def measure() -> list[Result]:
    """Each case, in megabytes."""
    found: list[Result] = []
    devices = ("cpu", "cuda") if _has_card() else ("cpu",)
    with tempfile.TemporaryDirectory() as folder:
        for name, batch, device in ((name, batch, device) for device in devices for name, batch in CASES):
            peak = peak_of(name, batch, Path(folder), device)
            ratio = peak.estimated / peak.measured
            found.append(
                Result(
                    what=f"memory of {name}, batch {batch}, {device}, as estimated", reference="the peak of a real run", ours=peak.estimated / 1e6,
                    theirs=peak.measured / 1e6, ratio=ratio, goal=f"within {TOLERANCE:.0%}", met=abs(ratio - 1) <= TOLERANCE, unit="MB",
                )
            )  # fmt: skip
    return found

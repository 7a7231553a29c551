"""From starting a run's process to its first step told, against a process that imports torch and builds the same network."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.measure import Result, alternately
from resnet_studio.design.presets import preset
from resnet_studio.runs.child import child_environment, train_command
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import default_spec

GOAL, TIMES = 1.5, 7
PRESET = "digits_starter"
_BARE = f"""
import torch
from resnet_studio.design.presets import preset
from resnet_studio.engine.build import build
build(preset({PRESET!r}))
print("built", flush=True)
"""


def _seconds(command: list[str], until: bytes) -> float:
    """Until the process writes a line that begins so; then it is ended, for its end is nobody's start."""
    began = time.perf_counter()
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=child_environment()
    ) as child:  # fmt: skip
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(until):
                took = time.perf_counter() - began
                child.kill()
                return took
    raise RuntimeError(f"The process never said {until!r}.")


def _first_step(folder: Path) -> float:
    run = RunFolder.create(preset(PRESET), replace(default_spec("digits"), device="cpu"), folder)
    return _seconds(train_command(run), b'{"event":"step"')


def measure() -> list[Result]:
    """Whole processes, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        mine, theirs = alternately(
            lambda: _first_step(Path(folder)), lambda: _seconds([sys.executable, "-c", _BARE], b"built"), times=TIMES
        )  # fmt: skip
    ratio = mine / theirs
    return [
        Result(
            what="a run's first step", reference="torch imported, network built", ours=mine, theirs=theirs, ratio=ratio,
            goal=f"<= {GOAL:g} times", met=ratio <= GOAL,
        )
    ]  # fmt: skip

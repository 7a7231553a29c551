"""Small designs, runs and child processes for the tests of training; knows no Qt."""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import torch

from resnet_studio.design import presets
from resnet_studio.design.types import (
    Attention,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    InputSpec,
    Norm,
    ShortcutKind,
    Stem,
)
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.command import run_training
from resnet_studio.runs import requests
from resnet_studio.runs.child import child_environment, train_command
from resnet_studio.runs.events import Epoch, Event, Step, decode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec, default_spec

DEADLINE_SECONDS = 120.0


def tiny_design(*, channels: int = 1, classes: int = 10, size: int = 8) -> Design:
    """Four channels, one block a stage: an epoch of the digits takes a fraction of a second."""
    first = BlockSpec(kind=BlockKind.RESIDUAL, channels=4, width=4)
    second = BlockSpec(
        kind=BlockKind.RESIDUAL, channels=8, width=8, stride=2, shortcut=ShortcutKind.PROJECTION
    )
    base = presets.preset("digits_starter")
    stages = tuple(
        replace(stage, blocks=(replace(stage.blocks[0], spec=spec),))
        for stage, spec in zip(base.stages, (first, second), strict=True)
    )
    return Design(
        name="Tiny",
        input=InputSpec(channels=channels, height=size, width=size),
        stem=Stem(channels=4, kernel=3, stride=1, pool=False),
        stages=stages,
        head=Head(classes=classes),
    )


def everywhere(design: Design, **changes: Any) -> Design:
    """With these fields of every block's."""
    stages = tuple(
        replace(
            stage, blocks=tuple(replace(block, spec=replace(block.spec, **changes)) for block in stage.blocks)
        )
        for stage in design.stages
    )
    return replace(design, stages=stages)


def dropping_design() -> Design:
    """The tiny one with layers that draw random numbers, or count, in every block: a stop or a retry must put both back."""
    return everywhere(tiny_design(), drop_path=0.3, dropout=0.2, attention=Attention.SE)


def normless_design() -> Design:
    """The tiny one without norms: what a batch's images do to each other in them is out of the way."""
    base = everywhere(tiny_design(), norm=Norm.NONE)
    return replace(base, stem=replace(base.stem, norm=Norm.NONE))


def tiny_spec(**changes: Any) -> TrainSpec:
    """Three epochs of eleven steps on the CPU."""
    settings: dict[str, Any] = {"epochs": 3, "batch_size": 128, "device": "cpu"} | changes
    return replace(default_spec(settings.get("data", "digits")), **settings)


def new_run(parent: Path, **changes: Any) -> RunFolder:
    return RunFolder.create(tiny_design(), tiny_spec(**changes), parent)


def train_here(run: RunFolder, *, stop_after: int | None = None) -> list[Event]:
    """Train in this process; `stop_after` asks for a stop as soon as a Step event of that step was said."""
    said: list[Event] = []
    reason: list[str] = []

    def take(event: Event) -> None:
        said.append(event)
        if isinstance(event, Step) and event.step == stop_after:
            reason.append("asked by the test")

    run_training(run, take, lambda: reason[0] if reason else "")
    return said


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for a condition, at most to the deadline."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        time.sleep(0.02)


def curves(run: RunFolder) -> list[dict[str, Any]]:
    """Step and Epoch events without what a clock or the system's memory decides."""
    passing = {
        "images_per_second", "memory_bytes", "gpu_percent", "gpu_memory_bytes", "seconds", "time_left",
    }  # fmt: skip
    return [
        {field.name: getattr(event, field.name) for field in fields(event) if field.name not in passing}
        for event in run.events()
        if isinstance(event, Step | Epoch)
    ]


def assert_same_end(run: RunFolder, other: RunFolder) -> None:
    """Weights, optimizer, random state and curves are equal, bit for bit."""
    assert curves(run) == curves(other)
    for kind in checkpoint.KINDS:
        one, two = checkpoint.newest(run, kind), checkpoint.newest(other, kind)
        assert one is not None
        assert two is not None
        assert one.path.name == two.path.name
        _assert_equal(one.contents, two.contents, kind)


def _assert_equal(one: Any, two: Any, place: str) -> None:
    if isinstance(one, torch.Tensor):
        assert torch.equal(one, two), place
    elif isinstance(one, dict):
        assert one.keys() == two.keys(), place
        for key in one.keys() - {"seconds", "epoch_seconds"}:
            _assert_equal(one[key], two[key], f"{place}.{key}")
    elif isinstance(one, list | tuple):
        assert len(one) == len(two), place
        for index, (a, b) in enumerate(zip(one, two, strict=True)):
            _assert_equal(a, b, f"{place}[{index}]")
    else:
        assert one == two, place


class Child:
    """A real training process; every wait ends at a deadline, and leaving the block leaves no process."""

    def __init__(
        self,
        run: RunFolder,
        *,
        command: list[str] | None = None,
        more: dict[str, str] | None = None,
        **options: Any,
    ) -> None:
        self.run = run
        self._pending = b""
        self.log = run.log_path.open("ab")
        self.process = subprocess.Popen(
            command or train_command(run), stdin=-1, stdout=-1, stderr=self.log, env=child_environment() | (more or {}),
            start_new_session=True, **options,
        )  # fmt: skip

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(DEADLINE_SECONDS)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.log.close()

    def let_go(self) -> None:
        """As a window that closes and lets it go on alone."""
        requests.ask_to_go_on_alone(self.run)
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()

    def event(self) -> Event | None:
        """The next event, or None at the end of the child's words."""
        line = self._line()
        return decode(line) if line else None

    def _line(self) -> bytes:
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        end = time.monotonic() + DEADLINE_SECONDS
        while b"\n" not in self._pending:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
            assert ready, "the child said nothing for too long"
            data = os.read(descriptor, 65536)
            if not data:
                return b""
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def until(self, kind: type[Event], count: int = 1) -> Event:
        """Wait for the count-th event of a kind from now on."""
        while (event := self.event()) is not None:
            if isinstance(event, kind):
                count -= 1
                if not count:
                    return event
        raise AssertionError(f"the child ended without {kind.__name__}: {self.run.log_path.read_text()}")

    def rest(self) -> list[Event]:
        """Everything that it still says, and its end."""
        said: list[Event] = []
        while (event := self.event()) is not None:
            said.append(event)
        self.process.wait(DEADLINE_SECONDS)
        return said

    def say(self, **words: Any) -> None:
        """A line on its stdin."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")
        self.process.stdin.flush()

    def asks_for_nonsense_and_a_stop(self) -> None:
        """As the window asks, behind a line that is no request."""
        self.say(do="nonsense")
        self.say(do="stop")

    def close_stdin(self) -> None:
        """As a window that is gone."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def terminate(self) -> None:
        """SIGTERM, as a system that shuts down."""
        os.kill(self.process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """kill -9, the whole group."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(DEADLINE_SECONDS)

"""The list of runs in a folder, each with its state and best figures. Knows no torch and no window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.runs.events import (
    Checkpointed,
    Epoch,
    Event,
    Failed,
    Finished,
    Held,
    Notice,
    Phase,
    Split,
    Step,
    Stopped,
    decode,
)
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.labels import Label, read_label
from resnet_studio.runs.spec import TrainSpec


class RunState(StrEnum):
    """How a run stands."""

    NEW = "new"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    STOPPED = "stopped"
    FAILED = "failed"
    CRASHED = "crashed"

    @property
    def is_alive(self) -> bool:
        """Whether a process has it, which trains or waits."""
        return self in (RunState.RUNNING, RunState.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunInfo:
    """One line of the list.

    Args:
        run: the folder.
        state: how it stands.
        design: the design's name.
        spec: the settings.
        created: when it was made, in UTC.
        epochs_done: epochs finished and validated.
        best_accuracy: best validation accuracy, a fraction of 1; None before the first epoch.
        best_epoch: its epoch, or None.
        newest: the last Step event, or None.
        said: the failure's or the stop's words, or empty.
        label: what people wrote on it.
        label_fault: why that could not be read, or empty; the run is sound all the same.
        drawing: the design itself.
    """

    run: RunFolder
    state: RunState
    design: str
    spec: TrainSpec
    created: datetime
    epochs_done: int
    best_accuracy: float | None
    best_epoch: int | None
    said: str
    newest: Step | None = None
    label: Label = Label()
    label_fault: str = ""
    drawing: Design


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRun:
    """A folder that should be a run and cannot be read."""

    run: RunFolder
    fault: StudioError


def list_runs(root: Path | None = None) -> list[RunInfo | BrokenRun]:
    """The runs in a folder, newest first; an absent folder has none. Broken ones come last and say why."""
    place = runs_root() if root is None else root
    try:
        folders = [path for path in place.iterdir() if (path / "run.json").is_file()]
    except OSError:
        return []
    good: list[RunInfo] = []
    broken: list[RunInfo | BrokenRun] = []
    for path in sorted(folders):
        run = RunFolder(path.absolute())
        try:
            good.append(describe_run(run))
        except StudioError as error:
            broken.append(BrokenRun(run=run, fault=error))
    return sorted(good, key=lambda info: (info.created, info.run.name), reverse=True) + broken


def describe_run(run: RunFolder) -> RunInfo:
    """One run's line.

    Raises:
        StudioError: its files cannot be read.
    """
    epochs, last, newest = _epochs_and_end(run)
    best = max((e for e in epochs if e.best), key=lambda e: e.epoch, default=None)
    state = _state(run, last)
    label, label_fault = _label(run)
    design = run.design()
    return RunInfo(
        run=run,
        state=state,
        design=design.name,
        spec=run.spec(),
        created=run.created(),
        epochs_done=epochs[-1].epoch if epochs else 0,
        best_accuracy=None if best is None else best.val_accuracy,
        best_epoch=None if best is None else best.epoch,
        said=_words(last) if state in (RunState.FAILED, RunState.STOPPED) else "",
        newest=newest,
        label=label,
        label_fault=label_fault,
        drawing=design,
    )


def _label(run: RunFolder) -> tuple[Label, str]:
    try:
        return read_label(run), ""
    except StudioError as error:
        return Label(), str(error)


def _epochs_and_end(run: RunFolder) -> tuple[list[Epoch], Event | None, Step | None]:
    """Epoch events, the last event that tells a state, and the last Step: of the many step lines only one is decoded."""
    step_line = b""
    events: list[Event] = []
    for line in run.event_lines():
        if line.startswith(b'{"event":"step"'):
            step_line = line
        else:
            events.append(decode(line))
    ending = [event for event in events if not isinstance(event, Checkpointed | Notice | Phase | Split)]
    last: Event | None = ending[-1] if ending else (Notice(text="") if step_line else None)
    newest = decode(step_line) if step_line else None
    assert newest is None or isinstance(newest, Step)
    return [event for event in events if isinstance(event, Epoch)], last, newest


def _state(run: RunFolder, last: Event | None) -> RunState:
    if run.is_running():
        return RunState.PAUSED if isinstance(last, Held) else RunState.RUNNING
    if last is None:
        return RunState.NEW
    ends: dict[type, RunState] = {
        Finished: RunState.FINISHED,
        Stopped: RunState.STOPPED,
        Failed: RunState.FAILED,
    }
    return ends.get(type(last), RunState.CRASHED)


def _words(last: Event | None) -> str:
    if isinstance(last, Failed):
        return last.what
    return last.reason if isinstance(last, Stopped) else ""

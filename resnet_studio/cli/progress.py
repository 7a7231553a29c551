"""How a run and other long work look in a terminal: a bar that redraws itself, or plain lines. Knows no engine."""

from __future__ import annotations

import shutil
import sys
from itertools import zip_longest
from typing import Any, TextIO

from resnet_studio.cli import text
from resnet_studio.runs.events import (
    Checkpointed,
    Epoch,
    Event,
    Failed,
    Finished,
    Held,
    Notice,
    Paused,
    Phase,
    Split,
    Started,
    Step,
    Stopped,
    WentOn,
)
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunInfo

_BAR = 24


class Bar:
    """One line on a terminal that is redrawn in place; silent where the stream is no terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._live = self._stream.isatty()
        self._shown = False

    def show(self, fraction: float, words: str) -> None:
        """Redraw."""
        if not self._live:
            return
        full = round(_BAR * min(1.0, max(0.0, fraction)))
        line = f"[{'#' * full}{'.' * (_BAR - full)}] {100 * fraction:3.0f} %  {words}"
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r{line[:width]}\x1b[K")
        self._stream.flush()
        self._shown = True

    def tell(self, done: int, total: int, words: str = "") -> None:
        """Redraw for so much of a total, which is 0 where nobody knows it: what the engine's long work calls."""
        self.show(done / total if total else 0.0, words)

    def clear(self) -> None:
        """Take the line away, so that ordinary output can follow."""
        if self._shown:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._shown = False


class RunView:
    """Shows the events of a run: one line an epoch, and a bar between them where somebody watches.

    Args:
        quiet: print nothing but the bar; the caller prints JSON.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._bar = Bar()
        self._started: Started | None = None
        self._time_left = 0.0

    def show(self, event: Event) -> None:
        """Take one event."""
        if isinstance(event, Step):
            self._step(event)
            return
        self._bar.clear()
        if isinstance(event, Started):
            self._started = event
        if isinstance(event, Epoch):
            self._time_left = event.time_left
        line = None if self._quiet else self._line(event)
        if line is not None:
            print(text.harmless(line), flush=True)

    def close(self) -> None:
        """Leave the terminal clean."""
        self._bar.clear()

    def _step(self, event: Step) -> None:
        if self._started is None:
            return
        total = self._started.steps_per_epoch * self._started.spec.epochs
        left = f"  {text.seconds(self._time_left)} left" if self._time_left else ""
        self._bar.show(
            event.step / total,
            f"epoch {event.epoch}/{self._started.spec.epochs}  loss {event.loss:.4f}  "
            f"accuracy {_percent(event.accuracy)}  {event.images_per_second:,.0f} images/s"
            f"{_cards(event, self._started)}{left}",
        )

    def _line(self, event: Event) -> str | None:
        match event:
            case Started():
                again = f", goes on from step {event.start_step}" if event.start_step else ""
                return (
                    f"run {event.run}\n{event.design}: {event.params:,} parameters; {event.spec.data}: "
                    f"{event.train_images:,} images to learn from, {event.val_images:,} to validate; "
                    f"{event.device_label}, seed {event.spec.seed}{again}"
                )
            case Epoch():
                epochs = self._started.spec.epochs if self._started else event.epoch
                best = "  best" if event.best else ""
                five = "" if event.val_top5 is None else f", top-5 {_percent(event.val_top5)}"
                return (
                    f"epoch {event.epoch:>{len(str(epochs))}}/{epochs}  "
                    f"train loss {event.train_loss:.4f} accuracy {_percent(event.train_accuracy)}  "
                    f"validation loss {event.val_loss:.4f} accuracy {_percent(event.val_accuracy)}{five}  "
                    f"{text.seconds(event.seconds)}{best}"
                )
            case Notice() | Split():
                return f"note: {event.text}"
            case Phase():
                return event.text
            case Stopped():
                return f"stopped at step {event.step}: {event.reason}"
            case Finished():
                return (
                    f"done in {text.seconds(event.seconds)}: best validation accuracy "
                    f"{_percent(event.best_accuracy)} in epoch {event.best_epoch}"
                )
            case Paused():
                return f"paused: {event.what} {event.remedy}"
            case Held():
                return f"paused behind step {event.step}, in epoch {event.epoch}; a checkpoint is kept"
            case WentOn():
                return f"goes on after {text.seconds(event.seconds)}"
            case Checkpointed() | Failed() | Step():
                return None


def _cards(event: Step, started: Started) -> str:
    """Use and memory of each graphics card: "  GPU 97 % 12.3 GB of 85.0 GB, 95 % 12.1 GB of 85.0 GB"; empty on a processor."""
    percent = [f"{value:.0f} %" for value in event.gpu_percent or ()]
    used = [text.size(value) for value in event.gpu_memory_bytes or ()]
    whole = [f" of {text.size(value)}" for value in started.gpu_total_bytes or ()]
    memory = [a + b for a, b in zip_longest(used, whole[: len(used)], fillvalue="")]
    told = [" ".join(filter(None, parts)) for parts in zip_longest(percent, memory, fillvalue="")]
    return f"  GPU {', '.join(told)}" if told else ""


def result_json(run: RunFolder, last: Event, info: RunInfo | None) -> dict[str, Any]:
    """The end of a run as JSON values; the best is of the whole run, also where a resume found no better one."""
    return {
        "run": str(run.path),
        "state": last.event,
        "step": getattr(last, "step", None),
        "best_accuracy": None if info is None else info.best_accuracy,
        "best_epoch": None if info is None else info.best_epoch,
        "seconds": last.seconds if isinstance(last, Finished) else None,
    }


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"

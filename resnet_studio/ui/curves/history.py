"""What a run has said so far, as arrays ready to draw, built from events one by one. Knows no Qt and no numpy.

A live run and an old one's events.jsonl go through the same `add`, so both show the same.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from math import isfinite, nan

from resnet_studio.runs.events import (
    ENDINGS,
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
from resnet_studio.runs.sizing import share_of, work_left

Ending = Stopped | Finished | Failed


class History:
    """The curves and the state of one run.

    Attributes:
        at: for every Step event, how far the run was, in epochs (a float array).
        steps, loss, accuracy: of the same events; accuracy in percent.
        rates, speeds: of the same events, learning rate and images a second.
        cards, memories: of the same events, how busy the graphics cards were in percent (their mean), and the bytes used of the fullest;
            NaN where nobody told.
        epochs: every validated epoch.
        started: the last Started event, or None.
        last_step: the newest Step event, or None.
        notices: what people should know.
        checkpoint_step: step of the newest checkpoint, or None.
        phase: what it does instead of steps just now ("Compiling…"), or an empty text.
        paused: why the run waits for the disk, or None while it goes on.
        held: where somebody paused it, or None while it goes on.
        ending: Stopped, Finished or Failed, or None while it runs (or when it was killed).
        tells_cards: whether any event told of graphics cards.
        version: grows with every change; a plot that has drawn this version is not dirty.
        cuts: how often a start cut the arrays back to its checkpoint.
    """

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self.at = array("d")
        self.steps = array("q")
        self.loss = array("d")
        self.accuracy = array("d")
        self.rates = array("d")
        self.speeds = array("d")
        self.cards = array("d")
        self.memories = array("d")
        self.epochs: list[Epoch] = []
        self.started: Started | None = None
        self.last_step: Step | None = None
        self.notices: list[str] = []
        self.checkpoint_step: int | None = None
        self.phase = ""
        self.paused: Paused | None = None
        self.held: Held | None = None
        self.ending: Ending | None = None
        self.tells_cards = False
        self.version = 0
        self.cuts = 0
        for event in events:
            self.add(event)

    @property
    def best(self) -> Epoch | None:
        """The epoch with the best validation accuracy, as the run itself marked it."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.best), None)

    @property
    def progress(self) -> float:
        """How much of the run is done, from 0 to 1."""
        if self.started is None:
            return 0.0
        if isinstance(self.ending, Finished):
            return 1.0
        total = self.started.steps_per_epoch * self.started.spec.epochs
        done = max(self.last_step.step if self.last_step else 0, self.started.start_step)
        return min(1.0, done / total) if total else 0.0

    @property
    def time_left(self) -> float | None:
        """Seconds until all epochs are done, by the newest throughput; None when nobody can know."""
        if self.started is None or self.last_step is None:
            return None
        speed = self.last_step.images_per_second
        if not isfinite(speed) or speed <= 0:
            return None
        spec = self.started.spec
        # Small images are many a second, and the large ones come later.
        epochs = work_left(spec, self.progress * spec.epochs) / share_of(spec, self.last_step.epoch) ** 2
        return self.started.train_images * epochs / speed

    def add(self, event: Event) -> None:
        """Take one event."""
        self.version += 1
        # Whatever else it says, it says because it goes on.
        self.paused = event if isinstance(event, Paused) else None
        self.held = event if isinstance(event, Held) else None
        self.phase = event.text if isinstance(event, Phase) else ""
        match event:
            case Paused() | Phase() | Held() | WentOn():
                pass
            case Step():
                self._add_step(event)
            case Epoch():
                self.epochs.append(event)
            case Started():
                self._start(event)
            case Checkpointed():
                self.checkpoint_step = event.step
            case Notice() | Split():
                self.notices.append(event.text)
            case _:
                self.ending = event
        assert self.ending is None or isinstance(self.ending, ENDINGS)

    def _start(self, event: Started) -> None:
        self.started = event
        self.ending = None
        self._cut(event.start_step)

    def _cut(self, step: int) -> None:
        """Forget what a resumed run will do again: everything after the checkpoint's step."""
        self.cuts += 1
        kept = bisect_right(self.steps, step)
        for column in (
            self.at,
            self.steps,
            self.loss,
            self.accuracy,
            self.rates,
            self.speeds,
            self.cards,
            self.memories,
        ):
            del column[kept:]
        self.epochs = [epoch for epoch in self.epochs if epoch.step <= step]
        if self.last_step is not None and self.last_step.step > step:
            self.last_step = None

    def _add_step(self, event: Step) -> None:
        per_epoch = self.started.steps_per_epoch if self.started else 0
        self.at.append(event.step / per_epoch if per_epoch else float(event.epoch))
        self.steps.append(event.step)
        self.loss.append(event.loss)
        self.accuracy.append(event.accuracy * 100)
        self.rates.append(event.lr)
        self.speeds.append(event.images_per_second)
        busy, used = event.gpu_percent, event.gpu_memory_bytes
        self.cards.append(sum(busy) / len(busy) if busy else nan)
        self.memories.append(float(max(used)) if used else nan)
        self.tells_cards = self.tells_cards or bool(busy or used)
        self.last_step = event

"""What the training panel does with the queue: puts runs into it, and follows what it begins. Knows the panel's runner."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.queue import Turn
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.runs.queue_watch import QueueWatch
from resnet_studio.ui.training.runner import Runner


class Queueing(QObject):
    """Joins one window's runner and the queue.

    Signals:
        told(str): what was done, in words.
    """

    told = Signal(str)

    def __init__(self, runner: Runner, watch: QueueWatch, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self.watch = runner, watch
        self._offered: set[RunFolder] = set()
        # The user looks at an older run: what the queue begins must not take its place.
        self.looks_back = False
        # The queue begins a run just now: nobody asked to see it.
        self.is_beginning = False
        watch.looked.connect(self._follow)

    @property
    def is_busy(self) -> bool:
        """Whether a new run has to wait for others."""
        return self._runner.is_running or self.watch.queue.is_busy

    def waits(self, run: RunFolder | None) -> bool:
        """Whether this run waits for its turn, and so begins without anybody's doing, or by Start."""
        entry = None if run is None else self.watch.queue.entry(run.path)
        return entry is not None and entry.turn is Turn.WAITING

    def begin(self, design: Design, spec: TrainSpec, initial: Initial | None) -> None:
        """A new run: at once, or behind those that train.

        Raises:
            StudioError: its folder cannot be made.
        """
        if self.is_busy:
            self.collect(design, spec, initial)
        else:
            self.looks_back = False
            self._runner.start(design, spec, initial)

    def collect(self, design: Design, spec: TrainSpec, initial: Initial | None) -> None:
        """A new run at the end of the queue.

        Raises:
            StudioError: its folder cannot be made.
        """
        self.add(RunFolder.create(design, spec, initial=initial))

    def add(self, run: RunFolder) -> None:
        """Put a run at the end, and say so; behind a run that trains it begins by itself."""
        start, self.looks_back = self.is_busy, False
        self.watch.add(run, start=start)
        later = tr("{run} waits in the queue: Start in Runs > Queue begins it.", run=run_title(run))
        soon = tr("{run} waits in the queue: it begins when those before it have ended.", run=run_title(run))
        self.told.emit(soon if start else later)

    def _follow(self) -> None:
        if self._runner.is_running or self.looks_back:
            return
        for entry in self.watch.queue.of(Turn.RUNNING):
            run = entry.folder
            # Its lock is the sign that it has begun; before that there is nothing to see.
            if run not in self._offered and run.is_running():
                self._offered.add(run)
                self.is_beginning = True
                self._runner.follow(run)
                self.is_beginning = False
                return

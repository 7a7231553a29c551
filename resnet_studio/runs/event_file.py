"""Writing a run's events: each as one line at once, and thinned out for whoever watches live. Knows no torch."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.events import Event, Step, encode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import Ask, nobody, persist

_LIVE_PER_SECOND = 20.0
_CHUNK = 64 * 1024


class EventFile:
    """events.jsonl, appended line by line without a buffer, so that a kill costs at most the line in hand.

    Args:
        run: whose events.
        ask: whether to try again what the disk did not take.
    """

    def __init__(self, run: RunFolder, ask: Ask = nobody) -> None:
        self._path = run.events_path
        self.ask = ask
        self._descriptor: int | None = None

    def open(self) -> None:
        """Open for appending; before that, `append` opens by itself. A torn last line, which a kill has left, is cut off.

        Raises:
            StudioError: it cannot be written.
        """
        if self._descriptor is None:
            try:
                self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
                # Behind a torn line the next event would be torn too, and a whole line of rubbish ends every reader.
                os.truncate(self._descriptor, _whole_lines(self._descriptor))
            except OSError as error:
                raise self._fault(error) from error

    def append(self, event: Event) -> None:
        """Write one event.

        Raises:
            StudioError: the disk does not take it, and nobody wants another try; what was written of it is cut off again.
        """
        persist(lambda: self._append(event), self.ask)

    def _append(self, event: Event) -> None:
        self.open()
        assert self._descriptor is not None
        data = encode(event).encode() + b"\n"
        before = os.fstat(self._descriptor).st_size
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError as error:
            os.truncate(self._descriptor, before)
            raise self._fault(error) from error

    def append_if_possible(self, event: Event) -> None:
        """Write a last word, or not: who cannot write has said so already."""
        try:
            self._append(event)
        except StudioError:
            return

    def sync(self) -> None:
        """Put everything on the disk.

        Raises:
            StudioError: the disk does not take it.
        """
        if self._descriptor is not None:
            try:
                os.fsync(self._descriptor)
            except OSError as error:
                raise self._fault(error) from error

    def close(self) -> None:
        """Close it; what was written stays."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _fault(self, error: OSError) -> StudioError:
        return StudioError(
            tr("{path} could not be written ({reason}).", path=self._path, reason=error.strerror),
            tr("Free some space or mend the rights, then resume: the last checkpoint is kept."),
        )


def _whole_lines(descriptor: int) -> int:
    """How many bytes from the beginning are lines with an end."""
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - _CHUNK)
        os.lseek(descriptor, start, os.SEEK_SET)
        newline = os.read(descriptor, end - start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


class Throttle:
    """Gives events on at once, but Step events at most 20 a second, each the mean of those since the last.

    The last Step of an epoch always goes on, for an Epoch event follows it; so does every other event.
    """

    def __init__(self, give: Callable[[Event], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._give = give
        self._clock = clock
        self._waiting: list[Step] = []
        self._last = 0
        self._next = 0.0

    def __call__(self, event: Event) -> None:
        """Take an event."""
        if not isinstance(event, Step):
            self._flush()
            self._give(event)
            self._last = getattr(event, "start_step", self._last)
            return
        self._waiting.append(event)
        if self._clock() >= self._next:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            self._give(self._mean())
            self._last = self._waiting[-1].step
            self._waiting.clear()
            self._next = self._clock() + 1 / _LIVE_PER_SECOND

    def _mean(self) -> Step:
        """One event for all that wait, each weighted by the steps that it stands for."""
        befores = [self._last, *(event.step for event in self._waiting)]
        weights = [max(event.step - before, 1) for before, event in zip(befores, self._waiting, strict=False)]
        whole = sum(weights)

        def mean(name: str) -> float:
            values = (getattr(event, name) for event in self._waiting)
            return float(sum(value * weight for value, weight in zip(values, weights, strict=True)) / whole)

        last = self._waiting[-1]
        return Step(
            step=last.step, epoch=last.epoch, loss=mean("loss"), accuracy=mean("accuracy"), lr=last.lr,
            images_per_second=mean("images_per_second"), memory_bytes=last.memory_bytes,
            gpu_percent=last.gpu_percent, gpu_memory_bytes=last.gpu_memory_bytes,
        )  # fmt: skip

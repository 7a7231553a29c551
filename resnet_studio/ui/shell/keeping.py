"""What trains while the window closes: asks whether it goes on, and then lets it go or stops it. Knows no view's inside."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs import requests
from resnet_studio.runs.queue import Queue, Turn, change_queue, read_queue
from resnet_studio.ui.shell.answers import Answer

if TYPE_CHECKING:
    from resnet_studio.ui.shell.main_window import MainWindow
    from resnet_studio.ui.training.panel import TrainPanel


class Kept:
    """The run of one window, and the queue, which nobody watches any more when the last window goes.

    The last one is asked about it: the one that stays when every other has gone or has agreed to go.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._answer = Answer.CANCEL
        self._about_queue = False

    @property
    def running(self) -> TrainPanel | None:
        """The panel whose run would end with the window."""
        panel = self._window.panel
        return (
            panel if panel is not None and panel.runner.is_running and not panel.runner.is_followed else None
        )

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to ask."""
        return self.running is None and not self._queue().is_busy

    def _queue(self) -> Queue:
        others = [each for each in self._window.windows.open if each is not self._window]
        if not all(each.leaving.agreed for each in others):
            return Queue()
        try:
            return read_queue()
        except StudioError:
            # A queue that cannot be read is not worked off either, and is no reason to stay.
            return Queue()

    def ask(self) -> bool:
        """Ask whether the run and the queue go on; False when the window is to stay."""
        panel, queue = self.running, self._queue()
        # What was answered about a run says nothing of the queue, which another window may ask about.
        self._about_queue = queue.is_busy
        if panel is None and not queue.is_busy:
            return True
        # Qt's dialogs take a tenth of the start to load.
        from resnet_studio.ui.shell import dialogs

        more = _queue_words(queue)
        if panel is None:
            self._answer = dialogs.ask_stop_training(
                self._window, what=tr("The queue is training."), more=more
            )
        elif panel.paused:
            self._answer = dialogs.ask_stop_training(
                self._window, what=tr("A run waits for the disk."), more=more, keep=False
            )
        elif panel.runner.is_held:
            self._answer = dialogs.ask_stop_training(
                self._window,
                what=tr("A run is paused."),
                more=more,
                kept=tr("Kept, it stays paused without the window, and the next window finds it again."),
                keep_it=tr("&Keep it paused"),
            )
        elif more:
            self._answer = dialogs.ask_stop_training(self._window, more=more)
        else:
            self._answer = dialogs.ask_stop_training(self._window)
        return self._answer is not Answer.CANCEL

    def do(self) -> bool:
        """Do as was answered, as far as it needs no waiting; False, and the window stays, when that cannot be."""
        answer, self._answer = self._answer, Answer.CANCEL
        try:
            if answer is Answer.KEEP and self.running is not None:
                self.running.runner.let_go()
            if answer is Answer.YES and self._about_queue:
                _stop_queue()
        except StudioError as error:
            self._window.tell_error(error)
            return False
        return True


def _queue_words(queue: Queue) -> str:
    waiting = len(queue.of(Turn.WAITING))
    if not queue.is_busy or not waiting:
        return ""
    return trn(
        "In the queue another run waits: Keep training lets it go on, Stop pauses it.",
        "In the queue {count} more runs wait: Keep training lets it go on, Stop pauses it.",
        waiting,
    )


def _stop_queue() -> None:
    """Begin no other run, and let those that train save and leave; nobody waits for them, for they are not ours."""
    queue = change_queue(lambda queue: replace(queue, going=False))
    for entry in queue.of(Turn.RUNNING):
        with suppress(StudioError):  # it ended just now
            requests.ask_to_stop(entry.folder)

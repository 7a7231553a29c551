"""A quiet strip above a run that trained another drawing than the open one. Knows no panel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer


class OtherDesignStrip(NoticeStrip):
    """Remembers whether a run belongs to the open drawing, and says so where it does not.

    Compared when a run is shown or a drawing opened, and not at every edit: a run goes on belonging to the drawing that
    it trained, whatever becomes of that.

    Signals:
        open_asked(), new_asked(): open its design; set up a run of the open drawing.
    """

    open_asked = Signal()
    new_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("otherDesignNotice", parent)
        self.setAccessibleName(tr("Another drawing"))
        self.set_compact(True)
        self._run: RunFolder | None = None
        self._design: Design | None = None
        self._foreign = False

    @property
    def design(self) -> Design | None:
        """The run's own drawing, where it is another than the open one."""
        return self._design if self._foreign else None

    def compare(self, run: RunFolder | None, opened: Design, *, anew: bool = False) -> None:
        """Look at a run beside the open drawing; `anew` where another drawing was opened."""
        if run != self._run:
            self._run, self._design, anew = run, _design(run), True
        if anew:
            self._foreign = self._design is not None and self._design != opened

    def show_for(self, opened: Design, *, on_run: bool, training: bool) -> None:
        """Say it, where the page of the run is shown."""
        if not on_run or self._design is None or not self._foreign:
            self.say(Message())
            return
        name = self._design.name
        if name == opened.name:
            now = tr("This run trains an earlier “{design}”.", design=name)
            before = tr("This run trained an earlier “{design}”.", design=name)
        else:
            now = tr("This run trains “{design}”, not the open drawing.", design=name)
            before = tr("This run trained “{design}”, not the open drawing.", design=name)
        words = now if training else before
        mine = Offer(
            tr("Open it"), "openTrainedButton", self.open_asked.emit, tr("Open what this run trained.")
        )
        new = Offer(
            tr("New training"),
            "newTrainingButton",
            self.new_asked.emit,
            tr("Set up a run of the open drawing."),
        )
        self.say(Message(words, "info", (mine, new)))


def _design(run: RunFolder | None) -> Design | None:
    try:
        return None if run is None else run.design()
    except StudioError:
        return None

"""The line above the training panel's pages: what it is about, and the buttons. Knows no run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.run_words import QUEUE_MEANING
from resnet_studio.ui.theme import px
from resnet_studio.ui.widgets import role as roles
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.notice_strip import Offer
from resnet_studio.ui.widgets.tips import plain_tip

_WIDE, _LEAST_WORDS = 640, 64
_PAUSE = tr("Wait after this step and keep everything in memory; a checkpoint is written.")
_GO_ON = tr("Go on where it waits.")


class _Details(ElidedLabel):
    """Facts with dots between them: those that have no room are left out whole, the last one first."""

    @property
    def shown(self) -> str:
        """What is seen of the text."""
        facts, room = self.text().split(" · "), self.contentsRect().width()
        while len(facts) > 1 and self.fontMetrics().horizontalAdvance(" · ".join(facts)) > room:
            facts.pop()
        return " · ".join(facts)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As many facts as there is room for."""
        shown = self.shown
        if shown == self.text():
            super().paintEvent(event)
            return
        self.setToolTip(plain_tip(self.text()))
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        area, mode = self.contentsRect(), Qt.TextElideMode.ElideRight
        words = self.fontMetrics().elidedText(shown, mode, area.width())
        painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), words)
        painter.end()


class PanelHeader(QWidget):
    """Title over details, or beside them where it is wide; and buttons, `first` before the others; who owns it connects them."""

    def __init__(self, first: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel("strong", self)
        self.title.setObjectName("trainTitle")
        self.details = _Details("soft", self)
        self.details.setObjectName("trainDetails")
        self.settings = self._button(tr("Settings"), "settingsButton", tr("The settings, for another run."))
        self.curves = self._button(tr("Curves"), "curvesButton", tr("Back to the run that trains."))
        self.queue = self._button(tr("Add to queue"), "queueButton", "")
        self.pause = self._button("", "pauseButton", "")
        self.stop = self._button(tr("Stop"), "stopButton", tr("End after this step; a checkpoint is kept."))
        # Never blue: the toolbar's Train, which is the same, always is where training is the next step.
        self.train = self._button(tr("Train"), "trainButton", "")
        self.next = self._button("", "nextStepButton", "")
        self.next.setAccessibleName(tr("Next step"))
        self.next.setProperty("role", "primary")
        self.next.clicked.connect(lambda _=False: self._do_next())
        self._next: Offer | None = None
        self._buttons = (
            first,
            self.settings,
            self.curves,
            self.queue,
            self.pause,
            self.stop,
            self.train,
            self.next,
        )
        self._row = row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(0)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words.setSpacing(0)
        self._words.addWidget(self.title)
        self._words.addWidget(self.details, 1)
        row.addLayout(self._words, 1)
        for button in self._buttons:
            buttons.addWidget(button)
        row.addLayout(buttons)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line where there is room for it; by the width alone, so that words which change move nothing."""
        super().resizeEvent(event)
        wide = self.width() >= px(_WIDE)
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._words.direction():
            policy = QSizePolicy.Policy.Maximum if wide else QSizePolicy.Policy.Ignored
            self.title.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
            self._words.setDirection(way)
            self._words.setSpacing(8 if wide else 0)
        self._fit()

    def _fit(self) -> None:
        """Buttons under the words where they would leave these nothing: large letters in a narrow dock."""
        asked = sum(button.sizeHint().width() + 8 for button in self._buttons if not button.isHidden())
        below = self.width() - asked < px(_LEAST_WORDS)
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if way != self._row.direction():
            self._row.setDirection(way)
            self._row.setSpacing(2 if below else 8)

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setToolTip(tip)
        return button

    def show_pause(self, *, held: bool, possible: bool, pausing: bool) -> None:
        """Let the run wait, or go on where it is `held`; `arrange` is to follow at once."""
        words = tr("Resume") if held else tr("Pause")
        self.pause.setText(words)
        self.pause.setAccessibleName(words)
        self.pause.setToolTip(_GO_ON if held else _PAUSE)
        self.pause.setVisible(held or possible)
        self.pause.setEnabled(not pausing)
        roles.give(self.pause, "primary" if held else "")

    def arrange(self, *, on_run: bool, running: bool, stopping: bool) -> None:
        """Show the buttons that mean something now."""
        self.stop.setVisible(running)
        self.stop.setEnabled(not stopping)
        self.settings.setVisible(on_run)
        self.curves.setVisible(running and not on_run)
        self.queue.setVisible(not on_run)
        self.next.setVisible(on_run and self._next is not None)
        self.train.setVisible(not running and self.next.isHidden())
        self.train.setText(tr("Train again") if on_run else tr("Train"))
        self._fit()

    def show_next(self, offer: Offer | None) -> None:
        """What a run's end offers first, in place of Train again; `arrange` is to follow at once."""
        self._next = offer
        if offer is not None:
            self.next.setText(offer.words)
            self.next.setAccessibleName(offer.words)
            self.next.setToolTip(plain_tip(offer.meaning))

    def _do_next(self) -> None:
        if self._next is not None:
            self._next.do()

    def say_train(self, why_not: str) -> None:
        """Let the drawing be trained, or say why it cannot be."""
        self.train.setEnabled(not why_not)
        self.train.setToolTip(plain_tip(why_not or tr("Start a new run of this design with these settings.")))
        self.train.setAccessibleDescription(why_not)

    def say_queue(self, why_not: str, *, busy: bool) -> None:
        """Let the drawing be queued, or say why it cannot be."""
        tip = plain_tip(why_not or QUEUE_MEANING[busy])
        # Asked at every edit: a tooltip that is set is an event, also when it says the same.
        if tip != self.queue.toolTip():
            self.queue.setToolTip(tip)
            self.queue.setEnabled(not why_not)
            self.queue.setAccessibleDescription(why_not)

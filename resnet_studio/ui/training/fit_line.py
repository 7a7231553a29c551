"""The line under the settings: a Problem with its repair, or what the run needs of memory and the door to the data. Knows no run.

It is equally high whatever it says: a drawing that is broken for a moment must not move the settings.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.theme import ThemeManager, color, px
from resnet_studio.ui.training.will_fit import Verdict
from resnet_studio.ui.widgets import role as roles
from resnet_studio.ui.widgets.tips import plain_tip

_FULL = 0.9


class _Gauge(QWidget):
    """How much of what is free would be taken; the words beside it say the same."""

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.share: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(px(48), px(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box, round_ = QRectF(self.rect()), self.height() / 2
        painter.setBrush(color(theme.line))
        painter.drawRoundedRect(box, round_, round_)
        if self.share is not None:
            painter.setBrush(color(theme.accent if self.share <= _FULL else theme.warn))
            # Never thinner than its own ends: a little is not nothing.
            box.setWidth(max(box.height(), box.width() * min(self.share, 1.0)))
            painter.drawRoundedRect(box, round_, round_)
        painter.end()


class FitLine(QWidget):
    """Gauge, words, and the button that shows the data.

    Signals:
        repair_asked(): repair the Problem that is shown.
    """

    repair_asked = Signal()

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: Verdict | None = None
        self._problem = ""
        self._gauge = _Gauge(theme, self)
        self.label = QLabel(self)
        self.label.setObjectName("memoryLine")
        self.label.setAccessibleName(tr("Memory that the run will need"))
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setProperty("role", "soft")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QPushButton(tr("Look at the data…"), self)
        self.button.setObjectName("showDataButton")
        self.button.setAccessibleName(tr("Look at the data"))
        self.button.setToolTip(tr("Its classes, images and figures, and what is wrong with it."))
        self.button.setProperty("role", "link")
        self.button.setStyleSheet("QPushButton { padding: 0 4px; min-height: 18px; }")
        self.repair = QPushButton(self)
        self.repair.setObjectName("repairButton")
        self.repair.setAccessibleName(tr("Repair"))
        self.repair.setProperty("role", "link")
        self.repair.setStyleSheet("QPushButton { padding: 0 4px; min-height: 18px; }")
        self.repair.clicked.connect(self.repair_asked)
        self.repair.hide()
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._gauge)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(self.repair)
        self.show_verdict(None)

    def show_problem(self, text: str, repair: str = "") -> None:
        """Say a Problem instead, with the words of its repair where it has one; an empty text: there is none."""
        if self.repair.isHidden() == bool(repair):
            self.repair.setVisible(bool(repair))
            self.button.setVisible(not repair)
        if text == self._problem and repair == self.repair.text():
            return
        self._problem = text
        self.repair.setText(repair)
        self.repair.setAccessibleName(repair or tr("Repair"))
        self.repair.setToolTip(plain_tip(tr("Undoable.")))
        roles.give(self.label, "warn" if text else "soft")
        self.show_verdict(self._verdict)

    def show_verdict(self, verdict: Verdict | None) -> None:
        """Say this; None: nothing can be said."""
        self._verdict = verdict
        self._gauge.share = None if verdict is None or self._problem else verdict.share
        self._gauge.setVisible(self._gauge.share is not None)
        self._gauge.update()
        whole = self._problem or ("" if verdict is None else f"{verdict.words[0]}. {verdict.details}")
        self.label.setToolTip(plain_tip(whole))
        self.label.setAccessibleDescription(whole)
        self._row.activate()
        self._fit()

    def _fit(self) -> None:
        """As many words as there is room for."""
        tried = ("",) if self._verdict is None else self._verdict.words
        tried = (self._problem,) if self._problem else tried
        metrics, room = self.label.fontMetrics(), self.label.width()
        words = next((words for words in tried if metrics.horizontalAdvance(words) <= room), tried[-1])
        # Where not even the fewest fit, the tooltip has them.
        words = metrics.elidedText(words[:1].upper() + words[1:], Qt.TextElideMode.ElideRight, max(room, 0))
        if words != self.label.text():
            self.label.setText(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The room is another."""
        super().resizeEvent(event)
        self._row.activate()
        self._fit()

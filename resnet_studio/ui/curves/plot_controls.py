"""The row below the plots: smoothing, the menu of the curves, the way back to all of them, and the gauges. Knows no run."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.curves.plot_menu import PlotMenu
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import in_pixels
from resnet_studio.ui.widgets.elided import ElidedLabel

_DEFAULT_SMOOTHING = 25


class PlotControls(QWidget):
    """Smoothing from 0 to 100, a button that is shown while not all of the curves is seen, and words at the right."""

    def __init__(self, menu: PlotMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gauge_words = ""
        label = QLabel(tr("Smoothing"), self)
        label.setProperty("role", "soft")
        self.smoothing = self._make_slider()
        label.setBuddy(self.smoothing)
        self.show_all = self._make_show_all()
        self.gauges = ElidedLabel("soft", self)
        self.gauges.setObjectName("trainGauges")
        self.gauges.setAccessibleName(tr("Learning rate, memory, graphics card, device"))
        self.gauges.setAlignment(Qt.AlignmentFlag.AlignRight)
        # Of the row, for the label's own tooltip is its text where that is cut.
        self.setToolTip(
            tr(
                "Memory: the most that the training process has held, with what it takes for itself; the estimate beside the settings leaves that out."
            )
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.smoothing)
        row.addWidget(menu.button(self))
        row.addWidget(self.show_all)
        row.addWidget(self.gauges, 1)

    def _make_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setObjectName("smoothingSlider")
        slider.setAccessibleName(tr("Smoothing of the training curves"))
        slider.setToolTip(
            tr("How much of the training curve's noise is averaged away; the thin line stays as it is.")
        )
        slider.setRange(0, 100)
        slider.setValue(_DEFAULT_SMOOTHING)
        sized(slider, width=60, least_height=18)
        return slider

    def _make_show_all(self) -> QPushButton:
        button = QPushButton(tr("Show all"), self)
        button.setObjectName("showAllButton")
        button.setAccessibleName(tr("Show the whole curves"))
        button.setToolTip(tr("See the whole run again (double-click on a plot does the same)."))
        button.setProperty("role", "link")
        button.setStyleSheet(in_pixels("QPushButton { padding: 0 4px; min-height: 16tx; }"))
        button.setVisible(False)
        return button

    def show_gauges(self, words: str) -> None:
        """Say learning rate, memory and device beside the smoothing."""
        self._gauge_words = words
        self._fit_gauges()

    def _fit_gauges(self) -> None:
        """What stands in the middle goes where all of it has no room: "602 MB · CPU, 2 threads", "602 MB · CPU"."""
        metrics, room = self.gauges.fontMetrics(), self.gauges.width()
        parts = self._gauge_words.split(" · ")
        shorter = [*parts[:-1], parts[-1].partition(",")[0]]
        ever_fewer = (parts, shorter, shorter[-3:], shorter[-2:], parts[-1:], shorter[-1:])
        tried = [" · ".join(words) for words in ever_fewer]
        words = next((words for words in tried if metrics.horizontalAdvance(words) <= room), tried[-1])
        if words != self.gauges.text():
            self.gauges.setText(words)
        self.gauges.setAccessibleDescription(self._gauge_words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The room is another; the row has its new width in the next turn of the event loop."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit_gauges)

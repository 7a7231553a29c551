"""The menu of the curves: what they show, and taking them away as picture or values. Knows a History and no process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui.style import in_pixels
from resnet_studio.ui.theme import ThemeManager, color
from resnet_studio.ui.training.history import History, csv_of
from resnet_studio.ui.widgets.saving import choose_target


def png_of(place: QWidget, ground: str) -> bytes:
    """A widget as PNG in twice its size, on a ground of this colour."""
    image = QPixmap(place.size() * 2)
    image.setDevicePixelRatio(2)
    image.fill(color(ground))
    place.render(image)
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(data, "PNG")
    return bytes(data.data().data())


def svg_of(place: QWidget, ground: str) -> bytes:
    """A widget as SVG, on a ground of this colour: lines stay lines, and words words."""
    # Not at the top: nobody who only looks at curves needs it.
    from PySide6.QtSvg import QSvgGenerator

    data, size = QBuffer(), place.size()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(data)
    generator.setSize(QSize(size))
    generator.setViewBox(QRect(0, 0, size.width(), size.height()))
    generator.setTitle(tr("Curves"))
    painter = QPainter(generator)
    try:
        painter.fillRect(QRect(0, 0, size.width(), size.height()), color(ground))
        place.render(painter, QPoint())
    finally:
        # A painter that outlives what it paints on takes the process along.
        painter.end()
    return bytes(data.data().data())


class PlotMenu(QMenu):
    """What can be done with the curves.

    Args:
        place: the widget whose picture is taken.
        theme: says its ground.
        history: gives the values.

    Signals:
        all_asked(): show the whole curves.
        rates_asked(bool): show learning rate and throughput, or loss and accuracy.
        cards_asked(bool): show use and memory of the graphics cards, or loss and accuracy.
        log_asked(bool): show loss and learning rate on a logarithmic axis, or on a plain one.
        refused(object): the StudioError why a file could not be written.
    """

    all_asked = Signal()
    rates_asked = Signal(bool)
    cards_asked = Signal(bool)
    log_asked = Signal(bool)
    refused = Signal(object)

    def __init__(
        self, place: QWidget, theme: ThemeManager, history: Callable[[], History], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._place, self._theme, self._history = place, theme, history
        self.setObjectName("plotMenu")
        self.setAccessibleName(tr("The curves"))
        self._add(tr("Show all"), self.all_asked.emit)
        self.rates = self.addAction(tr("Learning rate and throughput"))
        self.cards = self.addAction(tr("Use and memory of the graphics cards"))
        # One of the two, or none, which is loss and accuracy.
        for action, other, asked in (
            (self.rates, self.cards, self.rates_asked),
            (self.cards, self.rates, self.cards_asked),
        ):
            action.setCheckable(True)
            action.toggled.connect(lambda on, other=other: other.setChecked(False) if on else None)
            action.toggled.connect(asked)
        self.aboutToShow.connect(self._offer)
        self.log = self.addAction(tr("Logarithmic loss and learning rate"))
        self.log.setCheckable(True)
        self.log.setToolTip(tr("Equal steps are equal factors: small losses are told apart."))
        self.log.triggered.connect(self.log_asked)
        self.addSeparator()
        self._add(tr("Copy values as CSV"), self._copy)
        self._add(tr("Save values as CSV…"), self._save_values)
        self._add(tr("Save picture…"), self._save_png)
        self._add(tr("Save as SVG…"), self._save_svg)

    def _add(self, words: str, do: Callable[[], object]) -> None:
        self.addAction(words).triggered.connect(lambda _=False: do())

    def button(self, parent: QWidget) -> QToolButton:
        """The button that opens it."""
        button = QToolButton(parent)
        button.setText("⋯")
        button.setObjectName("plotMenuButton")
        button.setAccessibleName(tr("More to do with the curves"))
        button.setToolTip(
            tr("Learning rate and throughput; logarithmic axes; copy or save values, save a picture.")
        )
        button.setProperty("role", "quiet")
        button.setStyleSheet(in_pixels("QToolButton { padding: 0 4px; min-height: 16tx; }"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self)
        return button

    def _offer(self) -> None:
        """Only what the run told of."""
        self.cards.setVisible(self._history().tells_cards)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(csv_of(self._history()))

    def _save_values(self) -> None:
        self._save(tr("Save values"), tr("Values (*.csv)"), ".csv", lambda: csv_of(self._history()).encode())

    def _save_png(self) -> None:
        ground = self._theme.theme.window
        self._save(tr("Save picture"), tr("Picture (*.png)"), ".png", lambda: png_of(self._place, ground))

    def _save_svg(self) -> None:
        ground = self._theme.theme.window
        self._save(tr("Save as SVG"), tr("Drawing (*.svg)"), ".svg", lambda: svg_of(self._place, ground))

    def _save(self, title: str, kinds: str, suffix: str, made: Callable[[], bytes]) -> None:
        path = choose_target(self._place, title, Path(f"curves{suffix}"), kinds, suffix)
        if path is not None:
            try:
                write_atomically(path, made())
            except StudioError as error:
                self.refused.emit(error)

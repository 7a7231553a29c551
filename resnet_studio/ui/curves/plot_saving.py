"""Takes curves away: their picture as PNG or SVG, their values as CSV, into a file or the clipboard. Knows no run and no plot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QPoint, QRect, QSize, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui.theme import ThemeManager, color
from resnet_studio.ui.widgets.saving import choose_target

MARGIN = 14  # around what stands on the screen at the edge of a panel


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be seen of some size; `paint` paints it from the corner at nothing."""

    size: QSize
    paint: Callable[[QPainter], None]

    def on_ground(self, painter: QPainter, ground: str) -> None:
        """Paint it with a margin on a ground of this colour."""
        painter.fillRect(QRect(QPoint(), self.whole), color(ground))
        painter.translate(MARGIN, MARGIN)
        self.paint(painter)

    @property
    def whole(self) -> QSize:
        """The size with the margin."""
        return self.size + QSize(2 * MARGIN, 2 * MARGIN)


def png_of(picture: Picture, ground: str) -> bytes:
    """A picture as PNG in twice its size."""
    image = QPixmap(picture.whole * 2)
    image.setDevicePixelRatio(2)
    painter = QPainter(image)
    try:
        picture.on_ground(painter, ground)
    finally:
        painter.end()
    data = QBuffer()
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(data, "PNG")
    return bytes(data.data().data())


def svg_of(picture: Picture, ground: str) -> bytes:
    """A picture as SVG: lines stay lines, and words words."""
    # Not at the top: nobody who only looks at curves needs it.
    from PySide6.QtSvg import QSvgGenerator

    data, size = QBuffer(), picture.whole
    data.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(data)
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(), size))
    generator.setTitle(tr("Curves"))
    painter = QPainter(generator)
    try:
        picture.on_ground(painter, ground)
    finally:
        # A painter that outlives what it paints on takes the process along.
        painter.end()
    return bytes(data.data().data())


# A file's name may have 255; an ending and what the disk adds while it writes come behind.
_NAME_BYTES = 200


def file_stem(name: str) -> str:
    """ "digits, run 3" -> "digits-run-3-curves"."""
    kept = re.sub(r"[^\w]+", "-", name.lower()).encode()[:_NAME_BYTES].decode(errors="ignore").strip("-_")
    return f"{kept}-curves" if kept else "curves"


class PlotSaving(QObject):
    """Asks where to, writes, and tells that it did.

    Args:
        parent: stands over the dialogs.
        picture, values: what is to be seen now, and its values as CSV.
        name: whose curves they are; the file is offered by it.

    Signals:
        told(str): what has been done.
        refused(object): the StudioError why a file could not be written.
    """

    told = Signal(str)
    refused = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        theme: ThemeManager,
        *,
        picture: Callable[[], Picture],
        values: Callable[[], str],
        name: Callable[[], str],
    ) -> None:
        super().__init__(parent)
        self._parent, self._theme = parent, theme
        self._picture, self._values, self._name = picture, values, name

    def add_to(self, menu: QMenu) -> None:
        """Put what it can do into a menu."""
        for words, do in (
            (tr("Copy values as CSV"), self._copy),
            (tr("Save values as CSV…"), self._save_values),
            (tr("Save as PNG…"), self._save_png),
            (tr("Save as SVG…"), self._save_svg),
        ):
            menu.addAction(words).triggered.connect(lambda _=False, do=do: do())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._values())
        self.told.emit(tr("The values are in the clipboard, as CSV."))

    def _save_values(self) -> None:
        self._save(tr("Save values"), tr("Values (*.csv)"), ".csv", lambda: self._values().encode())

    def _save_png(self) -> None:
        ground = self._theme.theme.window
        self._save(tr("Save as PNG"), tr("Picture (*.png)"), ".png", lambda: png_of(self._picture(), ground))

    def _save_svg(self) -> None:
        ground = self._theme.theme.window
        self._save(tr("Save as SVG"), tr("Drawing (*.svg)"), ".svg", lambda: svg_of(self._picture(), ground))

    def _save(self, title: str, kinds: str, suffix: str, made: Callable[[], bytes]) -> None:
        suggestion = Path(file_stem(self._name()) + suffix)
        path = choose_target(self._parent, title, suggestion, kinds, suffix)
        if path is None:
            return
        try:
            write_atomically(path, made())
        except StudioError as error:
            self.refused.emit(error)
        else:
            self.told.emit(tr("Saved {path}", path=path))

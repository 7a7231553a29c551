"""On a screen with two pixels a point everything is drawn anew, and nothing is an enlarged picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QImage, QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from resnet_studio.ui import icons
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as shown:
        yield shown


def sharp(widget: QWidget) -> QImage:
    """A widget as a screen with two pixels a point shows it."""
    picture = QPixmap(widget.size() * 2)
    picture.setDevicePixelRatio(2)
    QWidget.render(widget, picture, QPoint(), QRegion(widget.rect()))
    return picture.toImage()


def doubled(image: QImage) -> float:
    """The share of squares of two by two pixels with an edge in them that only a finer drawing can have."""
    inner = 0
    edges = 0
    for x in range(0, image.width() - 3, 2):
        for y in range(0, image.height() - 3, 2):
            square = {image.pixel(x + dx, y + dy) for dx in (0, 1) for dy in (0, 1)}
            if len(square) > 1:
                inner += 1
            elif image.pixel(x + 2, y) not in square or image.pixel(x, y + 2) not in square:
                edges += 1
    return inner / max(inner + edges, 1)


def test_pictures_have_a_pixel_for_each_of_the_screens(qapp: QApplication) -> None:
    for name in ("undo", "play", "warning"):
        found = icons.icon(name, "#000000").pixmap(QSize(16, 16), 2.0)
        assert (found.devicePixelRatio(), found.width()) == (2.0, 32)


def test_what_is_painted_is_as_fine_as_the_screen(window: MainWindow) -> None:
    window.new_preset("resnet50")
    window.document.select((window.document.design.stages[1].blocks[0].id,))
    window.show_tab("layerTable")
    for name in ("canvas", "inspectorPicture", "palette_residual", "layerTree", "undoButton"):
        widget = window.findChild(QWidget, name)
        assert isinstance(widget, QWidget), name
        part = QRect(0, 0, 100, 80)
        assert doubled(sharp(widget).copy(QRect(0, 0, 200, 160))) > 0.3, name
        # The measure's own proof: an enlarged picture has not one such edge.
        coarse = widget.grab(part).toImage()
        assert doubled(coarse.scaled(coarse.size() * 2)) == 0, name

"""What really stands in the window can be read: all text that is painted, on the ground that is really under it, in both themes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.theme import ThemeChoice
from tests.ui.colours import contrast
from tests.ui.painted_text import extremes, lines, watched
from tests.ui.shell_window import shown_window

VIEWS = ("", "start", "layerTable", "problems", "code", "history", "compare", "trainPanel", "runs", "broken")
# Antialiasing mixes the thinnest strokes with the ground.
ROUNDING = 0.96


@pytest.fixture(params=[ThemeChoice.LIGHT, ThemeChoice.DARK], ids=["light", "dark"])
def window(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window(request.param, size=(1600, 1000)) as shown:
        yield shown
        shown.theme.resize_text(100)


def show(window: MainWindow, view: str) -> None:
    design = window.document.design
    if view == "start":
        window.show_start()
        return
    window.show_editor()
    if view == "broken":
        block = design.stages[1].blocks[1].id
        window.document.apply(edits.change_blocks(design, [block], groups=33), "Break it")
        window.document.select((block,))
    elif view:
        window.show_tab(view)
    else:
        window.document.select((design.stages[1].blocks[0].id,))


def said(widget: QWidget) -> str:
    """The words that Qt itself writes there."""
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly:
        return ""
    return widget.text() if isinstance(widget, QPushButton | QToolButton | QCheckBox | QLabel) else ""


def whole(widget: QWidget) -> bool:
    """Whether all of it is seen."""
    return widget.visibleRegion().boundingRect().size() == widget.size()


def test_every_painted_line_can_be_read(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.wake()
    window.new_preset("resnet50")
    faults, count = set(), 0
    for view in VIEWS:
        show(window, view)
        qtbot.wait(50)  # layouts and what is made when a tab is shown first
        with watched(monkeypatch) as seen:
            image = window.grab().toImage()
        found = lines(seen, image)
        count += len(found)
        faults |= {(view, line) for line in found if contrast(line.ink, line.ground) < 4.5 * ROUNDING}
    assert count > 200
    assert faults == set()


def test_every_word_that_qt_paints_can_be_read(qtbot: QtBot, window: MainWindow) -> None:
    window.wake()
    window.doings.resize_text(200)  # strokes of two pixels have the letters' own colour
    window.new_preset("resnet50")
    faults, done = [], set[tuple[int, str, bool]]()
    for view in VIEWS:
        show(window, view)
        qtbot.wait(50)
        image = window.grab().toImage()
        for widget in window.findChildren(QWidget):
            known = (id(widget), said(widget), widget.isEnabled())
            if not (known[1] and widget.isVisible() and whole(widget)) or known in done:
                continue
            done.add(known)
            colours = extremes(image, widget, window)
            if colours is not None and contrast(*colours) < (4.5 if known[2] else 3.0) * ROUNDING:
                faults.append((view, widget.objectName(), *(colour.name() for colour in colours)))
    assert len(done) > 60
    assert faults == []

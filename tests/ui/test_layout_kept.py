"""What the window keeps: the canvas's room while it shrinks, each file's zoom, and what a reset puts back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHeaderView
from pytestqt.qtbot import QtBot

from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.table.table import LayerTable
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window(size=(1920, 1080)) as shown:
        shown.new_preset("resnet50")
        yield shown


def sizes(window: MainWindow) -> list[tuple[int, int]]:
    return [(dock.width(), dock.height()) for dock in window.editor.docks()]


@pytest.mark.parametrize("size", [(1280, 800), (880, 560)])
def test_a_window_that_shrinks_keeps_half_for_the_canvas_and_gives_it_back(
    qtbot: QtBot, window: MainWindow, size: tuple[int, int]
) -> None:
    before = sizes(window)
    canvas = window.editor.canvas
    window.resize(*size)
    frame = canvas.parentWidget()
    assert frame is not None
    qtbot.waitUntil(lambda: canvas.height() >= min(frame.height() * 0.5, 360) - 3)
    qtbot.waitUntil(lambda: canvas.width() >= frame.width() * 0.5 - 3)
    window.resize(1920, 1080)
    qtbot.waitUntil(lambda: all(abs(a[1] - b[1]) <= 3 for a, b in zip(before, sizes(window), strict=True)))
    assert abs(sizes(window)[0][0] - before[0][0]) <= 3
    assert abs(sizes(window)[3][0] - before[3][0]) <= 3


def test_a_file_is_shown_as_near_as_it_was_left(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    near, fitted = tmp_path / "near.resnet.json", tmp_path / "fitted.resnet.json"
    for path in (near, fitted):
        write_design(path, preset("resnet50"))
    canvas = window.editor.canvas
    window.open_path(near)
    with qtbot.waitSignal(canvas.zoom_rested):
        canvas.zooming.to(1.7)
    window.open_path(fitted)
    assert canvas.zooming.follows_size
    assert canvas.zoom != 1.7
    window.open_path(near)
    assert canvas.zoom == pytest.approx(1.7)
    assert Settings().zoom_of(near) == pytest.approx(1.7)
    assert Settings().zoom_of(fitted) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"/x": "1"}', '{"/x": NaN}', '{"/x": -1.0}'])
def test_spoilt_zooms_count_as_not_there(text: str, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "window.ini")
    settings._store.setValue("zooms", text)
    assert settings.zoom_of(Path("/x")) is None
    settings.remember(Path("/x"))
    settings.keep_zoom(Path("/x"), 1.5)
    assert settings.zoom_of(Path("/x")) == 1.5


def test_the_reset_puts_back_all_that_can_be_moved(qtbot: QtBot, window: MainWindow) -> None:
    editor = window.editor
    table = window.show_tab("layerTable")
    assert isinstance(table, LayerTable)
    header = table.findChild(QHeaderView)
    assert header is not None
    made, columns = sizes(window), [header.sectionSize(i) for i in range(1, header.count())]
    header.resizeSection(3, 150)
    editor.palette_dock.hide()
    editor.inspector_dock.setFloating(True)
    assert window.settings.columns
    window.acts["resetLayout"].trigger()
    qtbot.waitUntil(
        lambda: all(
            abs(a - b) <= 3
            for one, other in zip(made, sizes(window), strict=True)
            for a, b in zip(one, other, strict=True)
        )
    )
    assert not editor.inspector_dock.isFloating()
    assert [header.sectionSize(i) for i in range(1, header.count())] == columns
    assert window.settings.columns == ""

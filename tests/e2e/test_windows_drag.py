"""Blocks dragged from one window into another: the mouse presses in the first, lets go in the second, Qt's own QDrag runs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.ui.canvas.hint import GestureHint
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.shell.main_window import MainWindow
from tests.ui.shell_window import shown_window

pytestmark = pytest.mark.xvfb

LEFT, NONE, SHIFT = (
    Qt.MouseButton.LeftButton,
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
SIZE = (940, 600)


@pytest.fixture
def windows(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[MainWindow, MainWindow]]:
    """ResNet-18 at the left, ResNet-50 at the right; neither covers the other."""
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window(size=SIZE) as first:
        first.new_preset("resnet18")
        first.move(0, 0)
        first.acts["newWindow"].trigger()
        second = first.windows.open[1]
        second.new_preset("resnet50")
        second.move(970, 300)
        for window in (first, second):
            qtbot.waitExposed(window)
            window.editor.analysis.hide()
            window.editor.training.hide()
        qtbot.waitUntil(lambda: not first.frameGeometry().intersects(second.frameGeometry()))
        yield first, second


def card(canvas: CanvasView, unit_id: str, *, below: bool = False) -> QPoint:
    """A card's title, or the place right behind it, on the screen."""
    found = canvas.places.card_of(unit_id)
    assert found is not None
    at = (found.rect.cx, found.rect.bottom + 20) if below else (found.rect.x + 30, found.rect.y + 14)
    return canvas.viewport().mapToGlobal(canvas.mapFromScene(*at))


def drag(
    qtbot: QtBot,
    window: MainWindow,
    start: QPoint,
    end: QPoint,
    *,
    keys: Qt.KeyboardModifier = NONE,
    at_end: Callable[[], object] = lambda: None,
) -> None:
    """As in test_drag, between two points of the screen: the first in `window`."""
    handle = window.windowHandle()
    done = []

    def local(point: QPoint) -> QPoint:
        return handle.mapFromGlobal(point)

    steps: list[Callable[[], object]] = [
        lambda: QTest.mousePress(handle, LEFT, NONE, local(start)),
        *(lambda k=k: QTest.mouseMove(handle, local(start + (end - start) * k / 8)) for k in range(1, 9)),
        lambda: QTest.mouseMove(handle, local(end + QPoint(1, 0))),
        lambda: QTest.mouseMove(handle, local(end)),
        at_end,
        lambda: QTest.mouseRelease(handle, LEFT, keys, local(end)),
        lambda: done.append(True),
    ]
    for index, step in enumerate(steps):
        QTimer.singleShot(40 * index, step)
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)


def kinds(window: MainWindow, stage: int) -> list[str]:
    return [block.spec.kind.value for block in window.document.design.stages[stage].blocks]


def test_a_run_is_copied_into_the_other_window(qtbot: QtBot, windows: tuple[MainWindow, MainWindow]) -> None:
    first, second = windows
    seen: list[object] = []

    def look() -> None:
        hint = second.editor.canvas.findChild(GestureHint)
        assert hint is not None
        seen.append((hint.isVisible(), hint.text(), second.editor.canvas.canvas_scene.drop.isVisible()))

    end = card(second.editor.canvas, "s1b1", below=True)
    drag(qtbot, first, card(first.editor.canvas, "s1b1"), end, at_end=look)
    assert seen == [(True, "Copies; with Shift it moves", True)]
    assert kinds(second, 0) == ["bottleneck", "residual", "residual", "bottleneck", "bottleneck"]
    assert second.document.undo_stack.undoText() == "Copy 2 residual blocks here"
    assert first.document.design == preset("resnet18")
    assert not second.editor.canvas.canvas_scene.drop.isVisible()
    second.document.undo_stack.undo()
    assert second.document.design == preset("resnet50")


def test_with_shift_it_moves_one_step_in_each_window(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow]
) -> None:
    first, second = windows
    end = card(second.editor.canvas, "s1b1", below=True)
    drag(qtbot, first, card(first.editor.canvas, "s1b1"), end, keys=SHIFT)
    qtbot.waitUntil(lambda: first.document.undo_stack.count() == 1)
    assert kinds(second, 0) == ["bottleneck", "residual", "residual", "bottleneck", "bottleneck"]
    assert kinds(first, 0) == []
    assert first.document.undo_stack.undoText() == "Move 2 residual blocks to another window"
    assert second.document.undo_stack.undoText() == "Move 2 residual blocks here"


def test_a_stage_goes_to_the_other_window_by_its_header(
    qtbot: QtBot, windows: tuple[MainWindow, MainWindow]
) -> None:
    first, second = windows
    lane = first.editor.canvas.places.stages[0]
    canvas = first.editor.canvas
    start = canvas.viewport().mapToGlobal(canvas.mapFromScene(lane.header.x + 30, lane.header.cy))
    drag(qtbot, first, start, card(second.editor.canvas, "s1b1"))
    assert len(second.document.design.stages) == 5
    assert sorted(kinds(second, 0) + kinds(second, 1)) == ["bottleneck"] * 3 + ["residual"] * 2
    assert [stage.name for stage in second.document.design.stages] == [f"Stage {n}" for n in range(1, 6)]
    assert first.document.design == preset("resnet18")

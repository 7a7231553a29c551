"""An edit paints no more than it must, and no less: the screen after it equals one that is painted whole."""

import random

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.design import edits
from resnet_studio.design.types import BlockKind, Design, ShortcutKind
from resnet_studio.ui.canvas.scene import CanvasScene
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.canvas.zooming import Zooming
from resnet_studio.ui.shell import totals
from resnet_studio.ui.shell.autosave import Autosave
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.table.table import LayerTable
from resnet_studio.ui.view_state import Heat
from tests.ui.shell_window import shown_window


def settle() -> None:
    # A layout that a paint asks for comes one turn later, and the paint that it asks for another.
    for _ in range(5):
        QApplication.processEvents()


def screen_of(window: MainWindow) -> list[QImage]:
    """What the views of the drawing show, as it was painted: `grab` would paint it anew.

    The tool bar is not among them: it names presets that are like the drawing, in its own time.
    """
    settle()
    shown, pictures = window.screen().grabWindow(window.winId()).toImage(), []
    for name in ("docks", "totals"):
        view = window.findChild(QWidget, name)
        assert isinstance(view, QWidget)
        pictures.append(shown.copy(QRect(view.mapTo(window, QPoint(0, 0)), view.size())))
    return pictures


def painted_whole(window: MainWindow) -> list[QImage]:
    for widget in (window, *window.findChildren(QWidget)):
        widget.update()
    return screen_of(window)


def places(one: QImage, two: QImage) -> list[tuple[int, int]]:
    """Where two pictures differ, roughly."""
    across, down = range(0, one.width(), 4), range(0, one.height(), 4)
    return [(x, y) for x in across for y in down if one.pixel(x, y) != two.pixel(x, y)][:20]


class Person:
    """Edits at random, with the rows of the table open and blocks selected, and looks at it from near and far."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.document = window, window.document
        self.chance = random.Random(seed)
        canvas, table = window.findChild(CanvasView), window.findChild(LayerTable)
        assert isinstance(canvas, CanvasView)
        assert isinstance(table, LayerTable)
        self.canvas, self.table = canvas, table
        tree = table.findChild(QTreeView)
        assert isinstance(tree, QTreeView)
        self.tree = tree

    def act(self) -> str:
        doing = self.chance.choice(
            [self.edit, self.edit, self.edit, self.undo, self.select, self.open, self.answer, self.look]
        )
        doing()
        return doing.__name__

    def edit(self) -> None:
        after = self.edited(self.document.design)
        self.document.apply(after, "Edit", merge=self.chance.choice([None, "gesture"]))

    def edited(self, design: Design) -> Design:
        chance = self.chance
        block, stage = chance.choice(list(design.blocks())).id, chance.randrange(len(design.stages))
        return chance.choice([
            lambda: edits.change_blocks(design, [block], width=chance.randrange(8, 200)),
            lambda: edits.change_blocks(design, [block], channels=chance.randrange(8, 200)),
            lambda: edits.change_blocks(design, [block], stride=chance.choice([1, 2])),
            lambda: edits.change_blocks(design, [block], shortcut=chance.choice(list(ShortcutKind))),
            lambda: edits.duplicate_blocks(design, [block])[0],
            lambda: edits.remove_blocks(design, [block]) if len(list(design.blocks())) > 3 else design,
            lambda: edits.move_blocks(design, [block], stage, 0),
            lambda: edits.insert_spec(
                design, stage, 0, edits.fitting_spec(design, stage, 0, chance.choice(list(BlockKind)))
            )[0],
            lambda: edits.rename(design, f"Drawing {chance.randrange(100)}"),
        ])()  # fmt: skip

    def undo(self) -> None:
        self.chance.choice([self.document.undo_stack.undo, self.document.undo_stack.redo])()

    def select(self) -> None:
        ids = [block.id for block in self.document.design.blocks()]
        stages = [stage.id for stage in self.document.design.stages]
        self.document.select(
            self.chance.choice([[], ["stem"], self.chance.sample(ids, 1), ids[:3], stages[:1]])
        )

    def open(self) -> None:
        model = self.tree.model()
        top = model.index(self.chance.randrange(model.rowCount()), 0)
        self.tree.setExpanded(top, not self.tree.isExpanded(top))
        if model.rowCount(top):
            self.tree.setExpanded(model.index(0, 0, top), self.chance.random() < 0.5)

    def answer(self) -> None:
        rows = {
            name: {"params": layer.params, "macs": layer.torchinfo_macs, "output": list(layer.output)}
            for name, layer, _ in self.document.plan.layers()
            if layer.kind not in (LayerKind.ADD, LayerKind.ZERO_PAD)
        }
        self.table.set_confirmation(self.chance.choice([None, rows]))

    def look(self) -> None:
        canvas, chance = self.canvas, self.chance
        chance.choice([
            canvas.zoom_in,
            canvas.zoom_out,
            canvas.zoom_out,
            canvas.fit,
            canvas.zoom_reset,
            canvas.folding.unfold_all,
            canvas.folding.fold_all,
            lambda: canvas.horizontalScrollBar().setValue(canvas.horizontalScrollBar().maximum()),
            self.document.end_gesture,
            lambda: canvas.view_state.show_heat(chance.choice(list(Heat))),
            lambda: canvas.view_state.show_flops(chance.random() < 0.5),
        ])()  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_the_screen_equals_one_painted_whole(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Kept pixels of cards are shown again on whole pixels, so that edges and letters look a little different.
    monkeypatch.setattr(CanvasScene, "keep_pixels", lambda *_: None)
    # A zoom that goes on shows them scaled until it rests; tests/ui/test_canvas_zooming.py holds what comes then.
    monkeypatch.setattr(Zooming, "_move", lambda *_: None)
    # When an autosave was written is told beside the totals, in its own time.
    monkeypatch.setattr(Autosave, "_write_soon", lambda _: None)
    # What an edit changed is shown for some seconds: it must not go between two looks.
    monkeypatch.setattr(totals, "_SHOW_DELTA_MS", 10**8)
    with shown_window(size=(1280, 800)) as window:
        window.new_preset("cifar_resnet20" if seed % 2 else "resnet50")
        qtbot.waitUntil(lambda: window.findChild(LayerTable) is not None)
        person = Person(window, seed)
        for step in range(30):
            did = person.act()
            for seen, whole in zip(screen_of(window), painted_whole(window), strict=True):
                assert seen == whole, f"step {step} ({did}): {places(seen, whole)}"

"""Hundreds of random gestures on the canvas: the scene always equals the layout, and undoing all gives the beginning."""

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resnet_studio.design.presets import preset
from resnet_studio.ui.block_text import BLOCKS_MIME, KIND_MIME, STAGE_MIME
from resnet_studio.ui.canvas.scene import CanvasScene
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import Heat, ViewState

LEFT = Qt.MouseButton.LeftButton
Key, Mod = Qt.Key, Qt.KeyboardModifier
KEYS = [
    (Key.Key_Left, Mod.NoModifier), (Key.Key_Right, Mod.ShiftModifier), (Key.Key_Up, Mod.NoModifier),
    (Key.Key_Down, Mod.ShiftModifier), (Key.Key_Up, Mod.AltModifier), (Key.Key_Down, Mod.AltModifier),
    (Key.Key_Left, Mod.AltModifier), (Key.Key_Right, Mod.AltModifier), (Key.Key_Delete, Mod.NoModifier),
    (Key.Key_D, Mod.ControlModifier), (Key.Key_C, Mod.ControlModifier), (Key.Key_V, Mod.ControlModifier),
    (Key.Key_X, Mod.ControlModifier), (Key.Key_Space, Mod.NoModifier), (Key.Key_Return, Mod.NoModifier),
    (Key.Key_Plus, Mod.NoModifier), (Key.Key_Minus, Mod.NoModifier), (Key.Key_F, Mod.NoModifier),
    (Key.Key_R, Mod.NoModifier), (Key.Key_Escape, Mod.NoModifier), (Key.Key_Home, Mod.NoModifier),
]  # fmt: skip


class Person:
    """Does random things to a canvas."""

    def __init__(self, view: CanvasView, seed: int) -> None:
        self.view = view
        self.chance = random.Random(seed)
        self.does: list[Callable[[], None]] = [
            self.key,
            self.key,
            self.click,
            self.drop,
            self.undo,
            self.look,
        ]

    def act(self) -> None:
        self.chance.choice(self.does)()

    def point(self) -> QPoint:
        area = self.view.viewport().rect()
        return QPoint(self.chance.randrange(area.width()), self.chance.randrange(area.height()))

    def key(self) -> None:
        QTest.keyClick(self.view, *self.chance.choice(KEYS))

    def click(self) -> None:
        keys = self.chance.choice([Mod.NoModifier, Mod.ControlModifier, Mod.ShiftModifier])
        QTest.mouseClick(self.view.viewport(), LEFT, keys, self.point())

    def undo(self) -> None:
        stack = self.view.document.undo_stack
        self.chance.choice([stack.undo, stack.redo])()

    def look(self) -> None:
        view = self.view
        self.chance.choice([
            lambda: view.theme_manager.choose(self.chance.choice([ThemeChoice.LIGHT, ThemeChoice.DARK])),
            lambda: view.view_state.show_heat(self.chance.choice(list(Heat))),
            lambda: view.view_state.show_flops(self.chance.random() < 0.5),
            view.folding.unfold_all,
            view.folding.fold_all,
            lambda: view.resize(self.chance.randrange(400, 1300), self.chance.randrange(300, 800)),
        ])()  # fmt: skip

    def carried(self) -> QMimeData:
        view, mime = self.view, QMimeData()
        blocks = [block.id for block in view.document.design.blocks()]
        stages = [stage.id for stage in view.document.design.stages]
        sort = self.chance.randrange(3)
        token = view.drops._token
        if sort == 0 or not blocks:
            mime.setData(KIND_MIME, self.chance.choice([b"residual", b"bottleneck", b"resnext", b"stage"]))
        elif sort == 1:
            ids = ", ".join(f'"{i}"' for i in self.chance.sample(blocks, min(3, len(blocks))))
            mime.setData(BLOCKS_MIME, f'{{"from": "{token}", "ids": [{ids}]}}'.encode())
        else:
            stage = self.chance.choice(stages)
            mime.setData(STAGE_MIME, f'{{"from": "{token}", "stage": ["{stage}"]}}'.encode())
        return mime

    def drop(self) -> None:
        point, mime = self.point(), self.carried()
        keys = self.chance.choice([Mod.NoModifier, Mod.NoModifier, Mod.ControlModifier])
        both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
        target = self.view.viewport()
        QApplication.sendEvent(target, QDragEnterEvent(point, both, mime, LEFT, keys))
        QApplication.sendEvent(target, QDragMoveEvent(point, both, mime, LEFT, keys))
        QApplication.sendEvent(target, QDropEvent(QPointF(point), both, mime, LEFT, keys, QEvent.Type.Drop))


def built_anew(view: CanvasView) -> CanvasScene:
    """A scene that has never shown anything else."""
    scene = CanvasScene(view.ink)
    scene.show_layout(view.places, view.document.plan, view.view_state, view._marks())
    return scene


def told(scene: CanvasScene) -> dict[str, object]:
    """All that the items' pixels are made of."""
    cards = {key: (item.pixels, item.bounds, item.pos()) for key, item in scene.cards.items()}
    lanes = {key: (item.lane.rect, item.chosen, item.pos()) for key, item in scene.lanes.items()}
    headers = {key: (item.lane.title, item.note, item.marks) for key, item in scene.headers.items()}
    return {"cards": cards, "lanes": lanes, "headers": headers, "area": scene.sceneRect()}


@pytest.mark.parametrize("seed", range(4))
def test_random_gestures(qtbot, seed: int) -> None:
    document = Document(preset("resnet18"))
    view = CanvasView(document, ThemeManager(ThemeChoice.LIGHT), ViewState())
    for thing in (document, view.theme_manager, view.view_state):
        thing.setParent(view)
    qtbot.addWidget(view)
    view.resize(1000, 600)
    view.show()
    qtbot.waitExposed(view)
    person = Person(view, seed)
    for number in range(250):
        before = document.undo_stack.index()
        person.act()
        assert abs(document.undo_stack.index() - before) <= 1
        shown = view.canvas_scene.cards
        assert set(shown) == {card.key for card in view.places.cards()}
        assert set(view.canvas_scene.lanes) == {lane.key for lane in view.places.lanes}
        for card in view.places.cards():
            assert shown[card.key].look.card.rect == card.rect
            assert (shown[card.key].x(), shown[card.key].y()) == (card.rect.x, card.rect.y)
        if number % 5 == 0:
            assert told(view.canvas_scene) == told(built_anew(view))
        if number % 25 == 0:
            QApplication.processEvents()
    drawn, index = document.design, document.undo_stack.index()
    document.undo_stack.setIndex(0)
    assert document.design == preset("resnet18")
    document.undo_stack.setIndex(index)
    assert document.design == drawn

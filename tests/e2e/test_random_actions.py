"""A person who does thousands of random things to a whole window: the drawing stays what its edits say, and nothing is left over."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design.files import read_design
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.ui.block_text import BLOCKS_MIME, KIND_MIME, STAGE_MIME
from resnet_studio.ui.canvas.shapes import Spot
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.widgets.number import NumberField
from tests.ui.shell_window import shown_window
from tests.ui.test_canvas_random import KEYS, told
from tests.ui.test_canvas_random import built_anew as drawn_anew

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Mod = Qt.KeyboardModifier
START = "resnet18"
# What opens a dialog, leaves the window or needs an engine is tested elsewhere.
NOT_HERE = {
    "new", "newFromFamily", "newPreset", "open", "save", "saveAs", "close", "quit", "importWeights", "export", "train",
    "stop", "rename", "editInput", "dropPath", "find", "shortcuts", "about", "verifyFigures", "explainNumbers",
    "newEmpty", "showTraining", "showRuns", "showData", "findRate", "undo", "redo",
}  # fmt: skip
LOOKS = ("zoom", "show", "heat", "theme", "count", "reset")
EDITING = (
    "doubleWidths", "halveWidths", "convertResidual", "convertBottleneck", "convertResnext", "deepen", "shallow",
    "widenMore", "widenTwice", "narrow", "applyAll", "applyNorm", "selectKind", "selectStage", "selectAll", "duplicate",
    "delete", "moveUp", "moveDown", "moveLeft", "moveRight", "cut", "copy", "paste", "addResidual", "addBottleneck",
    "addResnext", "addStage", "addHead", "attentionSe", "attentionNone", "normGroup", "normBatch",
)  # fmt: skip
# A drawing that only grows would make the test slow, and nothing else.
MOST = 60


class Record:
    """Every call of the document that changes it, outermost ones only: what views do when they are told is not replayed."""

    METHODS = ("apply", "end_gesture", "select", "load", "saved", "jump")

    def __init__(self, document: Document) -> None:
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self._inside = False
        for name in self.METHODS:
            setattr(document, name, self._recording(name, getattr(document, name)))

    def _recording(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def recorded(*args: Any, **kwargs: Any) -> object:
            if self._inside:
                return call(*args, **kwargs)
            args = tuple(list(each) if isinstance(each, Iterator) else each for each in args)
            if kwargs.get("select") is not None:
                kwargs["select"] = list(kwargs["select"])
            if name == "select":
                args = (list(args[0]),)
            self.calls.append((name, args, kwargs))
            self._inside = True
            try:
                return call(*args, **kwargs)
            finally:
                self._inside = False

        return recorded

    @contextmanager
    def of_stack(self, name: str) -> Iterator[None]:
        """Undo and redo go past the document, to its stack."""
        self.calls.append((name, (), {}))
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    def replayed(self) -> Document:
        """A document without a window, after the same calls."""
        document = Document(Design())
        for name, args, kwargs in self.calls:
            target: object = document.undo_stack if name in ("undo", "redo") else document
            getattr(target, name)(*args, **kwargs)
        return document


class Person:
    """Does random things to a window; the same ones for the same seed."""

    def __init__(self, window: MainWindow, seed: int, folder: Path) -> None:
        self.window, self.document, self.canvas = window, window.document, window.editor.canvas
        self.record = Record(window.document)
        self.chance = random.Random(seed)
        self.folder = folder
        self.saves = 0
        self.looks = _looks(window)
        self.does: list[tuple[int, Callable[[], object]]] = [
            (6, self.edit), (4, self.key), (3, self.click), (3, self.drop), (3, self.repeat), (2, self.band),
            (5, self.history), (3, self.look), (3, self.number), (2, self.fold), (1, self.save_and_open), (1, self.resize),
            (1, self.wheel),
        ]  # fmt: skip

    def act(self) -> str:
        if sum(1 for _ in self.document.design.blocks()) > MOST:
            self.document.select([])
            self.window.acts["selectAll"].trigger()
            self.window.acts["delete"].trigger()
        does = self.chance.choices([d for _, d in self.does], [weight for weight, _ in self.does])[0]
        does()
        return does.__name__

    # --- one thing each -----------------------------------------------------------------------------------------------

    def edit(self) -> None:
        self.window.acts[self.chance.choice(EDITING)].trigger()

    def look(self) -> None:
        self.window.acts[self.chance.choice(self.looks)].trigger()

    def key(self) -> None:
        QTest.keyClick(self.canvas, *self.chance.choice(KEYS))

    def point(self) -> QPoint:
        area = self.canvas.viewport().rect()
        return QPoint(self.chance.randrange(area.width()), self.chance.randrange(area.height()))

    def click(self) -> None:
        keys = self.chance.choice([Mod.NoModifier, Mod.ControlModifier, Mod.ShiftModifier])
        QTest.mouseClick(self.canvas.viewport(), LEFT, keys, self.point())

    def history(self) -> None:
        word = self.chance.choice(["undo", "undo", "redo", "jump"])
        if word == "jump":
            self.document.jump(self.chance.randrange(self.document.undo_stack.count() + 1))
        elif self.window.acts[word].isEnabled():
            with self.record.of_stack(word):
                self.window.acts[word].trigger()

    def fold(self) -> None:
        folding = self.canvas.folding
        self.chance.choice([folding.unfold_all, folding.fold_all, folding.toggle_current])()

    def resize(self) -> None:
        self.window.resize(self.chance.randrange(900, 1500), self.chance.randrange(600, 950))

    def wheel(self) -> None:
        point, way = QPointF(self.point()), QPoint(0, self.chance.choice([-120, 120]))
        there = self.canvas.viewport().mapToGlobal(point)
        keys, phase = self.chance.choice([NONE, Mod.ControlModifier]), Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(point, there, QPoint(), way, Qt.MouseButton.NoButton, keys, phase, False)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def number(self) -> None:
        """Types, steps or turns the wheel in a field of the inspector."""
        fields = [f for f in self.window.editor.inspector.findChildren(NumberField) if f.isVisible()]
        if not fields:
            return
        field = self.chance.choice(fields)
        field.setFocus()
        QTest.keyClick(field, self.chance.choice([Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape]))
        if self.chance.random() < 0.5:
            field.selectAll()
            QTest.keyClicks(field, self.chance.choice(["64", "8*4", "3", "x", "2*", "0.1"]))
            QTest.keyClick(field, self.chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))
        self.canvas.setFocus()

    # --- the mouse ----------------------------------------------------------------------------------------------------

    def _mouse(self, kind: QEvent.Type, point: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
        there = QPointF(self.canvas.viewport().mapToGlobal(point))
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else LEFT
        held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else LEFT
        event = QMouseEvent(kind, QPointF(point), there, button, held, keys)
        QApplication.sendEvent(self.canvas.viewport(), event)

    def _gesture(self, start: QPoint) -> None:
        """Press, move three times, and let go or press Escape."""
        keys = self.chance.choice([NONE, NONE, Mod.ControlModifier])
        self._mouse(QEvent.Type.MouseButtonPress, start, keys)
        for _ in range(3):
            way = QPoint(self.chance.randrange(-80, 80), self.chance.randrange(-80, 80))
            self._mouse(QEvent.Type.MouseMove, start + way)
        if self.chance.random() < 0.3:
            QTest.keyClick(self.canvas, Qt.Key.Key_Escape)
        self._mouse(QEvent.Type.MouseButtonRelease, start)

    def repeat(self) -> None:
        """Drags the corner of a run."""
        cards = [card for card in self.canvas.places.cards() if card.grip]
        if cards:
            card = self.chance.choice(cards)
            self.canvas.sight.reveal(card.key)
            start = self.canvas.mapFromScene(card.rect.right - 3, card.rect.bottom - 3)
            if self.canvas.sight.hit(start).spot is Spot.GRIP:
                self._gesture(start)

    def band(self) -> None:
        start = self.point()
        if self.canvas.sight.hit(start).spot in (Spot.LANE, Spot.NOTHING):
            self._gesture(start)

    def drop(self) -> None:
        point, mime, target = self.point(), self._carried(), self.canvas.viewport()
        keys = self.chance.choice([NONE, NONE, Mod.ControlModifier, Mod.AltModifier])
        both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
        QApplication.sendEvent(target, QDragEnterEvent(point, both, mime, LEFT, keys))
        QApplication.sendEvent(target, QDragMoveEvent(point, both, mime, LEFT, keys))
        if self.chance.random() < 0.2:
            self.canvas.drops.leave()
            return
        QApplication.sendEvent(target, QDropEvent(QPointF(point), both, mime, LEFT, keys, QEvent.Type.Drop))

    def _carried(self) -> QMimeData:
        mime, token = QMimeData(), self.canvas.drops._token
        blocks = [block.id for block in self.document.design.blocks()]
        sort = self.chance.randrange(4)
        if sort == 0 or not blocks:
            mime.setData(KIND_MIME, self.chance.choice([b"residual", b"bottleneck", b"resnext", b"stage"]))
        elif sort == 1:
            ids = ", ".join(f'"{i}"' for i in self.chance.sample(blocks, min(3, len(blocks))))
            mime.setData(BLOCKS_MIME, f'{{"from": "{token}", "ids": [{ids}]}}'.encode())
        elif sort == 2:
            stage = self.chance.choice(self.document.design.stages).id
            mime.setData(STAGE_MIME, f'{{"from": "{token}", "stage": ["{stage}"]}}'.encode())
        else:
            mime.setText(self.chance.choice(["nothing", '{"resnet_studio_blocks": 2, "blocks": [{}]}']))
        return mime

    # --- files --------------------------------------------------------------------------------------------------------

    def save_and_open(self) -> None:
        """Saves; sometimes another drawing is opened then, and with it a fresh history."""
        self.saves += 1
        path = self.folder / f"{self.saves % 4}.resnet.json"
        assert self.window.files._write(path)
        assert read_design(path) == self.document.design
        assert self.document.is_clean
        others = sorted(self.folder.glob("*.resnet.json"))
        if self.chance.random() < 0.3:
            self.window.open_path(self.chance.choice(others))


def _looks(window: MainWindow) -> list[str]:
    """The actions that change how the drawing is shown."""
    names = [action.objectName()[6].lower() + action.objectName()[7:] for action in window.acts.all()]
    # By what they begin with: what opens windows, tours, examples or queues is tested elsewhere.
    return [name for name in names if name.startswith(LOOKS) and name not in NOT_HERE | set(EDITING)]


def specs(design: Design) -> list[object]:
    """All of a drawing but its ids, which are new each time."""
    return [design.name, design.input, design.stem, design.head] + [
        (stage.name, [block.spec for block in stage.blocks]) for stage in design.stages
    ]


def warmed(window: MainWindow) -> None:
    """Make what is made when it is first needed: tabs at the bottom, the inspector's forms, menus."""
    for name in (START, "resnet50", "resnext50_32x4d"):
        window.document.load(preset(name))
        stages = window.document.design.stages
        blocks = [block.id for block in window.document.design.blocks()]
        for chosen in (
            [STEM],
            [HEAD],
            [stages[0].id],
            [s.id for s in stages],
            blocks[:1],
            blocks,
            [STEM, blocks[0]],
        ):
            window.document.select(chosen)
            QApplication.processEvents()
    for name in _looks(window):
        if name.startswith("show"):
            window.acts[name].trigger()
    QApplication.processEvents()


def at_rest(window: MainWindow) -> Counter[str]:
    """The window as it began, and how many widgets and running timers of each sort it has."""
    window.document.undo_stack.setClean()
    window.new_preset(START)
    window.document.select([])
    window.resize(1280, 800)
    for name in ("themeLight", "showMacs", "heatMacs", "resetLayout", "showLayers"):
        window.acts[name].trigger()
    window.banners.clear()
    for _ in range(3):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    # The inspector keeps as many cards for problems as one block had at once.
    counts = Counter(
        sort for widget in window.findChildren(QWidget) if "_Card" not in (sort := _sort(widget))
    )
    # Single shots end by themselves.
    timers = [timer for timer in window.findChildren(QTimer) if not timer.isSingleShot()]
    return counts + Counter({"running timers": sum(timer.isActive() for timer in timers)})


def _sort(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"


def check(person: Person) -> None:
    """The drawing is what its edits say, everybody shows it, and the way back is the whole way."""
    document, canvas = person.document, person.canvas
    plan = analyse(document.design)
    assert document.plan.units == plan.units
    assert document.plan.totals == plan.totals
    assert list(map(str, document.plan.problems)) == list(map(str, plan.problems))
    assert told(canvas.canvas_scene) == told(drawn_anew(canvas))
    again = person.record.replayed()
    assert again.design == document.design
    assert again.selection == document.selection
    assert (again.undo_stack.index(), again.undo_stack.count()) == (
        document.undo_stack.index(), document.undo_stack.count(),
    )  # fmt: skip


def wander(person: Person, actions: int) -> list[str]:
    done = []
    for number in range(actions):
        done.append(person.act())
        if number % 20 == 19:
            QApplication.processEvents()
    return done


def all_the_way_back(person: Person) -> None:
    """Undoing everything gives what was loaded last, and redoing everything what was there."""
    document = person.document
    start = next(args[0] for name, args, _ in reversed(person.record.calls) if name == "load")
    drawn, index = document.design, document.undo_stack.index()
    document.undo_stack.setIndex(0)
    assert document.design == start
    document.undo_stack.setIndex(index)
    assert document.design == drawn


@pytest.mark.parametrize("seed", range(4))
def test_random_actions(seed: int, tmp_path: Path) -> None:
    rounds = 2 if seed == 0 else 9
    with shown_window() as window:
        window.new_preset(START)
        window.menu_seat.make()
        warmed(window)
        before = at_rest(window)
        person = Person(window, seed, tmp_path)
        window.document.load(preset(START))
        for _ in range(rounds):
            wander(person, 75)
            check(person)
        all_the_way_back(person)
        after = at_rest(window)
        assert after - before == before - after == Counter()


def test_the_same_seed_does_the_same(tmp_path: Path) -> None:
    seen = []
    for turn in range(2):
        folder = tmp_path / str(turn)
        folder.mkdir()
        with shown_window() as window:
            window.new_preset(START)
            window.menu_seat.make()
            person = Person(window, 7, folder)
            window.document.load(preset(START))
            seen.append((wander(person, 60), specs(window.document.design)))
    assert seen[0] == seen[1]

"""Real drags in a real window: the mouse presses, moves and lets go as a person does, and Qt's own QDrag runs."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Block, BlockKind, Design, Stage, Stem
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.palette.cards import PaletteCard
from resnet_studio.ui.palette.view import PaletteView
from resnet_studio.ui.theme import ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import ViewState

pytestmark = pytest.mark.xvfb

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Bench(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("drag bench")
        self.document = Document(preset("resnet50"))
        self.themes = ThemeManager(ThemeChoice.LIGHT)
        self.state = ViewState()
        self.palette_view = PaletteView(self.document, self.themes, self)
        self.palette_view.setFixedWidth(200)
        self.canvas = CanvasView(self.document, self.themes, self.state, self)
        row = QHBoxLayout(self)
        row.addWidget(self.palette_view)
        row.addWidget(self.canvas, 1)
        self.resize(1240, 620)

    def card(self, unit_id: str) -> QPoint:
        """The middle of a card's title, in the window."""
        card = self.canvas.places.card_of(unit_id)
        assert card is not None
        point = self.canvas.mapFromScene(card.rect.x + 30, card.rect.y + 14)
        return self.canvas.viewport().mapTo(self, point)

    def at_scene(self, x: float, y: float) -> QPoint:
        return self.canvas.viewport().mapTo(self, self.canvas.mapFromScene(x, y))

    def source(self, name: str) -> QPoint:
        card = self.palette_view.findChild(PaletteCard, f"palette_{name}")
        assert card is not None
        return card.mapTo(self, card.rect().center())


@pytest.fixture
def bench(qtbot) -> Iterator[Bench]:
    window = Bench()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window
    window.close()


def drag(
    qtbot,
    window: Bench,
    start: QPoint,
    end: QPoint,
    *,
    at_end: Callable[[], None] | None = None,
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    """Press at `start`, carry to `end`, let go. QDrag runs its own event loop, so the steps wait in timers before it starts."""
    handle = window.windowHandle()
    done = []
    steps: list[Callable[[], None]] = [
        lambda: QTest.mousePress(handle, LEFT, keys, start),
        *(lambda k=k: QTest.mouseMove(handle, start + (end - start) * k / 6) for k in range(1, 7)),
        lambda: QTest.mouseMove(handle, end + QPoint(1, 0)),
        lambda: at_end() if at_end is not None else None,
        lambda: QTest.mouseRelease(handle, LEFT, keys, end + QPoint(1, 0)),
        lambda: done.append(True),
    ]
    for index, step in enumerate(steps):
        QTimer.singleShot(40 * index, step)
    qtbot.waitUntil(lambda: bool(done), timeout=10_000)


def kinds(window: Bench, stage: int) -> list[BlockKind]:
    return [block.spec.kind for block in window.document.design.stages[stage].blocks]


def test_a_kind_from_the_palette_lands_where_the_line_is(qtbot, bench: Bench) -> None:
    lines = []
    target = bench.canvas.places.card_of("s2b2")
    assert target is not None
    end = bench.at_scene(target.rect.cx, target.rect.y + 3)
    drag(
        qtbot, bench, bench.source("residual"), end,
        at_end=lambda: lines.append(bench.canvas.canvas_scene.drop.isVisible()),
    )  # fmt: skip
    assert lines == [True]
    assert kinds(bench, 1)[:3] == [BlockKind.BOTTLENECK, BlockKind.RESIDUAL, BlockKind.BOTTLENECK]
    assert bench.document.undo_stack.count() == 1
    new = bench.document.design.stages[1].blocks[1]
    assert bench.document.selection == (new.id,)
    assert not bench.document.plan.problems
    assert not bench.canvas.canvas_scene.drop.isVisible()


def test_a_new_stage_goes_between_lanes(qtbot, bench: Bench) -> None:
    lane = bench.canvas.places.stages[2]
    end = bench.at_scene(lane.rect.x - 4, lane.rect.y + 120)
    drag(qtbot, bench, bench.source("stage"), end)
    design = bench.document.design
    assert [stage.name for stage in design.stages] == [f"Stage {n}" for n in range(1, 6)]
    assert len(design.stages[2].blocks) == 1
    assert design.stages[3].id == "s3"
    assert bench.document.undo_stack.count() == 1
    assert bench.document.selection == (design.stages[2].blocks[0].id,)


def test_a_stage_that_no_file_could_hold_is_refused_with_the_reason(qtbot, bench: Bench) -> None:
    spec = edits.make_spec(BlockKind.RESIDUAL, 64)
    full = tuple(Stage(id=f"s{n}", name=f"Stage {n + 1}", blocks=(Block(f"b{n}", spec),)) for n in range(64))
    bench.document.load(Design(stages=full, stem=Stem(pool=False)))
    said: list[str] = []
    bench.canvas.refused.connect(said.append)
    drag(qtbot, bench, bench.source("stage"), bench.canvas.mapTo(bench, bench.canvas.rect().center()))
    assert len(said) == 1
    assert "64 stages" in said[0]
    assert bench.document.undo_stack.count() == 0


def test_a_card_moves_within_its_stage(qtbot, bench: Bench) -> None:
    bench.canvas.folding.unfold_all()
    last = bench.canvas.places.card_of("s1b3")
    assert last is not None
    end = bench.at_scene(last.rect.cx, last.rect.bottom + 20)
    drag(qtbot, bench, bench.card("s1b1"), end)
    assert [block.id for block in bench.document.design.stages[0].blocks] == ["s1b2", "s1b3", "s1b1"]
    assert bench.document.undo_stack.undoText() == "Move bottleneck"
    assert bench.document.selection == ("s1b1",)
    # The move broke two additions; the drop was allowed, and the drawing says what is wrong.
    assert bench.document.plan.problems
    bench.document.undo_stack.undo()
    assert bench.document.design == preset("resnet50")


def test_a_folded_run_moves_to_another_stage_as_one_step(qtbot, bench: Bench) -> None:
    target = bench.canvas.places.card_of("s4b1")
    assert target is not None
    drag(qtbot, bench, bench.card("s1b2"), bench.at_scene(target.rect.cx, target.rect.bottom + 20))
    assert [block.id for block in bench.document.design.stages[0].blocks] == ["s1b1"]
    assert [block.id for block in bench.document.design.stages[3].blocks][1:3] == ["s1b2", "s1b3"]
    assert bench.document.undo_stack.count() == 1
    assert "Stage 4" in bench.document.undo_stack.undoText()


def test_several_selected_cards_move_together(qtbot, bench: Bench) -> None:
    bench.document.select(["s1b1", "s2b1"])
    target = bench.canvas.places.card_of("s4b1")
    assert target is not None
    drag(qtbot, bench, bench.card("s2b1"), bench.at_scene(target.rect.cx, target.rect.y + 2))
    assert [block.id for block in bench.document.design.stages[3].blocks][:3] == ["s1b1", "s2b1", "s4b1"]
    assert bench.document.selection == ("s1b1", "s2b1")
    assert bench.document.undo_stack.count() == 1


def test_escape_cancels_and_nothing_is_left(qtbot, bench: Bench) -> None:
    target = bench.canvas.places.card_of("s4b1")
    assert target is not None
    handle = bench.windowHandle()
    drag(
        qtbot, bench, bench.card("s1b1"), bench.at_scene(target.rect.cx, target.rect.y + 2),
        at_end=lambda: QTest.keyClick(handle, Qt.Key.Key_Escape),
    )  # fmt: skip
    qtbot.waitUntil(lambda: not bench.canvas.dragged)
    assert bench.document.design == preset("resnet50")
    assert bench.document.undo_stack.count() == 0
    assert not bench.canvas.canvas_scene.drop.isVisible()


def test_a_stage_moves_by_its_header(qtbot, bench: Bench) -> None:
    first, third = bench.canvas.places.stages[0], bench.canvas.places.stages[2]
    start = bench.at_scene(first.header.x + 30, first.header.cy)
    drag(qtbot, bench, start, bench.at_scene(third.rect.right - 10, third.rect.y + 100))
    assert [stage.id for stage in bench.document.design.stages] == ["s2", "s3", "s1", "s4"]
    assert bench.document.undo_stack.count() == 1


def test_near_a_border_the_canvas_scrolls_while_dragging(qtbot, bench: Bench) -> None:
    bench.canvas.folding.unfold_all()
    bench.canvas.zooming.to(1.6)
    bench.canvas.verticalScrollBar().setValue(0)
    bench.canvas.horizontalScrollBar().setValue(0)
    view = bench.canvas.viewport()
    qtbot.waitUntil(bench.canvas.verticalScrollBar().isVisible)
    end = view.mapTo(bench, QPoint(view.width() // 2, view.height() - 6))
    seen = []
    bar = bench.canvas.verticalScrollBar()

    def wait() -> None:
        qtbot.waitUntil(lambda: bar.value() > 0)
        seen.append(bar.value())

    drag(qtbot, bench, bench.source("bottleneck"), end, at_end=wait)
    assert seen
    assert bench.document.undo_stack.count() == 1


def test_the_rubber_band_selects_what_it_touches(qtbot, bench: Bench) -> None:
    lane = bench.canvas.places.stages[1]
    first, last = lane.cards[0], lane.cards[-1]
    start = bench.at_scene(lane.rect.x + 4, last.rect.bottom + 34)
    drag(qtbot, bench, start, bench.at_scene(first.rect.cx, first.rect.y + 10))
    assert bench.document.selection == ("s2b1", "s2b2", "s2b3", "s2b4")
    assert bench.document.undo_stack.count() == 0


def test_shift_selects_up_to_the_card_that_is_clicked(qtbot, bench: Bench) -> None:
    QTest.mouseClick(bench.windowHandle(), LEFT, NONE, bench.card("s1b1"))
    QTest.mouseClick(bench.windowHandle(), LEFT, Qt.KeyboardModifier.ShiftModifier, bench.card("s2b1"))
    assert bench.document.selection == ("s1b1", "s1b2", "s1b3", "s2b1")


def test_control_d_duplicates_where_the_platform_lets_it_delete(qtbot, bench: Bench) -> None:
    QTest.mouseClick(bench.windowHandle(), LEFT, NONE, bench.card("s1b1"))
    qtbot.waitUntil(bench.canvas.hasFocus)
    QTest.keyClick(bench.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert len(bench.document.design.stages[0].blocks) == 4
    QTest.keyClick(bench.windowHandle(), Qt.Key.Key_Delete)
    assert bench.document.design == preset("resnet50")


@pytest.mark.parametrize("key", [Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier])
def test_with_ctrl_or_alt_copies_of_all_that_is_selected_are_dragged(
    qtbot, bench: Bench, key: Qt.KeyboardModifier
) -> None:
    bench.document.select(["s2b1", "s3b1"])
    target = bench.canvas.places.card_of("s4b1")
    assert target is not None
    end = bench.at_scene(target.rect.cx, target.rect.bottom + 20)
    drag(qtbot, bench, bench.card("s2b1"), end, keys=key)
    lane = bench.document.design.stages[3].blocks
    assert [block.spec.channels for block in lane] == [2048, 512, 1024, 2048, 2048]
    assert [len(stage.blocks) for stage in bench.document.design.stages] == [3, 4, 6, 5]
    assert bench.document.undo_stack.undoText() == "Copy 2 bottlenecks"


def test_the_corner_of_a_run_is_dragged(qtbot, bench: Bench) -> None:
    run = bench.canvas.places.card_of("s3b2")
    assert run is not None
    start = bench.at_scene(run.rect.right - 4, run.rect.bottom - 4)
    counts = []
    drag(
        qtbot, bench, start, start + QPoint(0, 42),
        at_end=lambda: counts.append(len(bench.document.design.stages[2].blocks)),
    )  # fmt: skip
    assert counts == [9]
    assert len(bench.document.design.stages[2].blocks) == 9
    assert bench.document.undo_stack.count() == 1

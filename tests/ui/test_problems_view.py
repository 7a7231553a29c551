"""The problems panel: what it lists, selects and repairs."""

from hypothesis import given
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QListView, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import HEAD, analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, Order, ShortcutKind
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import delta
from resnet_studio.ui.problems import ProblemsView
from resnet_studio.ui.problems.repairing import repair_all
from resnet_studio.ui.theme import ThemeManager
from tests.design.drawings import designs


def broken() -> Design:
    """A shortcut that does not fit, groups that do not divide, no head."""
    design = edits.change_blocks(preset("resnext50_32x4d"), ["s2b1"], shortcut=ShortcutKind.IDENTITY)
    design = edits.change_blocks(design, ["s3b2"], groups=33)
    return edits.set_head(design, head=None)


def shown(qtbot: QtBot, design: Design) -> tuple[Document, ProblemsView, QListView]:
    document = Document(design)
    view = ProblemsView(document, ThemeManager())
    qtbot.addWidget(view)
    view.resize(640, 300)
    with qtbot.waitExposed(view):
        view.show()
    return document, view, view.findChild(QListView, "problemList")


def middle(view: ProblemsView, row: int) -> QPoint:
    return view.button_middle(row)


def test_it_lists_places_and_words_and_counts(qtbot: QtBot) -> None:
    document, view, items = shown(qtbot, broken())
    texts = [items.model().index(row, 0).data() for row in range(items.model().rowCount())]
    assert texts == [str(problem) for problem in document.plan.problems]
    with qtbot.waitSignal(view.count_changed) as heard:
        document.apply(edits.set_head(document.design, head=preset("resnet18").head), "Add head")
    assert heard.args == [2]
    spoken = items.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith("Repair: Add projection")


def test_a_click_selects_the_block_and_a_selection_shows_its_problem(qtbot: QtBot) -> None:
    document, _, items = shown(qtbot, broken())
    place = items.visualRect(items.model().index(1, 0))
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=place.topLeft() + QPoint(60, 10))
    assert document.selection == ("s3b2",)
    document.select(["s2b1"])
    assert items.currentIndex().row() == 0
    document.select(["s1b1"])
    assert not items.currentIndex().isValid()


def test_the_painted_button_repairs_and_can_be_undone(qtbot: QtBot) -> None:
    document, view, items = shown(qtbot, broken())
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 0))
    assert document.design.block("s2b1").spec.shortcut is ShortcutKind.PROJECTION
    assert document.undo_stack.undoText().startswith("Add projection")
    document.undo_stack.undo()
    assert document.design == broken()


def test_the_keyboard_repairs(qtbot: QtBot) -> None:
    document, _, items = shown(qtbot, broken())
    items.setFocus()
    qtbot.keyClick(items, Qt.Key.Key_Down)
    qtbot.keyClick(items, Qt.Key.Key_Down)
    assert document.selection == ("s3b2",)
    qtbot.keyClick(items, Qt.Key.Key_Return)
    assert "s3b2" not in {problem.where for problem in document.plan.problems}


def test_repair_all_is_one_step_and_leaves_a_friendly_word(qtbot: QtBot) -> None:
    document, view, _ = shown(qtbot, broken())
    qtbot.mouseClick(view.findChild(QPushButton, "problemsRepairAll"), Qt.MouseButton.LeftButton)
    assert document.plan.problems == ()
    assert document.undo_stack.count() == 1
    assert view.findChild(QLabel, "problemsNone").isVisible()
    document.undo_stack.undo()
    assert view.count == 3


def test_a_problem_of_the_head_does_not_select_what_is_not_there(qtbot: QtBot) -> None:
    document, _, items = shown(qtbot, edits.set_head(preset("resnet18"), head=None))
    assert document.plan.problems[0].where == HEAD
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert document.selection == ()


def preactivated() -> Design:
    """Sound, but with a stem and a head that no paper has around such blocks."""
    design = preset("resnet18")
    return edits.change_blocks(design, [block.id for block in design.blocks()], order=Order.FULL_PREACT)


def test_advice_stands_below_the_problems_and_is_none(qtbot: QtBot) -> None:
    broken = edits.change_blocks(preactivated(), ["s2b1"], shortcut=ShortcutKind.IDENTITY)
    document, view, items = shown(qtbot, broken)
    texts = [items.model().index(row, 0).data() for row in range(items.model().rowCount())]
    assert texts == [str(found) for found in (*document.plan.problems, *document.plan.advice)]
    assert (view.count, len(document.plan.advice)) == (1, 2)
    spoken = items.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Advice: Stem")
    qtbot.mouseClick(view.findChild(QPushButton, "problemsRepairAll"), Qt.MouseButton.LeftButton)
    assert view.count == 0
    assert document.design.stem.activate, "advice is followed only where the user asks for it"
    assert not view.findChild(QPushButton, "problemsRepairAll").isVisible()
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 0))
    assert not document.design.stem.activate
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 0))
    assert document.plan.advice == ()
    assert view.findChild(QLabel, "problemsNone").isVisible()


def test_a_repair_tells_what_it_would_do(qtbot: QtBot) -> None:
    document, view, items = shown(qtbot, broken())
    plan = document.plan
    told = items.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    qtbot.mouseClick(items.viewport(), Qt.MouseButton.LeftButton, pos=middle(view, 0))
    grown = document.plan.totals.params - plan.totals.params
    assert grown > 0
    assert f"{delta(grown)} parameters" in told
    assert "2 problems left" in told


@given(designs())
def test_repairing_everything_always_ends_and_never_adds_a_kind_of_trouble(design: Design) -> None:
    after, made = repair_all(design)
    mendable = [p for p in analyse(design).problems if p.repair is not None]
    assert (made > 0) == any(p.repair.apply(design) != design for p in mendable)
    assert repair_all(after) == (after, 0)

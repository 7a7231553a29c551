"""The compare panel: two drawings in one table, live, by colour and sign, filtered, copied, and joined to the selection."""

from collections.abc import Callable
from dataclasses import fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction, QColor, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.compare import compare
from resnet_studio.analysis.plan import HEAD, analyse
from resnet_studio.analysis.recognition.words import value_words
from resnet_studio.design import edits
from resnet_studio.design.files import write_design
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockSpec, Design, Head, InputSpec, ShortcutKind, Stem
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.compare.model import Column, Node
from resnet_studio.ui.compare.paint import LINE, flow, ground
from resnet_studio.ui.compare.view import CompareView
from resnet_studio.ui.compare.words import FIELD_WORDS
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import delta
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.style import mixed
from resnet_studio.ui.theme import DARK, LIGHT, Theme, ThemeChoice, ThemeManager, font
from resnet_studio.ui.view_state import ViewState
from tests.ui.shell_window import shown_window

EDITED: tuple[tuple[str, Callable[[Design], Design]], ...] = (
    ("change", lambda design: edits.change_blocks(design, ["s2b2", "s2b3"], width=160, groups=32)),
    ("remove", lambda design: edits.remove_blocks(design, ["s3b5"])),
    ("add", lambda design: edits.duplicate_blocks(design, ["s4b2"])[0]),
    ("move", lambda design: edits.move_blocks(design, ["s1b3"], 1, 4)),
)


def opened(qtbot: QtBot, document: Document, choice: ThemeChoice = ThemeChoice.LIGHT) -> CompareView:
    view = CompareView(document, ThemeManager(choice), ViewState(document))
    qtbot.addWidget(view)
    view.resize(1100, 500)
    with qtbot.waitExposed(view):
        view.show()
    return view


def edited() -> Document:
    document = Document(preset("resnet50"))
    for words, edit in EDITED:
        document.apply(edit(document.design), words)
    return document


def line_of(view: CompareView, own: str) -> Node:
    """The line whose run of blocks begins with this one."""
    return next(line for line in view.model.walk() if own in (*line.ids()[:1], *line.ids(right=False)[:1]))


def test_without_another_drawing_it_says_what_it_does_and_offers_it(qtbot: QtBot, qapp: object) -> None:
    view = opened(qtbot, Document(preset("resnet18")))
    said = view.findChild(QLabel, "compareNone")
    button = view.findChild(QPushButton, "compareChoose")
    assert isinstance(said, QLabel)
    assert isinstance(button, QPushButton)
    assert said.isVisible()
    assert button.menu() is not None
    assert not view.tree.isVisible()


def test_lines_tell_sign_words_and_cost(qtbot: QtBot, qapp: object) -> None:
    document = edited()
    view = opened(qtbot, document)
    view.show_against(preset("resnet50"), "ResNet-50")
    model = view.model
    changed, gone = line_of(view, "s2b2"), line_of(view, "s3b5")
    assert model.text(changed, Column.PLACE).startswith("≠ ")
    assert model.text(gone, Column.PLACE) == "− Block 5"
    assert model.text(gone, Column.RIGHT) == "–"
    # Which fields are others is said on both sides, each with its sign.
    assert [piece.text for piece in model.pieces(changed, Column.LEFT) if piece.changed] == [
        "width 128",
        "groups 1",
    ]
    assert [piece.text for piece in model.pieces(changed, Column.RIGHT) if piece.changed] == [
        "width 160",
        "groups 32",
    ]
    assert "≠\u202fwidth 160" in model.text(changed, Column.RIGHT)
    assert model.spoken(gone).startswith("Stage 3, block 5: removed; −1.12\u202fM parameters")
    signs = [
        model.text(line, Column.PLACE)[0] for line in model.walk() if line.row is not None and line.row.moved
    ]
    assert signs == ["↔", "↔"]


def test_totals_stand_on_top_and_are_the_plans(qtbot: QtBot, qapp: object) -> None:
    document = edited()
    view = opened(qtbot, document)
    other = preset("resnet50")
    view.show_against(other, "ResNet-50")
    total = next(view.model.walk())
    assert total.row is None
    before, after = analyse(other).totals, document.plan.totals
    wanted = [
        after.params - before.params, after.macs - before.macs, after.activations - before.activations,
        after.backward_bytes - before.backward_bytes, after.receptive - before.receptive,
    ]  # fmt: skip
    columns = list(Column)[Column.PARAMS :]
    assert [view.model.change(total, column) for column in columns] == wanted
    assert view.model.text(total, Column.PARAMS) == delta(wanted[0])
    lines = [line for line in view.model.nodes if line.row is not None]
    for column in columns[:-1]:
        assert sum(view.model.change(line, column) for line in lines) == view.model.change(total, column)
    state = document.findChild(ViewState)
    assert isinstance(state, ViewState)
    state.show_flops(True)
    assert view.model.change(total, Column.WORK) == 2 * wanted[1]
    assert "FLOPs" in view.model.title(Column.WORK)


def test_it_follows_every_edit_and_undo(qtbot: QtBot, qapp: object) -> None:
    document = Document(preset("resnet50"))
    view = opened(qtbot, document)
    view.show_against(preset("resnet50"), "ResNet-50")
    assert view.model.comparison is not None
    assert view.model.comparison.same
    for words, edit in EDITED:
        document.apply(edit(document.design), words)
        qtbot.waitUntil(lambda: view.model.comparison.right is document.plan)  # type: ignore[union-attr]
        assert view.model.comparison.words == compare(preset("resnet50"), document.design).words
    document.jump(0)
    qtbot.waitUntil(lambda: view.model.comparison.same)  # type: ignore[union-attr]


def test_a_hidden_panel_compares_nothing_until_it_is_seen(qtbot: QtBot, qapp: object) -> None:
    document = Document(preset("resnet50"))
    view = opened(qtbot, document)
    view.show_against(preset("resnet34"), "ResNet-34")
    before = view.model.comparison
    view.hide()
    document.apply(edits.remove_blocks(document.design, ["s3b5"]), "Delete")
    qtbot.waitUntil(lambda: not view._soon.isActive())
    assert view.model.comparison is before
    view.show()
    assert view.model.comparison is not None
    assert view.model.comparison.right is document.plan


def test_only_differences(qtbot: QtBot, qapp: object) -> None:
    view = opened(qtbot, edited())
    view.show_against(preset("resnet50"), "ResNet-50")
    whole = sum(1 for _ in view.model.walk())
    view.only.setChecked(True)
    shown = [line for line in view.model.walk() if line.row is not None]
    assert len(shown) + 1 < whole
    assert all(line.row is not None and line.row.differs for line in shown)
    assert view.model.nodes[0].row is None
    view.only.setChecked(False)
    assert sum(1 for _ in view.model.walk()) == whole


def test_a_line_selects_its_blocks_and_the_selection_its_line(qtbot: QtBot, qapp: object) -> None:
    document = edited()
    view = opened(qtbot, document)
    view.show_against(preset("resnet50"), "ResNet-50")
    run = line_of(view, "s3b2")
    at = view.tree.visualRect(view.model.index_of(run, Column.RIGHT)).center()
    qtbot.mouseClick(view.tree.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert document.selection == ("s3b2", "s3b3", "s3b4")
    document.select([HEAD])
    current = view.model.node(view.tree.currentIndex())
    assert current is not None
    assert current.ids() == (HEAD,)
    # What only the other drawing has can be looked at, and selects nothing.
    gone = line_of(view, "s3b5")
    view.tree.setCurrentIndex(view.model.index_of(gone))
    assert document.selection == (HEAD,)


def test_the_keyboard_walks_and_folds_and_folded_stages_stay_folded(qtbot: QtBot, qapp: object) -> None:
    document = edited()
    view = opened(qtbot, document)
    view.show_against(preset("resnet50"), "ResNet-50")
    view.tree.setFocus()
    document.select(["s2"])
    qtbot.keyClick(view.tree, Qt.Key.Key_Left)
    assert not view.tree.isExpanded(view.tree.currentIndex())
    qtbot.keyClick(view.tree, Qt.Key.Key_Down)
    assert document.selection == ("s3",)
    document.apply(edits.remove_blocks(document.design, ["s4b3"]), "Delete")
    qtbot.waitUntil(lambda: view.model.comparison.right is document.plan)  # type: ignore[union-attr]
    stages = [line for line in view.model.nodes if line.children]
    open_ones = [view.tree.isExpanded(view.model.index_of(line)) for line in stages]
    assert open_ones == [True, False, True, True]


def test_it_is_copied_as_markdown(qtbot: QtBot, qapp: object) -> None:
    view = opened(qtbot, edited())
    view.show_against(preset("resnet50"), "ResNet-50")
    button = view.findChild(QPushButton, "compareCopy")
    assert isinstance(button, QPushButton)
    button.click()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == "ResNet-50 → ResNet-50 (open): 2 blocks changed, 1 added, 1 removed, 1 moved"
    assert lines[2].startswith("|  | ResNet-50 | ResNet-50 (open) | Difference | Δ Params |")
    assert len({line.count("|") for line in lines[2:]}) == 1
    (gone,) = [line for line in lines if "Stage 3, block 5" in line and "removed" in line]
    assert gone.startswith("| − Stage 3, block 5 | Bottleneck · 1024 · id | – | removed | −1.12 M | −218 M |")
    assert len(lines) == 4 + sum(1 for _ in view.model.walk())


def contrast(one: str, other: str) -> float:
    def light(token: str) -> float:
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in QColor(token).getRgbF()[:3]
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    above, below = sorted((light(one), light(other)), reverse=True)
    return (above + 0.05) / (below + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_written_on_the_tints_can_be_read(qtbot: QtBot, qapp: object, theme: Theme) -> None:
    view = opened(qtbot, edited(), ThemeChoice.DARK if theme.dark else ThemeChoice.LIGHT)
    view.show_against(preset("resnet34"), "ResNet-34")
    tints = {
        ground(theme, line, column) for line in view.model.walk() for column in (Column.LEFT, Column.RIGHT)
    }
    assert len(tints - {None}) >= 2
    for tint in tints - {None}:
        assert tint is not None
        for ink in (theme.text, theme.text_soft):
            assert contrast(ink, tint) >= 4.5, (tint, ink)
    assert contrast(theme.warn, theme.warn_soft) >= 4.5
    assert contrast(theme.text, mixed(theme.good, theme.window, 0.88)) >= 4.5
    for sign in (theme.warn, theme.good, theme.bad, theme.accent):
        assert contrast(sign, theme.window) >= 4.5


def test_a_narrow_panel_keeps_both_drawings_and_the_parameters(qtbot: QtBot, qapp: object) -> None:
    view = opened(qtbot, edited())
    view.show_against(preset("resnet50"), "ResNet-50")
    shown = []
    for width in (1100, 700, 560, 430):
        view.resize(width, 300)
        hidden = [view.tree.isColumnHidden(column) for column in Column]
        shown.append(hidden.count(False))
        assert not any(hidden[column] for column in (Column.PLACE, Column.LEFT, Column.RIGHT, Column.PARAMS))
        assert view.tree.columnWidth(Column.LEFT) >= 80
    assert all(wide >= narrow for wide, narrow in pairwise(shown))
    assert shown[0] == len(Column)


def test_indexes_of_lines_that_are_gone_find_nothing(qtbot: QtBot, qapp: object) -> None:
    document = edited()
    view = opened(qtbot, document)
    view.show_against(preset("resnet50"), "ResNet-50")
    stale = view.model.index(0, 0, view.model.index(3, 0))
    assert stale.data() is not None
    view.show_against(preset("resnet18"), "ResNet-18")
    assert view.model.node(stale) is None
    assert view.model.data(stale) is None
    assert view.model.parent(stale) == QModelIndex()


def test_another_drawing_forgets_the_steps_of_the_last_one_but_no_preset(qtbot: QtBot, qapp: object) -> None:
    document = edited()
    view = opened(qtbot, document)
    view.show_against(document.state(1), "step 1: change")
    document.load(preset("resnet101"))
    said = view.findChild(QLabel, "compareNone")
    assert isinstance(said, QLabel)
    assert said.isVisible()
    assert view.model.comparison is None
    view.show_against(preset("resnet50"), "ResNet-50")
    document.load(preset("resnet18"))
    qtbot.waitUntil(lambda: view.model.comparison.right is document.plan)  # type: ignore[union-attr]
    assert view.model.names[0] == "ResNet-50"


# --- in the window ----------------------------------------------------------------------------------------------------


def menu_of(window: MainWindow) -> QMenu:
    menu = window.findChild(QMenu, "menuCompare")
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    return menu


def pick(menu: QMenu, name: str, words: str) -> None:
    inner = menu.findChild(QMenu, name)
    assert isinstance(inner, QMenu)
    (action,) = [action for action in inner.actions() if action.text() == words]
    action.trigger()


def pick_file(window: MainWindow) -> None:
    (action,) = [one for one in menu_of(window).actions() if one.objectName() == "actionCompareFile"]
    action.trigger()


def against(window: MainWindow) -> tuple[str, Any]:
    view = window.findChild(CompareView, "compare")
    assert isinstance(view, CompareView)
    assert view.isVisible()
    assert view.model.comparison is not None
    return view.model.names[0], view.model.comparison.left.design


def test_the_menu_offers_steps_presets_files_and_runs(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    other = edits.remove_blocks(preset("resnet18"), ["s2b2"])
    file = tmp_path / "other.resnet.json"
    write_design(file, other)
    broken = tmp_path / "broken.resnet.json"
    broken.write_text("{", encoding="utf-8")
    with shown_window() as window:
        window.new_preset("resnet18")
        document = window.document
        start = document.design
        document.apply(edits.change_blocks(start, ["s1b1"], shortcut=ShortcutKind.ZERO_PAD), "Pad")
        RunFolder.create(other, default_spec("digits"))
        pick(menu_of(window), "menuCompareSteps", "As it began")
        assert against(window) == ("as it began", start)
        named = menu_of(window).findChild(QAction, "actionCompare_resnet34")
        assert isinstance(named, QAction)
        named.trigger()
        assert against(window) == ("ResNet-34", preset("resnet34"))
        monkeypatch.setattr(dialogs, "choose_open", lambda *_: file)
        pick_file(window)
        assert against(window) == ("other.resnet.json", other)
        runs = menu_of(window).findChild(QMenu, "menuCompareRuns")
        assert isinstance(runs, QMenu)
        runs.actions()[0].trigger()
        assert against(window)[0].startswith("run ")
        assert against(window)[1] == other
        # What cannot be read is told, and what was compared stays.
        monkeypatch.setattr(dialogs, "choose_open", lambda *_: broken)
        pick_file(window)
        assert against(window)[0].startswith("run ")
        assert any("broken.resnet.json" in label.text() for label in window.banners.findChildren(QLabel))


def test_the_history_hands_its_steps_over(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as window:
        window.new_preset("resnet18")
        document = window.document
        start = document.design
        document.apply(edits.remove_blocks(start, ["s2b2"]), "Delete")
        window.acts["showHistory"].trigger()
        view = window.editor.made("history")
        assert view is not None
        view.compare(0)  # type: ignore[attr-defined]
        assert against(window) == ("as it began", start)


def test_without_a_drawing_on_the_screen_there_is_nothing_to_compare(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as window:
        window.wake()
        assert not any(action.isEnabled() for action in menu_of(window).actions())
        window.new_preset("resnet18")
        enabled = [action.text() for action in menu_of(window).actions() if action.isEnabled()]
        assert enabled == ["A &preset", "A &file…"]  # no step yet, and no run
        inner = len(menu_of(window).findChildren(QMenu))
        assert len(menu_of(window).findChildren(QMenu)) == inner


@pytest.mark.parametrize("width", [608, 760, 1100])
def test_what_differs_is_read_whole_in_a_panel_of_any_width(qtbot: QtBot, width: int) -> None:
    """ResNet-50 beside ResNeXt-50: kind, width and groups of each block fit in their cells, line below line."""
    view = opened(qtbot, Document(preset("resnet50")))
    view.resize(width, 500)
    view.show_against(preset("resnext50_32x4d"), "ResNeXt-50")
    qtbot.waitUntil(lambda: view.tree.header().length() <= width)
    letters = QFontMetrics(font(13, bold=True))
    for node in view.model.walk():
        for column in (Column.LEFT, Column.RIGHT):
            index = view.model.index_of(node, column)
            changed = [piece for piece in view.model.pieces(node, column) if piece.changed]
            room = view.tree.columnWidth(column) - 16
            assert all(letters.horizontalAdvance(piece.shown) <= room for piece in changed)
            places = flow([(letters.horizontalAdvance(piece.shown), True) for piece in changed], room)
            lines = max((line for _, line in places), default=0)
            # As high as its lines: none is cut off below.
            assert view.tree.visualRect(index).height() >= (lines + 1) * LINE


def test_pieces_stand_side_by_side_while_there_is_room() -> None:
    assert flow([(50, True), (30, True), (40, True)], 100) == [(0, 0), (60, 0), (0, 1)]
    assert flow([(50, True), (60, False), (10, False)], 100) == [(0, 0), (60, 0)], (
        "what is equal is cut, not wrapped"
    )
    assert flow([(200, True), (10, True)], 100) == [(0, 0), (0, 1)], "too wide for any line: alone, and cut"
    assert flow([], 100) == []


def test_a_cells_tooltip_says_the_whole_of_it(qtbot: QtBot) -> None:
    view = opened(qtbot, Document(preset("resnet50")))
    view.show_against(preset("resnext50_32x4d"), "ResNeXt-50")
    node = line_of(view, "s1b1")
    tip = view.model.data(view.model.index_of(node, Column.LEFT), Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("ResNeXt-50: ")
    assert all(piece.text in tip for piece in view.model.pieces(node, Column.LEFT))


def test_every_field_of_a_drawing_has_a_word() -> None:
    names = {field.name for part in (BlockSpec, Stem, Head, InputSpec) for field in fields(part)}
    assert names <= FIELD_WORDS.keys()
    switches = {value_words(True), value_words(False)}
    assert switches == {"yes", "no"}, "the cells know switches by these"

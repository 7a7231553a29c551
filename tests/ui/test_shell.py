"""The window as a whole: start page, actions, docks, status, themes, the command palette, faults of ours."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.design import edits
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import InputSpec, ShortcutKind
from resnet_studio.ui.compare.view import CompareView
from resnet_studio.ui.confirmer import Confirmation
from resnet_studio.ui.format import delta
from resnet_studio.ui.shell.bugs import BugCatcher
from resnet_studio.ui.shell.command_palette import CommandPalette, matches
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.recent_row import RecentRow
from resnet_studio.ui.shell.recognise import recognised
from resnet_studio.ui.shell.shortcuts import show_shortcuts
from resnet_studio.ui.style import derived, style_sheet
from resnet_studio.ui.theme import DARK, LIGHT, Theme, ThemeChoice
from tests.ui.shell_window import shown_window


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def window(qapp: QApplication, home: Path) -> Iterator[MainWindow]:
    with shown_window() as shown:
        yield shown


def child(window: QWidget, name: str) -> QWidget:
    found = window.findChild(QWidget, name)
    assert isinstance(found, QWidget), name
    return found


def rename(window: MainWindow, name: str) -> None:
    window.document.apply(edits.rename(window.document.design, name), "Rename drawing")


# --- start page -------------------------------------------------------------------------------------------------------


def test_the_first_picture_is_the_start_page_without_editor_and_engine(window: MainWindow) -> None:
    assert not window.in_editor
    assert window.engine.hello is None
    assert window.findChild(QWidget, "canvas") is None
    assert {f"preset_{name}" for name, entry in PRESETS.items() if entry.featured} <= {
        button.objectName() for button in window.start_page.findChildren(QAbstractButton)
    }


def test_a_preset_is_opened_by_keyboard_alone(qtbot: QtBot, window: MainWindow) -> None:
    window.start_page.first_focus()
    qtbot.keyClick(child(window, "preset_digits_starter"), Qt.Key.Key_Right)
    qtbot.keyClick(child(window, "preset_resnet18"), Qt.Key.Key_Return)
    assert window.in_editor
    assert window.document.design == preset("resnet18")
    assert not window.isWindowModified()


def test_new_shows_the_start_page_and_escape_goes_back(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    window.acts["new"].trigger()
    assert not window.in_editor
    assert not window.acts["undo"].isEnabled()
    qtbot.keyClick(window.start_page, Qt.Key.Key_Escape)
    assert window.in_editor
    assert window.document.design.name == "Mine"


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
def test_cards_lie_inside_the_page_and_do_not_overlap(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    QApplication.processEvents()
    cards = [child(window, f"preset_{name}") for name, entry in PRESETS.items() if entry.featured]
    for card in cards:
        assert (
            card.mapTo(window.start_page.viewport(), card.rect().topRight()).x() <= window.start_page.width()
        )
    for i, one in enumerate(cards):
        over = [other.objectName() for other in cards[i + 1 :] if one.geometry().intersects(other.geometry())]
        assert over == [], (one.objectName(), [card.geometry() for card in cards])


def test_recent_files_stand_on_the_start_page_and_missing_ones_are_greyed(
    window: MainWindow, home: Path
) -> None:
    from resnet_studio.design.files import write_design

    write_design(home / "here.resnet.json", preset("resnet18"))
    window.settings.remember(home / "gone.resnet.json")
    window.settings.remember(home / "here.resnet.json")
    window.start_page.refresh_recent()
    rows = {row.path.name: row.isEnabled() for row in window.start_page.findChildren(RecentRow)}
    assert rows == {"here.resnet.json": True, "gone.resnet.json": False}


def test_recent_files_show_their_drawings_and_broken_ones_stay_plain(
    qtbot: QtBot, window: MainWindow, home: Path
) -> None:
    from resnet_studio.design.files import write_design

    drawn, broken = home / "drawn.resnet.json", home / "broken.resnet.json"
    write_design(drawn, preset("resnet18"))
    broken.write_text("{")
    for path in (drawn, broken):
        window.settings.remember(path)
    window.start_page.refresh_recent()
    rows = {row.path.name: row for row in window.start_page.findChildren(RecentRow)}
    one = rows["drawn.resnet.json"]
    qtbot.waitUntil(lambda: one.plan is not None)
    assert one.plan is not None
    assert one.plan.design == preset("resnet18")
    assert "11.7 M" in one.accessibleDescription().replace("\N{NO-BREAK SPACE}", " ").replace(
        "\N{NARROW NO-BREAK SPACE}", " "
    )
    other = rows["broken.resnet.json"]
    assert other.isEnabled()
    other.grab()
    QApplication.processEvents()
    assert other.plan is None
    # A drawing that was saved anew is read anew.
    write_design(drawn, preset("resnet34"))
    window.start_page.refresh_recent()
    again = [row for row in window.start_page.findChildren(RecentRow) if row.path == drawn]
    qtbot.waitUntil(lambda: again[-1].plan is not None)
    assert again[-1].plan is not None
    assert again[-1].plan.design == preset("resnet34")


# --- actions ----------------------------------------------------------------------------------------------------------


def test_every_shortcut_belongs_to_one_action(window: MainWindow) -> None:
    keys = [key.toString() for action in window.acts.all() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))


def test_undo_and_redo_say_what_they_do(window: MainWindow) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    assert window.acts["undo"].text() == "&Undo Rename drawing"
    window.acts["undo"].trigger()
    assert window.document.design.name == "ResNet-18"
    assert window.acts["redo"].isEnabled()
    assert not window.acts["undo"].isEnabled()


def test_keys_edit_the_drawing(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    window.document.select(["s1b1"])
    window.acts["delete"].trigger()
    assert window.document.design.find("s1b1") is None
    window.acts["undo"].trigger()
    assert window.document.design == preset("resnet18")


def test_the_input_popup_changes_the_input_as_one_step(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    button = child(window, "inputButton")
    assert isinstance(button, QPushButton)
    assert button.text() == "3 × 224 × 224"
    button.click()
    popup = child(window, "inputPopup")
    field = child(popup, "inputHeightField")
    assert isinstance(field, QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "96")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert window.document.design.input == InputSpec(channels=3, height=96, width=224)
    assert button.text() == "3 × 96 × 224"
    assert window.document.undo_stack.count() == 1
    popup.close()


@pytest.mark.parametrize("width", [880, 955, 1280])
def test_the_start_page_has_equal_margins_however_it_came_to_its_width(
    qtbot: QtBot, window: MainWindow, width: int
) -> None:
    body = window.start_page._body
    for before in (width, 1400, width, width + 1, width):
        window.resize(before, 800)
        right = lambda: window.width() - body.mapTo(window, QPoint(0, 0)).x() - body.width()  # noqa: E731
        qtbot.waitUntil(
            lambda right=right: abs(right() - body.mapTo(window, QPoint(0, 0)).x()) <= 12, timeout=2000
        )


def test_the_command_palette_finds_and_does(qtbot: QtBot, window: MainWindow) -> None:
    window.acts["find"].trigger()
    palette = window.findChild(CommandPalette)
    assert isinstance(palette, CommandPalette)
    QTest.keyClicks(palette.field, "resnext-50")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.document.design.name == "ResNeXt-50 32x4d"


def test_the_command_palette_lays_every_preset_beside_the_drawing(window: MainWindow) -> None:
    window.acts["find"].trigger()
    assert not any(entry.enabled for entry in _palette(window)._entries if "Compare with" in entry.words)
    _palette(window).close()
    window.new_preset("resnet50")
    window.acts["find"].trigger()
    QTest.keyClicks(_palette(window).field, "compare with resnext-50")
    QTest.keyClick(_palette(window).field, Qt.Key.Key_Return)
    assert window.document.design.name == "ResNet-50"
    view = window.show_tab("compare")
    assert isinstance(view, CompareView)
    model = view.model
    heads = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    assert any("ResNeXt-50" in str(head) for head in heads), heads


def _palette(window: MainWindow) -> CommandPalette:
    return next(each for each in window.findChildren(CommandPalette) if each.isVisible())


def test_the_command_palette_is_as_high_as_what_it_found(window: MainWindow) -> None:
    window.new_preset("digits_starter")
    window.doings.find_command()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    whole = palette.height()
    palette.field.setText("count flops")
    assert palette.height() < whole / 2
    palette.field.setText("")
    assert palette.height() == whole
    assert not palette.nothing.text()
    palette.field.setText("zzzq")
    assert "zzzq" in palette.nothing.text()
    palette.field.setText("text size 150")
    assert palette.list.count() == 1
    palette.close()


def test_the_list_of_keys_names_undo_and_not_what_it_would_undo(window: MainWindow) -> None:
    window.new_preset("digits_starter")
    rename(window, "Other")
    dialog = show_shortcuts(window.acts, window)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Undo" in words
    assert not any(word.startswith("Undo ") for word in words)
    dialog.close()


def test_the_list_of_keys_is_grouped_by_menu_searched_and_closed_by_a_button(window: MainWindow) -> None:
    window.new_preset("digits_starter")
    dialog = show_shortcuts(window.acts, window)

    def shown() -> list[str]:
        return [
            label.text() for label in dialog.findChildren(QLabel) if not label.isHidden() and label.text()
        ]

    told = shown()
    groups = [text for text in told if text.isupper() and len(text) > 2]
    assert groups[:4] == ["FILE", "EDIT", "DESIGN", "VIEW"]
    assert groups[-2:] == ["CANVAS", "NUMBER FIELDS"]
    keyed = [action for action in window.acts.all() if not action.shortcut().isEmpty()]
    assert len(told) >= 2 * len(keyed)
    find = dialog.findChild(QLineEdit, "shortcutsFind")
    assert find is not None
    find.setText("undo")
    assert shown() == ["EDIT", "Ctrl+Z", "Undo"]
    find.setText("zzz")
    assert shown() == ["No shortcut has these words."]
    find.clear()
    assert shown() == told
    button = dialog.findChild(QPushButton, "shortcutsClose")
    assert button is not None
    button.click()
    assert not dialog.isVisible()


def test_a_command_matches_by_words_and_beginnings_first() -> None:
    assert matches("", "Anything") > 0
    assert matches("zoom in", "Zoom in") > 0
    assert matches("in zo", "Zoom in") > 0
    assert matches("xyz", "Zoom in") == 0
    assert matches("re", "Redo") > matches("re", "Insert residual block") > matches("re", "Sure")


# --- what the drawing is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(PRESETS))
def test_a_preset_is_recognised_by_what_it_is_not_by_its_name(name: str) -> None:
    assert recognised(edits.rename(preset(name), "Something")).short == PRESETS[name].called.formal


def test_input_classes_and_near_drawings_are_said() -> None:
    design = preset("resnet50")
    adapted = edits.adapt(design, spec=InputSpec(channels=1, height=8, width=8), classes=10)
    assert recognised(adapted).short == "ResNet-50 v1.5, for 1×8×8 input, 10 classes"
    edited = edits.change_blocks(design, ["s2b1"], shortcut=ShortcutKind.POOL_PROJECTION)
    assert recognised(edited).short == "near ResNet-50 v1.5 · Stage 2, block 1"
    assert "Stage 2, block 1: shortcut pooled projection instead of projection" in recognised(edited).full
    assert recognised(replace(edits.rename(design, "Mine"), stages=design.stages[:1])).short == "Mine"
    assert recognised(replace(design, stages=design.stages[:1])).short == "ResNet-50 · edited"


# --- status -----------------------------------------------------------------------------------------------------------


def texts(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def test_totals_are_labelled_and_follow_the_convention(window: MainWindow) -> None:
    window.new_preset("resnet50")
    said = texts(child(window, "totals")).replace("\u202f", " ")
    assert "25.6 M parameters" in said
    assert "4.09 G mult-adds" in said
    assert "427 px receptive field" in said
    window.acts["showFlops"].trigger()
    assert "8.18 G FLOPs" in texts(child(window, "totals")).replace("\u202f", " ")


def test_a_change_is_told_in_the_convention_in_force(window: MainWindow) -> None:
    window.new_preset("resnet50")
    window.acts["showMacs"].trigger()
    block = window.document.design.stages[1].blocks[1]
    window.document.apply(edits.change_blocks(window.document.design, [block.id], width=256), "Width")
    work = child(window, "totalWork")
    in_macs = texts(work)
    window.acts["showFlops"].trigger()
    now, before = window.document.plan.totals, window.document.base_totals
    assert delta(now.macs - before.macs) in in_macs
    assert delta(2 * (now.macs - before.macs)) in texts(work)
    assert window.acts["showFlops"].isChecked()


def test_a_fresh_drawing_shows_no_deltas_and_an_edit_does(window: MainWindow) -> None:
    window.new_preset("resnet50")
    assert "+" not in texts(child(window, "totalParams"))
    window.document.apply(edits.remove_blocks(window.document.design, ["s1b2"]), "Delete")
    assert "\N{MINUS SIGN}70.4" in texts(child(window, "totalParams"))


def test_problems_are_counted_in_status_and_on_the_tab(window: MainWindow) -> None:
    window.new_preset("resnet50")
    count = child(window, "problemCount")
    assert isinstance(count, QPushButton)
    assert count.isHidden()
    window.document.apply(
        edits.change_blocks(window.document.design, ["s4b1"], shortcut=ShortcutKind.IDENTITY), "Break"
    )
    assert count.text() == "1 problem"
    badge = child(window, "problemsBadge")
    assert isinstance(badge, QLabel)
    assert badge.text() == "1"
    count.click()
    assert child(window, "problems").isVisible()


def test_torchinfo_agrees_once_the_engine_has_counted(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    assert window.confirmer.state is Confirmation.COUNTING
    window.wake()
    qtbot.waitUntil(lambda: window.confirmer.state is Confirmation.AGREES, timeout=20_000)
    assert window.confirmer.is_confirmed("layer1.0.conv2")
    assert "✓ torchinfo agrees" in texts(child(window, "totals"))
    rename(window, "differ")
    assert window.confirmer.state is Confirmation.COUNTING
    qtbot.waitUntil(lambda: window.confirmer.state is Confirmation.DIFFERS, timeout=20_000)
    assert not window.confirmer.is_confirmed("conv1")
    device = child(window, "device")
    assert isinstance(device, QPushButton)
    assert device.text() == "CPU, 2 threads"


def test_torchinfo_speaks_for_the_sound_part_of_a_broken_drawing(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet50")
    window.document.apply(
        edits.change_blocks(window.document.design, ["s4b1"], shortcut=ShortcutKind.IDENTITY), "Break"
    )
    window.wake()
    qtbot.waitUntil(lambda: window.confirmer.state is Confirmation.AGREES, timeout=20_000)
    assert window.confirmer.skipped == ("s4b1",)
    assert "sound part" in texts(child(window, "totals"))


def test_an_answer_about_an_older_drawing_is_dropped(qtbot: QtBot, window: MainWindow) -> None:
    window.new_preset("resnet18")
    window.wake()
    qtbot.waitUntil(lambda: window.confirmer.state is Confirmation.AGREES, timeout=20_000)
    rename(window, "differ")
    window.confirmer._ask()
    rename(window, "fine")
    qtbot.waitUntil(lambda: window.confirmer.state is not Confirmation.COUNTING, timeout=20_000)
    assert window.confirmer.state is Confirmation.AGREES


# --- docks and themes -------------------------------------------------------------------------------------------------


def test_docks_are_remembered_and_the_layout_can_be_reset(qapp: QApplication) -> None:
    with shown_window() as first:
        first.new_preset("resnet18")
        first.editor.inspector_dock.hide()
    with shown_window() as second:
        second.new_preset("resnet18")
        assert second.editor.inspector_dock.isHidden()
        second.acts["resetLayout"].trigger()
        assert second.editor.inspector_dock.isVisible()
        widths = [dock.width() for dock in second.editor.docks()]
    assert widths[0] < widths[1]


@pytest.mark.parametrize("size", [(1024, 700), (1280, 800), (1920, 1080)])
def test_nothing_in_the_editor_lies_over_another(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.new_preset("resnet50")
    QApplication.processEvents()
    parts: list[QWidget] = [*window.editor.docks(), window.editor.canvas]
    boxes = [part.geometry() for part in parts]
    for i, one in enumerate(boxes):
        assert not any(one.intersects(other) for other in boxes[i + 1 :]), (size, boxes)
    assert window.editor.canvas.width() > 0.4 * size[0]
    assert window.width() == size[0]


def test_the_theme_is_switched_and_kept(window: MainWindow) -> None:
    window.acts["themeDark"].trigger()
    assert window.theme.theme is DARK
    assert window.settings.theme is ThemeChoice.DARK
    assert window.acts["themeDark"].isChecked()
    assert QApplication.palette().window().color() == QColor(DARK.window)


def luminance(color: str) -> float:
    channels = [c / 255 for c in QColor(color).getRgb()[:3]]  # type: ignore[union-attr]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_stands_out_from_its_ground(theme: Theme) -> None:
    extra = derived(theme)
    pairs = [(ink, ground) for ink in (theme.text, theme.text_soft, theme.text_faint) for ground in (
        theme.window, theme.canvas, theme.card, theme.field)]  # fmt: skip
    pairs += [
        (extra["accent_ink"], ground) for ground in (theme.accent_soft, theme.window, theme.card, theme.field)
    ]
    pairs += [(theme.accent_text, theme.accent), (theme.accent_text, extra["accent_hover"])]
    pairs += [(ink, theme.window) for ink in (theme.good, theme.warn, theme.bad)]
    pairs += [(theme.text, ground) for ground in (theme.warn_soft, theme.bad_soft, theme.accent_soft)]
    pairs += [(theme.text_soft, ground) for ground in (theme.warn_soft, theme.bad_soft, theme.accent_soft)]
    weak = [(pair, round(contrast(*pair), 2)) for pair in pairs if contrast(*pair) < 4.5]
    assert weak == []


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_style_sheet_leaves_no_word_open(qapp: QApplication, theme: Theme) -> None:
    assert "$" not in style_sheet(theme)


# --- names ------------------------------------------------------------------------------------------------------------


def test_everything_that_can_be_operated_has_a_name_for_machines_and_for_people(window: MainWindow) -> None:
    window.new_preset("resnet50")
    for tab in ("layerTable", "diagram", "problems", "code", "history", "compare", "trainPanel", "runs"):
        window.show_tab(tab)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox, QAbstractItemView)
    # Qt's own parts: a combo box's list, a line edit's clear button, a table's header.
    inside = (QComboBox, QAbstractSpinBox, QLineEdit, QHeaderView)
    nameless = [
        (type(widget).__name__, widget.objectName(), widget.accessibleName())
        for kind in kinds
        for widget in window.findChildren(kind)
        if not widget.objectName().startswith("qt_")
        and not isinstance(widget, QHeaderView)
        and not isinstance(widget.parent(), inside)
        and "QComboBoxPrivate" not in str(widget.parent().metaObject().className())
        and not (widget.objectName() and (widget.accessibleName() or getattr(widget, "text", str)()))
    ]
    assert nameless == [], nameless


def test_the_window_has_the_names_that_others_look_for(window: MainWindow) -> None:
    window.new_preset("resnet50")
    names = ["palette", "canvas", "inspector", "totals", "exportButton"]
    names += ["layerTable", "diagram", "problems", "trainPanel", "trainButton", "stopButton"]
    for tab in ("layerTable", "diagram", "problems", "trainPanel"):
        window.show_tab(tab)
    assert [name for name in names if window.findChild(QWidget, name) is None] == []


# --- faults of ours ---------------------------------------------------------------------------------------------------


def test_a_fault_of_ours_is_logged_autosaved_and_told_once(
    qtbot: QtBot, window: MainWindow, home: Path
) -> None:
    window.new_preset("resnet18")
    rename(window, "Mine")
    bugs = BugCatcher(window.windows)
    bugs.install()
    try:
        for _ in range(3):
            try:
                raise KeyError("a fault")
            except KeyError:
                sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        bugs.remove()
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == 1
    assert "a fault" in boxes[0].text()
    assert bugs.log.read_text().count("KeyError: 'a fault'") == 3
    assert window.autosave.written_at is not None
    boxes[0].close()


def test_platform_shortcuts_are_the_usual_ones(window: MainWindow) -> None:
    usual = {"save": "Ctrl+S", "open": "Ctrl+O", "undo": "Ctrl+Z", "copy": "Ctrl+C", "find": "Ctrl+K"}
    assert {name: window.acts[name].shortcut().toString(QKeySequence.SequenceFormat.PortableText) for name in usual} == usual  # fmt: skip

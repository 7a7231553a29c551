"""Everything that can be operated has a name for machines and for people: the window with all its views, and every dialog."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QInputDialog,
    QLineEdit,
    QMenu,
    QProgressBar,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.runs.events import Finished
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.canvas.menu import context_menu
from resnet_studio.ui.curves.history import History
from resnet_studio.ui.runs.log_dialog import LogDialog
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.shell import dialogs
from resnet_studio.ui.shell.banner import Choice, Tone
from resnet_studio.ui.shell.farewell import Farewell
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.table.tree import LayerTree
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.widgets import saving
from tests.ui.shell_window import shown_window
from tests.ui.test_training_panel import epoch_events, started

_OPERATED = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QProgressBar,
)
# What Qt makes inside its own widgets: a combo box's list, a line edit's clear button, a scroll area's bars.
_OWNERS = (QComboBox, QAbstractSpinBox, QLineEdit, QHeaderView, QAbstractScrollArea)


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as shown:
        shown.new_preset("digits_starter")
        for tab in ("layerTable", "diagram", "problems", "code", "history", "compare", "trainPanel", "runs"):
            shown.show_tab(tab)
        yield shown


def is_qts_own(widget: QWidget) -> bool:
    name, parent = widget.objectName(), widget.parent()
    within = str(parent.metaObject().className()) if parent is not None else ""
    return (
        name.startswith("qt_")
        or isinstance(widget, QHeaderView | QScrollBar)
        or isinstance(parent, _OWNERS)
        or within in ("QComboBoxPrivateContainer", "QMenuBar", "QTabBar")
    )


def spoken(widget: QWidget) -> str:
    """What a screen reader says first."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return str(interface.text(QAccessible.Text.Name)).strip() if interface is not None else ""


def nameless(top: QWidget) -> list[str]:
    """What can be operated, or reached with Tab, and lacks a name of either kind."""
    faults = []
    for widget in [top, *top.findChildren(QWidget)]:
        reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not widget.focusProxy()
        if is_qts_own(widget) or not (isinstance(widget, _OPERATED) or reached):
            continue
        if not widget.objectName() or not spoken(widget):
            lineage = f"{type(widget.parent()).__name__} > {type(widget).__name__}"
            faults.append(f"{lineage} {widget.objectName()!r} {spoken(widget)!r}")
    return faults


def test_the_walk_finds_what_has_no_name(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    for kind in (QLineEdit, QMenu, QComboBox):
        kind(place)
    assert len(nameless(place)) == 3


def test_the_start_page(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))
    with shown_window() as window:
        window.wake()
        assert nameless(window) == []


def test_the_editor_with_every_view_and_menu(window: MainWindow) -> None:
    window.menu_seat.make()
    for menu in window.menuBar().findChildren(QMenu):
        menu.aboutToShow.emit()
    window.banners.tell("It went wrong.", "Do this.", Tone.BAD, Choice("Try again", print))
    for index in range(3):
        window.banners.tell(f"Again {index}.", "", Tone.WARN)
    assert nameless(window) == []


@pytest.mark.parametrize("chosen", [[], [STEM], [HEAD], ["s1"], ["s1b1"], ["s1b1", "s2b1"]])
def test_the_inspector_of_every_kind_of_selection(window: MainWindow, chosen: list[str]) -> None:
    broken = edits.change_blocks(preset("resnet50"), ["s1b1", "s2b1"], shortcut=ShortcutKind.IDENTITY)
    window.document.load(broken)
    window.document.select(chosen)
    assert nameless(window.editor.inspector) == []


def test_the_page_of_a_run(window: MainWindow) -> None:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    run = RunFolder.create(preset("digits_starter"), default_spec())
    panel.runner.run = run
    panel.runner.history = History(
        [started(), *epoch_events(1), Finished(step=4, best_accuracy=0.9, best_epoch=1, seconds=1.0)]
    )
    panel.runner.changed.emit()
    assert nameless(panel) == []


def dialog_of(window: MainWindow, ask: Callable[[], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a question that waits for its answer lacks."""
    found: list[str] = []

    def look(dialog: QDialog) -> int:
        found.extend(nameless(dialog))
        return 0

    for kind in (QDialog, QInputDialog):
        monkeypatch.setattr(kind, "exec", look)
    for kind in (saving.QMessageBox, dialogs.QMessageBox):
        monkeypatch.setattr(kind, "exec", look)
    ask()
    return found


@pytest.mark.parametrize(
    "ask",
    [
        lambda w: dialogs.ask_save(w, "Mine"),
        lambda w: dialogs.ask_overwrite(w, Path("x.resnet.json")),
        dialogs.ask_stop_training,
        lambda w: saving._may_replace(w, Path("x.pt")),
        lambda w: w.doings.rename(),
    ],
)
def test_the_questions(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, ask: Callable[[MainWindow], object]
) -> None:
    assert dialog_of(window, lambda: ask(window), monkeypatch) == []


def _delete_a_run(window: MainWindow) -> None:
    RunFolder.create(preset("digits_starter"), default_spec())
    runs = window.show_tab("runs")
    assert isinstance(runs, RunsView)
    from resnet_studio.runs.listing import list_runs

    runs._show_rows(list_runs())
    runs.run_actions.delete.trigger()


def _bug(window: MainWindow) -> None:
    dialogs.show_bug(window, "ValueError", "Traceback", Path("errors.log"))


def _farewell(window: MainWindow) -> None:
    panel = window.show_tab("trainPanel")
    assert isinstance(panel, TrainPanel)
    Farewell(panel, print, window).open()


@pytest.mark.parametrize(
    "show",
    [
        lambda w: w.doings.about(),
        lambda w: w.doings.show_shortcuts(),
        lambda w: w.doings.find_command(),
        lambda w: w.doings.edit_input(),
        lambda w: w.doings.export(),
        lambda w: LogDialog("It ended.", "line", w).open(),
        lambda w: w.show_tab("trainPanel")._complain(dialogs_error()),
        lambda w: w.show_tab("runs")._complain(dialogs_error()),
        _delete_a_run,
        _bug,
        _farewell,
    ],
)
def test_the_dialogs(window: MainWindow, show: Callable[[MainWindow], object]) -> None:
    before = QApplication.topLevelWidgets()
    show(window)
    made = [
        widget for widget in QApplication.topLevelWidgets() if widget not in before and widget.isVisible()
    ]
    assert made
    assert [fault for widget in made for fault in nameless(widget)] == []
    for widget in made:
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def dialogs_error() -> Exception:
    from resnet_studio.design.errors import StudioError

    return StudioError("It is gone.", "Look for it.")


def test_the_menus_that_a_right_click_opens(window: MainWindow) -> None:
    window.document.select(["s1b1"])
    tree = window.show_tab("layerTable").findChild(LayerTree)
    for menu in (context_menu(window.editor.canvas, None), tree.columns.menu(tree)):
        assert nameless(menu) == []
        assert all(action.text() or action.isSeparator() for action in menu.actions())
        menu.deleteLater()

"""Builds the whole window in a made-up language and prints every text of it; run as a program, for tables are made at import.

Each literal piece of a text stands in brackets, what is put into it does not: "⟦Stage ⟧2". So what shows no brackets was
either put in, and is a name or a number, or never went through `tr`. One line of JSON a text: part, widget, property, words.
With parts as arguments ("training", "all") it prints only what is not translated in them, to be read by people:

    RESNET_STUDIO_HOME=/tmp/home QT_QPA_PLATFORM=offscreen PYTHONPATH=. .venvs/ui/bin/python tests/ui/spoken_window.py training
"""

from __future__ import annotations

import gettext
import json
import string
import sys
from collections.abc import Callable, Iterator
from typing import Any

from resnet_studio.language import speak


def marked(text: str) -> str:
    """A text with each piece between its braces in brackets."""
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        return f"⟦{text}⟧"
    told = ""
    for words, name, spec, conversion in pieces:
        braces = words.replace("{", "{{").replace("}", "}}") if any(each[1] for each in pieces) else words
        told += f"⟦{braces}⟧" if words else ""
        if name is not None:
            told += f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}"
    return told


class Marked(gettext.NullTranslations):
    """A language that every text has a translation in."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)


if __name__ == "__main__":
    speak(Marked(), "xx")

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt  # noqa: E402
from PySide6.QtGui import QAccessible, QAction, QPainter  # noqa: E402
from PySide6.QtWidgets import (  # noqa: E402
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QDoubleSpinBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QSpinBox,
    QTabBar,
    QTextEdit,
    QWidget,
)

from resnet_studio.design import edits  # noqa: E402
from resnet_studio.ui.shell.main_window import MainWindow  # noqa: E402
from tests.ui.spoken_names import untold  # noqa: E402

# Which part of the window a widget belongs to, by the nearest of these names above it.
PARTS = {
    "startPage": "start page",
    "toolbar": "toolbar",
    "paletteDock": "palette",
    "inspectorDock": "inspector",
    "canvas": "canvas",
    "layerTable": "layer table",
    "diagram": "diagram",
    "problems": "problems",
    "code": "code",
    "history": "history",
    "compare": "compare",
    "trainPanel": "training",
    "runs": "runs",
    "status": "status",
    "banners": "banners",
    "tourCard": "tour",
}
# The user's own words and code are nobody's to translate; Qt's own helpers have no words of ours.
_USERS = (QLineEdit, QPlainTextEdit, QTextEdit)
QTS_OWN = ("ScrollLeftButton", "ScrollRightButton")
_ROLES = {
    Qt.ItemDataRole.DisplayRole: "row",
    Qt.ItemDataRole.ToolTipRole: "row's tip",
    Qt.ItemDataRole.AccessibleTextRole: "row as read out",
    Qt.ItemDataRole.AccessibleDescriptionRole: "row as described",
}


def texts_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """(property, words) of one widget."""
    yield "tooltip", widget.toolTip()
    yield "status tip", widget.statusTip()
    yield "name", widget.accessibleName()
    yield "description", widget.accessibleDescription()
    if widget.isWindow() or widget.metaObject().className().endswith("Dock"):
        yield "title", widget.windowTitle()
    if isinstance(widget, QLabel | QAbstractButton) and not (isinstance(widget, QLabel) and widget.picture()):
        yield "text", widget.text()
    if isinstance(widget, QGroupBox | QMenu):
        yield "text", widget.title()
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QSpinBox | QDoubleSpinBox):
        yield "unit", f"{widget.prefix()} {widget.suffix()}"
    if isinstance(widget, QAbstractSpinBox):
        yield "special", widget.specialValueText()
    if isinstance(widget, QProgressBar):
        yield "text", widget.text()
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            yield "tab", widget.tabText(index)
            yield "tab's tip", widget.tabToolTip(index)
    if isinstance(widget, QComboBox):
        yield from _of_model(widget.model(), "choice")
        yield "placeholder", widget.placeholderText()
    if isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView) and widget.model():
        yield from _of_model(widget.model(), "")
    if not isinstance(widget, _USERS):
        told = QAccessible.queryAccessibleInterface(widget)
        if told is not None and told.isValid():
            for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value):
                yield f"read out {kind.name}", told.text(kind)


def _of_model(model: QAbstractItemModel, what: str) -> Iterator[tuple[str, str]]:
    # A list's columns are not to be asked for.
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        for role, name in _ROLES.items():
            head = model.headerData(column, Qt.Orientation.Horizontal, role)
            if isinstance(head, str) and not head.isdigit():
                yield what or f"column ({name})", head

    def rows(parent: QModelIndex) -> Iterator[tuple[str, str]]:
        for row in range(min(model.rowCount(parent), 400)):
            for column in range(columns):
                index = model.index(row, column, parent)
                for role, name in _ROLES.items():
                    words = index.data(role)
                    if isinstance(words, str) and words != "separator":  # Qt's mark of one
                        yield what or name, words
            if not isinstance(model, QAbstractListModel):
                yield from rows(model.index(row, 0, parent))

    yield from rows(QModelIndex())


def part_of(widget: QWidget, else_: str) -> str:
    """The part of the window that a widget stands in."""
    at: QWidget | None = widget
    while at is not None:
        if at.objectName() in PARTS:
            return PARTS[at.objectName()]
        at = at.parentWidget()
    return else_


_painted: list[str] = []


def watch_painting() -> None:
    """Keep what Python code paints as text from now on: cards, silhouettes, plots."""
    draw, draw_static = QPainter.drawText, QPainter.drawStaticText

    def draw_text(painter: QPainter, *said: Any) -> Any:
        _painted.extend(part for part in said if isinstance(part, str))
        return draw(painter, *said)

    def draw_static_text(painter: QPainter, place: Any, laid: Any, *more: Any) -> Any:
        _painted.append(laid.text())
        return draw_static(painter, place, laid, *more)

    QPainter.drawText, QPainter.drawStaticText = draw_text, draw_static_text


def look_at_painting(widget: QWidget, part: str) -> None:
    """Print what is painted in this widget."""
    _painted.clear()
    widget.grab()
    for words in _painted:
        say(part, type(widget).__name__, "painted", words)


# What users and engines called things in the tests from which the dialogs are borrowed.
_made_up: set[str] = {"cat…", "&lt;b&gt;y.png"}
_NAMING = {
    "place",
    "name",
    "reason",
    "how",
    "notices",
    "notes",
    "path",
    "names",
    "classes",
    "title",
}


def make_up(value: Any, key: str = "") -> None:
    """Take the names out of an engine's answer."""
    if isinstance(value, dict):
        for inner, each in value.items():
            make_up(each, inner)
    elif isinstance(value, list | tuple):
        for each in value:
            make_up(each, key)
    elif isinstance(value, str) and key in _NAMING:
        _made_up.update({value, value.replace("/", "/\u200b")})


_said: set[tuple[str, ...]] = set()


def say(part: str, where: str, what: str, words: str) -> None:
    """Print one text, once."""
    for name in sorted(_made_up - {""}, key=len, reverse=True) if part == "dialogs" else ():
        words = words.replace(name, " ")
    line = (part, where, what, words)
    for_people = len(sys.argv) > 1
    known = (part, words) if for_people else line
    if not words.strip() or known in _said:
        return
    _said.add(known)
    if not for_people:
        print(json.dumps(line))
    elif (part in sys.argv or "all" in sys.argv) and untold(words):
        print(f"{part}: {where} {what}: {words!r}")


def look(root: QWidget, else_: str) -> None:
    """Print the texts of this widget and of all in it."""
    QApplication.processEvents()
    if not isinstance(root, MainWindow):
        look_at_painting(root, part_of(root, else_))
    for widget in (root, *root.findChildren(QWidget)):
        if widget.objectName() in QTS_OWN or widget.objectName().startswith("qt_dockwidget"):
            continue
        part = part_of(widget, else_)
        name = f"{type(widget).__name__}#{widget.objectName()}"
        for what, words in texts_of(widget):
            say(part, name, what, words)
        for action in widget.actions():
            if action.parent() is not None and not isinstance(widget, QMenu):
                _look_at_action(action, part)


def _look_at_action(action: QAction, part: str) -> None:
    for what, words in (("text", action.text()), ("tooltip", action.toolTip())):
        say(part, f"action {action.objectName()}", what, words)


def look_at_menu(menu: QMenu, part: str) -> None:
    """Print a menu's entries, and those of the menus in it."""
    menu.aboutToShow.emit()
    say(part, menu.objectName(), "title", menu.title())
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            look_at_menu(inner, part)
        else:
            _look_at_action(action, part)


def look_at_dialog(part: str, open_it: Callable[[], object]) -> None:
    """Open it, print what it shows, close it."""
    before = set(QApplication.topLevelWidgets())
    open_it()
    QApplication.processEvents()
    opened = [
        each
        for each in QApplication.topLevelWidgets()
        if each not in before and each.isVisible() and each.objectName() != "mainWindow"
    ]
    if not opened:
        raise SystemExit(f"{part}: nothing opened")
    for each in opened:
        look(each, part)
        if isinstance(each, QDialog):
            each.done(0)
        each.close()
    QApplication.processEvents()


def make() -> MainWindow:
    """The window with an engine that computes nothing."""
    from resnet_studio.ui.app import make_application
    from resnet_studio.ui.engine_client import EngineClient
    from resnet_studio.ui.shell.settings import Settings
    from resnet_studio.ui.style import dress
    from resnet_studio.ui.theme import ThemeChoice, ThemeManager
    from tests.ui.shell_window import FAKE

    theme = ThemeManager(ThemeChoice.LIGHT)
    dress(make_application(), theme)
    return MainWindow(Settings(), theme, EngineClient(FAKE, back_off_ms=1))


def main() -> None:
    """Walk through the window."""
    from tests.ui.test_structure_dialogs import make_runs

    watch_painting()
    make_runs()
    window = make()
    window.resize(1280, 800)
    window.show()
    look(window.start_page, "start page")
    _tour(window)
    window.new_preset("resnet50")
    menus: dict[str, Any] = window.menu_seat.menus
    _ = window.acts
    for menu in menus.values():
        look_at_menu(menu, "menus")
    for action in window.acts.all():
        _look_at_action(action, "menus")
    _editor(window)
    _dialogs(window)
    window.document.undo_stack.setClean()
    window.close()
    window.engine.close()


def _tour(window: MainWindow) -> None:
    from resnet_studio.ui.tour.guide import Guide

    window.doings.start_tour()
    guide = window.findChild(Guide)
    assert isinstance(guide, Guide)
    for _ in range(14):
        look(guide.card, "tour")
        guide.player.next()
    guide.player.end()
    window.document.undo_stack.setClean()


def _editor(window: MainWindow) -> None:
    document = window.document
    block = document.design.stages[1].blocks[0].id
    document.select((block,))
    for tab in ("layerTable", "diagram", "problems", "code", "history", "compare", "trainPanel", "runs"):
        look(window.show_tab(tab), "window")
    look(window, "window")
    for dock in (window.editor.palette_dock, window.editor.inspector_dock, window.editor.canvas):
        look_at_painting(dock, part_of(dock, ""))
    for item in ("stem", "head"):
        document.select((item,))
        look(window.editor.inspector_dock, "inspector")
    document.select(tuple(each.id for each in document.design.stages[1].blocks))
    look(window.editor.inspector_dock, "inspector")
    document.apply(edits.change_blocks(document.design, [block], groups=33), "⟦A step⟧")
    document.select((block,))
    for tab in ("problems", "history", "layerTable", "trainPanel"):
        look(window.show_tab(tab), "window")
    look(window, "window")


def _dialogs(window: MainWindow) -> None:
    from resnet_studio.runs.evaluation import evaluation_to
    from resnet_studio.runs.survey import survey_to
    from tests.ui.test_structure_dialogs import EVALUATION, OPENERS, RECEIPT, SURVEY, answer

    do = window.doings
    for given in (
        answer(),
        RECEIPT,
        survey_to(SURVEY),
        evaluation_to(EVALUATION),
        {"title": "digits, run 1"},
    ):
        make_up(given)
    for name in (
        "receipt",
        "import",
        "brought",
        "evaluation",
        "data",
        "overlay",
        "compare runs",
        "label",
        "log",
    ):
        look_at_dialog("dialogs", lambda name=name: OPENERS[name](window).show())  # type: ignore[misc]
    for part, open_it in (
        ("export", do.export),
        ("import weights", do.import_weights),
        ("presets form", do.new_from_family),
        ("shortcuts", do.show_shortcuts),
        ("command palette", do.find_command),
        ("verify", do.verify_figures),
        ("numbers", do.explain_numbers),
        ("about", do.about),
        ("input", do.edit_input),
        ("drop path", do.edit_drop_path),
    ):
        look_at_dialog(part, open_it)


if __name__ == "__main__":
    main()
    sys.exit(0)

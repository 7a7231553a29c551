"""The application's style sheet and palette, made from a Theme's tokens over Qt's Fusion style. Knows no window.

A length in `tx` holds letters: it is a pixel where text stands at 100 %, and follows the size of the text.
Widgets ask for a look by dynamic properties: `role` = "primary" | "quiet" | "pill" | "segment" | "heading" | "title" | "soft" | "link".
"""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from resnet_studio.resources_path import resource
from resnet_studio.ui.sizing import fit_letters, fit_to_text
from resnet_studio.ui.theme import Theme, ThemeManager, font, px, text_scale

STYLE = "Fusion"
# The application's property that says it was made with our style.
STYLED = "resnetStudioStyled"

_SHEET = """
QMainWindow, QDialog, QMessageBox, QFileDialog { background: $window; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }
QToolTip { background: $card; color: $text; border: 1px solid $line_strong; padding: 4px 8px; }

QMenuBar { background: $window; border-bottom: 1px solid $line; padding: 0 4px; }
QMenuBar::item { background: transparent; color: $text_soft; padding: 6px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: $field; color: $text; }
QMenuBar::item:pressed { background: $accent_soft; color: $accent_ink; }
QMenu { background: $card; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 28tx 5px 28tx; border-radius: 4px; }
QMenu::item:selected { background: $accent_soft; color: $accent_ink; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 11tx; height: 11tx; left: 8px; border: 1px solid $text_faint; background: $field; }
QMenu::indicator:exclusive { border-radius: 6tx; }
QMenu::indicator:non-exclusive { border-radius: 3px; }
QMenu::indicator:checked { background: $accent; border-color: $accent; }
QMenu::indicator:non-exclusive:checked { image: url("$check"); }

QPushButton, QToolButton { background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px 10px; min-height: 20tx; }
QPushButton:hover, QToolButton:hover { border-color: $line_strong; }
QPushButton:pressed, QToolButton:pressed { background: $accent_soft; }
QPushButton:disabled, QToolButton:disabled { color: $disabled; background: transparent; }
QPushButton:focus, QToolButton:focus { border: 1px solid $accent; }
QPushButton:checked, QToolButton:checked { background: $accent_soft; color: $accent_ink; border-color: $accent_soft; }
QPushButton:default { border-color: $accent; color: $accent_ink; }
QMessageBox QLabel#qt_msgbox_label { font-weight: 600; }
QPushButton[role="primary"], QToolButton[role="primary"] {
  background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled {
  background: $field; color: $disabled; border-color: $line; }
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border: 2px solid $text; padding: 3px 9px; }
/* Always: Qt leaves the letters bold of a button that was blue before, and of no other. */
QToolButton#toolbarTrain { font-weight: 600; }
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border-color: transparent; padding: 4px 6px; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $field; border-color: $line; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="pill"], QToolButton[role="pill"] {
  background: $accent_soft; color: $accent_ink; border-color: $accent_soft; border-radius: 13px; padding: 4px 12px; font-weight: 600; }
QPushButton[role="pill"]:hover { border-color: $accent; }
QPushButton[role="link"] { background: transparent; border-color: transparent; color: $accent_ink; padding: 0 4px; min-height: 0; text-align: left; }
QPushButton[role="link"]:disabled { color: $text_soft; }
QPushButton[role="link"]:hover { text-decoration: underline; }
QPushButton[role="link"]:focus { border-color: $accent; }
QPushButton[role="search"] { color: $text_soft; text-align: left; }
QPushButton[role="segment"] { background: $field; color: $text_soft; border-radius: 0; padding: 4px 12px; }
QPushButton[role="segment"]:checked { background: $accent_soft; color: $accent_ink; font-weight: 600; }
QPushButton[role="segment"][place="first"] { border-top-left-radius: 6px; border-bottom-left-radius: 6px; border-right: none; }
QPushButton[role="segment"][place="last"] { border-top-right-radius: 6px; border-bottom-right-radius: 6px; }
QPushButton[role="segment"]:focus { border: 1px solid $accent; }
QPushButton:checked:focus, QToolButton:checked:focus, QPushButton[role="pill"]:focus, QToolButton[role="pill"]:focus { border-color: $accent; }
QToolButton::menu-indicator, QPushButton::menu-indicator { image: none; width: 0; }

QLabel { background: transparent; border: none; }
QLabel[role="heading"] { color: $text_soft; font-size: 11tx; font-weight: 600; letter-spacing: 0.8px; }
QLabel[role="title"] { font-size: 16tx; font-weight: 600; }
QLabel[role="display"] { font-size: 26tx; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="soft"] { color: $text_soft; }
QLabel[role="soft"]:disabled { color: $disabled; }
QLabel[role="badge"] { font-weight: 600; padding-right: 8px; }
QLabel[role="good"] { color: $good; }
QLabel[role="warn"] { color: $warn; }
QLabel[role="bad"] { color: $bad; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QAbstractSpinBox {
  background: $field; border: 1px solid $line; border-radius: 6px; padding: 3px 8px; min-height: 20tx;
  selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $line_strong; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on { border-color: $accent; }
QPlainTextEdit[role="field"] { background: $field; border: 1px solid $line; border-radius: 6px; padding: 4px; }
QPlainTextEdit[role="field"]:focus { border: 1px solid $accent; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled, QPlainTextEdit:disabled { color: $disabled; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"] { border-color: $bad; }
QLineEdit QToolButton { background: transparent; border: none; padding: 0; min-height: 0; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { subcontrol-origin: border; width: 16tx; border: none; background: transparent; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $line; border-radius: 3px; }
QAbstractSpinBox::up-arrow { image: url("$up"); width: 8tx; height: 8tx; }
QAbstractSpinBox::down-arrow { image: url("$down"); width: 8tx; height: 8tx; }
QComboBox { padding-right: 2px; combobox-popup: 0; }
QComboBox::drop-down { subcontrol-origin: border; subcontrol-position: center right; width: 22tx; border: none; }
QComboBox::down-arrow { image: url("$down"); width: 10tx; height: 10tx; }
QComboBox QAbstractItemView { background: $card; border: 1px solid $line_strong; padding: 4px; outline: none;
  selection-background-color: $accent_soft; selection-color: $accent_ink; }
QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator, QListView::indicator { width: 14tx; height: 14tx; border: 1px solid $text_faint; border-radius: 4px; background: $field; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:checked:disabled { background: $disabled; border-color: $disabled; }
QRadioButton::indicator { width: 14tx; height: 14tx; border: 1px solid $text_faint; border-radius: 8tx; background: $field; }
QRadioButton::indicator:checked { background: $accent; border-color: $accent; }
QSlider::groove:horizontal { height: 4px; background: $line; border-radius: 2px; }
QSlider::handle:horizontal { width: 14tx; height: 14tx; margin: -5tx 0; border-radius: 7tx; background: $accent; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 5px; min-height: 5px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

/* Words alone: the icons of Qt's own buttons are another program's. */
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }

QTabWidget::pane { border: none; border-top: 1px solid $line; background: $window; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $text_soft; padding: 8px 14px 6px 14px; border: none; border-bottom: 2px solid transparent; }
QTabBar[many="true"]::tab { padding: 8px 7px 6px 7px; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $accent_ink; border-bottom: 2px solid $accent; font-weight: 600; }
QTabBar::tab:focus { background: $field; }
QTabBar::scroller { width: 36tx; }
QTabBar QToolButton { background: $window; border: 1px solid transparent; border-radius: 4px; padding: 0; min-height: 0; margin: 2px 0; }
QTabBar QToolButton:hover { background: $field; border-color: $line; }
QTabBar QToolButton::left-arrow { image: url("$left"); width: 10tx; height: 10tx; }
QTabBar QToolButton::right-arrow { image: url("$right"); width: 10tx; height: 10tx; }

QAbstractItemView { background: $window; border: none; outline: none; alternate-background-color: $field;
  selection-background-color: $accent_soft; selection-color: $text; gridline-color: $grid; }
QAbstractItemView::item { padding: 3px 8px; }
/* The words of a cell stand 3px further in than its padding: so they stand below those of their head. */
QTreeView::item { padding: 3px 5px; }
QListWidget#commandList { background: transparent; }
QListWidget#commandList::item { padding: 0; border-radius: 4px; }
QAbstractItemView::item:hover { background: $field; }
QAbstractItemView::item:selected { background: $accent_soft; color: $text; }
QHeaderView { background: $window; border: none; }
QHeaderView::section { background: $window; color: $text_soft; border: none; border-bottom: 1px solid $line; padding: 4px 8px; font-weight: 600; }
QHeaderView::section:hover { color: $text; }
QTableCornerButton::section { background: $window; border: none; }

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: $scroll; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 28tx; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::handle:hover { background: $text_faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea { background: $window; border: none; }
QAbstractScrollArea::corner { background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollArea#inspectorScroll, QScrollArea#trainSettings { border: 1px solid transparent; }
QScrollArea#inspectorScroll:focus, QScrollArea#trainSettings:focus { border-color: $accent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

QDockWidget { background: $window; color: $text_soft; }
QDockWidget > QWidget { background: $window; }
QStatusBar { background: $window; border-top: 1px solid $line; min-height: 26tx; }
QStatusBar::item { border: none; }
QSizeGrip { width: 0; height: 0; }
QGroupBox { border: 1px solid $line; border-radius: 6px; margin-top: 16px; padding-top: 8px; }
QGroupBox::title { subcontrol-origin: margin; left: 8px; color: $text_soft; font-weight: 600; }
QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: 8px; }
QFrame[role="field"] { background: $field; border: 1px solid $line; border-radius: 6px; }
QFrame[role="bar"] { background: $window; border: none; border-bottom: 1px solid $line; }
QFrame[role="rule"] { background: $line; border: none; }
QFrame[role="banner"][tone="info"] { background: $accent_soft; border: none; border-bottom: 1px solid $line; }
QFrame[role="banner"][tone="warn"] { background: $warn_soft; border: none; border-bottom: 1px solid $line; }
QFrame[role="banner"][tone="bad"] { background: $bad_soft; border: none; border-bottom: 1px solid $line; }
"""


def mixed(first: str, second: str, share: float) -> str:
    """`first` with a share (0..1) of `second`, as "#rrggbb"."""
    a, b = QColor(first), QColor(second)
    parts = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in parts)


def derived(theme: Theme) -> dict[str, str]:
    """The colours that the style sheet needs beyond the tokens.

    `accent_ink` is the accent as text: on `accent_soft` the plain accent falls short of 4.5 to 1 in places.
    """
    return {
        "accent_ink": mixed(theme.accent, theme.text, 0.25),
        "accent_hover": mixed(theme.accent, theme.text, 0.15),
        "disabled": mixed(theme.text_faint, theme.window, 0.2),
        "scroll": mixed(theme.line_strong, theme.window, 0.2),
    }


def style_sheet(theme: Theme) -> str:
    """The whole application's style sheet."""
    words = {name: getattr(theme, name) for name in theme.__dataclass_fields__ if name != "dark"}
    words |= derived(theme) | _images(theme)
    sheet = _SHEET
    for name in sorted(words, key=len, reverse=True):
        sheet = sheet.replace(f"${name}", words[name])
    return in_pixels(sheet)


def in_pixels(sheet: str) -> str:
    """A style sheet whose lengths in `tx` are pixels at the size of the text in force."""
    return re.sub(r"(\d+)tx\b", lambda length: f"{px(int(length[1]))}px", sheet)


def _images(theme: Theme) -> dict[str, str]:
    """The marks that a style sheet can only take from files."""
    tone = "dark" if theme.dark else "light"
    return {
        name: resource("icons", f"{name}-{tone}.svg").as_posix()
        for name in ("up", "down", "left", "right", "check")
    }


def palette(theme: Theme) -> QPalette:
    """The palette for whatever the style sheet does not reach: placeholders, links, the file dialog."""
    colors = derived(theme)
    result = QPalette()
    role = QPalette.ColorRole
    table = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.window, role.Text: theme.text,
        role.AlternateBase: theme.field, role.Button: theme.field, role.ButtonText: theme.text,
        role.ToolTipBase: theme.card, role.ToolTipText: theme.text, role.PlaceholderText: theme.text_faint,
        role.Highlight: theme.accent, role.HighlightedText: theme.accent_text, role.Link: colors["accent_ink"],
        role.BrightText: theme.bad, role.Mid: theme.line, role.Dark: theme.line_strong, role.Light: theme.card,
        role.Midlight: theme.field, role.Shadow: theme.line_strong, role.Accent: theme.accent,
    }  # fmt: skip
    for where, value in table.items():
        result.setColor(where, QColor(value))
    for where in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, where, QColor(colors["disabled"]))
    return result


def dress(app: QApplication, themes: ThemeManager) -> None:
    """Dress the application in the theme in force, now and whenever it changes."""

    worn = text_scale()

    def put_on() -> None:
        nonlocal worn
        app.setPalette(palette(themes.theme))
        app.setFont(font())
        before, worn = worn, text_scale()
        # The sheet keeps what it says of a part together with the font that its widget has when the sheet comes, ...
        if before != worn:
            fit_to_text(before, worn)
        app.setStyleSheet(style_sheet(themes.theme))
        # ... and gives some widgets the font back that they had under the sheet before.
        if before != worn:
            fit_letters()

    if not app.property(STYLED):
        app.setStyle(STYLE)
    put_on()
    themes.changed.connect(put_on)

"""What is wrong with how a window stands: words that are cut, widgets that lie over each other, widgets without size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QRubberBand,
    QScrollBar,
    QSplitterHandle,
    QStackedWidget,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QWidget,
)

from resnet_studio.ui.widgets.elided import ElidedLabel

_ROUNDING = 2
# What floats over its neighbours on purpose.
_FLOATING = ("codeNumbers", "dragImage", "canvasHint", "canvasBar", "rubberBand", "notice")


def seen(window: QWidget) -> Iterator[QWidget]:
    """Every widget of the window that is shown."""
    return (widget for widget in window.findChildren(QWidget) if widget.isVisible())


def name(widget: QWidget) -> str:
    """A widget as a failed test should call it."""
    words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{widget.metaObject().className()}#{widget.objectName()} {words!r}"


def cut_words(window: QWidget) -> list[str]:
    """Widgets whose words do not fit into them; those that shorten them themselves must tell the whole as a tooltip."""
    return [f"{name(widget)}: {fault}" for widget in seen(window) if (fault := _cut(widget))]


def _cut(widget: QWidget) -> str:
    if isinstance(widget, ElidedLabel) and not widget.wordWrap():
        widget.grab()  # it knows only then whether it is cut
        whole = widget.fontMetrics().horizontalAdvance(widget.text()) <= widget.contentsRect().width()
        return "" if whole or widget.toolTip() else "shortened without a tooltip"
    if isinstance(widget, QLabel):
        return _cut_label(widget)
    if isinstance(widget, QPushButton | QCheckBox | QToolButton) and widget.text():
        if (
            isinstance(widget, QToolButton)
            and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly
        ):
            return ""
        wanted = widget.minimumSizeHint().expandedTo(widget.sizeHint())
        words = widget.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, widget.text())
        room = widget.size()
        if words.width() > room.width() or words.height() > room.height() + _ROUNDING:
            return f"{room.toTuple()} for {wanted.toTuple()}"
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = widget.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
        )
        if widget.fontMetrics().horizontalAdvance(widget.currentText()) > field.width() + _ROUNDING:
            return (
                "" if widget.toolTip() else f"{widget.currentText()!r} in {field.width()} without a tooltip"
            )
    return ""


def _cut_label(label: QLabel) -> str:
    if not label.text() or label.pixmap().width():
        return ""
    room = label.contentsRect()
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        return f"{label.height()} high for {needed}" if needed > label.height() + _ROUNDING else ""
    if label.textFormat() is Qt.TextFormat.RichText:
        return ""
    words = label.fontMetrics().size(0, label.text())
    if words.width() > room.width() + _ROUNDING or words.height() > room.height() + _ROUNDING:
        return f"{room.size().toTuple()} for {words.toTuple()}"
    return ""


def overlaps(window: QWidget) -> list[str]:
    """Siblings that lie over each other."""
    found = []
    for parent in (window, *seen(window)):
        if isinstance(parent, QAbstractScrollArea | QStackedWidget | QComboBox):
            continue  # a viewport lies under its bars
        children = [
            child
            for child in parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
            if child.isVisible() and not child.isWindow() and not _floats(child)
        ]
        for one, other in combinations(children, 2):
            shared = one.geometry() & other.geometry()
            if shared.width() > _ROUNDING and shared.height() > _ROUNDING:
                found.append(f"{name(one)} and {name(other)} share {shared.getRect()}")
    return found


def _floats(widget: QWidget) -> bool:
    inside = (QScrollBar, QRubberBand, QSplitterHandle)
    return (
        isinstance(widget, inside)
        or widget.objectName() in _FLOATING
        or widget.objectName().startswith("qt_")
    )


def without_size(window: QWidget) -> list[str]:
    """Widgets that are shown and want an area, but have none."""
    return [
        name(widget)
        for widget in seen(window)
        if (widget.width() <= 0 or widget.height() <= 0)
        and not widget.sizeHint().isEmpty()
        and not widget.objectName().startswith("qt_")
    ]


def place(widget: QWidget, window: QWidget) -> QRect:
    """Where a widget stands in its window."""
    return QRect(widget.mapTo(window, QPoint(0, 0)), widget.size())

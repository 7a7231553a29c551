"""Lengths of widgets that follow the size of the text: said once for 100 %, set again when it changes. Knows no drawing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict, Unpack, cast

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTreeView,
    QWidget,
)

from resnet_studio.ui.theme import font, px

_SAID = "sizedForText"
FITS_ITSELF = "fitsItself"  # a header with it finds its widths by itself
_TITLE_BAR = 40  # of a window, which the screen must have room for, too
_SETTERS: dict[str, Callable[[QWidget, int], None]] = {
    "width": QWidget.setFixedWidth,
    "height": QWidget.setFixedHeight,
    "least_width": QWidget.setMinimumWidth,
    "least_height": QWidget.setMinimumHeight,
    "most_width": QWidget.setMaximumWidth,
    "most_height": QWidget.setMaximumHeight,
}


class Lengths(TypedDict, total=False):
    """What a widget can say of itself, in pixels where text stands at 100 %."""

    width: int
    height: int
    least_width: int
    least_height: int
    most_width: int
    most_height: int
    icon: int
    letters: int
    bold: bool


def sized(widget: QWidget, **lengths: Unpack[Lengths]) -> None:
    """Set a widget's lengths and letters, now and at every size of the text; what was said before and is not said now stays.

    Args:
        widget: a part of the window.
        lengths: width, height: both bounds; least_..., most_...: one; icon: the edge of a button's or list's icons;
            letters, bold: the font.
    """
    said = cast("Lengths", dict(widget.property(_SAID) or {}))
    said.update(lengths)
    widget.setProperty(_SAID, said)
    _apply(widget, said)


def _apply(widget: QWidget, said: Lengths) -> None:
    if "letters" in said:
        widget.setFont(font(said["letters"], bold=said.get("bold", False)))
    for name, set_length in _SETTERS.items():
        if name in said:
            set_length(widget, px(cast("int", said.get(name))))
    if "icon" in said and isinstance(widget, QAbstractButton | QAbstractItemView):
        edge = px(said["icon"])
        widget.setIconSize(QSize(edge, edge))


def opened_at(window: QWidget, width: int, height: int) -> None:
    """Make a window that is about to open as large as its letters ask, and no larger than the screen."""
    room = window.screen().availableSize()
    window.resize(min(px(width), room.width()), min(px(height), room.height() - _TITLE_BAR))


def fit_to_text(before: float, now: float) -> None:
    """Set every widget's lengths again: the text was `before` times as large as at 100 % and is `now`."""
    ratio = now / before
    for widget in QApplication.allWidgets():
        said = widget.property(_SAID)
        if said:
            _apply(widget, said)
        if isinstance(widget, QHeaderView) and not widget.property(FITS_ITSELF):
            _fit_sections(widget, ratio)
        elif isinstance(widget, QAbstractItemView):
            if isinstance(widget, QTreeView):
                widget.setIndentation(round(widget.indentation() * ratio))
            widget.scheduleDelayedItemsLayout()
        widget.updateGeometry()


def fit_letters() -> None:
    """Set every widget's own font again."""
    for widget in QApplication.allWidgets():
        said = widget.property(_SAID)
        if said and "letters" in said:
            widget.setFont(font(said["letters"], bold=said.get("bold", False)))


def _fit_sections(header: QHeaderView, ratio: float) -> None:
    """Columns, and rows of the same height, grow with their words; those that find their width themselves do not."""
    header.setMinimumSectionSize(round(header.minimumSectionSize() * ratio))
    header.setDefaultSectionSize(round(header.defaultSectionSize() * ratio))
    for section in range(header.count()):
        size = header.sectionSize(section)  # 0 where it is hidden, and it must not come back like that
        if size and header.sectionResizeMode(section) is QHeaderView.ResizeMode.Interactive:
            header.resizeSection(section, round(size * ratio))

"""Frames the row that has the keyboard, in the theme's accent: Qt's own way shades the whole row over what is in it. Knows no table."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem

from resnet_studio.ui.theme import Theme, color


def frame_current_row(
    view: QAbstractItemView,
    painter: QPainter,
    option: QStyleOptionViewItem,
    index: QModelIndex | QPersistentModelIndex,
    theme: Theme,
) -> None:
    """To be called after a row was drawn."""
    current = view.currentIndex()
    if view.hasFocus() and index.row() == current.row() and index.parent() == current.parent():
        painter.setPen(color(theme.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(option.rect.adjusted(0, 0, -1, -1))

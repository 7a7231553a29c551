"""The list of presets with their parameters, filtered by words. Knows what a preset is, and not what opening one does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import Design
from resnet_studio.ui.format import si
from resnet_studio.ui.theme import ThemeManager, color, font, px

Index = QModelIndex | QPersistentModelIndex
NAME = Qt.ItemDataRole.UserRole
ROW = 26


@cache
def params_of(name: str) -> int:
    """Parameters of a preset, counted when first shown."""
    return analyse(PRESETS[name].make()).totals.params


@cache
def _unnamed(name: str) -> Design:
    return replace(PRESETS[name].make(), name="")


def preset_of(design: Design) -> str | None:
    """The preset that this drawing is, whatever it is called; None when it is another one."""
    unnamed = replace(design, name="")
    return next((name for name in PRESETS if _unnamed(name) == unnamed), None)


class PresetModel(QAbstractListModel):
    """Every preset: its title, its name (NAME), and one line about it as the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._presets = list(PRESETS.values())

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._presets)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        preset = self._presets[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return preset.title
        if role == NAME:
            return preset.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{preset.note}\n{preset.source}\nDouble-click or press Enter to open it."
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{preset.title}, {si(params_of(preset.name))} parameters"
        return None


class PresetFilter(QSortFilterProxyModel):
    """Keeps the presets that hold every typed word, in title, name or note."""

    def __init__(self, model: PresetModel) -> None:
        super().__init__()
        self._model = model
        self.setSourceModel(model)
        self._words: tuple[str, ...] = ()

    def show_words(self, text: str) -> None:
        """Filter by another text."""
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        preset = PRESETS[self._model.index(row, 0).data(NAME)]
        text = f"{preset.title} {preset.name} {preset.note}".casefold()
        return all(word in text for word in self._words)


class PresetDelegate(QStyledItemDelegate):
    """Paints a preset: title on the left, parameters on the right."""

    def __init__(self, theme_manager: ThemeManager) -> None:
        super().__init__()
        self._themes = theme_manager

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(120), px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._themes.theme
        state: QStyle.StateFlag = option.state
        box = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or hovered:
            painter.setBrush(color(theme.accent_soft if chosen else theme.field))
            painter.drawRoundedRect(box, 5, 5)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(color(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        self._words(painter, box.adjusted(6, 0, -5, 0), index, chosen=chosen)
        painter.restore()

    def _words(self, painter: QPainter, box: QRectF, index: Index, *, chosen: bool) -> None:
        theme = self._themes.theme
        number = si(params_of(index.data(NAME)))
        painter.setFont(font(11, bold=chosen))
        painter.setPen(color(theme.text_soft))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, number)
        room = box.width() - painter.fontMetrics().horizontalAdvance(number) - 5
        painter.setFont(font(12, bold=chosen))
        painter.setPen(color(theme.accent if chosen else theme.text))
        title = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, int(room))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, title)

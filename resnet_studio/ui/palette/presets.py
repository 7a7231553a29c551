"""The list of presets with their parameters, filtered by words. Knows what a preset is, and not what opening one does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import ceil
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
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.format import THIN, si
from resnet_studio.ui.palette.lines import broken
from resnet_studio.ui.theme import ThemeManager, color, font, px

Index = QModelIndex | QPersistentModelIndex
NAME = Qt.ItemDataRole.UserRole
ROW, _LINE = 26, 16
_MARGIN = 5
# As wide as any number of parameters: counting all networks takes too long before the first is shown.
_WIDEST = f"88.8{THIN}M"


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
            return f"{preset.note}\n{preset.source}\n{tr('Double-click or press Enter to open it.')}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            params = si(params_of(preset.name))
            return tr("{preset}, {params} parameters", preset=preset.title, params=params)
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
    """Paints a preset: title on the left, in as many lines as it needs, parameters on the right of the last one."""

    def __init__(self, theme_manager: ThemeManager) -> None:
        super().__init__()
        self._themes = theme_manager

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        wide = view.viewport().width() if isinstance(view, QListView) else px(120)
        return QSize(px(120), px(ROW + _LINE * (len(self.lines(index.data(), wide)) - 1)))

    def lines(self, title: str, width: float) -> list[str]:
        """A preset's title at the width of its row, with room for the number behind; as wide as where it is chosen."""
        room = width - 2 * _MARGIN
        found = broken(title, room, QFontMetricsF(font(12, bold=True)).horizontalAdvance)
        number = QFontMetricsF(font(11, bold=True)).horizontalAdvance(_WIDEST) + 4
        if QFontMetricsF(font(12, bold=True)).horizontalAdvance(found[-1]) <= room - number:
            return found
        # The number needs a line's end: the last word makes room for it, or it stands alone.
        *before, last = found[-1].split(" ")
        return [*found[:-1], " ".join(before), last] if before else [*found, ""]

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
        self._words(painter, box.adjusted(_MARGIN, 0, -_MARGIN, 0), index, chosen=chosen)
        painter.restore()

    def _words(self, painter: QPainter, box: QRectF, index: Index, *, chosen: bool) -> None:
        theme = self._themes.theme
        number = si(params_of(index.data(NAME)))
        painter.setFont(font(11, bold=chosen))
        painter.setPen(color(theme.text_soft))
        middle = Qt.AlignmentFlag.AlignVCenter
        lines = self.lines(index.data(), box.width() + 2 * _MARGIN)
        high = px(_LINE)
        row = QRectF(box.x(), box.center().y() - high * len(lines) / 2, box.width(), high)
        last = row.translated(0, high * (len(lines) - 1))
        painter.drawText(last, Qt.AlignmentFlag.AlignRight | middle, number)
        painter.setFont(font(12, bold=chosen))
        painter.setPen(color(theme.accent if chosen else theme.text))
        for line in lines:
            short = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, ceil(row.width()))
            painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, short)
            row.translate(0, high)

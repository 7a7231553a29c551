"""The published figures as rows of a table, filled one network after the other. Knows no engine and no widget."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from resnet_studio.analysis.figures import WHAT, Told, Verdict, figures, networks, verdict
from resnet_studio.design.presets import find
from resnet_studio.language import tr
from resnet_studio.ui.format import THIN, thousands
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.headings import Headed, Heading, alignment

Index = QModelIndex | QPersistentModelIndex
HEADS = (tr("Network"), tr("Figure"), tr("Source"), tr("Printed"), tr("Counted"), "torchinfo", tr("Agrees"))
NUMBERS = (3, 4, 5)
AGREES = 6


class FiguresModel(Headed, QAbstractTableModel):
    """One row for each figure. A row's counts appear when its network is counted, torchinfo's when it has answered."""

    def __init__(self, themes: ThemeManager, parent: Any = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._figures = figures()
        self._titles = {name: _title(name) for name in networks()}
        self._verdicts: list[Verdict | None] = [None] * len(self._figures)
        themes.changed.connect(self._recolor)

    @property
    def verdicts(self) -> list[Verdict]:
        """What is known so far."""
        return [one for one in self._verdicts if one is not None]

    def take(self, network: str, told: Told | None) -> None:
        """Count a network's rows; with what torchinfo told where it did."""
        for row, figure in enumerate(self._figures):
            if figure.network == network:
                self._verdicts[row] = verdict(figure, told)
                self._changed(row, row)

    def _recolor(self) -> None:
        self._changed(0, len(self._figures) - 1)

    def _changed(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(HEADS) - 1))

    # --- what Qt asks -------------------------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._figures)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(HEADS)

    def heading(self, column: int) -> Heading:
        """A column's title."""
        return Heading(HEADS[column], column in NUMBERS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return alignment(number=column in NUMBERS)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._figures[row].source if column == 2 else None
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(row, column)
        return None

    def text(self, row: int, column: int) -> str:
        """What stands in a cell."""
        figure, found = self._figures[row], self._verdicts[row]
        if column < 4:
            name = self._titles[figure.network]
            return (name, WHAT[figure.what], figure.source, figure.printed.replace(",", THIN))[column]
        if found is None:
            return "…"
        if column == 4:
            return thousands(found.counted)
        if column == 5:
            return "–" if found.torchinfo is None else thousands(found.torchinfo)
        return tr("✓ yes") if found.agrees else tr("✗ no")

    def _color(self, row: int, column: int) -> QColor | None:
        found = self._verdicts[row]
        theme = self._themes.theme
        if found is None or column != AGREES:
            return QColor(theme.text_soft) if column in (1, 2) else None
        return QColor(theme.good if found.agrees else theme.bad)

    def as_text(self) -> str:
        """All of it, with tabs, for the clipboard."""
        cells = [
            [self.text(row, column) for column in range(len(HEADS))] for row in range(len(self._figures))
        ]
        lines = ["\t".join(row) for row in [list(HEADS), *cells]]
        return "\n".join(lines).replace(THIN, "")


def _title(network: str) -> str:
    found = find(network)
    return network if found is None else found.called.formal

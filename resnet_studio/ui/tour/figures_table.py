"""The small table of figures on the tour's card. Knows its words, and no step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from resnet_studio.ui.sizing import sized
from resnet_studio.ui.tour.step import Rows


class FiguresTable(QWidget):
    """Rows of words: the first is the head, and in each the first says what the figures behind it are of."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourTable")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._rows: Rows = ()

    @property
    def words(self) -> str:
        """All of it as one would read it out."""
        return "; ".join(": ".join((row[0], ", ".join(row[1:]))) for row in self._rows[1:])

    def show_rows(self, rows: Rows) -> None:
        """Other rows; without any it is not there."""
        self.setVisible(bool(rows))
        if rows == self._rows:
            return
        self._rows = rows
        old = self.layout()
        if old is not None:
            QWidget().setLayout(old)  # the only way to take a layout away; its labels go with it
        grid = QGridLayout(self)
        grid.setContentsMargins(10, 6, 10, 6)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        for line, row in enumerate(rows):
            for column, words in enumerate(row):
                grid.addWidget(self._cell(words, head=line == 0, figure=column > 0), line, column)
        grid.setColumnStretch(0, 1)

    def _cell(self, words: str, *, head: bool, figure: bool) -> QLabel:
        label = QLabel(words, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setProperty("role", "soft" if head else "")
        label.setWordWrap(head and figure)
        sized(label, letters=12, bold=False)
        side = Qt.AlignmentFlag.AlignRight if figure else Qt.AlignmentFlag.AlignLeft
        label.setAlignment(side | Qt.AlignmentFlag.AlignBottom)
        return label

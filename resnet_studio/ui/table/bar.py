"""The line above the layer table: filter, the way back to network order, columns, copying. Tells what is wanted; knows no rows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QPushButton

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized

COPIES = {"markdown": "Markdown", "csv": "CSV", "latex": "LaTeX"}


class TableBar(QHBoxLayout):
    """The controls, from left to right.

    Signals:
        filtered(str): show only rows with these words.
        unsorted: show the rows in network order again.
        columns_wanted(object): let the columns be chosen below this button.
        copy_wanted(str): copy rows in this way, one of COPIES.
    """

    filtered = Signal(str)
    unsorted = Signal()
    columns_wanted = Signal(object)
    copy_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setContentsMargins(10, 4, 10, 4)
        self.setSpacing(6)
        self._filter = QLineEdit()
        self._filter.setObjectName("layerFilter")
        self._filter.setAccessibleName(tr("Filter layers"))
        self._filter.setPlaceholderText(tr("Filter by name, kind or 3×3"))
        self._filter.setClearButtonEnabled(True)
        sized(self._filter, most_width=240)
        self._filter.textChanged.connect(self.filtered)
        self._order = _button("layerNetworkOrder", tr("Network order"), tr("Back to network order"))
        self._order.setToolTip(tr("From input to output again"))
        self._order.clicked.connect(self.unsorted)
        self._order.hide()
        self.addWidget(self._filter, 4)
        self.addWidget(self._order)
        self.addStretch(1)
        self.addWidget(self._make_columns())
        self.addWidget(self._make_copy())

    def _make_columns(self) -> QPushButton:
        button = _button("layerChooseColumns", tr("Columns…"), tr("Choose the table's columns"))
        button.setToolTip(
            tr(
                "Which columns are shown: activations, memory, receptive field, effective stride, FLOPs/byte, …"
            )
        )
        button.clicked.connect(lambda: self.columns_wanted.emit(button))
        return button

    def _make_copy(self) -> QPushButton:
        button = _button("layerCopy", tr("Copy as…"), tr("Copy the table"))
        button.setToolTip(tr("The selected rows, or all of them when fewer than two are selected"))
        menu = QMenu(button)
        menu.setObjectName("layerCopyMenu")
        menu.setAccessibleName(tr("Copy the table as"))
        for way, words in COPIES.items():
            action = menu.addAction(words)
            action.setObjectName(f"layerCopy{words.title()}")
            action.triggered.connect(lambda _=False, way=way: self.copy_wanted.emit(way))
        button.setMenu(menu)
        return button

    @property
    def words(self) -> str:
        """What is looked for."""
        return self._filter.text().strip()

    def show_sorted(self, on: bool) -> None:
        """Offer the way back to network order."""
        self._order.setVisible(on)


def _button(name: str, words: str, spoken: str) -> QPushButton:
    button = QPushButton(words)
    button.setObjectName(name)
    button.setAccessibleName(spoken)
    return button

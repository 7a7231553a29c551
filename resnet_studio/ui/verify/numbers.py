"""Help > Which number is right?: why one network has several, each counted as one reads it. Counts nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.why import DEFINITIONS, INTRODUCTION, Reason, why
from resnet_studio.language import tr
from resnet_studio.ui.format import thousands
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.widgets.wrapped import WrappedLabel


class NumbersPage(QDialog):
    """The numbers of ResNet-50 from the smallest to the largest, and what each counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("numbersHelp")
        self.setAccessibleName(tr("Which number is right?"))
        self.setWindowTitle(tr("Which number is right?"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 760, 520)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 20, 24, 4)
        column.setSpacing(12)
        column.addWidget(_label(tr("3.8, 3.86, 4.09 and 4.12 are all ResNet-50"), "title"))
        column.addWidget(_label(INTRODUCTION, "soft"))
        column.addWidget(self._table(why()))
        column.addWidget(_label(DEFINITIONS, "soft"))
        column.addStretch(1)
        close = QPushButton(tr("Close"), self)
        close.setObjectName("numbersCloseButton")
        close.setAccessibleName(tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.setContentsMargins(24, 4, 24, 16)
        row.addStretch(1)
        row.addWidget(close)
        scroll = QScrollArea(self)
        scroll.setObjectName("numbersScroll")
        scroll.setAccessibleName(tr("Explanation"))
        scroll.setWidgetResizable(True)
        scroll.setWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll, 1)
        outer.addLayout(row)
        close.setFocus()

    def _table(self, reasons: tuple[Reason, ...]) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "card")
        card.setObjectName("numbersTable")
        grid = QGridLayout(card)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(8)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        for row, reason in enumerate(reasons):
            grid.addWidget(_label(reason.printed, "strong"), row, 0, right)
            grid.addWidget(_label(thousands(reason.counted), "soft"), row, 1, right)
            grid.addWidget(_label(reason.network, "soft"), row, 2, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(reason.words, ""), row, 3)
        grid.setColumnStretch(3, 1)
        return card


def _label(words: str, role: str) -> QLabel:
    # Numbers keep to one line; sentences take as many as they need.
    label = WrappedLabel(words) if " " in words and len(words) > 20 else QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    return label

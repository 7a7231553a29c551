"""Help > Verify figures: what papers and libraries print, what is counted here, and what torchinfo counts. Counts nothing itself."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.figures import Told, networks
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui.sizing import opened_at, sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.verify.model import FiguresModel

_WIDTHS = (196, 110, 230, 118, 124, 124, 76)


class Engine(Protocol):
    """What the page needs of the engine's client."""

    def request(
        self, do: str, on_result: Any, on_error: Any = None, on_progress: Any = None, **args: Any
    ) -> int: ...
    def forget(self, number: int) -> None: ...


class VerifyPage(QDialog):
    """The table of published figures. Opening it counts them, one network after the other; closing it stops that."""

    def __init__(self, themes: ThemeManager, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("verify")
        self.setAccessibleName(tr("Verify figures"))
        self.setWindowTitle(tr("Verify figures"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 1120, 680)
        self._engine, self._asked = engine, None
        self._left = list(networks())
        self._reason = ""
        self.model = FiguresModel(themes, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addLayout(self._make_head())
        column.addWidget(self._make_table(), 1)
        column.addLayout(self._make_foot())
        # One network a turn of the event loop: the deepest has 600 blocks.
        self._next_one = QTimer(self, singleShot=True, interval=0)
        self._next_one.timeout.connect(self._next)
        self._next_one.start()

    _asked: int | None

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        title = QLabel(tr("Published figures, verified"), self)
        title.setProperty("role", "title")
        words = QLabel(
            tr(
                "What papers and libraries print of the named networks, beside the closed form that this window shows and what "
                "torchinfo counts of the built network. Multiply-adds are those of convolutions and classifier, for one image."
            ),
            self,
        )
        words.setProperty("role", "soft")
        words.setWordWrap(True)
        column.addWidget(title)
        column.addWidget(words)
        return column

    def _make_table(self) -> QTableView:
        self.table = QTableView(self)
        self.table.setObjectName("verifyTable")
        self.table.setAccessibleName(tr("Published figures"))
        self.table.setModel(self.model)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(px(26))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        head = self.table.horizontalHeader()
        head.setHighlightSections(False)
        for column, width in enumerate(_WIDTHS):
            self.table.setColumnWidth(column, px(width))
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        return self.table

    def _make_foot(self) -> QHBoxLayout:
        self.progress = QProgressBar(self)
        self.progress.setObjectName("verifyProgress")
        self.progress.setAccessibleName(tr("Networks counted"))
        self.progress.setRange(0, len(self._left))
        sized(self.progress, width=160)
        self.said = QLabel("", self)
        self.said.setObjectName("verifySaid")
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.addWidget(self.progress)
        row.addWidget(self.said, 1)
        copy = self._button(tr("Copy table"), "verifyCopyButton")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.model.as_text()))
        close = self._button(tr("Close"), "verifyCloseButton")
        close.setDefault(True)
        close.clicked.connect(self.close)
        row.addWidget(copy)
        row.addWidget(close)
        return row

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        return button

    # --- counting -----------------------------------------------------------------------------------------------------

    def _next(self) -> None:
        done = self.progress.maximum() - len(self._left)
        self.progress.setValue(done)
        if not self._left:
            self._end()
            return
        network = self._left[0]
        self.said.setText(
            tr("{done} of {count} networks: {name}", done=done, count=self.progress.maximum(), name=network)
        )
        if self._reason:
            self._took(network, None)
            return
        self._asked = self._engine.request(
            "verify",
            lambda value: self._took(network, Told(params=int(value["params"]), macs=int(value["macs"]))),
            self._refused,
            network=network,
        )

    def _took(self, network: str, told: Told | None) -> None:
        self._asked = None
        self.model.take(network, told)
        self._left.pop(0)
        self._next_one.start()

    def _refused(self, error: StudioError) -> None:
        """Without torchinfo the arithmetic is compared all the same."""
        self._asked, self._reason = None, str(error)
        self._next_one.start()

    def _end(self) -> None:
        self.progress.hide()
        verdicts = self.model.verdicts
        wrong = sum(not one.agrees for one in verdicts)
        said = (
            tr("{wrong} of {count} figures disagree.", wrong=wrong, count=len(verdicts))
            if wrong
            else tr("All {count} figures agree.", count=len(verdicts))
        )
        if self._reason:
            said += " " + tr("torchinfo was not asked: {why}", why=self._reason)
        self.said.setText(said)
        self.said.setProperty("role", "bad" if wrong else "warn" if self._reason else "good")
        self.said.style().polish(self.said)

    def done(self, result: int) -> None:
        """Closing forgets the answer that is still to come."""
        self._next_one.stop()
        self._left.clear()
        if self._asked is not None:
            self._engine.forget(self._asked)
            self._asked = None
        super().done(result)

"""The Problems of what is selected, each with its repair. Knows the document, and no other panel."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_studio.analysis.plan import Problem
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui import commands
from resnet_studio.ui.document import Document
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, color

MOST = 3
# A longer label would leave the text a column of single words.
_BESIDE = 14


class _Card(QWidget):
    refused = Signal(str)

    def __init__(self, document: Document, themes: ThemeManager, number: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._themes = document, themes
        self._problem: Problem | None = None
        self._quiet = False
        self._text = QLabel()
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        sized(self._text, letters=12)
        self._text.setObjectName(f"inspectorProblem{number}")
        self._button = QPushButton()
        self._button.setObjectName(f"inspectorRepair{number}")
        self._button.clicked.connect(self._repair)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.setSpacing(8)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
        themes.changed.connect(self._tint)
        self._tint()

    def show_problem(self, problem: Problem | None, *, place: bool, quiet: bool) -> None:
        """Another problem, or advice, which is quiet; `place` says whether to name where it is."""
        self._problem = problem
        if quiet != self._quiet:
            self._quiet = quiet
            self._tint()
        self.setVisible(problem is not None)
        if problem is None:
            return
        self._text.setText(str(problem) if place else problem.message)
        self._button.setVisible(problem.repair is not None)
        if problem.repair is not None:
            self._button.setText(problem.repair.label)
            beside = len(problem.repair.label) <= _BESIDE
            way = QBoxLayout.Direction
            self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)
            self._button.setAccessibleName(f"{problem.repair.label}: {problem.place}")

    def _repair(self) -> None:
        if self._problem is None:
            return
        try:
            commands.repair(self._document, self._problem)
        except StudioError as error:
            self.refused.emit(str(error))

    def _tint(self) -> None:
        palette = self._text.palette()
        palette.setColor(self._text.foregroundRole(), color(self._ink()))
        self._text.setPalette(palette)
        self.update()

    def _ink(self) -> str:
        return self._themes.theme.text_soft if self._quiet else self._themes.theme.warn

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._themes.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(theme.line) if self._quiet else color(theme.warn, 0.45))
        painter.setBrush(color(theme.field if self._quiet else theme.warn_soft))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()


class ProblemCards(QWidget):
    """Up to three problems, then advice; more are counted in words.

    Signals:
        refused(str): why a repair could not be made.
    """

    refused = Signal(str)

    def __init__(self, document: Document, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._themes = document, themes
        self._cards: list[_Card] = []
        self._more = QLabel()
        self._more.setProperty("role", "soft")
        self._more.setTextFormat(Qt.TextFormat.PlainText)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self._more)
        self.hide()

    def show_problems(self, wrong: Sequence[Problem], advice: Sequence[Problem], *, places: bool) -> None:
        """Show these; `places` names where each is."""
        problems = (*wrong, *advice)
        self.setVisible(bool(problems))
        while len(self._cards) < min(MOST, len(problems)):
            card = _Card(self._document, self._themes, len(self._cards) + 1, self)
            card.refused.connect(self.refused)
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for index, card in enumerate(self._cards):
            shown = problems[index] if index < len(problems) else None
            card.show_problem(shown, place=places, quiet=index >= len(wrong))
        left = len(problems) - MOST
        self._more.setText(tr("and {count} more, listed under Problems", count=left))
        self._more.setVisible(left > 0)

"""The uppermost line of the tour's card: the chapter, with a menu of all of them, and the step's number. Knows no step."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized


class CardHead(QHBoxLayout):
    """Where one is in the tour.

    Signals:
        chapter(int): a chapter was chosen.
    """

    chapter = Signal(int)

    def __init__(self, chapters: Sequence[str], card: QWidget) -> None:
        super().__init__()
        self._chapters = tuple(chapters)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(8)
        self.where = self._make_where(card)
        self.step = QLabel(card)
        self.step.setObjectName("tourCount")
        self.step.setProperty("role", "soft")
        sized(self.step, letters=12)
        self.addWidget(self.where)
        self.addStretch(1)
        self.addWidget(self.step)

    def _make_where(self, card: QWidget) -> QPushButton:
        where = QPushButton(card)
        where.setObjectName("tourChapter")
        where.setAccessibleName(tr("Chapters of the tour"))
        where.setToolTip(tr("Go to another chapter"))
        where.setProperty("role", "quiet")
        where.setAutoDefault(False)
        where.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        menu = QMenu(tr("Chapters"), where)
        menu.setObjectName("tourChapters")
        menu.setAccessibleName(tr("Chapters"))
        one = QActionGroup(menu)
        for index, title in enumerate(self._chapters):
            action = menu.addAction(f"&{index + 1}  {title.replace('&', '&&')}")
            action.setCheckable(True)
            one.addAction(action)
            action.triggered.connect(lambda _=False, index=index: self.chapter.emit(index))
        where.setMenu(menu)
        return where

    def show_place(self, *, chapter: int, number: int, steps: int) -> None:
        """Another chapter, counted from 0, or another step, counted from 1."""
        title = self._chapters[chapter]
        self.where.setText(tr("Chapter {number}: {title}", number=chapter + 1, title=title) + "  ▾")
        self.where.menu().actions()[chapter].setChecked(True)
        self.step.setText(tr("Step {number} of {steps}", number=number, steps=steps))

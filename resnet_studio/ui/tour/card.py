"""The card that speaks for the tour: title, sentences, figures, what to do, Back, Next and End. Plays nothing itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.tour.card_head import CardHead
from resnet_studio.ui.tour.card_look import card_sheet
from resnet_studio.ui.tour.figures_table import FiguresTable
from resnet_studio.ui.tour.step import Rows, Step, Task

_WIDTH = 372
_WIDER = (1.0, 1.25, 1.5, 2.0)
_PAD = 16
_BUTTON_INSET = 7  # a quiet button's words from its edge, by the style
_LINK_INSET = 5


class TourCard(QFrame):
    """One step of the tour, over the window and beside what it speaks of.

    Signals:
        back, next, show_me, end: the buttons.
        chapter(int): a chapter was chosen.
    """

    back = Signal()
    next = Signal()
    show_me = Signal()
    end = Signal()
    chapter = Signal(int)

    def __init__(self, themes: ThemeManager, chapters: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("tourCard")
        self._themes = themes
        self._address = ""
        self._grip: QPoint | None = None
        self._asked = ""
        self.was_dragged = False
        self._column = QVBoxLayout(self)
        # The words of quiet buttons stand in by their padding; the text's edge is the one that all share.
        self._column.setContentsMargins(_PAD - _BUTTON_INSET, 12, _PAD, 12)
        self._column.setSpacing(8)
        self._head = CardHead(chapters, self)
        self._head.chapter.connect(self.chapter)
        self.where = self._head.where
        self._column.addLayout(self._head)
        self.title = self._label("tourTitle", 16, bold=True)
        self.text = self._label("tourText", 13)
        self.formula = self._label("tourFormula", 13)
        self.table = FiguresTable(self)
        self._column.addLayout(self._row(self.table))
        self.ask = self._label("tourAsk", 13)
        self.source = self._button("tourSource", "", self._open_source)
        self.source.setProperty("role", "link")
        row = self._row(self.source, _LINK_INSET)
        row.addStretch(1)
        self._column.addLayout(row)
        self._make_buttons()
        themes.changed.connect(self._tint)
        self._tint()
        self.hide()

    # --- making -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _row(first: QWidget, inset: int = 0) -> QHBoxLayout:
        """A row whose words begin where all do, though they stand in by so much within the first widget."""
        row = QHBoxLayout()
        row.setContentsMargins(_BUTTON_INSET - inset, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(first)
        return row

    def _label(self, name: str, letters: int, *, bold: bool = False) -> QLabel:
        label = QLabel(self)
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        sized(label, letters=letters, bold=bold)
        self._column.addLayout(self._row(label))
        return label

    def _button(self, name: str, words: str, act: object) -> QPushButton:
        button = QPushButton(words, self)
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.setAutoDefault(False)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(act)
        return button

    def _make_buttons(self) -> None:
        self.end_button = self._button("tourEnd", tr("End"), self.end)
        self.end_button.setToolTip(tr("Leave the tour (Esc); Help > Guided tour goes on here"))
        self.end_button.setProperty("role", "quiet")
        self.back_button = self._button("tourBack", tr("Back"), self.back)
        self.show_button = self._button("tourShow", "", self.show_me)
        self.show_button.setToolTip(tr("Let the tour do it; it can be undone"))
        self.next_button = self._button("tourNext", tr("Next"), self.next)
        self.next_button.setProperty("role", "primary")
        row = self._row(self.end_button, _BUTTON_INSET)
        row.addStretch(1)
        for button in (self.back_button, self.show_button, self.next_button):
            row.addWidget(button)
        self._column.addStretch(1)
        self._column.addSpacing(2)
        self._column.addLayout(row)

    # --- showing ------------------------------------------------------------------------------------------------------

    def show_step(
        self, step: Step, *, chapter: int, number: int, steps: int, first: bool, last: bool
    ) -> None:
        """Another step."""
        self._head.show_place(chapter=chapter, number=number, steps=steps)
        self.title.setText(step.title)
        self.source.setText(step.source)
        self.source.setVisible(bool(step.source))
        self.source.setAccessibleName(tr("Open {source}", source=step.source))
        self.source.setToolTip(step.address)
        self._address = step.address
        # A hidden button would lose the keyboard to its neighbour.
        self.back_button.setEnabled(not first)
        self.next_button.setText(tr("Finish") if last else tr("Next"))
        self.next_button.setAccessibleName(self.next_button.text())
        self.was_dragged = False

    def show_words(self, text: str, formula: str, rows: Rows, task: Task | None, *, done: bool) -> None:
        """The step's sentences with their figures, and how its task stands."""
        self.text.setText(text)
        self.formula.setText(formula)
        self.formula.setVisible(bool(formula))
        self.table.show_rows(rows)
        self.ask.setVisible(task is not None)
        self._asked = "" if task is None else f"▸  {task.ask}"
        if task is not None:
            self.ask.setText(f"✓  {tr('Done.')}" if done else self._asked)
        if self.ask.property("done") != done:
            self.ask.setProperty("done", done)
            self.ask.style().polish(self.ask)
        if self.show_button.hasFocus() and (task is None or done):
            self.next_button.setFocus()
        # Back and the height stay where they are when the demand has been met: nobody's Next runs away.
        keeps = self.show_button.sizePolicy()
        keeps.setRetainSizeWhenHidden(task is not None)
        self.show_button.setSizePolicy(keeps)
        self.show_button.setVisible(task is not None and not done)
        if task is not None:
            self.show_button.setText(task.offer)
            self.show_button.setAccessibleName(task.offer)
        self._name(task, done=done)

    def _name(self, task: Task | None, *, done: bool) -> None:
        """What a screen reader says: the whole card, as one would read it out."""
        self.setAccessibleName(tr("Guided tour: {title}", title=self.title.text()))
        parts = [self._head.step.text(), self.text.text(), self.formula.text()]
        parts += [self.table.words]
        parts += [tr("Done.") if done else task.ask] if task is not None else []
        words = "\n".join(part for part in parts if part)
        self.setAccessibleDescription(words)
        self.next_button.setAccessibleDescription(f"{self.title.text()}\n{words}")

    def announce(self) -> None:
        """Let a screen reader say the card, wherever the keyboard is."""
        if QAccessible.isActive():
            words = f"{self.accessibleName()}\n{self.accessibleDescription()}"
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def wanted_size(self, room: QSize) -> QSize:
        """As wide as cards are, and as high as the words then need; wider where that is higher than there is room."""
        for share in _WIDER:
            size = self._size_at(min(round(px(_WIDTH) * share), room.width()))
            if size.height() <= room.height():
                break
        return size.boundedTo(room)

    def take_size(self, size: QSize) -> None:
        """Be as large, and lay the words out at once: other words may need as much room in all, and another share each."""
        self.resize(size)
        self._column.activate()

    def _size_at(self, width: int) -> QSize:
        words = self.ask.text()
        self.ask.setMinimumHeight(0)
        if self._asked:
            self.ask.setText(self._asked)
            self.ask.setMinimumHeight(self.ask.heightForWidth(width - 2 * _PAD - 2))
            self.ask.setText(words)
        self._column.invalidate()
        return QSize(
            width, max(self._column.totalHeightForWidth(width), self._column.totalMinimumSize().height())
        )

    # --- operating ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return presses as Space does; Page Down and Page Up walk, as the buttons do; arrows go from button to button, as everywhere."""
        if event.key() == Qt.Key.Key_PageDown:
            self.next.emit()
        elif event.key() == Qt.Key.Key_PageUp:
            self.back.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(
            at := self.focusWidget(), QPushButton
        ):
            # Outside of dialogs a button has no use for Return by itself.
            at.click()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The card can be carried aside."""
        self._grip = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self.was_dragged = True
            self.move(self.mapToParent(event.position().toPoint() - self._grip))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def _open_source(self) -> None:
        if self._address:
            QDesktopServices.openUrl(QUrl(f"https://{self._address}"))

    def _tint(self) -> None:
        self.setStyleSheet(card_sheet(self._themes.theme))

"""Shows Python with line numbers and marked lines, and tells which line was clicked. Knows no drawing."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.code.colors import PythonColors
from resnet_studio.ui.theme import ThemeManager, color, px

_FAMILIES = (
    "JetBrains Mono",
    "SF Mono",
    "Cascadia Mono",
    "Menlo",
    "Consolas",
    "Noto Sans Mono",
    "DejaVu Sans Mono",
)
_SIZE = 12
_PAD = 10
_BAR = 3
_AROUND = 3  # lines kept in sight above a marked one


def mono() -> QFont:
    """The first of our fixed-pitch families that this machine has, else the platform's own."""
    family = next((name for name in _FAMILIES if QFontDatabase.hasFamily(name)), None)
    fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    found = QFont(family) if family else QFont(fixed)
    found.setPixelSize(px(_SIZE))
    return found


class CodeSheet(QPlainTextEdit):
    """The code itself, read-only.

    Signals:
        clicked(int): a line (from 1) was clicked, and nothing was selected by it.
    """

    clicked = Signal(int)

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("codeText")
        self.setAccessibleName(tr("Python code of the drawing"))
        self._themes = themes
        self._marked: tuple[int, ...] = ()
        self._dim = False
        self.setReadOnly(True)
        flags = Qt.TextInteractionFlag
        # A caret that moves with the keyboard: screen readers follow it, and Ctrl+C takes the text instead of blocks.
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.document().setDocumentMargin(2)
        self._numbers = _Numbers(self)
        self._colors = PythonColors(self.document(), themes)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._follow)
        themes.changed.connect(self._theme_changed)
        self._theme_changed()

    # --- what is shown ----------------------------------------------------------------------------------------------

    def show_text(self, text: str) -> None:
        """Other code. Only the lines that differ are replaced, so that scrolling, caret and the rest stay."""
        old, new = self.toPlainText().split("\n"), text.split("\n")
        if old == new:
            return
        same = min(len(old), len(new))
        first = next((i for i in range(same) if old[i] != new[i]), same)
        tail = next((i for i in range(same - first) if old[-1 - i] != new[-1 - i]), same - first)
        self._replace(first, len(old) - tail, new[first : len(new) - tail])

    def _replace(self, first: int, end: int, lines: list[str]) -> None:
        """Put `lines` in the place of the lines from `first` up to `end` (from 0)."""
        document = self.document()
        cursor, keep = QTextCursor(document), QTextCursor.MoveMode.KeepAnchor
        if end < document.blockCount():
            cursor.setPosition(document.findBlockByNumber(first).position())
            cursor.setPosition(document.findBlockByNumber(end).position(), keep)
            cursor.insertText("".join(f"{line}\n" for line in lines))
            return
        if first > 0:
            cursor.setPosition(document.findBlockByNumber(first - 1).position())
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.End, keep)
        cursor.insertText("".join(f"\n{line}" for line in lines) if first > 0 else "\n".join(lines))

    def mark(self, lines: Collection[int], *, follow: bool) -> None:
        """Mark lines (from 1); `follow` brings them into sight."""
        wanted = tuple(sorted(lines))
        moved = wanted != self._marked
        self._marked = wanted
        self._paint_marks()
        if wanted and follow and moved:
            self._bring(wanted[0], wanted[-1])

    def bring_marked(self) -> None:
        """Bring the marked lines into sight."""
        if self._marked:
            self._bring(self._marked[0], self._marked[-1])

    @property
    def marked(self) -> tuple[int, ...]:
        """The marked lines."""
        return self._marked

    def dim(self, on: bool) -> None:
        """What is shown is not the drawing as it is."""
        if on != self._dim:
            self._dim = on
            self.viewport().update()

    @property
    def is_dim(self) -> bool:
        """Whether what is shown is not the drawing as it is."""
        return self._dim

    def _bring(self, first: int, last: int) -> None:
        bar = self.verticalScrollBar()
        top, page = bar.value(), bar.pageStep()
        if first - 1 < top or last > top + page:
            bar.setValue(max(0, first - 1 - _AROUND))

    def _paint_marks(self) -> None:
        marks: list[QTextEdit.ExtraSelection] = []
        for line in self._marked:
            mark = QTextEdit.ExtraSelection()
            mark.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
            mark.format.setBackground(color(self._themes.theme.accent_soft))
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            marks.append(mark)
        self.setExtraSelections(marks)
        self._numbers.update()

    # --- looks ------------------------------------------------------------------------------------------------------

    def _theme_changed(self) -> None:
        theme = self._themes.theme
        self.setStyleSheet(
            f"QPlainTextEdit#codeText {{ background: {theme.window}; color: {theme.text}; border: 1px solid transparent; border-radius: 0;"
            f" padding: 0; }} QPlainTextEdit#codeText:focus {{ border-color: {theme.accent}; }}"
        )
        self.setFont(mono())
        self._make_room()
        self._paint_marks()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The text, under a veil while it is not the drawing."""
        super().paintEvent(event)
        if self._dim:
            painter = QPainter(self.viewport())
            painter.fillRect(self.viewport().rect(), color(self._themes.theme.window, 0.55))

    # --- line numbers -----------------------------------------------------------------------------------------------

    def numbers_width(self) -> int:
        """Room for the largest number and the bar of marked lines."""
        digits = max(3, len(str(self.blockCount())))
        return _PAD + digits * self.fontMetrics().horizontalAdvance("0") + _PAD + _BAR

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)
        self._place_numbers()

    def _place_numbers(self) -> None:
        area = self.contentsRect()
        self._numbers.setGeometry(QRect(area.left(), area.top(), self.numbers_width(), area.height()))

    def _follow(self, area: QRect, scrolled: int) -> None:
        if scrolled:
            self._numbers.scroll(0, scrolled)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt's."""
        super().resizeEvent(event)
        self._make_room()

    def paint_numbers(self, painter: QPainter, area: QRect) -> None:
        """The numbers of the lines in sight, and a bar beside the marked ones."""
        theme = self._themes.theme
        painter.fillRect(area, color(theme.window))
        painter.setFont(self.font())
        marked = set(self._marked)
        block = self.firstVisibleBlock()
        place = self.blockBoundingGeometry(block).translated(QPointF(self.contentOffset()))
        width = self._numbers.width()
        while block.isValid() and place.top() <= area.bottom():
            line = block.blockNumber() + 1
            if line in marked:
                painter.fillRect(QRectF(0, place.top(), width, place.height()), color(theme.accent_soft))
                painter.fillRect(QRectF(0, place.top(), _BAR, place.height()), color(theme.accent))
            painter.setPen(color(theme.text if line in marked else theme.text_faint))
            room = QRectF(0, place.top(), width - _PAD, place.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
            block = block.next()
            place = self.blockBoundingGeometry(block).translated(QPointF(self.contentOffset()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for the block of that line; a drag selects text."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.clicked.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)


class _Numbers(QWidget):
    def __init__(self, sheet: CodeSheet) -> None:
        super().__init__(sheet)
        self.setObjectName("codeNumbers")
        self._sheet = sheet

    def sizeHint(self) -> QSize:
        return QSize(self._sheet.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._sheet.paint_numbers(QPainter(self), event.rect())

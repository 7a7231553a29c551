"""A card of the palette: drag it onto the canvas, or insert it by double click, Enter or its plus. Knows no canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDrag,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui.block_text import KIND_MIME, STAGE_KIND
from resnet_studio.ui.inspector.field import HE_2015
from resnet_studio.ui.inspector.options import KINDS
from resnet_studio.ui.palette.drawings import HEIGHT, WIDTH, block_drawing, stage_drawing
from resnet_studio.ui.palette.lines import broken
from resnet_studio.ui.theme import ThemeManager, color, font, px, text_scale

_PLUS = 20
_TITLE, _LINE = 17, 14  # heights of the rows; a note has two lines where one is too narrow


def meaning(kind: BlockKind | None) -> str:
    """What a kind, or a stage (None), is: the paper's term and where it comes from."""
    if kind is None:
        words = tr("A stage is blocks on maps of one size; a new one doubles the channels.")
        return f"{words} {HE_2015}, Sec. 3.3."
    return next(words for value, _, words in KINDS if value is kind)


class PaletteCard(QAbstractButton):
    """One thing to insert: a block kind, or a new stage (kind None).

    Signals:
        insert: the user wants it behind the selection.
    """

    insert = Signal()

    def __init__(
        self, kind: BlockKind | None, title: str, note: str, theme_manager: ThemeManager, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self.title, self.note = title, note
        self._themes = theme_manager
        self._start: QPoint | None = None
        self.setObjectName(f"palette_{STAGE_KIND if kind is None else kind.value}")
        self.setAccessibleName(f"{title}: {note}")
        how = tr("Drag it onto the canvas, or double-click to insert it behind the selection.")
        self.setToolTip(f"{title}: {note}.\n{meaning(kind)}\n{how}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme_manager.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(px(176), px(58 if self.kind is not None else 52))

    def minimumSizeHint(self) -> QSize:
        # As wide at every size of the text: the words are shortened, and the canvas beside it keeps its room.
        return QSize(120, self.sizeHint().height())

    # --- painting -------------------------------------------------------------------------------------------------

    def _plus_box(self) -> QRectF:
        edge = px(_PLUS)
        return QRectF(self.width() - edge - 5, 5, edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, active = self._themes.theme, self.underMouse() or self.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = theme.accent if self.hasFocus() else theme.line_strong if active else theme.line
        painter.setPen(color(border))
        painter.setBrush(color(theme.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        self._drawing(painter)
        left = px(13 + WIDTH + 9)
        self._words(painter, QRectF(left, 0, self.width() - left - 4, self.height()), self.note)
        if active:
            self._plus(painter)
        painter.end()

    def _drawing(self, painter: QPainter) -> None:
        theme, high = self._themes.theme, self.height() / text_scale()
        painter.save()
        painter.scale(text_scale(), text_scale())
        if self.kind is None:
            stage_drawing(painter, theme, QPointF(11, (high - 30) / 2))
        else:
            block_drawing(painter, theme, self.kind, QPointF(13, (high - HEIGHT) / 2))
        painter.restore()

    def note_lines(self, note: str, width: float) -> list[str]:
        """The lines of a note; what two cannot hold is shortened by whoever paints it."""
        first, *rest = broken(note, width, QFontMetricsF(font(11)).horizontalAdvance)
        return [first, " ".join(rest)] if rest else [first]

    def _words(self, painter: QPainter, box: QRectF, note: str) -> None:
        """The title and its note, in the middle of the box's height."""
        theme = self._themes.theme
        notes = self.note_lines(note, box.width())
        line = QRectF(box.x(), 0, box.width(), px(_TITLE))
        line.moveTop(box.center().y() - px(_TITLE + _LINE * len(notes)) / 2)
        for text in (self.title, *notes):
            painter.setFont(font(11) if line.height() < px(_TITLE) else font(13, bold=True))
            painter.setPen(color(theme.text_soft if line.height() < px(_TITLE) else theme.text))
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, short)
            line = QRectF(line.x(), line.bottom(), line.width(), px(_LINE))

    def _plus(self, painter: QPainter) -> None:
        theme, box = self._themes.theme, self._plus_box()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.accent_soft))
        painter.drawRoundedRect(box, 5, 5)
        painter.setPen(color(theme.accent))
        painter.setFont(font(15, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "+")

    # --- operating ------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QEnterEvent | QFocusEvent) or event.type() == QEvent.Type.Leave:
            self.update()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._start = event.position().toPoint()
            event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        far = (event.position().toPoint() - self._start).manhattanLength()
        if far >= QApplication.startDragDistance():
            self._start = None
            self._drag()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._start = self._start, None
        box = self._plus_box()
        if pressed is not None and box.contains(QPointF(pressed)) and box.contains(event.position()):
            self.insert.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            if self._plus_box().contains(event.position()):
                self.mousePressEvent(event)  # a second quick click on the plus inserts a second time
            else:
                self.insert.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.insert.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    # --- dragging -------------------------------------------------------------------------------------------------

    def _drag(self) -> None:
        data = QMimeData()
        data.setData(KIND_MIME, (STAGE_KIND if self.kind is None else self.kind.value).encode())
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(self.drag_image())
        drag.setHotSpot(QPoint(-2, -2))
        drag.exec(Qt.DropAction.CopyAction)

    def drag_image(self) -> QPixmap:
        """The card as it hangs on the pointer: a block's card, slightly tilted."""
        theme, ratio = self._themes.theme, self.devicePixelRatioF()
        wide, high = px(150), px(66)
        pixmap = QPixmap(round(wide * ratio), round(high * ratio))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.94)
        painter.translate(10, 12)
        painter.rotate(-2)
        box = QRectF(0, 0, px(128), px(46))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(theme.kind(self.kind)))
        painter.drawRoundedRect(box, 6, 6)
        painter.setBrush(color(theme.card))
        painter.drawRoundedRect(box.adjusted(5, 0, 0, 0), 5, 5)
        painter.setPen(color(theme.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)
        note = tr("new lane") if self.kind is None else tr("new block")
        self._words(painter, QRectF(14, 0, px(108), px(46)), note)
        painter.end()
        return pixmap

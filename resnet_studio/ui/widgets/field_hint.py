"""A few words right below a field, for a moment: why what was typed is not taken, or where its limit is. Knows no field's kind."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QLabel, QWidget

_SHOWN_MS = 4_000
_WIDEST = 320


class FieldHint(QLabel):
    """A tag of its own window, so that no narrow panel cuts it; it never takes mouse or keyboard."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, Qt.WindowType.ToolTip | Qt.WindowType.WindowTransparentForInput)
        self._field = field
        self.setObjectName("fieldHint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setStyleSheet(
            "background: palette(tool-tip-base); color: palette(tool-tip-text); border: 1px solid palette(mid); padding: 4px 8px;"
        )
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.setInterval(_SHOWN_MS)
        self._away.timeout.connect(self.done)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() == QEvent.Type.Hide:
            self.done()
        return super().eventFilter(watched, event)

    def done(self) -> None:
        """It is over: the next words get a tag of their own."""
        self._away.stop()
        self.hide()
        self.setObjectName("")
        self.deleteLater()

    def say(self, words: str) -> None:
        """Show words below the field; none end it."""
        if not words or not self._field.isVisible():
            self.done()
            return
        self.setText(words)
        self.setAccessibleName(words)
        self.setWordWrap(False)
        if self.sizeHint().width() > _WIDEST:
            self.setWordWrap(True)
            self.setFixedWidth(_WIDEST)
        self.adjustSize()
        self.move(self._field.mapToGlobal(QPoint(0, self._field.height() + 3)))
        self.show()
        self._away.start()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


def hush(field: QWidget) -> None:
    """Whatever was said below the field is over."""
    found = field.findChild(FieldHint, "fieldHint", Qt.FindChildOption.FindDirectChildrenOnly)
    if isinstance(found, FieldHint):
        found.done()


def hint_of(field: QWidget) -> FieldHint:
    """The field's own hint, made when it is first needed."""
    found = field.findChild(FieldHint, "fieldHint", Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, FieldHint) else FieldHint(field)

"""A few words beside the pointer during a gesture: what it will do, or why it cannot. Knows no gesture."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.theme import Theme

_AWAY = QPoint(16, 18)


class GestureHint(QLabel):
    """A small tag that never takes the mouse."""

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.setObjectName("gestureHint")
        self.setAccessibleName(tr("What the gesture does"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._dressed: tuple[Theme, bool] | None = None
        self.hide()

    def say(self, words: str, at: QPoint, theme: Theme, *, bad: bool = False) -> None:
        """Show words below and right of a point, inside the canvas; hide for none."""
        if not words:
            self.hide()
            return
        if self._dressed != (theme, bad):
            self._dressed = theme, bad
            ground, ink = (theme.warn, theme.card) if bad else (theme.accent, theme.accent_text)
            self.setStyleSheet(
                f"background: {ground}; color: {ink}; border-radius: 6px; padding: 4px 8px; font-weight: 600;"
            )
        self.setText(words)
        self.adjustSize()
        room = self._viewport.rect().bottomRight() - self.rect().bottomRight()
        spot = at + _AWAY
        self.move(max(0, min(spot.x(), room.x())), max(0, min(spot.y(), room.y())))
        self.show()
        self.raise_()

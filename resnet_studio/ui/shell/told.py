"""The words in the status line on what was just done. Knows no command."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QWidget

from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.widgets.elided import ElidedLabel

_SHOWN_MS = 12_000
_WIDEST = 520


class Told(ElidedLabel):
    """Shown until the drawing changes again, or for a while."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__("soft", parent)
        self.setObjectName("told")
        self.setAccessibleName(tr("What was done"))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_SHOWN_MS)
        self._rest.timeout.connect(self.clear_words)
        document.changed.connect(self.clear_words)
        self.hide()

    def tell(self, words: str) -> None:
        """Show these words; nothing for none."""
        self.setText(words)
        self.setAccessibleDescription(words)
        self.setVisible(bool(words))
        self.updateGeometry()
        if words:
            self._rest.start()

    def clear_words(self) -> None:
        """Show nothing more."""
        if self.text():
            self._rest.stop()
            self.tell("")

    def sizeHint(self) -> QSize:
        """As wide as its words, within limits."""
        hint = super().sizeHint()
        return QSize(min(hint.width(), _WIDEST), hint.height())

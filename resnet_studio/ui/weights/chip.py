"""Says in the status bar which weights training and export begin with, where they are not fresh. Opens nothing itself."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.widgets.tips import plain_tip

_MOST = 40


class WeightsChip(QPushButton):
    """Hidden while the weights are fresh.

    Signals:
        asked: the user wants to see what they bring.
    """

    asked = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("initialWeights")
        self.setAccessibleName(tr("Initial weights"))
        self.setProperty("role", "link")
        self._document = document
        self.clicked.connect(self.asked)
        document.initial_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        initial = self._document.initial
        self.setVisible(initial is not None)
        if initial is None:
            return
        # Not at the top: the chip is part of the window's start, and most drawings begin fresh.
        from resnet_studio.ui.runs.names import weights_title

        whole = weights_title(initial.source)
        title = whole if len(whole) <= _MOST else f"…{whole[1 - _MOST :]}"
        # An ampersand would underline the letter behind it.
        self.setText(tr("weights: {title}", title=title).replace("&", "&&"))
        self.setAccessibleName(
            tr(
                "Training and export begin with the weights {title}: show what they bring",
                title=whole,
            )
        )
        self.setToolTip(
            plain_tip(
                tr(
                    "Training and export begin with\n{source}\nClick for the report, or to begin fresh.",
                    source=initial.source,
                )
            )
        )

"""The small popup that sets stochastic depth for all blocks: 0 at the first, the chosen rate at the last. Knows the Document."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_studio.design import limits
from resnet_studio.design.schedules import last_drop_path
from resnet_studio.language import tr, trn
from resnet_studio.ui import everywhere
from resnet_studio.ui.document import Document
from resnet_studio.ui.inspector.field import HUANG_2016
from resnet_studio.ui.layer_words import rate_words
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.widgets.rate import RateField

_COMMON = (0.0, 0.1, 0.2, 0.5)
_WIDE, _EDGE = 300, 16


class DropPathPopup(QFrame):
    """Changes show at once, as one undo step; Escape or a click beside closes it."""

    def __init__(self, document: Document, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("dropPathPopup")
        self.setAccessibleName(tr("Linear drop path"))
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document = document
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 14, _EDGE, _EDGE)
        column.setSpacing(10)
        heading = QLabel(tr("LINEAR DROP PATH"), self)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        column.addLayout(self._rate_row(theme))
        column.addLayout(self._common_row())
        self._words = QLabel(self)
        self._words.setObjectName("dropPathWords")
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setProperty("role", "soft")
        self._words.setWordWrap(True)
        column.addWidget(self._words)
        sized(self, width=_WIDE)
        document.changed.connect(self._show)
        self._show()
        # A little more than the words need now: other rates have more digits.
        self._words.setMinimumHeight(self._words.heightForWidth(px(_WIDE) - 2 * _EDGE - 16))

    def _rate_row(self, theme: ThemeManager) -> QHBoxLayout:
        label = QLabel(tr("At the last block"), self)
        label.setProperty("role", "soft")
        self._field = RateField(theme, high=limits.MAX_RATE, parent=self)
        self._field.setObjectName("dropPathRate")
        self._field.setAccessibleName(tr("Drop path at the last block"))
        self._field.speak()
        self._field.edited.connect(self._take)
        self._field.taken_back.connect(self._take)
        label.setBuddy(self._field)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._field, 1)
        return row

    def _common_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for rate in _COMMON:
            button = QPushButton(rate_words(rate), self)
            button.setObjectName(f"dropPath{round(rate * 100)}")
            button.setAccessibleName(tr("Drop path {rate} at the last block", rate=rate_words(rate)))
            button.clicked.connect(lambda _=False, rate=rate: self._take(rate))
            row.addWidget(button)
        return row

    def _show(self) -> None:
        rates = [block.spec.drop_path for block in self._document.design.blocks()]
        self._field.set_value(last_drop_path(self._document.design))
        span = ""
        if rates:
            first, last = rate_words(rates[0]), rate_words(rates[-1])
            span = trn(
                "{first} to {last} over {count} block",
                "{first} to {last} over {count} blocks",
                len(rates),
                first=first,
                last=last,
            )
        words = tr("{span}: training leaves deeper branches out more often. {paper}.")
        self._words.setText(words.format(span=span, paper=HUANG_2016))

    def _take(self, rate: float) -> None:
        everywhere.drop_path_everywhere(self._document, rate)

    def show_at(self, point: QPoint) -> None:
        """Open at a place of the screen."""
        self.adjustSize()
        self.move(point)
        self.show()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)
        self._field.selectAll()

    def hideEvent(self, event: object) -> None:
        self._document.end_gesture()
        super().hideEvent(event)  # type: ignore[arg-type]

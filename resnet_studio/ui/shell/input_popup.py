"""The small popup that changes the input: channels, height, width, and sizes that people use. Knows only the Document."""

from __future__ import annotations

from dataclasses import asdict, replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_studio.design import edits, limits
from resnet_studio.design.types import InputSpec
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.number import NumberField

_COMMON = (
    ("ImageNet", InputSpec(channels=3, height=224, width=224)),
    ("CIFAR", InputSpec(channels=3, height=32, width=32)),
    ("MNIST", InputSpec(channels=1, height=28, width=28)),
    ("Digits", InputSpec(channels=1, height=8, width=8)),
)
# By the fields of InputSpec: what stands beside the field, and its name for screen readers.
_SIZES = {
    "channels": (tr("Channels"), tr("Input channels")),
    "height": (tr("Height"), tr("Input height")),
    "width": (tr("Width"), tr("Input width")),
}


class InputPopup(QFrame):
    """Changes show at once, as one undo step; Escape or a click beside closes it."""

    def __init__(self, document: Document, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("inputPopup")
        self.setAccessibleName(tr("Input size"))
        self.setProperty("role", "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._document, self._theme = document, theme
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        heading = QLabel(tr("INPUT"), self)
        heading.setProperty("role", "heading")
        column.addWidget(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        self._fields = {
            name: self._field(grid, row, name, high)
            for row, (name, high) in enumerate(
                (("channels", limits.MAX_CHANNELS), ("height", limits.MAX_IMAGE), ("width", limits.MAX_IMAGE))
            )
        }
        column.addLayout(grid)
        row_of = QHBoxLayout()
        row_of.setSpacing(6)
        for words, spec in _COMMON:
            button = QPushButton(words, self)
            button.setObjectName(f"input{words}")
            button.setAccessibleName(
                tr("{name}, {channels} by {height} by {width}", name=words, **asdict(spec))
            )
            button.setToolTip(str(spec).replace("x", " × "))
            button.clicked.connect(lambda _=False, spec=spec: self._take(spec))
            row_of.addWidget(button)
        column.addLayout(row_of)
        document.changed.connect(self._show)
        self._show()

    def _field(self, grid: QGridLayout, row: int, name: str, high: int) -> NumberField:
        label = QLabel(_SIZES[name][0], self)
        label.setProperty("role", "soft")
        field = NumberField(self._theme, low=1, high=high, parent=self)
        field.setObjectName(f"input{name.capitalize()}Field")
        field.setAccessibleName(_SIZES[name][1])
        field.speak()
        field.edited.connect(lambda value: self._edited(name, value))
        field.taken_back.connect(lambda value: self._edited(name, value))
        label.setBuddy(field)
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1)
        return field

    def _show(self) -> None:
        spec = self._document.design.input
        for name, field in self._fields.items():
            field.set_value(getattr(spec, name))

    def _edited(self, name: str, value: int) -> None:
        self._take(replace(self._document.design.input, **{name: value}))

    def _take(self, spec: InputSpec) -> None:
        design = edits.set_input(self._document.design, spec)
        self._document.apply(design, tr("Change input"), merge="input")

    def show_under(self, anchor: QWidget) -> None:
        """Open below a button."""
        self.adjustSize()
        self.move(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)))
        self.show()
        self._fields["height"].setFocus(Qt.FocusReason.PopupFocusReason)
        self._fields["height"].selectAll()

    def hideEvent(self, event: object) -> None:
        self._document.end_gesture()
        super().hideEvent(event)  # type: ignore[arg-type]

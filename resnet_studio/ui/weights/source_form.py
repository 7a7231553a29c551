"""The fields of the import dialog: which weights, which file, whose network. Asks nobody; knows no drawing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from resnet_studio.design.files import loads
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.format import size
from resnet_studio.ui.weights.choices import Choice, likely, origin_text, origins
from resnet_studio.ui.widgets import file_dialog

_FILES = tr("Weights (*.pt *.pth *.safetensors *.bin);;All files (*)")


def push_button(words: str, name: str, parent: QWidget) -> QPushButton:
    """A button that Enter in another field does not press."""
    button = QPushButton(words, parent)
    button.setObjectName(name)
    button.setAccessibleName(words)
    button.setAutoDefault(False)
    return button


class SourceForm(QWidget):
    """Names weights: torchvision's of a name, or a file and the network that it belongs to.

    Signals:
        look_asked: the user wants to see what they would bring.
        changed: other weights are named now.
    """

    look_asked = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importForm")
        self._choices: list[Choice] = []
        self._make_fields()
        self._file_row = (QLabel(tr("File"), self), self.path_line, self.browse_button)
        self._origin_row = (QLabel(tr("Belongs to"), self), self.origin_box)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        rows = (
            (QLabel(tr("Weights"), self), self.source_box, self.look_button),
            self._file_row,
            self._origin_row,
        )
        for row, widgets in enumerate(rows):
            widgets[0].setProperty("role", "soft")
            for column, widget in enumerate(widgets):
                grid.addWidget(widget, row, column)
        grid.setColumnStretch(1, 1)
        self.offer([Choice()])

    def _make_fields(self) -> None:
        self.source_box = self._combo("importSource", tr("Which weights"))
        self.source_box.activated.connect(self._source_chosen)
        self.path_line = QLineEdit(self)
        self.path_line.setObjectName("importPath")
        self.path_line.setAccessibleName(tr("File of weights"))
        self.path_line.setPlaceholderText(tr("A .pt, .pth or .safetensors file"))
        self.path_line.returnPressed.connect(self.look_asked)
        self.path_line.textEdited.connect(self.changed)
        self.path_line.textChanged.connect(self._show_readiness)
        self.browse_button = push_button(tr("Choose…"), "importBrowseButton", self)
        self.browse_button.clicked.connect(self._browse)
        self.origin_box = self._combo("importOrigin", tr("The network that the weights belong to"))
        for words, _ in origins():
            self.origin_box.addItem(words)
        self.origin_box.activated.connect(self.changed)
        self.look_button = push_button(tr("Look"), "importLookButton", self)
        self.look_button.clicked.connect(self.look_asked)

    def _combo(self, name: str, words: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(name)
        box.setAccessibleName(words)
        return box

    # --- what is named ------------------------------------------------------------------------------------------------

    @property
    def choice(self) -> Choice:
        """The entry that is chosen."""
        return self._choices[max(self.source_box.currentIndex(), 0)]

    @property
    def source(self) -> str:
        """torchvision's name, or a file's absolute path; empty while none is named."""
        words = self.path_line.text().strip()
        return self.choice.name or (str(Path(words).expanduser().absolute()) if words else "")

    @property
    def origin(self) -> Design | None:
        """The network that was told; None where it is to be found out."""
        text = None if self.choice.name else origin_text(origins()[self.origin_box.currentIndex()][1])
        return None if text is None else loads(text)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these; the first is chosen."""
        self._choices = list(choices)
        self.source_box.clear()
        for choice in choices:
            self.source_box.addItem(choice.label)
        self._show_choice()

    def choose_name(self, name: str) -> bool:
        """Choose torchvision's weights of this name, where they are offered."""
        for index, choice in enumerate(self._choices):
            if name and choice.name == name:
                self.source_box.setCurrentIndex(index)
                self._show_choice()
                return True
        return False

    def choose_likely(self, design_name: str) -> None:
        """Choose what suits a drawing of this name."""
        self.source_box.setCurrentIndex(likely(self._choices, design_name))
        self._show_choice()

    # --- keeping up ---------------------------------------------------------------------------------------------------

    def _source_chosen(self) -> None:
        self._show_choice()
        self.changed.emit()
        if self.choice.name and self.choice.here:
            self.look_asked.emit()

    def _show_choice(self) -> None:
        is_file = not self.choice.name
        # Of torchvision's the network is known.
        for widget in (*self._file_row, *self._origin_row):
            widget.setVisible(is_file)
        words = tr("Look") if self.choice.here else tr("Download ({bytes})", bytes=size(self.choice.bytes))
        self.look_button.setText(words)
        self.look_button.setAccessibleName(words)
        self._show_readiness()

    def _show_readiness(self) -> None:
        """Nothing to look at while no file is named; a click meant for "Look" must not meet "Download" when the list arrives."""
        self.look_button.setEnabled(bool(self.source))

    def _browse(self) -> None:
        folder = str(Path(self.path_line.text()).parent) if self.path_line.text() else ""
        chosen = file_dialog.open_name(self, tr("Weights"), folder, _FILES)
        if chosen:
            self.path_line.setText(chosen)
            self.look_asked.emit()

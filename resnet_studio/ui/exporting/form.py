"""The form of the export dialog: weights, format, file. Reports what the user does, and knows no engine."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.runs.formats import FORMATS, Format
from resnet_studio.ui.widgets.notice_strip import NoticeStrip


class ExportForm(QWidget):
    """The fields, and the strip below them.

    Signals:
        source_chosen: another source was chosen by hand.
        format_chosen: another format was chosen by hand.
        path_edited: the user typed a path.
        browsed: the user wants to look for a place.
        bare_toggled: the bare state_dict is wanted, or no longer.
    """

    source_chosen = Signal()
    format_chosen = Signal()
    path_edited = Signal()
    browsed = Signal()
    bare_toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = tuple(FORMATS.values())
        self._make_choices()
        self._make_target()
        self.strip = NoticeStrip("exportNotice", self)
        title = QLabel(tr("Export"), self)
        title.setProperty("role", "title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(title)
        layout.addLayout(self._arranged())
        layout.addWidget(self.strip)
        layout.addStretch(1)
        self.show_format()

    def _make_choices(self) -> None:
        self.source_box = QComboBox(self)
        self.source_box.setObjectName("exportSource")
        self.source_box.setAccessibleName(tr("What to export"))
        self.source_box.activated.connect(self.source_chosen)
        self.note = _soft("exportNote", self)
        self.format_box = QComboBox(self)
        self.format_box.setObjectName("exportFormat")
        self.format_box.setAccessibleName(tr("Format of the file"))
        for known in self._formats:
            self.format_box.addItem(f"{known.title} ({known.suffix})")
        self.format_box.activated.connect(self._format_activated)
        self.format_note = _soft("exportFormatNote", self)

    def _make_target(self) -> None:
        self.path_line = QLineEdit(self)
        self.path_line.setObjectName("exportPath")
        self.path_line.setAccessibleName(tr("Target file"))
        self.path_line.textEdited.connect(self.path_edited)
        self.browse_button = QPushButton(tr("Choose…"), self)
        self.browse_button.setObjectName("exportBrowseButton")
        self.browse_button.setAccessibleName(tr("Choose the target file"))
        self.browse_button.clicked.connect(self.browsed)
        self.bare_box = QCheckBox(tr("Also the bare state_dict, as a file of its own beside it"), self)
        self.bare_box.setObjectName("exportStateDict")
        self.bare_box.setAccessibleName(tr("Also write the bare state_dict"))
        self.bare_box.toggled.connect(self.bare_toggled)

    def _arranged(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        for row, words in ((0, tr("Weights")), (2, tr("Format")), (4, tr("File"))):
            label = QLabel(words, self)
            label.setProperty("role", "soft")
            grid.addWidget(label, row, 0)
        target = QHBoxLayout()
        target.setSpacing(8)
        target.addWidget(self.path_line, 1)
        target.addWidget(self.browse_button)
        grid.addWidget(self.source_box, 0, 1)
        grid.addWidget(self.note, 1, 1)
        grid.addWidget(self.format_box, 2, 1)
        grid.addWidget(self.format_note, 3, 1)
        grid.addLayout(target, 4, 1)
        grid.addWidget(self.bare_box, 5, 1)
        grid.setColumnStretch(1, 1)
        return grid

    # --- what is chosen -----------------------------------------------------------------------------------------------

    def offer(self, labels: Sequence[str], chosen: int) -> None:
        """Offer sources by name."""
        self.source_box.clear()
        self.source_box.addItems(labels)
        self.source_box.setCurrentIndex(chosen)

    @property
    def format(self) -> Format:
        """The format that is chosen."""
        return self._formats[self.format_box.currentIndex()]

    def take_format(self, form: Format) -> None:
        """Choose a format because the file's ending says so."""
        self.format_box.setCurrentIndex(self._formats.index(form))
        self.show_format()

    def _format_activated(self) -> None:
        self.show_format()
        self.format_chosen.emit()

    def show_format(self) -> None:
        """Say what the format is for; offer what it offers."""
        self.format_note.setText(self.format.line)
        self.bare_box.setEnabled(self.format.bare)

    @property
    def with_bare(self) -> bool:
        """Whether a bare state_dict is asked for beside the file."""
        return self.format.bare and self.bare_box.isChecked()

    def set_busy(self, busy: bool) -> None:
        """While the engine works, nothing can be changed."""
        for widget in (
            self.source_box,
            self.format_box,
            self.path_line,
            self.browse_button,
        ):
            widget.setEnabled(not busy)
        self.bare_box.setEnabled(not busy and self.format.bare)


def _soft(name: str, parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "soft")
    label.setWordWrap(True)
    label.setContentsMargins(0, 0, 0, 8)  # it belongs to the field above
    return label

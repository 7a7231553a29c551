"""The receipt of an export: what was written, how large, and how far its outputs are from the original's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.formats import FORMATS
from resnet_studio.runs.results import Surveyed
from resnet_studio.ui.format import THIN, size, thousands
from resnet_studio.ui.runs.names import run_title
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.weights.brought import BroughtDialog
from resnet_studio.ui.weights.report import WAYS, said
from resnet_studio.ui.widgets.tips import plain_tip

_WORDS = tr("Read off the network after the weights had been put in, before it was written.")
_WEIGHTS = {
    "fresh": tr("fresh, not trained"),
    "best": tr("best checkpoint"),
    "last": tr("last checkpoint"),
    "imported": tr("brought in"),
    "file": tr("of the file"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what it is to the program, and to people; what it says, and what more there is to know."""

    key: str
    name: str
    value: str
    tip: str = ""


def receipt_rows(receipt: dict[str, Any]) -> list[Row]:
    """What the receipt says, line by line."""
    largest = float(receipt["max_difference"])
    batches = ", ".join(
        f"{found['batch']}: {float(found['difference']):.3g}" for found in receipt.get("differences", ())
    )
    form = FORMATS.get(str(receipt.get("format")))
    return [
        Row("File", tr("File"), str(receipt["path"])),
        *([Row("Format", tr("Format"), form.title)] if form is not None else []),
        Row("Size", tr("Size"), _bytes(receipt["bytes"])),
        Row("Parameters", tr("Parameters"), thousands(receipt["params"])),
        Row("Weights", tr("Weights"), _WEIGHTS.get(str(receipt["weights"]), str(receipt["weights"]))),
        Row("Largestdifference", tr("Largest difference"), _difference(receipt, largest)),
        *([Row("Bybatch", tr("By batch"), batches)] if largest and batches else []),
        *(_note(str(note), receipt.get("run")) for note in receipt.get("notes", ())),
    ]


def _bytes(count: int) -> str:
    return tr("{size} ({count} bytes)", size=size(count), count=thousands(count))


def _note(note: str, run: str | None) -> Row:
    """A run is called as everywhere in the window; where it lies is told on asking."""
    if run is None or Path(run).name not in note:
        return Row("Note", tr("Note"), note)
    title = run_title(RunFolder(Path(run)))
    return Row("Note", tr("Note"), note.replace(Path(run).name, title), tip=run)


def _difference(receipt: dict[str, Any], largest: float) -> str:
    """How far apart, and the size of what differs."""
    outputs = receipt.get("largest_output", 0.0)
    if outputs is None:
        return tr("cannot be told: the outputs overflow")
    if largest == 0:
        return tr("0, bit for bit the same")
    return tr("{largest:.3g}, in outputs up to {outputs:.3g}", largest=largest, outputs=float(outputs))


def receipt_text(receipt: dict[str, Any]) -> str:
    """The receipt as plain text, for the clipboard."""
    lines = [f"{row.name}: {row.value}" for row in receipt_rows(receipt)]
    units = receipt.get("brought", {}).get("units", ())
    lines += [f"{unit['place']}: {', '.join(said(way, unit[way]) for way in WAYS)}" for unit in units]
    return "\n".join(lines).replace(THIN, " ")


class ReceiptView(QWidget):
    """Shows a receipt, which can be copied, and the way to the file; of weights from elsewhere also what they brought."""

    def __init__(self, receipt: dict[str, Any], themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportReceipt")
        self.setAccessibleName(tr("Receipt of the export"))
        self._receipt = receipt
        title = QLabel(tr("Exported"), self)
        title.setProperty("role", "title")
        proof = QLabel(
            tr(
                "The file was read again in a clean process and compared with the network before it was put in place."
            ),
            self,
        )
        proof.setProperty("role", "soft")
        proof.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(title)
        layout.addWidget(proof)
        layout.addWidget(self._make_card())
        brought = receipt.get("brought")
        if brought:
            layout.addWidget(self._make_brought(brought, themes), 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        layout.addLayout(self._make_buttons())

    def _make_brought(self, brought: dict[str, Any], themes: ThemeManager) -> QPushButton:
        button = QPushButton(tr("What the weights brought, block by block…"), self)
        button.setObjectName("receiptBroughtButton")
        button.setAccessibleName(tr("Show what the weights brought into each block"))
        button.setProperty("role", "link")

        def show() -> None:
            dialog = BroughtDialog(themes, self.window(), words=_WORDS)
            dialog.show_report(cast(Surveyed, brought))
            dialog.open()

        button.clicked.connect(show)
        return button

    def _make_card(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "field")
        grid = QGridLayout(card)
        grid.setContentsMargins(14, 12, 14, 12)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for at, row in enumerate(receipt_rows(self._receipt)):
            label = QLabel(row.name, card)
            label.setProperty("role", "soft")
            text = QLabel(card)
            text.setTextFormat(Qt.TextFormat.PlainText)
            # A zero-width space after each slash lets a long path break; the clipboard gets it without.
            text.setText(row.value.replace("/", "/\u200b"))
            text.setWordWrap(True)
            text.setObjectName(f"receipt{row.key}")
            text.setAccessibleName(row.name)
            text.setToolTip(plain_tip(row.tip))
            grid.addWidget(label, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, at, 1)
        grid.setColumnStretch(1, 1)
        return card

    def _make_buttons(self) -> QHBoxLayout:
        copy = QPushButton(tr("Copy receipt"), self)
        copy.setObjectName("copyReceiptButton")
        copy.setAccessibleName(tr("Copy the receipt"))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(receipt_text(self._receipt)))
        show = QPushButton(tr("Show in folder"), self)
        show.setObjectName("showExportedButton")
        show.setAccessibleName(tr("Show the file's folder"))
        show.clicked.connect(self._show_folder)
        row = QHBoxLayout()
        row.addWidget(copy)
        row.addWidget(show)
        row.addStretch(1)
        return row

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._receipt["path"]).parent)))

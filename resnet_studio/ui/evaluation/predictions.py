"""The part of an evaluation that shows images: the worst, a sample of all, or those of one cell of the matrix. Knows no run."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from resnet_studio.language import tr, trn
from resnet_studio.runs.evaluation import Evaluation, Prediction
from resnet_studio.ui.evaluation.gallery import GalleryView
from resnet_studio.ui.evaluation.matrix import short
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.segmented import Segmented

_KINDS = (
    ("worst", tr("Worst"), tr("The wrong ones, the surest of the wrong first.")),
    ("samples", tr("Sample"), tr("Some of all validation images, right and wrong.")),
)


class Predictions(QWidget):
    """A title with a switch, over the pictures."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: Evaluation | None = None
        self._cell: tuple[int, int] | None = None
        self.title = QLabel(self)
        self.title.setObjectName("predictionsTitle")
        self.title.setProperty("role", "strong")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.kind = Segmented(theme, _KINDS, parent=self)
        self.kind.setObjectName("predictionsKind")
        self.kind.setAccessibleName(tr("Which predictions"))
        self.kind.set_value("worst")
        self._kind: object = "worst"
        self.kind.edited.connect(self._choose)
        self.gallery = GalleryView(self)
        self.none = QLabel(self)
        self.none.setObjectName("predictionsNone")
        self.none.setProperty("role", "soft")
        self.none.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.none)
        column.addWidget(self.gallery, 1)
        self._show()

    def show_evaluation(self, found: Evaluation) -> None:
        """Show the predictions of this one."""
        self._found = found
        self.show_cell(None)

    def show_cell(self, cell: tuple[int, int] | None) -> None:
        """Show only what is of one class and was taken for another, or the same; None shows what the switch says."""
        self._cell = cell
        # With a cell neither word is on: a click on one leads back.
        self.kind.set_value(None if cell is not None else self._kind)
        self._show()

    def _choose(self, kind: object) -> None:
        self._kind = kind
        self.show_cell(None)

    def _show(self) -> None:
        found = self._found
        shown = [] if found is None else self._chosen(found)
        self.title.setText(self._words(found))
        self.gallery.show_predictions(found.classes if found is not None else (), shown)
        self.none.setVisible(found is not None and not shown)
        self.gallery.setVisible(not self.none.isVisibleTo(self))
        self.none.setText(self._why_none(found))

    def _chosen(self, found: Evaluation) -> list[Prediction]:
        if self._cell is None:
            return list(found.samples if self.kind.value == "samples" else found.worst)
        known = {one.index: one for one in (*found.worst, *found.samples)}
        return [one for _, one in sorted(known.items()) if (one.truth, one.said) == self._cell]

    def _why_none(self, found: Evaluation | None) -> str:
        if found is None or self._cell is None:
            return tr("No image was taken for something else.")
        truth, said = (found.classes[number] for number in self._cell)
        count = found.counts[self._cell[0]][self._cell[1]]
        if not count:
            return tr("No image of {truth} was taken for {said}.", truth=truth, said=said)
        return trn(
            "The one image is not among those that were brought along: the worst, and a sample.",
            "None of the {count} images is among those that were brought along: the worst, and a sample.",
            count,
        )

    def _words(self, found: Evaluation | None) -> str:
        if found is None or self._cell is None:
            return tr("Sample predictions") if self.kind.value == "samples" else tr("Worst predictions")
        truth, said = (short(found.classes[number], 20) for number in self._cell)
        if truth == said:
            return tr("{truth}, and taken for it", truth=truth)
        return tr("{truth}, taken for {said}", truth=truth, said=said)

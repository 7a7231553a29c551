"""The worst predictions as pictures with what they are and what was said. Knows no run and no data set."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.evaluation import Evaluation, Miss
from resnet_studio.ui.evaluation.matrix import short
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import text_scale
from resnet_studio.ui.training.words import percent
from resnet_studio.ui.widgets.tips import plain_tip

_SIDE = 64
_CELL = QSize(112, 132)  # with three lines of words below the picture


def picture(miss: Miss) -> QImage:
    """The image as Qt has it."""
    channels, height, width = miss.shape
    if channels == 1:
        return QImage(miss.pixels, width, height, width, QImage.Format.Format_Grayscale8).copy()
    plane = height * width
    mixed = bytearray(3 * plane)
    for channel in range(3):
        mixed[channel::3] = miss.pixels[channel * plane : (channel + 1) * plane]
    return QImage(bytes(mixed), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class GalleryView(QListWidget):
    """Pictures side by side, the worst first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worstImages")
        self.setAccessibleName(tr("The worst predictions"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        sized(self, icon=_SIDE)
        self.setGridSize(_CELL * text_scale())
        self.setUniformItemSizes(True)
        self.setWordWrap(True)

    def show_evaluation(self, found: Evaluation) -> None:
        """Show its worst images."""
        self.clear()
        for miss in found.worst:
            self.addItem(_item(found, miss))


def _item(found: Evaluation, miss: Miss) -> QListWidgetItem:
    truth, said = found.classes[miss.truth], found.classes[miss.said]
    # Small images in whole pixels: blurred, eight by eight tell nothing.
    image = picture(miss).scaled(
        _SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    )
    item = QListWidgetItem(
        QIcon(QPixmap.fromImage(image)), f"{short(truth, 9)} → {short(said, 9)}\n{percent(miss.confidence)}"
    )
    words = tr(
        "{image}: it is {truth}, taken for {said} ({confidence} sure)",
        image=miss.name,
        truth=truth,
        said=said,
        confidence=percent(miss.confidence),
    )
    item.setToolTip(plain_tip(words))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
    item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
    return item

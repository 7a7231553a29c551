"""Predictions as pictures with what they are and what was said. Knows no run and no data set."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.evaluation import Prediction
from resnet_studio.ui.evaluation.matrix import short
from resnet_studio.ui.run_words import percent
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import text_scale
from resnet_studio.ui.widgets.tips import plain_tip

_SIDE = 64
_CELL = QSize(112, 132)  # with three lines of words below the picture


def picture(one: Prediction) -> QImage:
    """The image as Qt has it."""
    channels, height, width = one.shape
    if channels == 1:
        return QImage(one.pixels, width, height, width, QImage.Format.Format_Grayscale8).copy()
    plane = height * width
    mixed = bytearray(3 * plane)
    for channel in range(3):
        mixed[channel::3] = one.pixels[channel * plane : (channel + 1) * plane]
    return QImage(bytes(mixed), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class GalleryView(QListWidget):
    """Pictures side by side."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worstImages")
        self.setAccessibleName(tr("Predictions with their images"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        sized(self, icon=_SIDE)
        self.setGridSize(_CELL * text_scale())
        self.setUniformItemSizes(True)
        self.setWordWrap(True)

    def show_predictions(self, classes: Sequence[str], shown: Sequence[Prediction]) -> None:
        """Show these, in this order; `classes` are the names."""
        self.clear()
        for one in shown:
            self.addItem(_item(classes, one))


def _item(classes: Sequence[str], one: Prediction) -> QListWidgetItem:
    truth, said, right = classes[one.truth], classes[one.said], one.truth == one.said
    # Small images in whole pixels: blurred, eight by eight tell nothing.
    image = picture(one).scaled(
        _SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    )
    told = f"{short(truth, 12)} ✓" if right else f"{short(truth, 9)} → {short(said, 9)}"
    item = QListWidgetItem(QIcon(QPixmap.fromImage(image)), f"{told}\n{percent(one.confidence)}")
    values = {"image": one.name, "truth": truth, "said": said, "confidence": percent(one.confidence)}
    words = (
        tr("{image}: it is {truth}, and was taken for it ({confidence} sure)", **values)
        if right
        else tr("{image}: it is {truth}, taken for {said} ({confidence} sure)", **values)
    )
    item.setToolTip(plain_tip(words))
    item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
    item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter)
    return item

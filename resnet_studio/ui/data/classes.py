"""The classes of a data set, one a row: counts, a bar of them, sample images. Knows a Survey and no engine."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from resnet_studio.language import tr, trn
from resnet_studio.runs.survey import Picture, Survey
from resnet_studio.ui.format import thousands
from resnet_studio.ui.theme import ThemeManager, color, px
from resnet_studio.ui.widgets.row_focus import frame_current_row
from resnet_studio.ui.widgets.tips import plain_tip

COLUMNS = (tr("Class"), tr("Training"), tr("Validation"), tr("Share"), tr("Samples"))
CLASS, TRAIN, VAL, SHARE, SAMPLES = range(len(COLUMNS))
_WIDTHS = (130, 98, 110, 130)
_THUMB, _GAP, _BAR, _SWATCH = 44, 4, 8, 10
_KEY = Qt.ItemDataRole.UserRole
_PICTURES = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


def image_of(picture: Picture) -> QImage:
    """A sample as Qt has it."""
    channels, height, width = picture.shape
    if channels == 1:
        return QImage(picture.pixels, width, height, width, QImage.Format.Format_Grayscale8).copy()
    plane = height * width
    mixed = bytearray(3 * plane)
    for channel in range(3):
        mixed[channel::3] = picture.pixels[channel * plane : (channel + 1) * plane]
    return QImage(bytes(mixed), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class _Row(QTreeWidgetItem):
    """Sorts by values, not by words."""

    def __lt__(self, other: QTreeWidgetItem) -> bool:
        column = self.treeWidget().sortColumn()
        mine, its = self.data(column, _KEY), other.data(column, _KEY)
        return bool(mine < its)


class _Painter(QStyledItemDelegate):
    """Draws bars and samples over what the style draws."""

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), px(_THUMB + 2 * _GAP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = QStyleOptionViewItem(option)
        if look.state & QStyle.StateFlag.State_Selected:
            # The style would shade it; a selection has one ground everywhere.
            painter.fillRect(option.rect, color(self._theme.theme.accent_soft))
            look.state &= ~QStyle.StateFlag.State_Selected
        super().paint(painter, look, index)
        painter.save()
        if index.column() == SHARE:
            self._bars(painter, QRectF(option.rect), index.data(_KEY))
        elif index.column() == SAMPLES:
            self._samples(painter, option, index.data(_PICTURES))
        painter.restore()

    def _bars(self, painter: QPainter, box: QRectF, shares: Any) -> None:
        theme, high = self._theme.theme, px(_BAR)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        box = box.adjusted(px(6), 0, -px(10), 0)
        top = box.center().y() - high - 1
        for share, ink in zip(shares[1:], (theme.train_curve, theme.val_curve), strict=True):
            if share > 0:
                painter.setBrush(color(ink))
                painter.drawRoundedRect(QRectF(box.x(), top, max(2.0, box.width() * share), high), 2, 2)
            top += high + 2

    def _samples(self, painter: QPainter, option: QStyleOptionViewItem, pictures: Any) -> None:
        painter.setClipRect(option.rect)
        for place, (image, _) in zip(self._places(option, len(pictures)), pictures, strict=False):
            # Small images in whole pixels: blurred, eight by eight tell nothing.
            small = max(image.width(), image.height()) * painter.device().devicePixelRatioF() < place.width()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not small)
            scale = min(place.width() / image.width(), place.height() / image.height())
            wide, high = image.width() * scale, image.height() * scale
            painter.drawImage(
                QRectF(place.center().x() - wide / 2, place.center().y() - high / 2, wide, high), image
            )

    def _places(self, option: QStyleOptionViewItem, count: int) -> list[QRectF]:
        box, edge, gap = QRectF(option.rect), px(_THUMB), px(_GAP)
        top = box.center().y() - edge / 2
        # A sample that is cut tells less than none.
        seen = min(count, int((box.width() - gap) // (edge + gap)))
        return [QRectF(box.x() + gap + number * (edge + gap), top, edge, edge) for number in range(seen)]

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The name of the sample under the pointer."""
        if event.type() == QEvent.Type.ToolTip and index.column() == SAMPLES:
            pictures = index.data(_PICTURES)
            places = self._places(option, len(pictures))
            at = next((n for n, place in enumerate(places) if place.contains(event.pos().toPointF())), None)
            QToolTip.showText(event.globalPos(), "" if at is None else plain_tip(pictures[at][1]), view)
            return True
        return super().helpEvent(event, view, option, index)


class DataClasses(QTreeWidget):
    """The table of classes."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setObjectName("dataClasses")
        self.setAccessibleName(tr("Classes of the data"))
        self.setHeaderLabels(list(COLUMNS))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Painter(theme, self))
        self.header().setStretchLastSection(True)
        self.header().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, px(width))
        for column in (TRAIN, VAL):
            self.headerItem().setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        self.headerItem().setToolTip(
            SHARE, tr("Images to learn from above, to validate below, beside the largest class's.")
        )
        theme.changed.connect(self._dress)
        self._dress()

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The row, and whether it has the keyboard."""
        super().drawRow(painter, option, index)
        frame_current_row(self, painter, option, index, self._theme.theme)

    def _dress(self) -> None:
        """The heads of the counts say which bar is whose."""
        theme = self._theme.theme
        for column, ink in ((TRAIN, theme.train_curve), (VAL, theme.val_curve)):
            self.headerItem().setIcon(column, _swatch(ink))
        self.viewport().update()

    def show_survey(self, found: Survey) -> None:
        """Show these classes, in their order."""
        self.setSortingEnabled(False)
        self.clear()
        samples: dict[int, list[Picture]] = defaultdict(list)
        for picture in found.pictures:
            samples[picture.label].append(picture)
        most = max((*found.train, *found.val, 1))
        self.addTopLevelItems(
            [_row(found, number, samples[number], most) for number in range(len(found.classes))]
        )
        self.sortByColumn(CLASS, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        self.setCurrentIndex(self.model().index(0, 0))

    def wanted_height(self) -> int:
        """What it takes to show every class."""
        row = self.sizeHintForRow(0) if self.topLevelItemCount() else 0
        return self.header().height() + self.topLevelItemCount() * max(row, 0) + 2 * self.frameWidth()


def _swatch(ink: str) -> QIcon:
    edge = px(_SWATCH)
    # Twice as fine, for sharp screens.
    image = QPixmap(2 * edge, 2 * edge)
    image.setDevicePixelRatio(2)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(ink))
    painter.drawRoundedRect(QRectF(0, edge * 0.1, edge, edge * 0.8), 2, 2)
    painter.end()
    return QIcon(image)


def _row(found: Survey, number: int, pictures: list[Picture], most: int) -> QTreeWidgetItem:
    train, val = found.train[number], found.val[number]
    row = _Row([found.classes[number], thousands(train), thousands(val), "", ""])
    shares = (train + val, train / most, val / most)
    for column, key in (
        (CLASS, number),
        (TRAIN, train),
        (VAL, val),
        (SHARE, shares),
        (SAMPLES, len(pictures)),
    ):
        row.setData(column, _KEY, key)
    row.setData(SAMPLES, _PICTURES, [(image_of(picture), picture.name) for picture in pictures])
    said = tr(
        "{train} images to learn from and {val} to validate, {share:.0%} of the largest class",
        train=thousands(train),
        val=thousands(val),
        share=train / most,
    )
    row.setData(SHARE, Qt.ItemDataRole.AccessibleTextRole, said)
    row.setToolTip(SHARE, said)
    row.setToolTip(CLASS, plain_tip(found.classes[number]))
    names = ", ".join(picture.name for picture in pictures)
    row.setData(
        SAMPLES,
        Qt.ItemDataRole.AccessibleTextRole,
        trn("{count} sample: {names}", "{count} samples: {names}", len(pictures), names=names),
    )
    for column in (TRAIN, VAL):
        row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row

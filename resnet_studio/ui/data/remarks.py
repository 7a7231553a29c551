"""What is wrong with a data set: each thing with its remedy, and below it the images by name. Knows a Survey and no engine."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.remarks import Remark, remarks
from resnet_studio.runs.survey import Survey
from resnet_studio.ui.format import thousands
from resnet_studio.ui.icons import icon
from resnet_studio.ui.theme import ThemeManager, font
from resnet_studio.ui.widgets.tips import plain_tip


class DataRemarks(QTreeWidget):
    """A tree: remarks, and the names below each. Ctrl+C copies what is chosen, of a remark all its names."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.found: tuple[Remark, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self.setObjectName("dataRemarks")
        self.setAccessibleName(tr("What is wrong with the data"))
        self.setHeaderHidden(True)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme.changed.connect(self._dress)

    def show_survey(self, survey: Survey) -> None:
        """Say what is wrong with this data."""
        self.found = remarks(survey)
        self.clear()
        self._items = [_item(remark) for remark in self.found]
        self.addTopLevelItems(self._items)
        self.setCurrentIndex(self.model().index(0, 0))
        self._dress()

    def wanted_height(self) -> int:
        """What it takes to show every remark, its names closed."""
        rows = sum(self.sizeHintForIndex(self.indexFromItem(item)).height() for item in self._items)
        return rows + 2 * self.frameWidth() + 4

    def _dress(self) -> None:
        theme = self._theme.theme
        for item, remark in zip(self._items, self.found, strict=True):
            sign, ink = ("error", theme.bad) if remark.grave else ("warning", theme.warn)
            item.setIcon(0, icon(sign, ink))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying takes whole names, which no width cuts."""
        item = self.currentItem()
        if event.matches(QKeySequence.StandardKey.Copy) and item is not None:
            names = self.found[self._items.index(item)].names if item in self._items else ()
            QGuiApplication.clipboard().setText("\n".join(names or [item.text(0)]))
            event.accept()
            return
        super().keyPressEvent(event)


def _item(remark: Remark) -> QTreeWidgetItem:
    item = QTreeWidgetItem([f"{remark.what}\n{remark.remedy}"])
    said = f"{remark.what} {remark.remedy}"
    weighed = tr("Grave: {remark}", remark=said) if remark.grave else tr("Warning: {remark}", remark=said)
    item.setData(0, Qt.ItemDataRole.AccessibleTextRole, weighed)
    for name in remark.names:
        child = QTreeWidgetItem([name])
        child.setToolTip(0, plain_tip(name))
        child.setFont(0, font(12))
        item.addChild(child)
    if remark.count > len(remark.names):
        item.addChild(
            QTreeWidgetItem([tr("and {count} more", count=thousands(remark.count - len(remark.names)))])
        )
    return item

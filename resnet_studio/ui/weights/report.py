"""The report of an import: a sum, a bar, and a tree of blocks with their tensors. Shows what the engine said, no more."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QSizePolicy,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr, trn
from resnet_studio.ui.format import si
from resnet_studio.ui.theme import ThemeManager, color, px

WAYS = ("carried", "sliced", "fresh")
_FATES = Qt.ItemDataRole.UserRole
_REASONS = 2
_SAID = {"carried": tr("{count} carried"), "sliced": tr("{count} sliced"), "fresh": tr("{count} fresh")}


def said(way: str, count: int) -> str:
    """How many tensors went that way."""
    return _SAID[way].format(count=count)


def tokens(way: str) -> str:
    """The theme's colour of a way."""
    return {"carried": "good", "sliced": "accent", "fresh": "warn"}[way]


class _Shares(QWidget):
    """One line whose parts are as long as their counts."""

    def __init__(self, themes: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("weightsShares")
        self._themes = themes
        self._counts: tuple[int, ...] = (0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(6))

    def show_counts(self, counts: tuple[int, ...]) -> None:
        """Carried, sliced, fresh."""
        self._counts = counts
        self.setAccessibleName(", ".join(said(way, count) for way, count in zip(WAYS, counts, strict=True)))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        total, left = max(sum(self._counts), 1), 0.0
        for way, count in zip(WAYS, self._counts, strict=True):
            width = self.width() * count / total
            if count:
                painter.setBrush(color(getattr(self._themes.theme, tokens(way))))
                painter.drawRoundedRect(QRectF(left, 0, max(width - 2, 2), self.height()), 2, 2)
            left += width
        painter.end()


class ReportView(QWidget):
    """Shows one report; empty it says what will stand here."""

    def __init__(self, themes: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("weightsReport")
        self.setAccessibleName(tr("What becomes of each block"))
        self._themes = themes
        self.headline = QLabel(self)
        self.headline.setObjectName("weightsHeadline")
        self.headline.setProperty("role", "strong")
        self.detail = QLabel(self)
        self.detail.setObjectName("weightsDetail")
        self.detail.setProperty("role", "soft")
        for label in (self.headline, self.detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._shares = _Shares(themes, self)
        self.tree = self._make_tree()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for part in (self.headline, self._shares, self.detail):
            layout.addWidget(part)
        layout.addWidget(self.tree, 1)
        themes.changed.connect(self._color)
        self.clear()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget(self)
        tree.setObjectName("weightsTree")
        tree.setAccessibleName(tr("Blocks and what becomes of their tensors"))
        tree.setHeaderLabels([tr("Block"), tr("Carried"), tr("Sliced"), tr("Fresh"), tr("Why")])
        tree.setUniformRowHeights(True)
        tree.setAlternatingRowColors(True)
        tree.setRootIsDecorated(True)
        tree.itemExpanded.connect(self._fill)
        header = tree.header()
        header.setStretchLastSection(True)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        tree.setColumnWidth(0, px(230))
        for column in (1, 2, 3):
            tree.setColumnWidth(column, px(72))
            tree.headerItem().setTextAlignment(
                column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            )
        return tree

    def clear(self) -> None:
        """No report yet."""
        self.tree.clear()
        self.tree.setVisible(False)
        self._shares.setVisible(False)
        self.headline.setVisible(False)
        self.detail.setText(
            tr(
                "Here it will stand, block by block, what the weights bring: carried whole, sliced where channels changed, "
                "or fresh."
            )
        )

    def show_report(self, found: dict[str, Any]) -> None:
        """Show the engine's answer to `look_weights`."""
        counts = tuple(int(found[way]) for way in WAYS)
        self.headline.setText(f"{found['origin_name']} → {found['target']}: {counts_words(counts)}")
        self._shares.show_counts(counts)
        self.detail.setText(detail_words(found))
        self.tree.clear()
        for unit in found["units"]:
            self.tree.addTopLevelItem(self._unit_item(unit))
        if found["unused"]:
            self.tree.addTopLevelItem(self._unused_item(found["unused"]))
        for part in (self.headline, self._shares, self.tree):
            part.setVisible(True)
        self._color()

    def _unit_item(self, unit: dict[str, Any]) -> QTreeWidgetItem:
        counts = [int(unit[way]) for way in WAYS]
        reasons = list(dict.fromkeys(fate["reason"] for fate in unit["fates"] if fate["reason"]))
        why = "; ".join(reasons[:_REASONS]) + ("; …" if len(reasons) > _REASONS else "")
        item = QTreeWidgetItem([unit["place"], *(str(n) if n else "–" for n in counts), why])
        item.setData(0, _FATES, unit["fates"])
        item.setToolTip(4, "")
        for column in (1, 2, 3):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if unit["fates"]:
            item.setChildIndicatorPolicy(QTreeWidgetItem.ChildIndicatorPolicy.ShowIndicator)
        return item

    def _unused_item(self, names: list[str]) -> QTreeWidgetItem:
        item = QTreeWidgetItem(
            [tr("In the file, not used"), "", "", "", trn("{count} tensor", "{count} tensors", len(names))]
        )
        for name in names:
            item.addChild(QTreeWidgetItem([name]))
        return item

    def _fill(self, item: QTreeWidgetItem) -> None:
        """The tensors of a block, made when they are first looked at: deep nets have thousands."""
        fates = item.data(0, _FATES)
        if not fates or item.childCount():
            return
        for fate in fates:
            marks = ["✓" if fate["way"] == way else "" for way in WAYS]
            other = (
                tr("from {source}", source=fate["source"]) if fate["source"] not in ("", fate["name"]) else ""
            )
            child = QTreeWidgetItem([fate["name"], *marks, "; ".join(filter(None, (other, fate["reason"])))])
            for column in (1, 2, 3):
                child.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.addChild(child)
        self._color_item(item)

    def _color(self) -> None:
        for index in range(self.tree.topLevelItemCount()):
            item = self.tree.topLevelItem(index)
            if item is not None:
                self._color_item(item)

    def _color_item(self, item: QTreeWidgetItem) -> None:
        theme = self._themes.theme
        for column, way in enumerate(WAYS, start=1):
            empty = item.text(column) in ("", "–")
            item.setForeground(column, color(theme.text_faint if empty else getattr(theme, tokens(way))))
        item.setForeground(4, color(theme.text_soft))
        for child in (item.child(index) for index in range(item.childCount())):
            if child is not None:
                self._color_item(child)


def counts_words(counts: tuple[int, ...]) -> str:
    """ "320 carried, 18 fresh"; what is nothing is left out, unless all is."""
    parts = [said(way, count) for count, way in zip(counts, WAYS, strict=True) if count]
    return ", ".join(parts) or tr("nothing to carry")


def detail_words(found: dict[str, Any]) -> str:
    """The second line: how the origin was found, how many numbers come from the file, the notices."""
    share = tr(
        "Origin: {how}. {kept} of {numbers} numbers come from the file.",
        how=found["how"],
        kept=si(found["kept"]),
        numbers=si(found["numbers"]),
    )
    return " ".join([share, *map(str, found["notices"])])

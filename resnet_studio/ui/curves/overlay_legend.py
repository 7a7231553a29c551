"""The runs whose curves lie over each other: the list that is their legend, and the same painted for a picture. Knows no plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from resnet_studio.language import tr
from resnet_studio.runs.fields import FIELDS
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.runs.spec_words import value_words
from resnet_studio.ui.run_words import choice_words
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import Theme, color, font, px
from resnet_studio.ui.widgets.tips import plain_tip

_SWATCH = QSize(22, 12)
_MOST = 3  # settings that are named of a run
_ROW = 20  # pixels a run in a picture


@dataclass(frozen=True, slots=True)
class Entry:
    """A run in the legend: its name, its best figure, and in what its settings are others than the others'."""

    title: str
    best: str
    apart: str = ""

    def with_value(self, value: str) -> str:
        """The lines of the list; `value`, where the pointer asks for one, stands in the place of the best figure."""
        return "\n".join(part for part in (self.title, value or self.best, self.apart) if part)


def told_apart(specs: Sequence[TrainSpec]) -> list[str]:
    """In what each differs from the others, in few words: a line for each of the first settings, and dots for more; nothing where all are the same."""
    fields = [field for field in FIELDS if len({getattr(spec, field.name) for spec in specs}) > 1]
    more = ["…"] if len(fields) > _MOST else []
    return [
        "\n".join(
            [
                f"{field.label} {choice_words(value_words(getattr(spec, field.name)))}"
                for field in fields[:_MOST]
            ]
            + more
        )
        for spec in specs
    ]


def inks(theme: Theme) -> tuple[str, ...]:
    """Colours that are told apart, also by most who see few; behind the last they begin anew, dashed."""
    return (theme.train_curve, theme.val_curve, theme.good, theme.resnext, theme.bad, theme.neutral)


def ink_of(theme: Theme, number: int) -> tuple[str, bool]:
    """The colour of a run, and whether its line is dashed."""
    known = inks(theme)
    return known[number % len(known)], number // len(known) % 2 == 1


class Legend(QListWidget):
    """The runs, each to be shown or not."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("overlayLegend")
        self.setAccessibleName(tr("Runs that are shown"))
        self.setIconSize(_SWATCH)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sized(self, width=250)
        self._entries: list[Entry] = []

    @property
    def entries(self) -> list[Entry]:
        """All runs, in order."""
        return self._entries

    @property
    def shown(self) -> list[int]:
        """The numbers of those that are to be shown."""
        on = Qt.CheckState.Checked
        return [number for number in range(self.count()) if self.item(number).checkState() is on]

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these runs, all of them shown."""
        self._entries = list(entries)
        blocked = self.blockSignals(True)
        for entry in entries:
            item = QListWidgetItem(entry.with_value(""), self)
            item.setToolTip(plain_tip(entry.with_value("")))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
        self.blockSignals(blocked)

    def show_values(self, values: Sequence[str]) -> None:
        """Say these in the places of the best figures; an empty one gives its place back."""
        blocked = self.blockSignals(True)
        for number, (entry, value) in enumerate(zip(self._entries, values, strict=True)):
            self.item(number).setText(entry.with_value(value))
        self.blockSignals(blocked)

    def dress(self, theme: Theme) -> None:
        """Take a theme's inks."""
        blocked = self.blockSignals(True)
        for number in range(self.count()):
            self.item(number).setIcon(_swatch(*ink_of(theme, number)))
        self.blockSignals(blocked)

    def painted_height(self) -> int:
        """How high `paint` paints."""
        return px(_ROW) * len(self.shown) + px(8)

    def paint(self, painter: QPainter, width: float, theme: Theme) -> None:
        """The runs that are shown, one below the other: for a picture, in which nobody can ask."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(font(12))
        for row, number in enumerate(self.shown):
            ink, dashed = ink_of(theme, number)
            middle = px(_ROW) * (row + 0.5)
            painter.setPen(QPen(color(ink), 2, _style(dashed)))
            painter.drawLine(0, round(middle), px(22), round(middle))
            painter.setFont(font(12))
            painter.setPen(color(theme.text))
            words = self._entries[number].with_value("").replace("\n", " · ")
            room = QRectF(px(30), middle - px(_ROW) / 2, width - px(30), px(_ROW))
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def _style(dashed: bool) -> Qt.PenStyle:
    return Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine


def _swatch(ink: str, dashed: bool) -> QIcon:
    picture = QPixmap(_SWATCH * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setPen(QPen(color(ink), 3, _style(dashed)))
    painter.drawLine(0, _SWATCH.height() // 2, _SWATCH.width(), _SWATCH.height() // 2)
    painter.end()
    return QIcon(picture)

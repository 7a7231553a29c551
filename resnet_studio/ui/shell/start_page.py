"""The page before a drawing is open: presets as cards, new, open, recent files. Knows no document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.presets import PRESETS
from resnet_studio.language import tr
from resnet_studio.ui.shell.cards import PresetCard, in_order
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.view_state import ViewState

if TYPE_CHECKING:
    from resnet_studio.ui.shell.menus.doer import Doer

_WIDEST = 1360
_SIDE = 300
_BESIDE_FROM = 1000
_CARD_LEAST = 180


class StartPage(QScrollArea):
    """What one sees first.

    Signals:
        preset_chosen(str), family_chosen, empty_chosen, open_chosen, recent_chosen(object: Path), back_chosen, tour_chosen.
    """

    preset_chosen = Signal(str)
    family_chosen = Signal()
    empty_chosen = Signal()
    open_chosen = Signal()
    recent_chosen = Signal(object)
    back_chosen = Signal()
    tour_chosen = Signal()

    def __init__(
        self, settings: Settings, theme: ThemeManager, state: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self.setObjectName("start")
        self.setAccessibleName(tr("Start"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settings, self._theme = settings, theme
        page = QWidget(self)
        outer = QHBoxLayout(page)
        outer.setContentsMargins(32, 28, 32, 28)
        # Without a share of their own: they grow only when the body is as wide as it may be, and the margins stay what they are.
        outer.addStretch()
        self._body = QWidget(page)
        sized(self._body, most_width=_WIDEST)
        self._body.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        outer.addWidget(self._body, 1)
        outer.addStretch()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addLayout(self._head())
        column.addSpacing(24)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(32)
        column.addLayout(self._sides)
        column.addStretch(3)
        self._sides.addWidget(self._presets(), 1)
        self._sides.addWidget(self._recent(), 0, Qt.AlignmentFlag.AlignTop)
        self._columns = 0
        self._headed: tuple[bool, int, tuple[QPushButton, ...]] = (False, 0, ())
        self.setWidget(page)
        theme.changed.connect(self._lay_out)
        self._lay_out()

    def _head(self) -> QBoxLayout:
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._top.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(_label("ResNet Studio", "display"))
        self._about = _label(
            tr("Stack residual blocks, see at once what they cost, train, and take the weights home."), "soft"
        )
        words.addWidget(self._about)
        self._top.addLayout(words, 1)
        self._back = self._button(tr("Back to the drawing"), "startBack")
        self._back.clicked.connect(self.back_chosen)
        self._back.hide()
        tour = self._button(tr("Guided tour"), "startTour")
        tour.setToolTip(tr("From the residual block to a trained net, on drawings of the tour's own"))
        tour.clicked.connect(self.tour_chosen)
        family = self._button(tr("From a family…"), "startFamily")
        family.setToolTip(tr("Any depth and width of the papers' networks"))
        family.clicked.connect(self.family_chosen)
        empty = self._button(tr("New empty"), "startEmpty")
        empty.clicked.connect(self.empty_chosen)
        opens = self._button(tr("Open…"), "startOpen")
        opens.clicked.connect(self.open_chosen)
        self._buttons = (self._back, tour, family, empty, opens)
        self._deeds = QGridLayout()
        self._deeds.setSpacing(8)
        self._top.addLayout(self._deeds)
        return self._top

    def _lay_out_head(self, room: int) -> None:
        """Words and buttons in one line; where letters are large, the buttons below, in as many lines as they need."""
        shown = [button for button in self._buttons if not button.isHidden()]
        widths = [button.sizeHint().width() + 8 for button in shown]
        # Not its size hint: where it wraps it asks for less, and words and buttons would change places at every resize.
        about = self._about.fontMetrics().horizontalAdvance(self._about.text()) + 8
        in_one = sum(widths) + about <= room
        way = QBoxLayout.Direction.LeftToRight if in_one else QBoxLayout.Direction.TopToBottom
        columns = max(1, min(len(shown), room // max(widths)))
        wanted = (in_one, columns, tuple(shown))
        if wanted == self._headed:
            return
        self._headed = wanted
        self._top.setDirection(way)
        self._top.setSpacing(8 if in_one else 16)
        edge = Qt.AlignmentFlag.AlignBottom if in_one else Qt.AlignmentFlag.AlignLeft
        self._top.setAlignment(self._deeds, edge)
        self._about.setWordWrap(not in_one)
        for place, button in enumerate(shown):
            self._deeds.addWidget(button, place // columns, place % columns)

    def _button(self, words: str, name: str) -> QPushButton:
        button = QPushButton(words, self._body)
        button.setObjectName(name)
        button.setAccessibleName(words.removesuffix("…"))
        button.setAutoDefault(True)
        return button

    def _presets(self) -> QWidget:
        box = QWidget(self._body)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(_label(tr("START FROM A PRESET"), "heading"))
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        column.addLayout(self._grid)
        column.addStretch(1)
        self._cards = [
            PresetCard(preset, self._theme, box, self._state) for preset in in_order(list(PRESETS.values()))
        ]
        for card in self._cards:
            card.clicked.connect(lambda _=False, name=card.preset.name: self.preset_chosen.emit(name))
        return box

    def _recent(self) -> QWidget:
        self._recent_box = QWidget(self._body)
        column = QVBoxLayout(self._recent_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(_label(tr("RECENT FILES"), "heading"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        column.addLayout(self._rows)
        column.addStretch(1)
        return self._recent_box

    def obey(self, do: Doer) -> None:
        """Let each button do what it says."""
        self.preset_chosen.connect(do.new_preset)
        self.family_chosen.connect(do.new_from_family)
        self.empty_chosen.connect(do.new_empty)
        self.open_chosen.connect(do.open_file)
        self.tour_chosen.connect(do.start_tour)

    # --- showing ------------------------------------------------------------------------------------------------------

    def offer_back(self, on: bool) -> None:
        """Whether there is a drawing to go back to."""
        self._back.setVisible(on)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh_recent()
        super().showEvent(event)

    def refresh_recent(self) -> None:
        """Read the list of recent files again."""
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for path in self._settings.recent[:8]:
            from resnet_studio.ui.shell.recent_row import RecentRow  # a first start has none

            row = RecentRow(path, self._theme, self._recent_box, self._state)
            row.clicked.connect(lambda _=False, path=path: self.recent_chosen.emit(path))
            self._rows.addWidget(row)
        if not self._settings.recent:
            empty = _label(tr("Drawings that you save appear here."), "soft")
            empty.setWordWrap(True)
            self._rows.addWidget(empty)

    def first_focus(self) -> None:
        """Give the keyboard to the first card."""
        self._cards[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        # Not viewport().width(): that call loads dozens of Qt's classes, which is felt at the start.
        width = self.width() - 12
        room = min(width - 64, px(_WIDEST))
        beside = width >= px(_BESIDE_FROM)
        self._lay_out_head(room)
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(way)
        side = px(_SIDE)
        self._recent_box.setFixedWidth(side if beside else max(px(200), room))
        columns = max(1, min(4, (room - (side + 32 if beside else 0) + 12) // (px(_CARD_LEAST) + 12)))
        roomy = width >= 1500 and self.height() >= 800
        for card in self._cards:
            sized(card, height=196 if roomy else 150)
        if columns == self._columns:
            return
        self._columns = columns
        for index, card in enumerate(self._cards):
            self._grid.addWidget(card, index // columns, index % columns)
        for column in range(4):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys walk over the cards; Escape goes back."""
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self._columns, Qt.Key.Key_Down: self._columns
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        at = next((i for i, card in enumerate(self._cards) if card.hasFocus()), None)
        if event.key() == Qt.Key.Key_Escape and not self._back.isHidden():
            self.back_chosen.emit()
        elif step is not None and at is not None and 0 <= at + step < len(self._cards):
            self._cards[at + step].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(self._cards[at + step])
        else:
            super().keyPressEvent(event)


def _label(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    return label

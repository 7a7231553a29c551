"""The palette: block kinds and a new stage to drag or insert, and presets to open. Knows no canvas."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import BlockKind
from resnet_studio.language import tr
from resnet_studio.ui import commands
from resnet_studio.ui.document import Document
from resnet_studio.ui.palette.cards import PaletteCard
from resnet_studio.ui.palette.presets import NAME, ROW, PresetDelegate, PresetFilter, PresetModel, preset_of
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import in_pixels
from resnet_studio.ui.theme import Theme, ThemeManager

_KINDS = (
    (BlockKind.RESIDUAL, tr("Residual"), tr("two 3×3 and the input")),
    (BlockKind.BOTTLENECK, tr("Bottleneck"), "1×1, 3×3, 1×1"),
    (BlockKind.RESNEXT, "ResNeXt", tr("32 groups in the 3×3")),
)


class PaletteView(QWidget):
    """Cards to insert above, presets below.

    Signals:
        preset_requested(str): the user wants to open the preset of this name.
        refused(str): an insertion could not be done, and why.
    """

    preset_requested = Signal(str)
    refused = Signal(str)

    def __init__(
        self, document: Document, theme_manager: ThemeManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self._themes = theme_manager
        self.setObjectName("palette")
        self.setAccessibleName(tr("Palette"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 8)
        self._column.setSpacing(6)
        self._add_cards()
        self._column.addSpacing(8)
        self._add_presets()
        document.loaded.connect(self._show_open)
        self._show_open()
        theme_manager.changed.connect(self._on_theme)
        self._on_theme()

    def _caption(self, text: str) -> None:
        label = QLabel(text, self)
        label.setProperty("caption", True)
        label.setTextFormat(Qt.TextFormat.PlainText)
        sized(label, letters=11, bold=True)
        self._column.addWidget(label)

    def _add_cards(self) -> None:
        for kind, title, note in _KINDS:
            card = PaletteCard(kind, title, note, self._themes, self)
            card.insert.connect(
                lambda kind=kind: self._try(lambda: commands.insert_kind(self._document, kind))
            )
            self._column.addWidget(card)
        stage = PaletteCard(None, tr("New stage"), tr("halves the resolution"), self._themes, self)
        stage.insert.connect(lambda: self._try(lambda: commands.insert_stage(self._document)))
        self._column.addWidget(stage)

    def _try(self, do: Callable[[], None]) -> None:
        try:
            do()
        except StudioError as error:
            self.refused.emit(str(error))

    def _add_presets(self) -> None:
        self._caption(tr("PRESETS"))
        self.filter = QLineEdit(self)
        self.filter.setObjectName("presetFilter")
        self.filter.setAccessibleName(tr("Filter presets"))
        self.filter.setPlaceholderText(tr("Filter…"))
        self.filter.setClearButtonEnabled(True)
        self._column.addWidget(self.filter)
        self._model = PresetModel()
        self._shown = PresetFilter(self._model)
        self._delegate = PresetDelegate(self._themes)
        self.presets = QListView(self)
        self.presets.setObjectName("presetList")
        self.presets.setAccessibleName(tr("Presets"))
        self.presets.setModel(self._shown)
        self.presets.setItemDelegate(self._delegate)
        # A long name has two lines, and one where the palette is wide.
        self.presets.setResizeMode(QListView.ResizeMode.Adjust)
        self.presets.setMouseTracking(True)
        self.presets.setFrameShape(QFrame.Shape.NoFrame)
        sized(self.presets, least_height=2 * ROW + 2)
        self.presets.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.presets.doubleClicked.connect(self._open)
        self._column.addWidget(self.presets, 1)
        self.filter.textChanged.connect(self._on_filter)
        self.filter.installEventFilter(self)
        self.presets.installEventFilter(self)

    def _show_open(self) -> None:
        """The preset that has just been opened is the current one; beside any other drawing none is."""
        name = preset_of(self._document.design)
        rows = range(self._shown.rowCount())
        row = next((row for row in rows if self._shown.index(row, 0).data(NAME) == name), -1)
        self.presets.setCurrentIndex(self._shown.index(row, 0))

    def _on_filter(self, text: str) -> None:
        self._shown.show_words(text)
        if text and self._shown.rowCount():
            self.presets.setCurrentIndex(self._shown.index(0, 0))

    def _open(self, index: QModelIndex) -> None:
        self.preset_requested.emit(index.data(NAME))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Not QListView.activated: some platforms send it for a single click, which would throw a drawing away.
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.presets.currentIndex().isValid():
                self._open(self.presets.currentIndex())
                return True
            if watched is self.filter and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.presets.setFocus(Qt.FocusReason.ShortcutFocusReason)
                if not self.presets.currentIndex().isValid():
                    self.presets.setCurrentIndex(self._shown.index(0, 0))
                return True
        return super().eventFilter(watched, event)

    def _on_theme(self) -> None:
        sized(self.filter, letters=12)
        self.setStyleSheet(sheet(self._themes.theme))
        self.presets.viewport().update()


def sheet(theme: Theme) -> str:
    """The style sheet of this part of the window."""
    return in_pixels(f"""
    #palette {{ background: {theme.window}; }}
    #palette QLabel[caption="true"] {{ color: {theme.text_soft}; background: transparent; }}
    #presetFilter {{
        color: {theme.text}; background: {theme.field}; border: 1px solid {theme.line}; border-radius: 5px;
        padding: 0 6px; min-height: 24tx; }}
    #presetFilter:focus {{ border-color: {theme.accent}; }}
    #presetList {{ background: {theme.window}; border: 1px solid transparent; border-radius: 5px; outline: none; }}
    #presetList:focus {{ border-color: {theme.accent}; }}
    """)

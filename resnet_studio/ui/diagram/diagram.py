"""The diagram panel: what to show and how, the picture, and words where there is none. Layout is the engine's work."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.language import tr
from resnet_studio.ui.diagram.picture import Picture
from resnet_studio.ui.diagram.source import DiagramSource, Drawing, Engine
from resnet_studio.ui.document import Document
from resnet_studio.ui.shell.names import file_name, title_of
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.elided import ElidedLabel
from resnet_studio.ui.widgets.saving import choose_target
from resnet_studio.ui.widgets.segmented import Segmented
from resnet_studio.ui.widgets.wrapped import WrappedLabel

DETAILS = (
    ("blocks", tr("Blocks"), tr("One node for each block")),
    ("layers", tr("Layers"), tr("One node for each layer")),
)
DIRECTIONS = (("LR", tr("Across"), tr("From left to right")), ("TB", tr("Down"), tr("From top to bottom")))
FORMATS = {"svg": tr("SVG image"), "pdf": tr("PDF document"), "png": tr("PNG image")}


class DiagramView(QWidget):
    """The drawing as Graphviz lays it out."""

    def __init__(
        self, document: Document, themes: ThemeManager, engine: Engine, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("diagram")
        self.setAccessibleName(tr("Diagram"))
        self._document, self._themes = document, themes
        self.source = DiagramSource(document, themes, engine, self)
        self.picture = Picture(themes)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_words())
        self._stack.addWidget(self.picture)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_bar())
        column.addWidget(self._stack, 1)
        # A line of its own, there only while it says something: beside the buttons a message would move them.
        self._status = ElidedLabel("soft")
        self._status.setObjectName("diagramStatus")
        self._status.setAccessibleName(tr("What the diagram says"))
        self._status.setContentsMargins(10, 3, 10, 3)
        self._status.hide()
        column.addWidget(self._status)
        self._connect()
        self._say(tr("Drawing…"), tr("The engine lays the diagram out in a process of its own."), again=False)

    def _connect(self) -> None:
        self.source.asking.connect(lambda: self.picture.dim(True))
        self.source.drawn.connect(self._drawn)
        self.source.failed.connect(self._failed)
        self.source.written.connect(lambda path: self._note(tr("Written: {file}", file=Path(path).name)))
        self.source.not_written.connect(self._note)
        self.picture.clicked.connect(self._clicked)
        self.picture.zoomed.connect(lambda zoom: self._zoom.setText(f"{zoom:.0%}"))
        self._document.selection_changed.connect(self._show_selection)

    # --- making -----------------------------------------------------------------------------------------------------

    def _button(self, words: str, name: str, tip: str) -> QPushButton:
        button = QPushButton(words)
        button.setObjectName(name)
        button.setAccessibleName(tip)
        button.setToolTip(tip)
        return button

    def _make_bar(self) -> QBoxLayout:
        self._detail = Segmented(self._themes, DETAILS)
        self._detail.setObjectName("diagramDetail")
        self._detail.setAccessibleName(tr("Detail"))
        self._detail.set_value("blocks")
        self._detail.edited.connect(lambda value: self.source.show(detail=value))
        self._direction = Segmented(self._themes, DIRECTIONS)
        self._direction.setObjectName("diagramDirection")
        self._direction.setAccessibleName(tr("Direction"))
        self._direction.set_value("LR")
        self._direction.edited.connect(self._turn)
        self._fold = self._button(
            tr("Fold runs"), "diagramFold", tr("Draw equal neighbours once, with their number")
        )
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._fold.toggled.connect(lambda on: self.source.show(fold=on))
        self._halves = (QHBoxLayout(), QHBoxLayout())
        look, doing = self._halves
        for widget in (self._detail, self._direction, self._fold):
            look.addWidget(widget)
        look.addStretch(1)
        doing.addStretch(1)
        self._add_zoom(doing)
        self._add_export(doing)
        self._bar = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bar.setContentsMargins(10, 6, 10, 6)
        self._bar.setSpacing(4)
        for half in self._halves:
            half.setSpacing(4)
            self._bar.addLayout(half)
        return self._bar

    def minimumSizeHint(self) -> QSize:
        """The bar takes two lines where there is not the room for one."""
        least = max(half.minimumSize().width() for half in self._halves)
        return QSize(least + 20, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One line or two."""
        super().resizeEvent(event)
        needed = sum(half.minimumSize().width() for half in self._halves) + 24
        in_one = self.width() >= needed
        direction = QBoxLayout.Direction.LeftToRight if in_one else QBoxLayout.Direction.TopToBottom
        if self._bar.direction() != direction:
            self._bar.setDirection(direction)

    def _add_zoom(self, bar: QHBoxLayout) -> None:
        self._zoom = QLabel("100%")
        self._zoom.setObjectName("diagramZoom")
        sized(self._zoom, letters=12)
        self._zoom.setProperty("role", "soft")
        self._zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        sized(self._zoom, width=44)
        out = self._button("\N{MINUS SIGN}", "diagramZoomOut", tr("Zoom out"))
        closer = self._button("+", "diagramZoomIn", tr("Zoom in"))
        fit = self._button(tr("Fit"), "diagramFit", tr("Show all of it"))
        out.clicked.connect(lambda: self.picture.zoom_by(1 / 1.25))
        closer.clicked.connect(lambda: self.picture.zoom_by(1.25))
        fit.clicked.connect(self.picture.fit)
        for widget in (out, self._zoom, closer, fit):
            bar.addWidget(widget)
        for button in (out, closer, fit):
            button.setProperty("role", "quiet")

    def _add_export(self, bar: QHBoxLayout) -> None:
        self._export = self._button(tr("Export…"), "diagramExport", tr("Write the diagram to a file"))
        menu = QMenu(self._export)
        menu.setObjectName("diagramExportMenu")
        menu.setAccessibleName(tr("Export the diagram"))
        for suffix, words in FORMATS.items():
            action = menu.addAction(f"{words} (.{suffix})")
            action.setObjectName(f"diagramExport{suffix.title()}")
            action.triggered.connect(lambda _=False, suffix=suffix: self._ask_path(suffix))
        self._export.setMenu(menu)
        bar.addWidget(self._export)

    def _make_words(self) -> QWidget:
        page = QWidget()
        self._title, self._words = WrappedLabel(), WrappedLabel()
        self._title.setObjectName("diagramMessage")
        sized(self._title, letters=15, bold=True)
        self._words.setProperty("role", "soft")
        self._again = self._button(
            tr("Try again"), "diagramAgain", tr("Ask the engine for the diagram again")
        )
        self._again.clicked.connect(self.source.refresh)
        column = QVBoxLayout(page)
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addWidget(self._again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    # --- what happens -----------------------------------------------------------------------------------------------

    def _say(self, title: str, words: str, *, again: bool) -> None:
        self._title.setText(title)
        self._words.setText(words)
        self._again.setVisible(again)
        self._stack.setCurrentIndex(0)

    def _note(self, words: str) -> None:
        self._status.setText(words)
        self._status.setVisible(bool(words))

    def _drawn(self, drawing: Drawing) -> None:
        self.picture.show_drawing(drawing)
        self._show_selection()
        self._note(" ".join(drawing.notes))
        self._stack.setCurrentIndex(1)

    def _failed(self, what: str, remedy: str) -> None:
        if self.picture.drawing is None:
            self._say(what, remedy, again=True)
        else:
            self._note(f"{what} {remedy}".strip())

    def _turn(self, direction: object) -> None:
        self.picture.fit_readably()
        self.source.show(direction=str(direction))

    def _show_selection(self) -> None:
        chosen = set(self._document.selection)
        for stage in self._document.design.stages:
            if stage.id in chosen:
                chosen.update(block.id for block in stage.blocks)
        self.picture.show_selection(chosen)
        self.picture.bring_into_view()

    def _clicked(self, units: tuple[str, ...], more: bool) -> None:
        self._document.select((*self._document.selection, *units) if more else units)

    def _ask_path(self, suffix: str) -> None:
        start = self._proposed(suffix)
        path = choose_target(
            self, tr("Export diagram"), start, f"{FORMATS[suffix]} (*.{suffix})", f".{suffix}"
        )
        if path is not None:
            self.export(path)

    def _proposed(self, suffix: str) -> Path:
        """Beside the design's file and named like it, or like the drawing."""
        path = self._document.path
        folder = path.parent if path is not None else Path.home()
        name = title_of(path) if path is not None else title_of(Path(file_name(self._document.design.name)))
        return folder / f"{name}.{suffix}"

    def export(self, path: Path) -> None:
        """Write the diagram as it is shown; the suffix says the format."""
        self._note(tr("Writing {file}…", file=path.name))
        self.source.export(path)

    def showEvent(self, event: QShowEvent) -> None:
        """Seen: live again."""
        super().showEvent(event)
        self.source.wake(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Unseen: nothing is asked."""
        super().hideEvent(event)
        self.source.wake(False)

"""The dialog that shows a data set: classes, counts, samples, figures, what is wrong, and whether the drawing fits. Looks at nothing itself."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.data_files import absence
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.survey import Survey, survey_from
from resnet_studio.ui.data.classes import DataClasses
from resnet_studio.ui.data.figures import facts_of, figures, tips
from resnet_studio.ui.data.remarks import DataRemarks
from resnet_studio.ui.data.suiting import fit_message
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.engine_dialog import EngineDialog
from resnet_studio.ui.format import size, thousands
from resnet_studio.ui.sizing import opened_at, sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer
from resnet_studio.ui.widgets.tile import StatTile

# Names for finding them, and words.
_TILES = (
    ("Images", tr("Images")),
    ("Classes", tr("Classes")),
    ("Size", tr("Size")),
    ("Mean", tr("Mean")),
    ("Deviation", tr("Deviation")),
    ("Largest", tr("Largest : smallest")),
)
_CLEAN = tr(
    "Nothing is wrong with it: no broken, tiny or copied images, nothing in both splits, classes of like size."
)


class DataDialog(EngineDialog):
    """One data set, looked through by the engine.

    Args:
        document: the drawing, which may be adapted.
        theme: the window's theme.
        engine: looks in a process of its own.
        data: name and folder, as in the settings.
        parent: the window.

    Signals:
        refused(object): the StudioError why the drawing could not be adapted.
        fetch_asked(): download what is missing; `show_fetching` tells how far that is.
    """

    refused = Signal(object)
    fetch_asked = Signal()

    def __init__(
        self, document: Document, theme: ThemeManager, engine: Engine, data: tuple[str, str | None], parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(engine, parent)
        self.setObjectName("dataDialog")
        self._document, self._data = document, data
        self.found: Survey | None = None
        self.strip, self.suit = NoticeStrip("dataNotice", self), NoticeStrip("dataFit", self)
        self.classes, self.remarks = DataClasses(theme, self), DataRemarks(theme, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        self._make_head(layout)
        layout.addWidget(self.strip)
        layout.addWidget(self.suit)
        layout.addLayout(self._make_tiles(theme))
        layout.addWidget(self._make_parts(), 1)
        layout.addLayout(self._make_buttons())
        opened_at(self, 1110, 680)
        document.changed.connect(self._suit)
        document.initial_changed.connect(self._suit)
        self.look(*data)

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_head(self, layout: QVBoxLayout) -> None:
        self.title, self.place = QLabel(self), QLabel(self)
        self.title.setObjectName("dataTitle")
        self.title.setProperty("role", "title")
        self.place.setObjectName("dataPlace")
        self.place.setProperty("role", "soft")
        for label in (self.title, self.place):
            label.setTextFormat(Qt.TextFormat.PlainText)
            layout.addWidget(label)

    def _make_tiles(self, theme: ThemeManager) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.tiles = [StatTile(theme, caption, self) for _, caption in _TILES]
        for tile, (name, _) in zip(self.tiles, _TILES, strict=True):
            tile.setObjectName(f"dataTile{name}")
            tile.show_value("–", "", "text_faint")
            row.addWidget(tile, 1)
        return row

    def _make_parts(self) -> QSplitter:
        self.clean = QLabel(_CLEAN, self)
        self.clean.setObjectName("dataClean")
        self.clean.setProperty("role", "soft")
        self.clean.setWordWrap(True)
        self.clean.setVisible(False)
        wrong = QWidget(self)
        column = QVBoxLayout(wrong)
        column.setContentsMargins(0, 2, 0, 8)
        column.addWidget(self.clean)
        column.addWidget(self.remarks)
        self.remarks.setVisible(False)
        sized(self.remarks, least_height=64)
        self._parts = parts = QSplitter(Qt.Orientation.Vertical, self)
        parts.setObjectName("dataParts")
        parts.addWidget(wrong)
        parts.addWidget(self.classes)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        return parts

    def _make_buttons(self) -> QHBoxLayout:
        self.again = QPushButton(tr("Look again"), self)
        self.again.setObjectName("lookAgainButton")
        self.again.setToolTip(tr("Look every image through once more, whatever was seen before."))
        self.again.clicked.connect(lambda _=False: self.look(*self._data, anew=True))
        close = QPushButton(tr("Close"), self)
        close.setObjectName("dataCloseButton")
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        for button in (self.again, close):
            button.setAccessibleName(button.text())
            button.setAutoDefault(False)
        row.addWidget(self.again)
        row.addStretch(1)
        row.addWidget(close)
        return row

    # --- looking ------------------------------------------------------------------------------------------------------

    def look(self, name: str, root: str | None, *, anew: bool = False) -> None:
        """Let the engine look this data through."""
        self._give_up()
        if (name, root) != self._data or not anew:
            self._forget(name, root)
        self._data = (name, root)
        absent = absence(name, root)
        if name == "folder" and root is None:
            absent = StudioError(
                tr("No folder is chosen yet."), tr("Choose the folder of the images in the settings.")
            )
        if absent is not None:
            self._failed(absent, self._fetch_offers(name))
            return
        self.again.setEnabled(False)
        self._say(
            Message(tr("Looking at the data: waiting for the engine"), "info", (self._cancel_offer(),), -1.0)
        )
        self._asked = self._engine.request(
            "survey_data", self._show, self._failed, self._progressed, data=name, root=root, anew=anew
        )

    def _fetch_offers(self, name: str) -> tuple[Offer, ...]:
        count = KNOWN[name].download_bytes
        if not count:
            return ()
        tip = tr("Fetch it; a broken download goes on where it stopped.")
        words = tr("Download ({size})", size=size(count))
        return (Offer(words, "downloadDataButton", self.fetch_asked.emit, tip, primary=True),)

    def show_fetching(self, done: int, total: int) -> None:
        """What is missing is on its way."""
        words = (
            tr("Downloading: {done} of {total}", done=size(done), total=size(total))
            if total
            else tr("Downloading: asking the server")
        )
        self._say(Message(words, "info", progress=done / total if total else -1.0))

    def look_if_missing(self) -> None:
        """The data came meanwhile: what could not be looked at can be now."""
        if self.found is None and self._asked is None:
            self.look(*self._data)

    def _forget(self, name: str, root: str | None) -> None:
        """Other data: nothing that was shown is true of it."""
        self.found = None
        title = KNOWN[name].title
        self.setAccessibleName(tr("Data: {title}", title=title))
        self.setWindowTitle(tr("Data: {title}", title=title))
        self.title.setText(title)
        self.place.setText(root or KNOWN[name].what)
        self.classes.clear()
        self.remarks.clear()
        self.clean.setVisible(False)
        self.remarks.setVisible(False)
        for tile in self.tiles:
            tile.show_value("–", "", "text_faint")
        self._suit()

    def _say(self, message: Message) -> None:
        self.strip.say(message)

    def _cancel_offer(self) -> Offer:
        return Offer(tr("Cancel"), "cancelSurveyButton", self._cancel, tr("Look no further."))

    def _cancel(self) -> None:
        self._give_up()
        self._failed(StudioError(tr("The data was not looked through."), tr("Look again when you like.")))

    def _progressed(self, value: dict[str, Any]) -> None:
        done, total = int(value["done"]), int(value["total"])
        words = tr(
            "{what}: {done} of {total} images",
            what=value.get("text") or tr("Looking"),
            done=thousands(done),
            total=thousands(total),
        )
        self._say(Message(words, "info", (self._cancel_offer(),), done / total if total else -1.0))

    def _failed(self, error: StudioError, offers: tuple[Offer, ...] = ()) -> None:
        self._asked = None
        self.again.setEnabled(True)
        self._say(Message(str(error), "warn", offers))

    def _show(self, value: dict[str, Any]) -> None:
        try:
            found = survey_from(value)
        except StudioError as error:
            self._failed(error)
            return
        self._asked, self.found = None, found
        self.again.setEnabled(True)
        self._say(Message())
        self.title.setText(found.title)
        self.setWindowTitle(tr("Data: {title}", title=found.title))
        self.setAccessibleName(tr("Data: {title}", title=found.title))
        for tile, value_, tip in zip(self.tiles, figures(found), tips(found), strict=True):
            tile.show_value(value_, "", "text_faint")
            tile.setToolTip(tip)
        self.classes.show_survey(found)
        self.remarks.show_survey(found)
        wrong = bool(self.remarks.found)
        self.remarks.setVisible(wrong)
        self.clean.setVisible(not wrong)
        self._suit()
        self._share_room()

    def _share_room(self) -> None:
        """What is wrong is seen whole, where the classes do not need the room."""
        self.layout().activate()  # type: ignore[union-attr]  # it has one since it was made
        whole = self._parts.height()
        wanted = (
            self.remarks.wanted_height() + 10 if self.remarks.found else self.clean.sizeHint().height() + 10
        )
        classes = self.classes.wanted_height() + 8
        above = min(wanted, max(whole // 3, whole - classes))
        self._parts.setSizes([above, whole - above])

    def _suit(self) -> None:
        """Whether the drawing fits, with the click that makes it fit."""
        said = (
            None
            if self.found is None
            else fit_message(self._document, facts_of(self.found), self.refused.emit)
        )
        self.suit.say(said or Message())

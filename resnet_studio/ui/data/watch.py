"""Asks the engine what a data set is and fetches what is missing; keeps the newest answer. Knows no widget and no design."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.data_files import absence
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.ui.engine_client import Engine


class DataState(Enum):
    """How the data stands."""

    LOOKING = "looking"
    THERE = "there"
    MISSING = "missing"
    FETCHING = "fetching"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFacts:
    """What is known of the chosen data.

    Args:
        name: as in TrainSpec.data.
        title: as people call it.
        shape: of one image, or None while unknown.
        classes: how many, or None while unknown.
        train, val: images in the splits; 0 while unknown.
        notices: what people should know.
    """

    name: str
    title: str
    shape: tuple[int, int, int] | None
    classes: int | None
    train: int
    val: int
    notices: tuple[str, ...] = ()


def known_facts(name: str) -> DataFacts:
    """What everybody knows of a data set before anything was read."""
    known = KNOWN[name]
    return DataFacts(
        name=name, title=known.title, shape=known.shape, classes=known.classes, train=known.train, val=known.val
    )  # fmt: skip


class DataWatch(QObject):
    """The chosen data, as it is known now.

    Signals:
        changed(): `state`, `facts`, `fault` or `progress` are others.
    """

    changed = Signal()

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._asked: int | None = None
        self.root: str | None = None
        self.state = DataState.LOOKING
        self.facts = known_facts("digits")
        self.fault: StudioError | None = None
        self.progress: tuple[int, int, str] = (0, 0, "")

    def look(self, name: str, root: str | None) -> None:
        """Look at this data from now on."""
        self.drop()
        self.root = root
        self.facts, self.fault = known_facts(name), None
        self.state = DataState.LOOKING
        if name == "folder" and root is None:
            self._miss(StudioError(tr("Choose the folder that holds one folder of images per class.")))
            return
        # Seen at once: the engine reads everything, which takes seconds, to find out that there is nothing to read.
        absent = absence(name, root)
        if absent is not None:
            self._miss(absent)
            return
        self._asked = self._engine.request("probe_data", self._there, self._miss, data=name, root=root)
        self.changed.emit()

    def still_there(self) -> bool:
        """Whether the data seems to be there now; where it went away meanwhile, that is said."""
        absent = absence(self.facts.name, self.root)
        if absent is not None and self.state is not DataState.FETCHING:
            self.drop()
            self._miss(absent)
        return absent is None

    def fetch(self) -> None:
        """Download what is missing; a broken download goes on where it stopped."""
        self.drop()
        self.state, self.progress, self.fault = DataState.FETCHING, (0, 0, ""), None
        self._asked = self._engine.request(
            "download", self._fetched, self._miss, self._progressed, data=self.facts.name, root=self.root
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Give the download up; what came stays for the next try."""
        if self._asked is not None:
            self._engine.cancel(self._asked)

    def drop(self) -> None:
        """Want no answer any more."""
        if self._asked is not None:
            if self.state is DataState.FETCHING:
                self._engine.cancel(self._asked)
            self._engine.forget(self._asked)
            self._asked = None

    def _there(self, value: dict[str, Any]) -> None:
        self._asked = None
        channels, height, width = value["shape"]
        self.facts = DataFacts(
            name=self.facts.name,
            title=str(value["title"]),
            shape=(int(channels), int(height), int(width)),
            classes=len(value["classes"]),
            train=int(value["train"]),
            val=int(value["val"]),
            notices=tuple(value.get("notices", ())),
        )
        self.state, self.fault = DataState.THERE, None
        self.changed.emit()

    def _miss(self, error: StudioError) -> None:
        self._asked = None
        self.state, self.fault = DataState.MISSING, error
        self.changed.emit()

    def _progressed(self, value: dict[str, Any]) -> None:
        self.progress = (int(value["done"]), int(value["total"]), str(value.get("text", "")))
        self.changed.emit()

    def _fetched(self, _value: dict[str, Any]) -> None:
        self._asked = None
        self.look(self.facts.name, self.root)

"""A run is a folder: design.json, run.json, events.jsonl, log.txt, checkpoints/. Knows no torch and no window."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.design.files import read_design, write_design
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.runs import lock
from resnet_studio.runs.about import read_about, write_about
from resnet_studio.runs.events import Epoch, Event, decode
from resnet_studio.runs.home import runs_root
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.spec import TrainSpec, checked


@dataclass(frozen=True, slots=True)
class RunFolder:
    """One run on the disk. Holds only the path: every question reads the files."""

    path: Path

    @staticmethod
    def create(
        design: Design, spec: TrainSpec, parent: Path | None = None, *, initial: Initial | None = None
    ) -> RunFolder:
        """A new run in a new folder of `parent` (by default of the program's runs), named by time and design.

        `initial` says which weights it begins with; None for fresh ones.

        Raises:
            StudioError: the settings are outside their limits, or the folder cannot be written.
        """
        root = runs_root() if parent is None else parent
        slug = re.sub(r"[^a-z0-9]+", "-", design.name.lower()).strip("-")[:40] or "run"
        stem = f"{datetime.now():%Y%m%d-%H%M%S}-{slug}"
        path = root / stem
        while path.exists():
            path = root / f"{stem}-{secrets.token_hex(2)}"
        return RunFolder.create_at(path, design, spec, initial=initial)

    @staticmethod
    def create_at(
        path: Path, design: Design, spec: TrainSpec, *, initial: Initial | None = None
    ) -> RunFolder:
        """A new run in exactly this folder, which must be missing or empty.

        Raises:
            StudioError: as `create`, and when something lies in the folder already.
        """
        checked(spec)
        try:
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()):
                raise StudioError(
                    tr("{path} is not empty.", path=path),
                    tr("Name a new folder, or resume the run that is there."),
                )
            (path / "checkpoints").mkdir()
        except OSError as error:
            raise StudioError(
                tr("The run's folder {path} could not be made ({reason}).", path=path, reason=error.strerror),
                tr("Choose another place."),
            ) from error
        run = RunFolder(path.absolute())
        try:
            run._write(design, spec, initial)
        except StudioError:
            # Half a run would be in the way of the next try.
            shutil.rmtree(run.path, ignore_errors=True)
            raise
        return run

    def _write(self, design: Design, spec: TrainSpec, initial: Initial | None) -> None:
        write_design(self.design_path, design)
        # Written last: a folder is a run from the moment it has a run.json.
        write_about(self.about_path, spec, initial)

    @staticmethod
    def open(path: Path) -> RunFolder:
        """The run in a folder.

        Raises:
            StudioError: there is no run, or its design or settings cannot be read.
        """
        run = RunFolder(path.absolute())
        if not run.about_path.is_file():
            raise StudioError(
                tr("{path} is not a run: it has no run.json.", path=path), tr("Choose the folder of a run.")
            )
        run.design()
        run.spec()
        return run

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def design_path(self) -> Path:
        """design.json."""
        return self.path / "design.json"

    @property
    def about_path(self) -> Path:
        """run.json: format, time of creation, settings."""
        return self.path / "run.json"

    @property
    def events_path(self) -> Path:
        """events.jsonl."""
        return self.path / "events.jsonl"

    @property
    def log_path(self) -> Path:
        """log.txt: what the child wrote to its stderr."""
        return self.path / "log.txt"

    @property
    def checkpoints(self) -> Path:
        """The folder of the last two checkpoints and the best."""
        return self.path / "checkpoints"

    def design(self) -> Design:
        """The design as it was when the run was made.

        Raises:
            StudioError: the file is missing or broken.
        """
        return read_design(self.design_path)

    def spec(self) -> TrainSpec:
        """The settings.

        Raises:
            StudioError: run.json is missing or broken.
        """
        return read_about(self.about_path).spec

    def initial(self) -> Initial | None:
        """Which weights the network begins with; None for fresh ones.

        Raises:
            StudioError: run.json is missing or broken.
        """
        return read_about(self.about_path).initial

    def created(self) -> datetime:
        """When the run was made, in UTC.

        Raises:
            StudioError: run.json is missing or broken.
        """
        return read_about(self.about_path).created

    def last_event(self) -> Event | None:
        """The last thing that the run has said.

        Raises:
            StudioError: as `events`.
        """
        return next(reversed(self.events()), None)

    def events(self) -> list[Event]:
        """Everything that the run has said. A torn last line (a kill in the middle of it) is dropped.

        Raises:
            StudioError: a line other than the last is no event, named by its number.
        """
        events: list[Event] = []
        for number, line in enumerate(self.event_lines(), start=1):
            try:
                events.append(decode(line))
            except StudioError as error:
                raise StudioError(
                    tr(
                        "{path}, line {number}: {what}", path=self.events_path, number=number, what=error.what
                    ),
                    error.remedy,
                ) from error
        return events

    def event_lines(self) -> Iterator[bytes]:
        """The lines of events.jsonl without their ends; what follows the last one is torn, and left out.

        Raises:
            StudioError: the file is there and cannot be read.
        """
        try:
            # Looked at before it is opened: opening a FIFO would wait for ever.
            if not stat.S_ISREG(self.events_path.stat().st_mode):
                raise StudioError(tr("{path} is not a regular file.", path=self.events_path))
            with self.events_path.open("rb") as file:
                for line in file:
                    if line.endswith(b"\n"):
                        yield line[:-1]
        except FileNotFoundError:
            return
        except OSError as error:
            raise StudioError(
                tr("{path} could not be read ({reason}).", path=self.events_path, reason=error.strerror)
            ) from error

    def cut_events(self, *, step: int, epochs: int) -> None:
        """Cut events.jsonl back to a checkpoint: `step` steps done, `epochs` epochs done and validated.

        Everything from the first event of a later step or epoch on goes, and so does a torn last line.

        Raises:
            StudioError: the file cannot be written.
        """
        earlier = takewhile(lambda line: not _is_later(decode(line), step, epochs), self.event_lines())
        size = sum(len(line) + 1 for line in earlier)
        try:
            if self.events_path.exists() and self.events_path.stat().st_size != size:
                os.truncate(self.events_path, size)
        except OSError as error:
            raise StudioError(
                tr("{path} could not be cut ({reason}).", path=self.events_path, reason=error.strerror)
            ) from error

    def is_running(self) -> bool:
        """Whether a process trains it now."""
        return lock.is_held(self._lock_path)

    def holder(self) -> lock.Holder | None:
        """Who trains it now; None where nobody does."""
        return lock.holder(self._lock_path)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the run as its one writer; the lock ends with the process, however that ends."""
        return lock.held(self._lock_path)

    @property
    def _lock_path(self) -> Path:
        return self.path / "run.lock"


def _is_later(event: Event, step: int, epochs: int) -> bool:
    if isinstance(event, Epoch) and event.epoch > epochs:
        return True
    return int(getattr(event, "step", 0)) > step

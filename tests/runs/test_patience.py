"""Waiting for room on a full disk, with a clock and a disk of the test's own."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.events import Event, Failed, Notice
from resnet_studio.runs.patience import WaitsForRoom, persist, told_to

KEEP = 5_000_000


class Disk:
    """Takes nothing as long as there is too little room; each look at the clock takes half a second."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, fault: int = errno.ENOSPC) -> None:
        self.free = 0
        self.needed = KEEP
        self.now = 0.0
        self.tries: list[float] = []
        self._fault = fault
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=self.free))

    def write(self) -> str:
        self.tries.append(self.now)
        if self.free >= self.needed:
            return "written"
        try:
            raise OSError(self._fault, "it takes nothing")
        except OSError as error:
            raise StudioError("It could not be written.") from error


def patient(disk: Disk, said: list[str], *, meanwhile: Callable[[], bool] = lambda: True) -> WaitsForRoom:
    """Waits half a second at a time; `meanwhile` does something, and says whether the run is not to stop."""

    def wait(holds: Callable[[], bool]) -> bool:
        while meanwhile():
            disk.now += 0.5
            if holds():
                return True
        return False

    return WaitsForRoom(Path(), wait, said.append, clock=lambda: disk.now)


def test_it_goes_on_as_soon_as_there_is_room_and_says_so_once(monkeypatch: pytest.MonkeyPatch) -> None:
    disk, said = Disk(monkeypatch), list[str]()

    def cleans() -> bool:
        disk.free = KEEP if disk.now >= 3600 else 0
        return True

    patience = patient(disk, said, meanwhile=cleans)
    assert persist(disk.write, patience.ask) == "written"
    assert disk.tries[-1] <= 3605
    assert len(disk.tries) < 130, "a checkpoint of a large network is not tried on a full disk all the time"
    patience.goes_on()
    patience.goes_on()
    assert said == [
        "It could not be written. Its disk has 0.0 MB free. The run waits until there is room.",
        f"There is room: the run goes on. It waited 1:00:0{disk.tries[-1] - 3600:.0f}.",
    ]


def test_a_quota_that_no_call_tells_is_tried_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(monkeypatch, fault=errno.EDQUOT)

    def raised() -> bool:
        disk.needed = 0 if disk.now >= 1000 else KEEP
        return True

    assert persist(disk.write, patient(disk, [], meanwhile=raised).ask) == "written"
    assert disk.tries[-1] <= 1032


def test_it_ends_at_once_when_it_is_to_stop_and_where_room_would_not_help(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk, said = Disk(monkeypatch), list[str]()
    with pytest.raises(StudioError, match="could not be written"):
        persist(disk.write, patient(disk, said, meanwhile=lambda: False).ask)
    assert (len(disk.tries), len(said)) == (1, 1)
    rights = Disk(monkeypatch, fault=errno.EACCES)
    with pytest.raises(StudioError, match="could not be written"):
        persist(rights.write, patient(rights, said).ask)
    assert (len(rights.tries), len(said)) == (1, 1)


def test_an_end_without_room_is_not_told_as_going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    disk, said, given = Disk(monkeypatch), list[str](), list[Event]()
    patience = patient(disk, said, meanwhile=lambda: False)
    take = told_to(patience, given.append)
    with pytest.raises(StudioError):
        persist(disk.write, patience.ask)
    take(Failed(what="full", remedy=""))
    assert len(said) == 1
    take(Notice(text="another start"))
    assert "goes on" in said[-1]
    assert len(given) == 2

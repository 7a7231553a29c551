"""Following a run that another process trains: its events as its file grows, and its outcome worked out from the folder.

Knows no window and starts nothing. Whoever follows reads at most so often as it wants to show.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.events import ENDINGS, Event, Failed, Paused, Started, decode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.outcome import Outcome
from resnet_studio.runs.patience import room

_CHUNK = 1 << 20
_MARK = 64
_LOG_TAIL_BYTES = 16 * 1024


class Pauses:
    """Tells once that a run waits for room on a full disk: its own words would need what it waits for."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._told = False

    def look(self, said: list[Event]) -> list[Event]:
        """What is to be told beside what it said."""
        if self._told and not said:
            return []
        self._told = self._run.is_running() and requests.is_paused(self._run)
        if not self._told:
            return []
        what = tr("The run's folder could not be written. {room}", room=room(self._run.path))
        return [Paused(what=what, remedy=tr("Free some space: nothing is lost meanwhile."))]


@dataclass(slots=True)
class EventReader:
    """Reads events.jsonl on from where it was last read.

    A run that was resumed meanwhile has cut its file back: what is read next is then everything from the beginning.
    """

    run: RunFolder
    _at: int = field(default=0, init=False)
    _mark: bytes = field(default=b"", init=False)

    def read(self) -> tuple[list[Event], bool]:
        """The events since the last call, and whether they are all from the beginning.

        Raises:
            StudioError: the file cannot be read, or a line in it is no event.
        """
        try:
            with self.run.events_path.open("rb") as file:
                again = self._at > 0 and not self._goes_on(file.fileno())
                if again:
                    self._at, self._mark = 0, b""
                lines = self._lines(file.fileno())
        except FileNotFoundError:
            return [], False
        except OSError as error:
            raise StudioError(
                tr("{path} could not be read ({reason}).", path=self.run.events_path, reason=error.strerror)
            ) from error
        return [decode(line) for line in lines], again

    def _goes_on(self, descriptor: int) -> bool:
        """Whether what was read still stands in front of what comes."""
        os.lseek(descriptor, self._at - len(self._mark), os.SEEK_SET)
        return os.read(descriptor, len(self._mark)) == self._mark

    def _lines(self, descriptor: int) -> list[bytes]:
        os.lseek(descriptor, self._at, os.SEEK_SET)
        data = b""
        while part := os.read(descriptor, _CHUNK):
            data += part
        # The line in hand has no end yet: it comes whole with the next call.
        whole = data[: data.rfind(b"\n") + 1]
        self._at += len(whole)
        self._mark = (self._mark + whole)[-_MARK:]
        return whole.splitlines()


def log_tail(run: RunFolder) -> str:
    """The end of what the run's process wrote to its stderr."""
    try:
        with run.log_path.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - _LOG_TAIL_BYTES))
            return file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    except OSError as error:
        return tr("(the log could not be read: {reason})", reason=error.strerror)


def outcome_of(run: RunFolder) -> Outcome:
    """How the last process of a run that does not train ended, as its folder tells.

    Raises:
        StudioError: its events cannot be read.
    """
    last: Event | None = None
    for line in run.event_lines():
        # A run has thousands of these lines, and they tell no end.
        if line.startswith(b'{"event":"step"'):
            last = None
            continue
        event = decode(line)
        if isinstance(event, ENDINGS):
            last = event
        elif isinstance(event, Started):
            last = None
    if last is None:
        return Outcome(code=None, log=log_tail(run))
    return Outcome(code=2 if isinstance(last, Failed) else 0, last=last, log=log_tail(run))

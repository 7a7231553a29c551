"""What `train` and `resume` do when the disk is full: ask in the terminal, wait, or end. Trains nothing, knows no engine."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path

from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.patience import OnFullDisk, log, room

_LOOK_SECONDS = 0.2
_WORDS = {
    OnFullDisk.ASK: "ask in the terminal, and stop where nobody could answer or on Windows",
    OnFullDisk.WAIT: "wait, and try again by itself as soon as there is room",
    OnFullDisk.STOP: "stop; the last checkpoint is kept",
}


def add_on_full_disk(parser: Parser, *, asks: bool = True) -> None:
    """The option; where nobody can be asked, stopping is the default."""
    choices = [how.value for how in OnFullDisk if asks or how is not OnFullDisk.ASK]
    default = OnFullDisk.ASK if asks else OnFullDisk.STOP
    told = "; ".join(f"{how}: {_WORDS[OnFullDisk(how)]}" for how in choices)
    parser.flag(
        "--on-full-disk",
        choices=choices,
        default=default.value,
        help=f"what a run does when the disk is full ({default.value}). {told}",
    )


def somebody_is_there() -> bool:
    """Whether a person sees stderr and can answer on stdin: both are a terminal."""
    # Elsewhere there is no way to wait for a line and hear a signal at the same time.
    return os.name == "posix" and all(s is not None and s.isatty() for s in (sys.stdin, sys.stderr))


class Question:
    """Asks in the terminal whether to try again.

    Args:
        folder: on the disk in question.
        stop_asked: why to stop, or an empty text.
        make_room: called before anything is written: a bar may stand there.

    Attributes:
        given_up: the last answer was to stop.
    """

    def __init__(self, folder: Path, stop_asked: Callable[[], str], make_room: Callable[[], None]) -> None:
        self._folder = folder
        self._stop_asked = stop_asked
        self._make_room = make_room
        self._asked = False
        self.given_up = False

    def ask(self, error: StudioError) -> bool:
        """True for another try; False when the run is to stop, by an answer, a signal or a request."""
        self._make_room()
        self._asked = True
        log(
            text.harmless(
                f"{error.what} {room(self._folder)}\nThe run is paused, and nothing is lost meanwhile: make room, or stop it."
            )
        )
        self.given_up = not self._answer(sys.stdin.fileno())
        return not self.given_up

    def goes_on(self) -> None:
        """Say so, after a question."""
        if self._asked:
            self._asked = False
            log("The run goes on.")

    def _answer(self, terminal: int) -> bool:
        """Wait for a line. It is polled, for a signal must be heard meanwhile, and a read in the background would stop us."""
        shown = False
        while not self._stop_asked():
            if not _in_front(terminal):
                # Whoever brings us back finds the question.
                shown = False
                time.sleep(_LOOK_SECONDS)
                continue
            if not shown:
                _forget_typed(terminal)
                _prompt()
                shown = True
            if not select.select([terminal], [], [], _LOOK_SECONDS)[0]:
                continue
            said = _line(terminal)
            if said == "":
                return True
            if said in ("s", "stop"):
                return False
            if said is None:
                break
            shown = False
        log("")
        return False


def _prompt() -> None:
    sys.stderr.write("Press Enter to try again, s and Enter to stop: ")
    sys.stderr.flush()


def _line(terminal: int) -> str | None:
    """The line that was typed; None where the terminal is gone or says its end (Ctrl+D)."""
    try:
        data = os.read(terminal, 4096)
    except OSError:
        return None
    return data.decode("utf-8", "replace").strip().lower() if data else None


def _in_front(terminal: int) -> bool:
    """Whether the terminal listens to us, and not to the shell that put us into the background."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        # Not the terminal that controls us.
        return _starter_in_front()


def _starter_in_front() -> bool:
    """The same of who started us: torchrun gives each of its processes a session of its own, and keeps the terminal. On Linux."""
    try:
        told = Path(f"/proc/{os.getppid()}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
    _state, _parent, group, _session, _terminal, in_front, *_ = told.rpartition(")")[2].split()
    # -1: it has no terminal either, so that there is no background.
    return in_front in (group, "-1")


def _forget_typed(terminal: int) -> None:
    """What was typed before the question is no answer to it."""
    import termios

    termios.tcflush(terminal, termios.TCIFLUSH)

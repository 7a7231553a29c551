"""What `train` and `resume` do when the disk is full: ask in the terminal, wait, or end. Trains nothing, knows no engine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from resnet_studio.cli import text
from resnet_studio.cli.parser import Parser
from resnet_studio.cli.terminal import Terminal, is_terminal, terminal_of
from resnet_studio.design.errors import StudioError
from resnet_studio.runs.patience import OnFullDisk, log, room

_LOOK_SECONDS = 0.2
_WORDS = {
    OnFullDisk.ASK: "ask in the terminal, and stop where nobody could answer",
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
    return is_terminal(sys.stdin) and is_terminal(sys.stderr)


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
        self.given_up = not self._answer(terminal_of(sys.stdin))
        return not self.given_up

    def goes_on(self) -> None:
        """Say so, after a question."""
        if self._asked:
            self._asked = False
            log("The run goes on.")

    def _answer(self, terminal: Terminal) -> bool:
        """Wait for a line, a signal or a request."""
        shown = False
        while not self._stop_asked():
            if not terminal.listens():
                # Whoever brings us back finds the question.
                shown = False
                time.sleep(_LOOK_SECONDS)
                continue
            if not shown:
                terminal.forget()
                _prompt()
                shown = True
            try:
                said = terminal.line(_LOOK_SECONDS)
            except EOFError:
                break
            if said == "":
                return True
            if said in ("s", "stop"):
                return False
            # What was no answer is followed by the question once more.
            shown = said is None
        log("")
        return False


def _prompt() -> None:
    sys.stderr.write("Press Enter to try again, s and Enter to stop: ")
    sys.stderr.flush()

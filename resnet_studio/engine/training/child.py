"""The child that the window starts: events as JSON lines on stdout, the log on stderr, requests on stdin. Knows no window.

Its window may let it go on alone: then nobody reads and nobody asks, and its folder alone keeps the events.

torch is imported behind the listener: a request to stop that comes while it loads (seconds on a cold disk) is heard.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.children import end_with_parent
from resnet_studio.engine.training.parting import (
    is_one_of_several,
    leads,
    of_bug,
    quit_at_once,
)
from resnet_studio.engine.training.stop import StopListener
from resnet_studio.language import tr
from resnet_studio.runs import requests
from resnet_studio.runs.event_file import Throttle
from resnet_studio.runs.events import Event, Failed, Paused, encode
from resnet_studio.runs.exit_code import ExitCode
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.patience import NoPatience, Patience, WaitsForRoom, log, seen, told_to


def train_child(run: RunFolder, *, alone: bool = False, waits: bool = False) -> int:
    """`train RUN --events`, or `--alone`. Returns the exit code: DONE where it finished or stopped, FAILED or BUG.

    One process of several returns only where all is well, and otherwise ends at once.

    Args:
        run: which.
        alone: nobody listens.
        waits: where nobody listens, it waits by itself for room on a full disk.
    """
    if not is_one_of_several():
        return _trained(run, alone=alone, waits=waits)
    # torchrun's processes lead sessions of their own, where no signal to its group comes.
    end_with_parent()
    code = _trained(run, alone=alone, waits=waits)
    if code != ExitCode.DONE:
        quit_at_once(code)
    return code


def _trained(run: RunFolder, *, alone: bool, waits: bool) -> int:
    stop = StopListener(run, alone=alone)
    stop.listen_to_signals()
    # All of several processes have the same pipe for stdin, and each line comes to one of them: only the first one asks and hears.
    if not alone and leads():
        stop.listen_to(0)
    room = WaitsForRoom(run.path, stop.waits_until, log)
    voice = _Voice(stop, left=NoPatience() if alone else room)
    patience: Patience = room if waits else voice
    try:
        with _taken(run) as taken:
            from resnet_studio.engine.training.command import run_training

            last = run_training(
                run, told_to(patience, Throttle(voice.say)), stop, seen(run, patience.ask), taken=taken
            )
    except StudioError as error:
        last = Failed(what=error.what, remedy=error.remedy)
        voice.say(last)
    except Exception as error:  # noqa: BLE001 - a bug must reach the window as an event
        traceback.print_exc()
        voice.say(of_bug(error))
        return ExitCode.BUG
    if isinstance(last, Failed):
        log(f"{last.what} {last.remedy}")
        return ExitCode.FAILED
    return ExitCode.DONE


@contextmanager
def _taken(run: RunFolder) -> Iterator[bool]:
    """Take the run before torch is loaded, which takes seconds: whoever looks sees at once that it trains.

    Of several processes that train it together the first one does; for the others it gives False.
    """
    if not leads():
        yield False
        return
    with run.lock():
        # Whoever asked before meant the process that had the run before.
        requests.forget_stop(run)
        yield True


class _Voice:
    """Writes events to stdout; when nobody reads any more, the run is asked to stop, unless it may go on alone.

    Args:
        stop: hears who reads.
        left: what a full disk asks once the run was let go.
    """

    def __init__(self, stop: StopListener, *, left: Patience) -> None:
        self._stop = stop
        self._left = left
        self._heard = leads() and not stop.is_alone()

    def say(self, event: Event) -> None:
        if not self._heard:
            return
        data = encode(event).encode() + b"\n"
        try:
            while data:
                data = data[os.write(1, data) :]
        except OSError:
            self._heard = False
            if not self._stop.is_alone():
                self._stop.ask(tr("The window is gone."))

    def ask(self, error: StudioError) -> bool:
        """Tell what the disk did not take, and wait until it is to be tried again, or the run is to stop."""
        self.say(
            Paused(what=error.what, remedy=tr("Free some space, then try again: nothing is lost meanwhile."))
        )
        return self._stop.waits_for_retry() or (not self._stop() and self._left.ask(error))

    def goes_on(self) -> None:
        """The next event tells it to who reads."""
        self._left.goes_on()

"""How one process of several ends when not all is well: at once, with the others, and its reason told. Knows no training, loads no torch.

An orderly end waits for the others, and with NCCL for ever where they are stuck in a sum that nobody completes.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.events import Failed
from resnet_studio.runs.exit_code import ExitCode

_LOOK_SECONDS = 0.5
# An error that reaches all of them ends each in its own words within this time; then it is stuck on its card.
_GRACE_SECONDS = 5.0


def is_one_of_several() -> bool:
    """Whether `torchrun` started this process beside others."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def leads() -> bool:
    """Whether this process is the first of those, or the only one."""
    return not is_one_of_several() or os.environ.get("RANK") == "0"


def of_bug(error: Exception) -> Failed:
    """What people are told of an error that is nobody's but ours."""
    words = tr("A bug ended the training: {kind}: {error}", kind=type(error).__name__, error=error)
    return Failed(what=words, remedy=tr("The log tells more."))


def quit_at_once(code: int) -> NoReturn:
    """End this process as it stands, with all that it has said: `torchrun` sees the code, and ends the others."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


@contextmanager
def heeding(
    complaint: Callable[[], StudioError | None], say: Callable[[StudioError], object]
) -> Iterator[None]:
    """Meanwhile a complaint of another process ends this one, where it does not end by itself: `say` hears it first.

    Args:
        complaint: why another one ended; asked twice a second by a thread, since who waits for a card hears no signal.
        say: called by that thread.
    """
    over = threading.Event()

    def look() -> None:
        with suppress(RuntimeError):
            while not over.wait(_LOOK_SECONDS):
                error = complaint()
                if error is not None and not over.wait(_GRACE_SECONDS):
                    say(error)
                    quit_at_once(ExitCode.FAILED)

    thread = threading.Thread(target=look, name="others", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(_GRACE_SECONDS)

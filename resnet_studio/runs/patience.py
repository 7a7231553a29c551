"""What a run does when the disk takes nothing: ask whoever watches, and try again. Knows no window and no torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from resnet_studio.design.errors import StudioError

T = TypeVar("T")
# Told what could not be written; True once it is to be tried again, False when nobody can help.
Ask = Callable[[StudioError], bool]


def nobody(_error: StudioError) -> bool:
    """Whom a run without a window can ask."""
    return False


def persist(work: Callable[[], T], ask: Ask) -> T:
    """What `work` gives, tried again for as long as `ask` wants.

    Raises:
        StudioError: `work` failed, and nobody wants another try.
    """
    while True:
        try:
            return work()
        except StudioError as error:
            if not ask(error):
                raise

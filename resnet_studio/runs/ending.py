"""Ends a run's process without its consent, wherever on this machine it was started. The last resort. Knows no torch."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.folder import RunFolder


def end_at_once(run: RunFolder) -> None:
    """Kill the process that trains a run; what it learned since the last checkpoint is lost. A run that does not train is left.

    Raises:
        StudioError: it trains on another machine, or in a process that does not say its number.
    """
    # Asked together with the lock: while that is held, the number is that of the process that holds it.
    holder = run.holder()
    if holder is None:
        return
    if not holder.is_here:
        where = (
            tr("on {host}", host=holder.host)
            if holder.host
            else tr("in a process that does not say its number")
        )
        raise StudioError(
            tr("{run} trains {where}.", run=run.name, where=where),
            tr("Ask it to stop: that reaches it wherever it is."),
        )
    with suppress(ProcessLookupError):
        # Its loader's processes too, where it leads a group of its own; not the shell's that started it by hand.
        if os.name == "posix" and os.getpgid(holder.pid) == holder.pid:
            os.killpg(holder.pid, signal.SIGKILL)
        else:
            os.kill(holder.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

"""One child process in a group of its own: its lines, its stdin, its end. Knows no Qt and no meaning of a line.

A thread of its own reads the pipe, because a pipe can be waited for with a time limit on no other way on every system.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.runs.child import child_environment

_LOG_TAIL_BYTES = 16 * 1024
# The child waits in its write when we are this many lines behind, so that a flood never fills our memory.
_LINES_AHEAD = 4096
_REAP_SECONDS = 5.0


class ChildProcess:
    """A running child. Its stderr is added to `log`; closing its stdin tells it that the window is gone.

    Raises:
        StudioError: it cannot be started.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log
        self._lines: queue.Queue[bytes | None] = queue.Queue(_LINES_AHEAD)
        try:
            with log.open("ab") as errors:
                self._popen = subprocess.Popen(
                    list(command),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=child_environment(),
                    # Its own session: Ctrl+C in a terminal is ours, and its loader workers end with it.
                    start_new_session=os.name == "posix",
                )
        except OSError as error:
            raise StudioError(
                f"The training process could not be started ({error.strerror or error}).",
                "Check that the run's folder can be written and that memory is free.",
            ) from error
        self._reader = threading.Thread(target=self._read, name="training-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id, also the id of its group."""
        return self._popen.pid

    def _read(self) -> None:
        assert self._popen.stdout is not None
        for line in self._popen.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def line(self, timeout: float) -> bytes | None:
        """The next line; None at the end of its output.

        Raises:
            TimeoutError: nothing came within `timeout` seconds.
        """
        try:
            return self._lines.get(timeout=max(timeout, 0.0))
        except queue.Empty:
            raise TimeoutError from None

    def has_ended(self) -> bool:
        """Whether the process itself is over (what it started may still hold its pipe)."""
        return self._popen.poll() is not None

    def say(self, line: bytes) -> None:
        """Write to its stdin; a child that is gone hears nothing."""
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self._popen.stdin.write(line)
            self._popen.stdin.flush()

    def terminate(self) -> None:
        """Ask the whole group firmly."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the whole group at once, also what is left of it after the child's own end."""
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "posix":
                os.killpg(self._popen.pid, number)
            else:
                self._popen.kill()

    def close(self) -> int:
        """Leave nothing behind: kill the group, empty the pipe, reap. Returns the exit code, negative for a signal."""
        if not self.has_ended():
            self.kill()
        code = self._popen.wait()
        self.kill()
        self._drain()
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        return code

    def _drain(self) -> None:
        # The reader may wait for room in the queue; it ends when the last holder of the pipe is dead.
        while self._reader.is_alive():
            with contextlib.suppress(TimeoutError):
                self.line(0.05)
        self._reader.join(_REAP_SECONDS)

    def log_tail(self) -> str:
        """The end of what it wrote to stderr."""
        try:
            with self._log.open("rb") as file:
                file.seek(0, os.SEEK_END)
                file.seek(max(0, file.tell() - _LOG_TAIL_BYTES))
                return file.read().decode("utf-8", "replace")
        except OSError as error:
            return f"(the log could not be read: {error.strerror})"

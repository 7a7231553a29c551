"""One child process in a group of its own: its lines, its stdin, its end. Knows no Qt and no meaning of a line.

A thread of its own reads the pipe, because a pipe can be waited for with a time limit on no other way on every system.
A child may be let go: then nobody reads, writes or ends it any more, and it must have been told so before.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.child import child_environment

_LOG_TAIL_BYTES = 16 * 1024
# The child waits in its write when we are this many lines behind, so that a flood never fills our memory.
_LINES_AHEAD = 4096
_REAP_SECONDS = 5.0
_READ_BYTES = 65536


class ChildProcess:
    """A running child. Its stderr is added to `log`; closing its stdin tells it that the window is gone.

    Raises:
        StudioError: it cannot be started.
    """

    def __init__(self, command: Sequence[str], log: Path) -> None:
        self._log = log
        self._lines: queue.Queue[bytes | None] = queue.Queue(_LINES_AHEAD)
        self._enough, self._no_more = os.pipe()
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
            self._close_wake()
            raise StudioError(
                tr("The training process could not be started ({fault}).", fault=error.strerror or error),
                tr("Check that the run's folder can be written and that memory is free."),
            ) from error
        self._reader = threading.Thread(target=self._read, name="training-reader", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """Its process id, also the id of its group."""
        return self._popen.pid

    def _read(self) -> None:
        assert self._popen.stdout is not None
        pipe, pending = self._popen.stdout.fileno(), b""
        while self._is_wanted(pipe) and (data := os.read(pipe, _READ_BYTES)):
            *lines, pending = (pending + data).splitlines(keepends=True)
            if pending.endswith(b"\n"):
                lines, pending = [*lines, pending], b""
            for line in lines:
                self._lines.put(line)
        if pending:
            self._lines.put(pending)
        self._lines.put(None)

    def _is_wanted(self, pipe: int) -> bool:
        """Wait for output; False when the child was let go: others may hold the pipe open for hours."""
        if os.name != "posix":
            return True
        ready, _, _ = select.select([pipe, self._enough], [], [])
        return self._enough not in ready

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
        self._close_pipes()
        return code

    def let_go(self) -> None:
        """Leave it alone for good: it was told to go on by itself, and the end of its stdin is its sign."""
        os.write(self._no_more, b"x")
        self._drain()
        self._close_pipes()
        # Should it end before us, somebody must take note of it.
        threading.Thread(target=self._popen.wait, name="training-waiter", daemon=True).start()

    def _close_pipes(self) -> None:
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._close_wake()

    def _close_wake(self) -> None:
        for descriptor in (self._enough, self._no_more):
            os.close(descriptor)

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
            return tr("(the log could not be read: {fault})", fault=error.strerror)

"""The lines that a person types into a terminal, looked for a moment at a time: POSIX's terminals and Windows'. Knows no question.

Nobody waits for a line in a read: whoever asks must hear a signal or a request meanwhile, and a read in the background would stop us.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol


class Terminal(Protocol):
    """Where somebody types."""

    def listens(self) -> bool:
        """Whether it listens to us, and not to the shell that put us into the background."""

    def forget(self) -> None:
        """What was typed so far is nobody's answer."""

    def line(self, seconds: float) -> str | None:
        """The next line, without spaces around it and in small letters; None where none came within so many seconds.

        Raises:
            EOFError: the terminal is gone, or whoever types said its end.
        """


def is_terminal(stream: IO[Any] | None) -> bool:
    """Whether a person is at the other end of one of our streams."""
    if stream is None or not stream.isatty():
        return False
    return os.name != "nt" or _is_console(stream.fileno())


def _is_console(descriptor: int) -> bool:
    """Windows' NUL is a terminal to Python, too."""
    import ctypes
    import msvcrt

    handle = ctypes.c_void_p(msvcrt.get_osfhandle(descriptor))  # type: ignore[attr-defined,unused-ignore]
    mode = ctypes.byref(ctypes.c_ulong())
    return bool(ctypes.windll.kernel32.GetConsoleMode(handle, mode))  # type: ignore[attr-defined,unused-ignore]


def terminal_of(stream: IO[Any]) -> Terminal:
    """The one that a stream comes from."""
    if os.name == "nt":
        import msvcrt

        return Console(msvcrt.kbhit, msvcrt.getwch, _shown)  # type: ignore[attr-defined,unused-ignore]
    return PosixTerminal(stream.fileno())


class PosixTerminal:
    """A terminal that puts lines together by itself.

    Args:
        descriptor: of the terminal.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def listens(self) -> bool:
        """As `Terminal`."""
        try:
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        except OSError:
            # Not the terminal that controls us.
            return _starter_in_front()

    def forget(self) -> None:
        """As `Terminal`."""
        import termios

        termios.tcflush(self._descriptor, termios.TCIFLUSH)

    def line(self, seconds: float) -> str | None:
        """As `Terminal`."""
        if not select.select([self._descriptor], [], [], seconds)[0]:
            return None
        try:
            data = os.read(self._descriptor, 4096)
        except OSError as error:
            raise EOFError from error
        if not data:
            raise EOFError
        return _plain(data.decode("utf-8", "replace"))


class Console:
    """Windows' terminal, asked key by key: of a line that is not whole it says nothing.

    Args:
        is_hit: whether a key waits to be asked for.
        key: the next one, without showing it.
        show: put into the terminal what was typed.
        wait: for so many seconds.
    """

    def __init__(
        self,
        is_hit: Callable[[], bool],
        key: Callable[[], str],
        show: Callable[[str], object],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._is_hit, self._key, self._show, self._wait = is_hit, key, show, wait
        self._typed = ""

    def listens(self) -> bool:
        """Always: there is no background."""
        return True

    def forget(self) -> None:
        """As `Terminal`."""
        self._typed = ""
        while self._is_hit():
            self._key()

    def line(self, seconds: float) -> str | None:
        """As `Terminal`."""
        if not self._is_hit():
            self._wait(seconds)
        while self._is_hit():
            key = self._key()
            if key in "\r\n":
                said, self._typed = self._typed, ""
                self._show("\n")
                return _plain(said)
            self._take(key)
        return None

    def _take(self, key: str) -> None:
        if key in "\x03\x1a":  # Ctrl+C, where it is no signal, and Ctrl+Z
            raise EOFError
        if key == "\b":
            self._show("\b \b" if self._typed else "")
            self._typed = self._typed[:-1]
        elif key in "\0\xe0" and self._is_hit():
            self._key()  # an arrow or the like: its name comes behind it
        elif key.isprintable():
            self._typed += key
            self._show(key)


def _plain(line: str) -> str:
    return line.strip().lower()


def _shown(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()


def _starter_in_front() -> bool:
    """The same of who started us: torchrun gives each of its processes a session of its own, and keeps the terminal. On Linux."""
    try:
        told = Path(f"/proc/{os.getppid()}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return True
    _state, _parent, group, _session, _terminal, in_front, *_ = told.rpartition(")")[2].split()
    # -1: it has no terminal either, so that there is no background.
    return in_front in (group, "-1")

"""How a child process ended, as a value with words for people. Knows no torch and no window; starts nothing."""

from __future__ import annotations

import signal
from dataclasses import dataclass

from resnet_studio.language import tr
from resnet_studio.runs.events import Event, Failed, Finished, Stopped
from resnet_studio.runs.exit_code import ExitCode

_LOG_LINES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The end of a child.

    Args:
        code: its exit code, or None when a signal ended it, or when nobody saw its end.
        signal: the number of that signal, or None.
        last: the last event that it sent, or None.
        log: the end of what it wrote to stderr.
    """

    code: int | None
    signal: int | None = None
    last: Event | None = None
    log: str = ""

    @staticmethod
    def of(returncode: int, last: Event | None = None, log: str = "") -> Outcome:
        """From what subprocess reports: a negative number is a signal."""
        if returncode < 0:
            return Outcome(code=None, signal=-returncode, last=last, log=log)
        return Outcome(code=returncode, last=last, log=log)

    @property
    def ok(self) -> bool:
        """It did what it was asked to: finished, or stopped when told."""
        return self.code == ExitCode.DONE

    @property
    def stopped(self) -> bool:
        """It ended early because it was told to."""
        return self.ok and isinstance(self.last, Stopped)

    @property
    def crashed(self) -> bool:
        """It ended without saying why: killed, or a bug."""
        return not self.ok and not isinstance(self.last, Failed)

    @property
    def title(self) -> str:
        """What happened, in one sentence."""
        if isinstance(self.last, Failed):
            return self.last.what
        if self.signal is not None:
            return tr("The training process was ended by {signal}.", signal=_signal_words(self.signal))
        if self.stopped:
            return tr("Training stopped.")
        if self.ok:
            return (
                tr("Training finished.")
                if isinstance(self.last, Finished)
                else tr("The training process ended.")
            )
        if self.code is None:
            return tr("The training process ended without a word: it was killed, or the machine went down.")
        return tr("The training process ended unexpectedly (exit code {code}).", code=self.code)

    @property
    def advice(self) -> str:
        """What to do about it; may be empty."""
        if isinstance(self.last, Failed):
            return self.last.remedy
        if self.signal == getattr(signal, "SIGKILL", 9):
            return tr(
                "Often the system does this when memory runs out: try a smaller batch. Resume goes on from the last checkpoint."
            )
        if self.crashed:
            return tr("Resume goes on from the last checkpoint; the log tells more.")
        return ""

    @property
    def log_end(self) -> str:
        """The last lines of the log, for a message box."""
        return "\n".join(self.log.strip().splitlines()[-_LOG_LINES:])


def _signal_words(number: int) -> str:
    try:
        return tr("the signal {name}", name=signal.Signals(number).name)
    except ValueError:
        return tr("signal {number}", number=number)

"""What the exit codes of this program mean, said once for who ends by them and who reads them of a child. Knows no command."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How a process of this program ended; a negative code, or none, is a signal's (see `Outcome`)."""

    # It did what it was asked to; a run that was told to stop, and saved, did too.
    DONE = 0
    # The drawing has problems, a comparison failed, a run would not fit: what was asked for was done, and the answer is no.
    PROBLEMS = 1
    # The same number, for it is Python's own where nobody caught an error: a run's process, which has a sound drawing, means a bug.
    BUG = 1
    # Wrong use, unreadable input, or the world failed while working (disk full, device gone): words say which.
    FAILED = 2
    # Whoever started this process is gone, and wants no answer any more. Of children of the engine; nobody is left to read it.
    ORPHANED = 3
    # Ctrl+C, as shells tell it: 128 and the number of the signal.
    INTERRUPTED = 130
    # Nobody reads the output any more (`resnet-studio ... | head`): 128 and the number of SIGPIPE.
    NO_READER = 141


# For `--help`: those that a command in a terminal ends with.
MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.PROBLEMS: "the drawing has problems or a comparison failed",
    ExitCode.FAILED: "wrong use, unreadable input, or work that failed (the one line on stderr says why)",
    ExitCode.INTERRUPTED: "stopped by Ctrl+C",
    ExitCode.NO_READER: "nobody reads the output any more",
}

"""The one error that is the world's fault, and the numbers that bound what may be drawn. Knows nothing else."""

from __future__ import annotations


class StudioError(Exception):
    """Something outside the program went wrong: a file, a disk, a device, a child process.

    Args:
        what: what happened, naming the thing.
        remedy: what the user can do about it; may be empty.
    """

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        """One line: what happened, then what to do."""
        return f"{self.what} {self.remedy}".strip()

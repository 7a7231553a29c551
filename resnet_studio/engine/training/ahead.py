"""Takes from an iterator one thing ahead, when it is told to: the next batch is made while the device computes this one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class Ahead(Generic[T]):
    """The same things in the same order."""

    def __init__(self, source: Iterator[T]) -> None:
        self._source = source
        self._ready: list[T] = []

    def fetch(self) -> None:
        """Have the next one ready, where there is one."""
        if not self._ready:
            self._ready.extend(islice(self._source, 1))

    def __iter__(self) -> Iterator[T]:
        """All that is left."""
        while True:
            self.fetch()
            if not self._ready:
                return
            yield self._ready.pop()

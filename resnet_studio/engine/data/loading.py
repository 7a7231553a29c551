"""Batches of image files for one run, in loader processes where asked, which live as long as the run. Knows no network.

They are asked for batches in the order in which a run takes them, over the ends of its epochs: while the last validation images are
looked at, the first of the next epoch are read. Only where somebody wants something else than what comes next, or closes a pass
before its end, is what was read ahead thrown away.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator, Iterator
from dataclasses import replace
from typing import TypeVar

import torch
from torch import Tensor
from torch.utils.data import DataLoader

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.children import end_with_parent
from resnet_studio.engine.data.course import Course, Pass
from resnet_studio.engine.data.images import FileImages
from resnet_studio.engine.data.reading import Asked, Loaded, Look, Reader, Unreadable
from resnet_studio.language import tr

T = TypeVar("T")


class _Asking:
    """What the loader processes are asked for: pass behind pass, from `first` on, a batch whenever one of them has room for it."""

    def __init__(self, course: Course, train: FileImages, val: FileImages, looks: tuple[Look, Look]) -> None:
        self.first = Pass(0)
        self._course, self._train, self._val = course, train, val
        self._learning, self._validating = looks

    def __iter__(self) -> Iterator[Asked]:
        """All that is likely to be wanted; the loader takes no more than a few batches ahead."""
        coming: Pass | None = self.first
        while coming is not None:
            split, look = (
                (self._train, self._at(coming.epoch)) if coming.learns else (self._val, self._validating)
            )
            for indices in self._course.batches(coming):
                yield _asked(split, indices, look)
            coming = self._course.after(coming)

    def _at(self, epoch: int) -> Look:
        look = self._learning
        assert look.vary is not None
        return replace(look, vary=replace(look.vary, epoch=epoch))


def _asked(split: FileImages, indices: Tensor, look: Look) -> Asked:
    wanted = indices.tolist()
    # Indices behind the last one are the same images once more, varied by other draws.
    places = [index % len(split) for index in wanted]
    paths = tuple(str(split.paths[place]) for place in places)
    return Asked(paths, tuple(split.labels[place] for place in places), tuple(wanted), look)


class Loader:
    """The image files of one run as batches.

    Args:
        course: which images a batch has.
        train, val: where they lie.
        looks: what is made of them, in training and in validation; the first one's epoch is filled in.
        workers: how many processes read; 0 for this one alone.
        pin: for a card to fetch.
    """

    def __init__(
        self,
        course: Course,
        train: FileImages,
        val: FileImages,
        looks: tuple[Look, Look],
        *,
        workers: int,
        pin: bool,
    ) -> None:
        self._course, self._workers, self._pin = course, workers, pin
        self._trivial = looks[0].vary is not None and looks[0].vary.trivial
        self._asking = _Asking(course, train, val, looks)
        self._loader: DataLoader[Loaded | Unreadable] | None = None
        self._read: Iterator[Loaded | Unreadable] | None = None
        # What the processes will deliver next; None in the middle of a pass.
        self._coming: Pass | None = None
        self._turn: object = None

    def batches(self, wanted: Pass) -> Generator[Loaded, None, None]:
        """(images uint8, labels, indices) of each batch, in order. One pass at a time.

        Raises:
            StudioError: a file vanished or changed, or a loader process was killed.
        """
        turn = object()
        count = self._course.count(wanted)
        for place in range(count):
            if place and self._turn is not turn:
                raise AssertionError("another pass was begun before this one was done")
            self._turn = turn
            batch = self._taken(None if place else wanted)
            if isinstance(batch, Unreadable):
                raise StudioError(
                    tr("{path} cannot be read any more ({error}).", path=batch.path, error=batch.error),
                    tr("Put it back or start a new run; the last checkpoint is kept."),
                )
            if place == count - 1:
                self._coming = self._course.after(wanted)
            yield batch

    def close(self) -> None:
        """End the processes. Whoever wants batches after all starts new ones."""
        if self._read is not None and self._workers:
            # WORKAROUND a loader cannot be closed. Left to its last reference, which an error in it keeps for long, its processes
            # end late, and where the garbage collector finds it, are waited for in vain: https://github.com/pytorch/pytorch/issues/64766
            self._read._shutdown_workers()  # type: ignore[attr-defined]
        self._loader = self._read = self._coming = None

    def _taken(self, begin: Pass | None) -> Loaded | Unreadable:
        """The next batch of the pass that is under way, or the first one of another."""
        try:
            # Read ahead while validation runs, they are learned from all the same.
            with torch.inference_mode(False):
                if begin is not None:
                    self._read = self._begun(begin)
                assert self._read is not None
                return next(self._read)
        except (RuntimeError, EOFError, OSError) as error:
            if not _is_of_one_gone(error):
                raise
            what = tr("A loader process was ended from outside.")
            if self._read is None:
                what = tr("The loader processes could not be started ({error}).", error=error)
            self.close()
            raise StudioError(
                what, tr("Resume; should it happen again, take fewer loader workers.")
            ) from error

    def _begun(self, wanted: Pass) -> Iterator[Loaded | Unreadable]:
        """The batches from this pass on: those that are being read already, where it is the one that was expected."""
        expected, self._coming = self._coming, None
        if self._read is not None and wanted == expected:
            return self._read
        if self._loader is None:
            self._loader = self._made()
        self._asking.first = wanted
        # Processes that are there already first throw away what they had been asked for.
        return _quietly_begun(self._loader)

    def _made(self) -> DataLoader[Loaded | Unreadable]:
        if self._trivial:
            # Before the processes part, else each imports it for itself.
            import torchvision.transforms.v2  # noqa: F401
        # Its own generator: the loader would draw its workers' seeds from the global one, which is part of the checkpoint.
        return DataLoader(
            Reader(), sampler=self._asking, batch_size=None, num_workers=self._workers, collate_fn=_as_it_is,
            generator=torch.Generator(), worker_init_fn=_settle, pin_memory=self._pin, persistent_workers=self._workers > 0,
        )  # fmt: skip


def _is_of_one_gone(error: Exception) -> bool:
    """Whether a loader process has ended, and not only said what went wrong in it."""
    if isinstance(error, RuntimeError):
        return "DataLoader worker (pid" in str(error)
    # It also takes along the batches that it had ready: these are fetched from it, over a socket.
    return "in DataLoader worker process" not in str(error)


def _as_it_is(read: T) -> T:
    """A batch is read as one; the loader would make a list of it."""
    return read


def _quietly_begun(loader: DataLoader[Loaded | Unreadable]) -> Iterator[Loaded | Unreadable]:
    """Its batches, without the handler by which torch raises the death of a loader process wherever the run just is.

    That would be in the middle of a step, or of writing a checkpoint. Whoever waits for a batch learns it all the same, seconds later.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGCHLD"):
        return iter(loader)
    before = signal.getsignal(signal.SIGCHLD)
    try:
        return iter(loader)
    finally:
        signal.signal(signal.SIGCHLD, before)


def _settle(_worker: int) -> None:
    """Make a loader process a quiet child: it dies with its parent, and holds none of its pipes."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)

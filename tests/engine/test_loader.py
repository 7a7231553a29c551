"""The processes that read images: one set for a whole run, never a batch that nobody asked for, none left behind."""

import errno
import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import InputSpec
from resnet_studio.engine.data import loading, reading
from resnet_studio.engine.data.batches import Batch, Feeder
from resnet_studio.engine.data.course import Course, Pass
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.command import run_training
from resnet_studio.engine.training.evaluate import evaluate
from resnet_studio.engine.training.rates import range_test
from resnet_studio.engine.training.world import World
from resnet_studio.runs.events import Epoch, Event, Finished, Step
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec
from tests.engine.test_data_folder import fill
from tests.engine.train_helpers import Child, curves, tiny_design, tiny_spec, wait_until

CPU = torch.device("cpu")
WANTED = InputSpec(channels=3, height=9, width=9)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """16 to learn from: 4 steps; 4 to validate with: 1 batch."""
    return fill(tmp_path_factory.mktemp("images"), count=10)


def _spec(root: Path, workers: int) -> TrainSpec:
    return tiny_spec(
        data="folder", root=str(root), batch_size=4, workers=workers, epochs=3, augment="resized_crop"
    )


def _feeder(root: Path, workers: int, **changes: Any) -> Feeder:
    return Feeder(open_data("folder", root), replace(_spec(root, workers), **changes), WANTED, CPU)


@pytest.fixture
def alone(images: Path) -> Callable[[], Feeder]:
    """Another one each time, which has read nothing yet, in this process alone."""
    return lambda: _feeder(images, 0, trivial_augment=True)


@pytest.fixture
def helped(images: Path) -> Generator[Feeder, None, None]:
    with closing(_feeder(images, 2, trivial_augment=True)) as made:
        yield made


def _loaders() -> set[int]:
    return {child.pid or 0 for child in multiprocessing.active_children()}


def _pipes(process: int | str) -> list[Path]:
    """Where its standard input and output lead to."""
    return [Path(f"/proc/{process}/fd/{number}").readlink() for number in (0, 1)]


def _same(ours: Iterator[Batch], theirs: Iterator[Batch]) -> int:
    """How many batches there are, which are equal bit for bit."""
    count = 0
    for one, other in zip(ours, theirs, strict=True):
        for name in ("images", "labels", "indices"):
            assert torch.equal(getattr(one, name), getattr(other, name))
        count += 1
    return count


def test_a_whole_run_has_one_set_of_processes_that_reads_on_over_the_ends_of_epochs(
    images: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    begin = loading._quietly_begun

    def counted(loader: Any) -> Any:
        begun.append(1)
        return begin(loader)

    monkeypatch.setattr(loading, "_quietly_begun", counted)
    design = tiny_design(channels=3, classes=2, size=9)
    one, two = (RunFolder.create(design, _spec(images, workers), tmp_path) for workers in (0, 2))
    run_training(one, lambda _event: None, lambda: "")
    begun.clear()
    seen: list[set[int]] = []

    def take(event: Event) -> None:
        if isinstance(event, Step | Epoch):
            seen.append(_loaders())

    assert isinstance(run_training(two, take, lambda: ""), Finished)
    assert len(seen) == 3 * 4 + 3
    assert len(seen[0]) == 2
    assert all(pids == seen[0] for pids in seen)
    # Nothing that was read ahead had to be thrown away.
    assert len(begun) == 1
    assert not _loaders()
    assert curves(one) == curves(two)
    ours, theirs = (checkpoint.load_weights(run.path, "last")[0] for run in (one, two))
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
    # Others that read images for themselves leave none behind either; the test of rates goes on over an epoch's end.
    begun.clear()
    assert evaluate(two).top1 == evaluate(one).top1
    assert range_test(design, two.spec(), steps=6) == range_test(design, one.spec(), steps=6)
    assert len(begun) == 4
    assert not _loaders()


def test_a_pass_that_is_closed_early_leaves_nothing_to_the_next_one(
    alone: Callable[[], Feeder], helped: Feeder
) -> None:
    before = torch.get_rng_state()
    with closing(helped.train_batches(1, 0)) as batches:
        assert _same(islice(batches, 1), islice(alone().train_batches(1, 0), 1)) == 1
    loaders = _loaders()
    # An epoch with its validation, and the next one twice, first broken off.
    assert _same(helped.train_batches(1, 1), alone().train_batches(1, 1)) == 3
    assert _same(helped.val_batches(1), alone().val_batches(1)) == 1
    with closing(helped.train_batches(2, 0)) as batches:
        assert _same(islice(batches, 2), islice(alone().train_batches(2, 0), 2)) == 2
    assert _same(helped.train_batches(2, 0), alone().train_batches(2, 0)) == 4
    # Another epoch, from its middle; validation, closed behind its only batch; the same epoch again instead of the next.
    assert _same(helped.train_batches(3, 2), alone().train_batches(3, 2)) == 2
    with closing(helped.val_batches(3)) as batches:
        assert _same(islice(batches, 1), alone().val_batches()) == 1
    assert _same(helped.train_batches(3, 0), alone().train_batches(3, 0)) == 4
    assert _same(helped.train_batches(3, 4), alone().train_batches(3, 4)) == 0
    assert _same(helped.val_batches(), alone().val_batches()) == 1
    assert _loaders() == loaders
    assert torch.equal(torch.get_rng_state(), before)
    helped.close()
    assert not _loaders()
    assert _same(helped.val_batches(2), alone().val_batches()) == 1


def test_two_passes_at_once_are_refused(helped: Feeder) -> None:
    first = helped.train_batches(1, 0)
    next(first)
    next(helped.train_batches(2, 0))
    with pytest.raises(AssertionError, match="another pass"):
        next(first)


def test_what_is_read_ahead_in_validation_can_be_learned_from(helped: Feeder) -> None:
    """It may arrive while validation, which is no place to learn, waits for an image of its own."""
    with torch.inference_mode():
        for batch in helped.val_batches():
            assert not batch.labels.is_inference()


@pytest.mark.parametrize("kind", [RuntimeError, OSError])
def test_what_goes_wrong_in_a_process_is_not_told_as_its_death(
    helped: Feeder, monkeypatch: pytest.MonkeyPatch, kind: type[Exception]
) -> None:
    def broken(*_: object) -> None:
        raise kind("a bug of ours")

    monkeypatch.setattr(reading, "_read", broken)
    with pytest.raises(kind, match="a bug of ours"):
        next(helped.train_batches(1, 0))


def test_processes_that_cannot_be_started_are_told_of(
    helped: Feeder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_loader: object) -> None:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    monkeypatch.setattr(loading, "_quietly_begun", full)
    with pytest.raises(StudioError, match=r"could not be started \(.*Cannot allocate memory\)"):
        next(helped.train_batches(1, 0))


def test_of_several_processes_one_may_have_no_part_of_the_last_validation_images(images: Path) -> None:
    data = open_data("folder", images)
    spec = replace(_spec(images, 0), batch_size=16)
    shares = [
        next(Feeder(data, spec, WANTED, CPU, World(rank=rank, size=6).mine).val_batches())
        for rank in range(6)
    ]
    assert [tuple(batch.images.shape) for batch in shares] == [(1, 3, 9, 9)] * 4 + [(0, 3, 9, 9)] * 2
    assert torch.equal(torch.cat([batch.indices for batch in shares]), torch.arange(4))


def test_what_is_read_ahead_is_what_a_run_takes_next() -> None:
    course = Course(tiny_spec(batch_size=4, epochs=2), 17, 9, share=lambda found: found, validates=True)
    expected = [Pass(1, 3), Pass(1, learns=False), Pass(2), Pass(2, learns=False)]
    coming: Pass | None = expected[0]
    for one in expected:
        assert coming == one
        assert len(list(course.batches(one))) == course.count(one)
        coming = course.after(one)
    assert coming is None
    assert [course.count(one) for one in expected] == [1, 2, 4, 2]
    # Validation for its own sake is followed by nothing.
    assert course.after(Pass(0, learns=False)) is None


def test_they_die_with_a_run_that_is_killed_and_never_held_its_pipes(images: Path, tmp_path: Path) -> None:
    design = tiny_design(channels=3, classes=2, size=9)
    run = RunFolder.create(design, replace(_spec(images, 2), epochs=5000), tmp_path)
    with Child(run) as child:
        child.until(Epoch)
        pid = child.process.pid
        loaders = [
            one for task in Path(f"/proc/{pid}/task").glob("*/children") for one in task.read_text().split()
        ]
        assert len(loaders) == 2
        for loader in loaders:
            assert _pipes(loader) == [Path(os.devnull)] * 2
        child.process.kill()
        child.rest()
        wait_until(lambda: not any(Path(f"/proc/{loader}").exists() for loader in loaders))


@pytest.fixture
def _spawned() -> Iterator[None]:
    """As on Windows and macOS."""
    before = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method("spawn", force=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.usefixtures("_spawned")
def test_where_processes_are_spawned_they_read_the_same(images: Path, tmp_path: Path) -> None:
    root = fill(tmp_path, count=10)
    alone = _feeder(images, 0)
    with closing(_feeder(root, 1)) as made:
        assert _same(made.train_batches(1, 2), alone.train_batches(1, 2)) == 2
        (loader,) = _loaders()
        assert _pipes(loader) == [Path(os.devnull)] * 2
        assert _same(made.val_batches(1), alone.val_batches()) == 1
        assert _same(islice(made.train_batches(2, 0), 1), islice(alone.train_batches(2, 0), 1)) == 1
        (root / "dog" / "004.png").unlink()
        with pytest.raises(StudioError, match=r"004.png cannot be read any more"):
            list(made.val_batches())
        assert _loaders() == {loader}

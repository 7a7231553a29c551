"""Memory that runs out: the batch in parts, from the same state, kept for a resume; without the setting, words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.engine.training import beginning, checkpoint
from resnet_studio.runs.events import Checkpointed, Failed, Finished, Notice, Split, Step
from resnet_studio.runs.folder import RunFolder
from tests.engine.full_memory import ENDLESS, running_out
from tests.engine.train_helpers import (
    assert_same_end,
    dropping_design,
    new_run,
    normless_design,
    tiny_spec,
    train_here,
)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the network's own forward pass run out of memory above so many images, in the middle, as a real one does."""

    def allow(train: int, *, after: int = 0, validate: int = ENDLESS) -> None:
        monkeypatch.setattr(beginning, "build", running_out(train=train, validate=validate, after=after))

    return allow


def _dropping(parent: Path, **settings: Any) -> RunFolder:
    """A run whose network draws random numbers and counts in its norms: both must be put back."""
    return RunFolder.create(dropping_design(), tiny_spec(**{"epochs": 1} | settings), parent)


def test_it_ends_bit_for_bit_like_a_run_with_these_parts_set(
    tmp_path: Path, room: Callable[..., None]
) -> None:
    wanted = _dropping(tmp_path / "set", parts=4, mixup=0.2)
    train_here(wanted)
    room(32)
    run = _dropping(tmp_path / "found", fit_memory=True, mixup=0.2)
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    splits = [event for event in said if isinstance(event, Split)]
    assert [(event.step, event.parts, event.images) for event in splits] == [(0, 2, 64), (0, 4, 32)]
    assert "4 parts" in splits[-1].text
    found = [checkpoint.newest(one, "last") for one in (run, wanted)]
    assert found[0] is not None
    assert found[1] is not None
    assert found[0].contents["progress"].pop("parts") == 4
    _forget_parts(run)
    _forget_parts(wanted)
    assert_same_end(run, wanted)


def _forget_parts(run: RunFolder) -> None:
    """What the one found and the other was told is the only difference that may be."""
    found = checkpoint.newest(run, "last")
    assert found is not None
    found.contents["progress"]["parts"] = 0
    progress = found.contents["progress"]
    checkpoint.save(run, "last", found.contents, step=progress["step"], epochs=progress["epochs_done"])


@pytest.mark.parametrize("stop", [5, 6, 20])
def test_a_resume_takes_the_parts_that_were_found(
    tmp_path: Path, room: Callable[..., None], stop: int
) -> None:
    room(64, after=6)
    whole = new_run(tmp_path / "whole", epochs=2, fit_memory=True)
    said = train_here(whole)
    at = said.index(next(event for event in said if isinstance(event, Split)))
    assert isinstance(said[at + 1], Checkpointed), "kept at once, so that no kill can lose it"
    assert said[at] == Split(step=6, parts=2, images=64)
    cut = new_run(tmp_path / "cut", epochs=2, fit_memory=True)
    room(64, after=6)
    train_here(cut, stop_after=stop)
    # Behind the split there is no need to run out again; before it, it happens at the same step.
    room(64, after=6 - stop if stop <= 6 else 0)
    again = train_here(cut)
    assert any(isinstance(event, Split) for event in again) == (stop <= 6)
    assert_same_end(whole, cut)


def test_parts_are_the_batch_to_rounding_where_no_norm_sees_them(
    tmp_path: Path, room: Callable[..., None]
) -> None:
    design = normless_design()
    losses: list[list[float]] = []
    for images in (1000, 32):
        room(images)
        run = RunFolder.create(design, tiny_spec(epochs=1, lr=0.01, fit_memory=True), tmp_path / str(images))
        losses.append([event.loss for event in train_here(run) if isinstance(event, Step)])
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)


def test_validation_is_split_without_the_training(tmp_path: Path, room: Callable[..., None]) -> None:
    run, plain = new_run(tmp_path / "run", epochs=1, fit_memory=True), new_run(tmp_path / "plain", epochs=1)
    train_here(plain)
    room(1000, validate=64)
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert any(isinstance(event, Notice) and "in 4 parts" in event.text for event in said)
    assert not any(isinstance(event, Split) for event in said)
    weights = [checkpoint.load_weights(one.path, "last")[0] for one in (run, plain)]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_where_one_image_is_too_much_it_says_so(tmp_path: Path, room: Callable[..., None]) -> None:
    room(0)
    last = train_here(new_run(tmp_path, batch_size=4, fit_memory=True))[-1]
    assert isinstance(last, Failed)
    assert "Memory ran out" in last.what


def test_without_the_setting_it_names_a_batch_that_fits(tmp_path: Path, room: Callable[..., None]) -> None:
    room(64, after=4)
    run = new_run(tmp_path)
    last = train_here(run)[-1]
    assert isinstance(last, Failed)
    assert "A batch of 64 should fit, or this one in parts: switch Fit memory on." in last.remedy

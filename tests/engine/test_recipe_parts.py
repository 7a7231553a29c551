"""What recipes add to the plain loop: averaging, parts, clipping, patience, blending; each exact, also across a stop."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from resnet_studio.engine.build import build
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.averaging import Average
from resnet_studio.runs.events import Epoch, Finished, Notice
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import (
    assert_same_end,
    dropping_design,
    new_run,
    normless_design,
    tiny_design,
    tiny_spec,
    train_here,
)

EVERYTHING: dict[str, Any] = {
    "mixup": 0.2, "cutmix": 1.0, "erasing": 0.3, "trivial_augment": True, "label_smoothing": 0.1, "clip_norm": 1.0, "parts": 3,
    "averaging": 0.9, "decay_norms": False, "optimizer": "nadam", "lr": 0.01, "deterministic": True, "fit_memory": True,
    "start_size": 0.5, "repeats": 3, "train_size": 0.75, "averaging_every": 4,
}  # fmt: skip


@pytest.mark.parametrize("step", [7, 11, 15])
def test_a_run_with_everything_goes_on_as_if_it_had_not_stopped(tmp_path: Path, step: int) -> None:
    whole, cut = (new_run(tmp_path / name, epochs=2, **EVERYTHING) for name in ("whole", "cut"))
    assert isinstance(train_here(whole)[-1], Finished)
    train_here(cut, stop_after=step)
    assert isinstance(train_here(cut)[-1], Finished)
    assert_same_end(whole, cut)


def test_dropped_paths_and_numbers_are_the_same_after_a_stop(tmp_path: Path) -> None:
    """Dropout draws from the global random state, which a checkpoint keeps."""
    runs = [
        RunFolder.create(dropping_design(), tiny_spec(epochs=2), tmp_path / name) for name in ("whole", "cut")
    ]
    train_here(runs[0])
    train_here(runs[1], stop_after=8)
    train_here(runs[1])
    assert_same_end(*runs)


def _end(run: RunFolder) -> dict[str, torch.Tensor]:
    train_here(run)
    found = checkpoint.newest(run, "last")
    assert found is not None
    return found.contents["model"]


def test_parts_add_up_to_the_whole_batch_but_for_the_norms(tmp_path: Path) -> None:
    """Without norms, whose statistics are a part's own, the gradients of the parts are the gradient of the batch."""
    design = normless_design()
    ends = [
        _end(RunFolder.create(design, tiny_spec(epochs=1, parts=parts, lr=0.01), tmp_path / str(parts)))
        for parts in (1, 4, 5)
    ]
    for other in ends[1:]:
        for name, value in ends[0].items():
            torch.testing.assert_close(other[name], value, rtol=1e-3, atol=1e-4)


def test_clipped_gradients_make_small_steps(tmp_path: Path) -> None:
    settings = {
        "epochs": 1,
        "optimizer": "sgd",
        "momentum": 0.0,
        "weight_decay": 0.0,
        "schedule": "constant",
        "warmup_epochs": 0.0,
        "lr": 1.0,
    }
    clipped = new_run(tmp_path, clip_norm=1e-3, **settings)
    end = _end(clipped)
    torch.manual_seed(0)
    start = build(tiny_design())
    moved = sum(float((end[name] - p.detach()).square().sum()) for name, p in start.named_parameters()) ** 0.5
    assert 0 < moved <= 11 * 1e-3 * 1.0001


def test_the_average_follows_by_its_formula() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    average = Average(network, 0.5)
    expected = {name: value.clone() for name, value in network.state_dict().items()}
    for step in range(1, 30):
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(torch.randn_like(parameter))
        network(torch.randn(2, 1, 5, 5))
        average.follow()
        decay = min(0.5, (1 + step) / (10 + step))
        for name, value in network.state_dict().items():
            kept = expected[name]
            expected[name] = (
                decay * kept + (1 - decay) * value if value.is_floating_point() else value.clone()
            )
    for name, value in average.network.state_dict().items():
        torch.testing.assert_close(value, expected[name])
    assert not average.network.training


def test_what_is_kept_as_best_is_the_average(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=1, averaging=0.999)
    train_here(run)
    last = checkpoint.newest(run, "last")
    assert last is not None
    weights, _ = checkpoint.load_weights(run.path, "best")
    assert all(torch.equal(weights[name], value) for name, value in last.contents["model"].items())
    assert any(not torch.equal(weights[name], value) for name, value in last.contents["learning"].items())


def test_an_average_that_looks_seldom_looks_at_the_first_step_of_an_epoch_and_every_so_many(
    tmp_path: Path,
) -> None:
    """As in torchvision's script, which a set smaller than its pace would leave with the first weights otherwise."""
    steps = {}
    for every in (1, 4, 100):
        run = new_run(tmp_path / str(every), epochs=2, averaging=0.9, averaging_every=every)
        train_here(run)
        found = checkpoint.newest(run, "last")
        assert found is not None
        steps[every] = found.contents["averaged_steps"]
    assert steps == {1: 22, 4: 2 * 3, 100: 2}


def test_patience_ends_a_run_that_gets_no_better(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=30, patience=2, lr=0.0)
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert len([e for e in said if isinstance(e, Epoch)]) == 3
    assert any(isinstance(e, Notice) and "2 epochs without" in e.text for e in said)


def test_patience_waits_for_images_of_full_size(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=30, patience=2, lr=0.0, start_size=0.5, grow_epochs=3)
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert len([e for e in said if isinstance(e, Epoch)]) == 5


def test_a_run_without_patience_left_ends_when_resumed(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=30, patience=2, lr=0.0)
    train_here(run, stop_after=33)
    assert isinstance(train_here(run)[-1], Finished)
    assert len([e for e in run.events() if isinstance(e, Epoch)]) == 3


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ({"batch_size": 1000}, 442),
        ({"batch_size": 128}, 0),
        ({"batch_size": 5000}, 0),
        ({"batch_size": 1000, "repeats": 2}, 0),
    ],
)
def test_a_run_whose_epochs_leave_out_many_images_says_so_once(
    tmp_path: Path, settings: dict[str, int], left: int
) -> None:
    """Of 1,442 images 34 are not worth a word; a batch larger than all of them is all of them; repeats leave out on purpose."""
    said = train_here(new_run(tmp_path, epochs=2, **settings))
    told = [event.text for event in said if isinstance(event, Notice) and "always full" in event.text]
    words = f"Batches are always full: each epoch leaves out {left} of 1442 images, others each time."
    assert told == ([words] if left else [])

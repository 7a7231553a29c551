"""Training on a graphics card that is really there: exact across kills, no needless wait, full memory, compiled, under torchrun.

Passed over where there is none; what the engine's own code does with a card is tested everywhere, on a pretended one.
"""

import random
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.training.command import run_training
from resnet_studio.engine.training.evaluate import evaluate
from resnet_studio.engine.training.rates import range_test
from resnet_studio.runs.child import child_environment
from resnet_studio.runs.events import Epoch, Event, Failed, Finished, Split, Started, Step
from resnet_studio.runs.folder import RunFolder
from tests.engine.test_data_folder import fill
from tests.engine.train_helpers import (
    DEADLINE_SECONDS,
    Child,
    assert_same_end,
    dropping_design,
    tiny_design,
    tiny_spec,
    train_here,
)

CARD = "cuda"
pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")

# Between them: every precision, layout and part of a step whose computation could come out otherwise the second time.
EXACT: dict[str, dict[str, Any]] = {
    "float32": {"optimizer": "adamw", "averaging": 0.9, "clip_norm": 1.0, "parts": 2, "trivial_augment": True},
    "contiguous": {"channels_last": False, "augment": "shift", "optimizer": "sgd"},
    "bf16": {"precision": "bf16", "augment": "resized_crop", "erasing": 0.3, "mixup": 0.2, "cutmix": 1.0},
    "fp16": {"precision": "fp16", "optimizer": "sgd", "start_size": 0.5, "repeats": 2},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _as_found() -> Iterator[None]:
    """What a run chooses for its process is put back for the next test."""
    yield
    torch.cuda.set_sync_debug_mode("default")
    torch.set_deterministic_debug_mode("default")
    torch.cuda.set_per_process_memory_fraction(1.0)
    torch.cuda.empty_cache()


def _pooled() -> Design:
    """With everything that draws or counts, and the stem's max pooling, whose gradients meet."""
    base = dropping_design()
    return replace(base, stem=replace(base.stem, pool=True))


def _new(parent: Path, design: Design | None = None, **settings: Any) -> RunFolder:
    spec = tiny_spec(**{"device": CARD, "epochs": 4} | settings)
    return RunFolder.create(design or _pooled(), spec, parent)


def _ended(run: RunFolder) -> RunFolder:
    with Child(run) as child:
        said = child.rest()
        assert isinstance(said[-1], Finished), said[-1]
    return run


def _killed_and_ended(run: RunFolder, *, times: int, seed: int) -> RunFolder:
    dice = random.Random(seed)
    for _ in range(times):
        with Child(run) as child:
            # From the first step to within an epoch, its validation or its checkpoint.
            for _ in range(dice.randint(2, 30)):
                if child.event() is None:
                    break
            child.kill()
    return _ended(run)


@pytest.mark.parametrize("settings", EXACT.values(), ids=EXACT)
def test_killed_again_and_again_it_ends_like_one_that_was_not(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    whole = _ended(_new(tmp_path / "whole", deterministic=True, **settings))
    cut = _killed_and_ended(_new(tmp_path / "cut", deterministic=True, **settings), times=3, seed=1)
    assert_same_end(cut, whole)


@pytest.mark.parametrize("workers", [0, 2])
def test_from_files_through_pinned_memory_it_is_as_exact(tmp_path: Path, workers: int) -> None:
    root = fill(tmp_path / "images", count=40)
    design = tiny_design(channels=3, classes=2, size=9)
    settings: dict[str, Any] = {
        "data": "folder", "root": str(root), "batch_size": 8, "augment": "crop_flip", "deterministic": True, "epochs": 6,
    }  # fmt: skip
    whole = _ended(_new(tmp_path / "whole", design, workers=0, **settings))
    cut = _killed_and_ended(
        _new(tmp_path / "cut", design, workers=workers, **settings), times=2, seed=workers
    )
    one, two = checkpoint.load_weights(whole.path, "last")[0], checkpoint.load_weights(cut.path, "last")[0]
    assert all(torch.equal(one[name], two[name]) for name in one)


@pytest.mark.parametrize(
    "settings",
    [
        {"precision": "bf16", "clip_norm": 1.0, "averaging": 0.9},
        {"precision": "fp16", "optimizer": "sgd"},
        {"augment": "resized_crop", "erasing": 0.5, "mixup": 0.2, "cutmix": 1.0, "parts": 2},
    ],
)
def test_no_step_waits_for_the_card_but_for_its_loss(tmp_path: Path, settings: dict[str, Any]) -> None:
    """torch itself tells of each wait; the loss is waited for by an event, which it does not count."""
    run = _new(tmp_path, tiny_design(), epochs=2, **settings)
    waits: list[str] = []

    def take(event: Event) -> None:
        # The first step allocates and chooses.
        torch.cuda.set_sync_debug_mode("warn" if isinstance(event, Step) else "default")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        run_training(run, take, lambda: "")
        torch.cuda.set_sync_debug_mode("default")
        waits = [f"{w.filename}:{w.lineno}" for w in caught if "synchroniz" in str(w.message).lower()]
    assert isinstance(run.events()[-1], Finished)
    # An epoch's last step is followed by its validation, which waits once, for its sums.
    assert all("validation.py" in place or "telling.py" in place for place in waits), waits


def test_it_learns_what_the_processor_learns(tmp_path: Path) -> None:
    """In float32, to rounding: the same images, draws and steps."""
    losses = []
    for device in ("cpu", CARD):
        run = _new(
            tmp_path / device, tiny_design(), device=device, epochs=1, optimizer="sgd", augment="crop_flip"
        )
        losses.append([event.loss for event in train_here(run) if isinstance(event, Step)])
    assert losses[1] == pytest.approx(losses[0], rel=2e-2)
    assert losses[1][0] == pytest.approx(losses[0][0], rel=1e-4)


@pytest.mark.parametrize("mode", ["default", "reduce-overhead"])
def test_compiled_it_is_the_same_run_to_rounding_and_goes_on(tmp_path: Path, mode: str) -> None:
    plain = _new(tmp_path / "plain", tiny_design(), epochs=1)
    compiled = _new(tmp_path / "compiled", tiny_design(), epochs=1, compile=mode)
    wanted = [event.loss for event in train_here(plain) if isinstance(event, Step)]
    _killed_and_ended(compiled, times=1, seed=3)
    found = {event.step: event.loss for event in compiled.events() if isinstance(event, Step)}
    assert [found[step + 1] for step in range(len(wanted))] == pytest.approx(wanted, rel=5e-2)
    build(tiny_design()).load_state_dict(checkpoint.load_weights(compiled.path, "last")[0], strict=True)


def _on_half_the_memory(parent: Path, **settings: Any) -> list[Event]:
    """A run whose batch keeps twice as much as its process may have of the card."""
    design = preset("cifar_resnet20")
    design = replace(design, input=replace(design.input, channels=1))
    run = RunFolder.create(design, tiny_spec(device=CARD, batch_size=1024, epochs=1, **settings), parent)
    kept = analyse(design).totals.backward_bytes * run.spec().batch_size
    whole = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, kept / 2 / whole))
    return train_here(run)


def test_where_memory_runs_out_it_says_what_would_fit(tmp_path: Path) -> None:
    last = _on_half_the_memory(tmp_path)[-1]
    assert isinstance(last, Failed)
    assert last.what.startswith("Memory ran out on cuda:0: a batch of 1024 needs about")
    assert "should fit" in last.remedy


def test_where_memory_runs_out_the_batch_is_taken_in_parts(tmp_path: Path) -> None:
    said = _on_half_the_memory(tmp_path, fit_memory=True)
    assert any(isinstance(event, Split) for event in said), said[-1]
    assert isinstance(said[-1], Finished)


def test_its_gauges_its_weights_and_its_figures_are_those_of_the_card(tmp_path: Path) -> None:
    run = _new(tmp_path, tiny_design(), epochs=2)
    said = train_here(run)
    started = next(event for event in said if isinstance(event, Started))
    assert started.device == "cuda:0"
    assert started.device_label.startswith(torch.cuda.get_device_properties(0).name)
    steps = [event for event in said if isinstance(event, Step)]
    assert all(event.memory_bytes > 0 for event in steps)
    assert any(event.gpu_memory_bytes for event in steps)
    weights, _ = checkpoint.load_weights(run.path, "last")
    assert {tensor.device.type for tensor in weights.values()} == {"cpu"}
    last = [event for event in said if isinstance(event, Epoch)][-1]
    found = evaluate(run, which="last")
    assert (found.top1, found.loss) == pytest.approx((last.val_accuracy, last.val_loss), rel=1e-4)


@pytest.mark.parametrize("precision", ["float32", "bf16", "fp16"])
def test_a_range_test_tells_of_the_card_what_it_tells_of_the_processor(precision: str) -> None:
    design, spec = tiny_design(), tiny_spec(device=CARD, precision=precision)
    here = range_test(design, replace(spec, device="cpu", precision="float32"), steps=12)
    there = range_test(design, spec, steps=12)
    assert [p.loss for p in there.points[:6]] == pytest.approx([p.loss for p in here.points[:6]], rel=5e-2)


def test_under_torchrun_it_joins_by_nccl_and_ends_alike(tmp_path: Path) -> None:
    alone, joined = (_new(tmp_path / name, epochs=2, deterministic=True) for name in ("alone", "joined"))
    _ended(alone)
    command = [
        sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=1",
        "-m", "resnet_studio", "resume", str(joined.path),
    ]  # fmt: skip
    ended = subprocess.run(
        command,
        env=child_environment(),
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert_same_end(joined, alone)

"""The loop in this process: exact resume, the settings' meaning, NaN, what is kept."""

import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from resnet_studio.design import presets
from resnet_studio.design.types import Stem
from resnet_studio.engine.build import build
from resnet_studio.engine.training import beginning, checkpoint, command, loop
from resnet_studio.engine.training import step as step_room
from resnet_studio.engine.training.schedule import learning_rate
from resnet_studio.engine.training.validation import Checked
from resnet_studio.runs.events import (
    Checkpointed,
    Epoch,
    Failed,
    Finished,
    Notice,
    Started,
    Step,
    Stopped,
)
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.listing import RunInfo, RunState, list_runs
from resnet_studio.runs.spec import TrainSpec, default_spec
from tests.engine.train_helpers import assert_same_end, curves, new_run, tiny_design, tiny_spec, train_here


@pytest.fixture(autouse=True)
def _threads() -> Iterator[None]:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    run = new_run(tmp_path_factory.mktemp("whole"))
    train_here(run)
    return run


def test_a_run_says_what_it_does_and_keeps_it(whole: RunFolder) -> None:
    events = whole.events()
    assert isinstance(events[0], Started)
    assert (events[0].train_images, events[0].val_images, events[0].steps_per_epoch) == (1442, 355, 11)
    assert [e.step for e in events if isinstance(e, Step)] == list(range(1, 34))
    assert [e.epoch for e in events if isinstance(e, Epoch)] == [1, 2, 3]
    assert isinstance(events[-1], Finished)
    assert events[-1].best_accuracy == max(e.val_accuracy for e in events if isinstance(e, Epoch))
    lasts = [e for e in events if isinstance(e, Checkpointed) and e.kind == "last"]
    assert [e.step for e in lasts] == [11, 22, 33]
    assert len(list(whole.checkpoints.glob("last-*.pt"))) == 2
    assert len(list(whole.checkpoints.glob("best-*.pt"))) == 1
    (info,) = list_runs(whole.path.parent)
    assert isinstance(info, RunInfo)
    assert (info.state, info.epochs_done) == (RunState.FINISHED, 3)


def test_it_learns(whole: RunFolder) -> None:
    epochs = [e for e in whole.events() if isinstance(e, Epoch)]
    assert epochs[-1].train_loss < epochs[0].train_loss - 0.1
    assert epochs[-1].val_accuracy > 0.15  # chance is 0.1; four channels and 33 steps do not go far


def test_the_same_seed_is_the_same_run_and_another_is_not(whole: RunFolder, tmp_path: Path) -> None:
    again, other = new_run(tmp_path), new_run(tmp_path, seed=1)
    train_here(again)
    train_here(other)
    assert_same_end(again, whole)
    assert curves(other) != curves(whole)


@pytest.mark.parametrize("step", [1, 7, 11, 12, 22, 32])
def test_a_stopped_run_goes_on_as_if_it_had_not(whole: RunFolder, tmp_path: Path, step: int) -> None:
    run = new_run(tmp_path)
    said = train_here(run, stop_after=step)
    assert isinstance(said[-1], Stopped)
    assert said[-1].step == step
    train_here(run)
    assert_same_end(run, whole)


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "adamw", "lr": 0.003, "schedule": "one_cycle", "decay_norms": False},
        {
            "schedule": "step",
            "label_smoothing": 0.1,
            "nesterov": False,
            "augment": "resized_crop",
            "channels_last": False,
        },
        {"schedule": "constant", "precision": "bf16", "augment": "crop_flip", "momentum": 0.0},
    ],
)
def test_every_setting_resumes_exactly(tmp_path: Path, settings: dict[str, object]) -> None:
    one, two = new_run(tmp_path, epochs=2, **settings), new_run(tmp_path, epochs=2, **settings)
    train_here(one)
    train_here(two, stop_after=5)
    train_here(two)
    assert_same_end(two, one)


def test_a_stop_during_validation_leaves_only_the_validation(
    whole: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path)
    reason: list[str] = []

    def interrupted(_job: object) -> None:
        reason.append("now")

    with monkeypatch.context() as patch:
        patch.setattr(loop, "validate", interrupted)
        command.run_training(run, lambda _event: None, lambda: reason[0] if reason else "")
    assert not [e for e in run.events() if isinstance(e, Epoch)]
    train_here(run)
    assert_same_end(run, whole)


def test_a_run_that_is_done_says_so_and_trains_no_more(tmp_path: Path) -> None:
    run = new_run(tmp_path, epochs=1)
    train_here(run)
    weights, _ = checkpoint.load_weights(run.path, "last")
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert not [e for e in said if isinstance(e, Step)]
    again, _ = checkpoint.load_weights(run.path, "last")
    assert all(torch.equal(weights[name], again[name]) for name in weights)


def test_a_flipped_bit_makes_the_one_before_the_last(whole: RunFolder, tmp_path: Path) -> None:
    run = new_run(tmp_path)
    train_here(run, stop_after=25)
    newest = max(run.checkpoints.glob("last-*.pt"))
    data = bytearray(newest.read_bytes())
    data[len(data) // 2] ^= 4
    newest.write_bytes(data)
    said = train_here(run)
    assert isinstance(said[0], Started)
    assert said[0].start_step == 22
    assert any(isinstance(e, Notice) and newest.name in e.text for e in said)
    assert_same_end(run, whole)


def test_torn_events_and_leftovers_of_a_kill_are_swept_away(whole: RunFolder, tmp_path: Path) -> None:
    run = new_run(tmp_path)
    train_here(run, stop_after=13)
    with run.events_path.open("ab") as file:
        file.write(b'{"event":"step","step":14,"ep')
    leftover = run.checkpoints / ".last-000000014-00001.pt.0badf00d.tmp"
    leftover.write_bytes(b"half")
    train_here(run)
    assert not leftover.exists()
    assert_same_end(run, whole)


def poison(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """Let the network give NaN in training from its `after`-th call on."""

    class Poisoned(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            super().__init__()
            self.inner = inner
            self.calls = 0

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += self.training
            out: torch.Tensor = self.inner(x)
            return out * math.nan if self.calls > after and self.training else out

    monkeypatch.setattr(beginning, "build", lambda plan: Poisoned(build(plan)))


def test_a_loss_that_is_no_number_stops_before_the_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path)
    poison(monkeypatch, after=14)
    said = train_here(run)
    assert isinstance(said[-1], Failed)
    assert "batch 4 of epoch 2" in said[-1].what
    assert run.events()[-1] == said[-1]
    found = checkpoint.newest(run, "last")
    assert found is not None
    assert found.contents["progress"]["step"] == 11
    assert all(torch.isfinite(value).all() for value in found.contents["model"].values())


def test_a_validation_that_is_no_number_is_never_the_best(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path, epochs=2)
    monkeypatch.setattr(loop, "validate", lambda _job: Checked(loss=math.nan, accuracy=0.9, top5=None))
    train_here(run)
    epochs = [e for e in run.events() if isinstance(e, Epoch)]
    assert [e.best for e in epochs] == [False, False]
    assert math.isnan(epochs[0].val_loss)
    assert checkpoint.newest(run, "best") is None


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"device": "cuda:7"}, "cuda:7"),
        ({"precision": "fp16"}, "fp16"),
        ({"data": "mnist", "root": "/nowhere/at/all"}, "MNIST"),
        ({"data": "folder", "root": "/nowhere/at/all"}, "/nowhere/at/all"),
    ],
)
def test_what_cannot_start_says_why(tmp_path: Path, settings: dict[str, object], words: str) -> None:
    said = train_here(new_run(tmp_path, **settings))
    assert len(said) == 1
    assert isinstance(said[0], Failed)
    assert words in said[0].what
    assert said[0].remedy


@pytest.mark.parametrize("able", [True, False])
def test_a_processor_without_bf16_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, able: bool
) -> None:
    known = {"architecture": "x86_64", "avx512_bf16": False, "amx_bf16": able}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: known, raising=False)
    said = train_here(new_run(tmp_path, epochs=1, precision="bf16"), stop_after=1)
    assert any(isinstance(e, Notice) and "no bf16" in e.text for e in said) != able


def test_a_network_without_any_norm_trains(tmp_path: Path) -> None:
    stem = Stem(channels=4, kernel=3, stride=1, pool=False, activate=False)
    design = replace(tiny_design(), stem=stem, stages=())
    said = train_here(RunFolder.create(design, tiny_spec(epochs=1), tmp_path))
    assert isinstance(said[-1], Finished)


@pytest.mark.parametrize("part", ["model", "optimizer", "progress", "rng"])
@pytest.mark.parametrize("wrong", [None, {}, 3])
def test_a_checkpoint_of_something_else_is_refused(
    whole: RunFolder, tmp_path: Path, part: str, wrong: object
) -> None:
    run = new_run(tmp_path)
    found = checkpoint.newest(whole, "last")
    assert found is not None
    checkpoint.save(run, "last", found.contents | {part: wrong}, step=3, epochs=0)
    said = train_here(run)
    assert isinstance(said[-1], Failed)
    assert "does not belong to this run's design" in said[-1].what


@pytest.mark.parametrize(("channels", "classes", "words"), [(1, 7, "10 classes"), (2, 10, "2")])
def test_a_design_that_does_not_fit_the_data_is_refused(
    tmp_path: Path, channels: int, classes: int, words: str
) -> None:
    design = tiny_design(channels=channels, classes=classes)
    said = train_here(RunFolder.create(design, tiny_spec(), tmp_path))
    assert isinstance(said[-1], Failed)
    assert words in said[-1].what
    assert "Adapt" in said[-1].remedy


def test_grey_images_fit_a_larger_colour_design(tmp_path: Path) -> None:
    run = RunFolder.create(tiny_design(channels=3, size=12), tiny_spec(epochs=1), tmp_path)
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert any(isinstance(e, Notice) and "12x12" in e.text for e in said)


def test_memory_that_runs_out_names_a_batch_that_fits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(_network: object, _images: object, _precision: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(step_room, "forward", explode)
    said = train_here(new_run(tmp_path))
    assert isinstance(said[-1], Failed)
    assert "a batch of 128" in said[-1].what
    assert "A batch of 64 should fit" in said[-1].remedy


def test_weights_of_a_run_load_strictly(whole: RunFolder) -> None:
    for which in ("best", "last"):
        weights, about = checkpoint.load_weights(whole.path, which)
        build(tiny_design()).load_state_dict(weights, strict=True)
        assert about["classes"] == [str(digit) for digit in range(10)]
        assert about["input"]["shape"] == [1, 8, 8]
        assert 0 < about["metrics"]["best_accuracy"] <= 1


def rates(spec: TrainSpec, steps_per_epoch: int) -> list[float]:
    return [
        learning_rate(spec, step=step, steps_per_epoch=steps_per_epoch)
        for step in range(spec.epochs * steps_per_epoch)
    ]


def test_schedules_are_what_they_are_called() -> None:
    spec = replace(default_spec("cifar10"), epochs=20, warmup_epochs=0.0)
    step = rates(replace(spec, schedule="step"), 10)
    assert (step[0], step[99], step[100], step[149], step[150]) == pytest.approx(
        (0.1, 0.1, 0.01, 0.01, 0.001)
    )
    thirds, fifths = (rates(replace(spec, epochs=90, schedule=name), 7) for name in ("thirds", "fifths"))
    assert [thirds[7 * at] for at in (29, 30, 59, 60)] == pytest.approx([0.1, 0.01, 0.01, 0.001])
    assert [fifths[7 * at] for at in (26, 27, 53, 54, 71, 72)] == pytest.approx(
        [0.1, 0.02, 0.02, 0.004, 0.004, 0.0008]
    )
    # torch's own schedules are the oracle.
    parameter = nn.Parameter(torch.zeros(1))
    for name, oracle in {
        "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 200),
        "constant": lambda o: torch.optim.lr_scheduler.ConstantLR(o, 1.0),
        "one_cycle": lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, 200, cycle_momentum=False),
    }.items():
        optimizer = torch.optim.SGD([parameter], lr=0.1)
        scheduler = oracle(optimizer)
        wanted = []
        for _ in range(200):
            wanted.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        assert rates(replace(spec, schedule=name), 10) == pytest.approx(wanted, abs=1e-9), name
    warm = rates(replace(spec, warmup_epochs=2.0, schedule="constant"), 10)
    assert warm[:20] == pytest.approx([0.1 * (i + 1) / 20 for i in range(20)])
    cycle = rates(replace(spec, schedule="one_cycle"), 10)
    assert max(cycle) == pytest.approx(0.1)
    assert cycle.index(max(cycle)) == 59
    assert cycle[-1] == pytest.approx(0.1 / 25e4)
    for few in (1, 2, 3, 4):
        assert 0.08 < max(rates(replace(spec, schedule="one_cycle", epochs=few), 1)) <= 0.1


def test_the_starter_with_its_defaults_learns_the_digits(tmp_path: Path) -> None:
    run = RunFolder.create(presets.preset("digits_starter"), default_spec("digits"), tmp_path)
    last = train_here(run)[-1]
    assert isinstance(last, Finished)
    assert last.best_accuracy >= 0.98

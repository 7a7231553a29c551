"""The engine's own code for graphics cards, on one that is pretended: the same run as on the processor, and no needless wait."""

import re
from collections.abc import Generator, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from resnet_studio.design.types import Design, HeadPool
from resnet_studio.engine.data.draws import Dice
from resnet_studio.engine.data.trivial import trivially_augmented
from resnet_studio.engine.training import beginning, checkpoint, command
from resnet_studio.engine.training.evaluate import evaluate
from resnet_studio.engine.training.rates import range_test
from resnet_studio.engine.training.telling import Telling
from resnet_studio.runs.events import Event, Failed, Finished, Notice, Split, Started, Step, Stopped
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec
from tests.engine.full_memory import running_out
from tests.engine.pretend_card import PretendCards, pretend_cards
from tests.engine.test_data_folder import fill
from tests.engine.train_helpers import (
    assert_same_end,
    curves,
    dropping_design,
    normless_design,
    tiny_design,
    tiny_spec,
    train_here,
)

# Between them: every augmentation, blend, optimizer of one pass, average and cut that computes on the card.
SETTINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "cropped": {"augment": "resized_crop", "erasing": 0.3, "repeats": 2},
    "varied": {"trivial_augment": True, "batch_size": 256},
    "blended": {"augment": "crop_flip", "mixup": 0.2, "cutmix": 1.0, "label_smoothing": 0.1},
    "averaged": {
        "optimizer": "adamw",
        "augment": "reflect_flip",
        "averaging": 0.9,
        "clip_norm": 1.0,
        "parts": 3,
        "decay_norms": False,
    },
    "growing": {"optimizer": "sgd", "start_size": 0.5, "fit_memory": True, "channels_last": False},
}


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Both sides add in the same order."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def cards() -> Generator[PretendCards, None, None]:
    with pretend_cards() as found:
        yield found


def _run(parent: Path, device: str, design: Design | None = None, **settings: Any) -> RunFolder:
    spec: TrainSpec = tiny_spec(device=device, **{"epochs": 1} | settings)
    return RunFolder.create(design or dropping_design(), spec, parent / device.replace(":", ""))


def _weights(run: RunFolder) -> dict[str, torch.Tensor]:
    found = checkpoint.newest(run, "last")
    assert found is not None
    weights: dict[str, torch.Tensor] = found.contents["model"]
    return weights


def _assert_equal_runs(one: RunFolder, other: RunFolder) -> None:
    assert isinstance(one.events()[-1], Finished)
    assert curves(one) == curves(other)
    ours, theirs = _weights(one), _weights(other)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_run_on_a_card_is_the_run_on_the_processor_and_waits_for_each_loss_alone(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    other = _run(tmp_path, "cpu", **settings)
    train_here(other)
    steps: list[int] = []
    with pretend_cards() as cards:
        run = _run(tmp_path, "cuda:1", **settings)

        def take(event: Event) -> None:
            if isinstance(event, Step):
                steps.append(len(cards.log))

        command.run_training(run, take, lambda: "")
    started = next(event for event in run.events() if isinstance(event, Started))
    assert (started.device, started.device_label) == ("cuda:1", "Pretended card, 8 GiB")
    assert cards.chosen == [torch.device("cuda:1")]
    _assert_equal_runs(run, other)
    assert len(steps) == run.spec().epochs * (1442 // run.spec().batch_size)
    for start, stop in pairwise(steps):
        # Of a batch in parts, only the last backward pass is left when the loss is known.
        before, _, behind = " ".join(cards.log[start:stop]).partition(" sent ")
        assert re.fullmatch(r"((forward|backward) )*forward", before)
        assert re.fullmatch(r"(backward )+read", behind)


def test_validation_waits_once_whatever_its_batches(tmp_path: Path, cards: PretendCards) -> None:
    run = _run(tmp_path, "cuda", tiny_design(), batch_size=32)
    said: list[Event] = []
    marks: dict[str, int] = {}

    def take(event: Event) -> None:
        said.append(event)
        marks[type(event).__name__] = len(cards.log)

    command.run_training(run, take, lambda: "")
    # Behind the last step: 6 batches are validated.
    log = cards.log[marks["Step"] : marks["Epoch"]]
    assert log.count("forward") >= 6 * 6
    assert [line for line in log if line != "forward"] == ["sent", "read"]


def test_a_run_that_stopped_on_a_card_goes_on_bit_for_bit(tmp_path: Path, cards: PretendCards) -> None:
    settings = SETTINGS["averaged"]
    whole, stopped = _run(tmp_path / "a", "cuda", **settings), _run(tmp_path / "b", "cuda", **settings)
    train_here(whole)
    train_here(stopped, stop_after=5)
    train_here(stopped)
    assert_same_end(stopped, whole)


@pytest.mark.parametrize("clip", [0.0, 1e6])
def test_scaled_losses_of_fp16_change_nothing_where_no_number_is_small(
    tmp_path: Path, cards: PretendCards, clip: float
) -> None:
    """The scale is a power of two, and the pretended card does not round to fp16. Scaled gradients would all be clipped."""
    plain, scaled = (
        _run(
            tmp_path / precision, "cuda", tiny_design(), optimizer="sgd", precision=precision, clip_norm=clip
        )
        for precision in ("float32", "fp16")
    )
    train_here(plain)
    train_here(scaled)
    _assert_equal_runs(scaled, plain)
    found = checkpoint.newest(scaled, "last")
    assert found is not None
    assert found.contents["scaler"]["scale"] == 65536.0


def test_a_card_that_is_full_takes_its_batches_in_parts(
    tmp_path: Path, cards: PretendCards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "build", running_out(train=40, after=2))
    run = _run(tmp_path, "cuda", normless_design(), epochs=1, fit_memory=True)
    said = train_here(run)
    assert [(event.parts, event.images) for event in said if isinstance(event, Split)] == [(2, 64), (4, 32)]
    assert isinstance(said[-1], Finished)


@pytest.mark.parametrize("able", [True, False])
def test_a_card_without_bf16_is_told_of(
    tmp_path: Path, cards: PretendCards, monkeypatch: pytest.MonkeyPatch, able: bool
) -> None:
    # A card that is too old is asked whether it can at all, and says yes.
    monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation or able
    )
    said = train_here(_run(tmp_path, "cuda", tiny_design(), precision="bf16"), stop_after=1)
    assert isinstance(said[-1], Stopped)
    assert any(isinstance(e, Notice) and "no bf16" in e.text for e in said) != able


def test_what_torch_would_refuse_at_the_first_step_is_refused_before_the_run_begins(
    tmp_path: Path, cards: PretendCards
) -> None:
    design = tiny_design()
    assert design.head is not None
    largest = replace(design, head=replace(design.head, pool=HeadPool.MAX))
    run = _run(tmp_path, "cuda", largest, deterministic=True)
    (last,) = train_here(run)
    assert isinstance(last, Failed)
    assert last.what.startswith("Head (avgpool): torch has no deterministic way")
    assert cards.log == []
    assert isinstance(train_here(_run(tmp_path / "free", "cuda", largest))[-1], Finished)


def test_a_full_card_is_told_of_with_its_name_and_a_batch_that_fits(
    tmp_path: Path, cards: PretendCards, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beginning, "build", running_out(train=40))
    last = train_here(_run(tmp_path, "cuda:1"))[-1]
    assert isinstance(last, Failed)
    assert last.what.startswith("Memory ran out on cuda:1: a batch of 128 needs about")
    assert "A batch of 64 should fit" in last.remedy


def test_images_from_files_come_to_the_card_as_to_the_processor(tmp_path: Path) -> None:
    root = fill(tmp_path / "images", count=20)
    design = tiny_design(channels=3, classes=2, size=9)
    settings = {
        "data": "folder", "root": str(root), "batch_size": 8, "augment": "crop_flip", "erasing": 0.5, "trivial_augment": True,
    }  # fmt: skip
    other = _run(tmp_path, "cpu", design, **settings)
    train_here(other)
    with pretend_cards():
        run = _run(tmp_path, "cuda", design, **settings)
        train_here(run)
    _assert_equal_runs(run, other)


def test_weights_are_evaluated_and_rates_are_tried_there(tmp_path: Path) -> None:
    other = _run(tmp_path, "cpu", tiny_design())
    train_here(other)
    here, tried = evaluate(other), range_test(other.design(), other.spec(), steps=8)
    with pretend_cards():
        run = _run(tmp_path, "cuda", tiny_design())
        train_here(run)
        assert evaluate(run) == here
        assert range_test(run.design(), run.spec(), steps=8) == tried
        # Scaled where fp16 would round small gradients away; the pretended card does not round.
        assert range_test(run.design(), replace(run.spec(), precision="fp16"), steps=8) == tried


def test_who_drew_what_is_known_without_asking_the_card(cards: PretendCards) -> None:
    images = torch.randint(0, 256, (64, 3, 12, 12), dtype=torch.uint8)
    there = images.to("cuda:0", non_blocking=True)
    dice = Dice(0, 1, torch.arange(100, 164), "cuda:0")
    mine = trivially_augmented(images, Dice(0, 1, torch.arange(100, 164)))
    before = len(cards.waits)
    found = trivially_augmented(there, dice)
    assert cards.waits[before:] == []
    assert torch.equal(found.cpu(), mine)


# --- the card itself ------------------------------------------------------------------------------------------------------


def test_a_pretended_card_refuses_what_a_real_one_refuses(cards: PretendCards) -> None:
    there, here = torch.ones(3, device="cuda"), torch.ones(3)
    assert (there.device, (there + 1).device) == (torch.device("cuda:0"), torch.device("cuda:0"))
    with pytest.raises(RuntimeError, match="same device"):
        there + here
    with pytest.raises(RuntimeError, match="same device"):
        there + torch.ones(3, device="cuda:1")


def test_a_pretended_card_writes_down_what_is_waited_for(cards: PretendCards) -> None:
    there = torch.arange(4.0, device="cuda")
    assert cards.waits == []
    for waits in (
        lambda: float(there[0]),
        there.cpu,
        lambda: there[there > 1],
        lambda: there[torch.tensor([1, 2])],
        lambda: torch.ones(2).to("cuda:0"),
        there.nonzero,
    ):
        before = len(cards.waits)
        waits()
        assert len(cards.waits) > before
    before = len(cards.waits)
    torch.ones(2).to("cuda:0", non_blocking=True)
    there[torch.tensor([1, 2]).to("cuda:0", non_blocking=True)].add_(1).to("cuda:0")
    assert len(cards.waits) == before


def test_numbers_that_are_read_too_early_are_none(cards: PretendCards) -> None:
    there = torch.arange(2.0, device="cuda")
    place = torch.empty(2, pin_memory=True)
    place.copy_(there, non_blocking=True)
    assert place.isnan().all()
    told = Telling(there)
    there += 5
    assert told.read() == [0.0, 1.0]

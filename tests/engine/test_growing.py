"""Images that grow: what the network sees in each epoch, validated at full size; too small ones are refused at the start."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from resnet_studio.design import presets
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training import step as step_room
from resnet_studio.engine.training import validation
from resnet_studio.runs.events import Epoch, Failed, Finished, Notice
from resnet_studio.runs.folder import RunFolder
from tests.engine.train_helpers import assert_same_end, new_run, tiny_design, tiny_spec, train_here

SETTINGS: dict[str, Any] = {"epochs": 4, "batch_size": 256, "start_size": 0.5, "grow_epochs": 2}


def test_training_sees_them_grow_and_validation_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int]] = []

    def watch(room: Any, name: str) -> None:
        forward = room.forward

        def watched(network: Any, images: torch.Tensor, precision: str) -> torch.Tensor:
            seen.append((name, images.shape[-1]))
            out: torch.Tensor = forward(network, images, precision)
            return out

        monkeypatch.setattr(room, "forward", watched)

    watch(step_room, "train")
    watch(validation, "validate")
    run = new_run(tmp_path, **SETTINGS)
    said = train_here(run)
    assert isinstance(said[-1], Finished)
    assert [size for name, size in seen if name == "train"] == [4] * 5 + [6] * 5 + [8] * 10
    assert {size for name, size in seen if name == "validate"} == {8}
    told = [event.text for event in said if isinstance(event, Notice)]
    assert [words for words in told if "images of" in words] == [
        "From epoch 1 on images of 4×4.",
        "From epoch 2 on images of 6×6.",
        "From epoch 3 on images of 8×8.",
    ]
    first = next(event for event in said if isinstance(event, Epoch))
    # Three epochs are left, and they cost 9/16, 1 and 1 of one at full size, where the first cost 4/16.
    assert first.time_left == pytest.approx(first.seconds * (9 + 16 + 16) / 4, rel=0.2)


def test_one_epoch_is_too_few_to_grow_in(tmp_path: Path) -> None:
    said = train_here(new_run(tmp_path, **SETTINGS | {"epochs": 1}))
    assert isinstance(said[-1], Finished)
    assert not [event for event in said if isinstance(event, Notice) and "images of" in event.text]


def test_a_smaller_batch_is_the_full_one_resized() -> None:
    data, spec = open_data("digits", None), tiny_spec(**SETTINGS)
    wanted, cpu = tiny_design(size=16).input, torch.device("cpu")
    small, full = (
        next(
            iter(
                Feeder(data, replace(spec, augment="none", start_size=size), wanted, cpu).train_batches(1, 0)
            )
        )
        for size in (0.5, 1.0)
    )
    assert torch.equal(small.indices, full.indices)
    assert full.images.shape[-2:] == (16, 16)
    # 8x8 digits, shown at half of 16x16: as they are.
    torch.testing.assert_close(
        F.interpolate(small.images, (16, 16), mode="bilinear", antialias=True), full.images
    )


@pytest.mark.parametrize("step", [3, 7])
def test_a_stopped_run_goes_on_at_the_size_where_it_was(tmp_path: Path, step: int) -> None:
    whole, cut = (new_run(tmp_path / name, **SETTINGS) for name in ("whole", "cut"))
    train_here(whole)
    train_here(cut, stop_after=step)
    train_here(cut)
    assert_same_end(whole, cut)


def test_a_part_of_one_image_is_refused_where_the_smallest_map_is_a_pixel(tmp_path: Path) -> None:
    design = replace(presets.preset("digits_starter"), name="Starter")
    spec = tiny_spec(**SETTINGS | {"batch_size": 4, "parts": 4, "start_size": 0.25})
    last = train_here(RunFolder.create(design, spec, tmp_path))[-1]
    assert isinstance(last, Failed)
    assert "cannot be normalised" in last.what
    assert "2 parts or fewer" in last.remedy

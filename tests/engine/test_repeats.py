"""Images that come several times in a batch, each time varied anew: from any step, over any number of processes."""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torchvision.models import ResNet50_Weights

from resnet_studio.design.types import InputSpec
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.training.world import World
from resnet_studio.runs.recipes import RECIPES
from resnet_studio.runs.spec import TrainSpec, default_spec
from tests.engine.test_data_folder import fill
from tests.engine.train_helpers import tiny_spec

CPU = torch.device("cpu")
WANTED = InputSpec(channels=1, height=8, width=8)


def feeder(spec: TrainSpec, wanted: InputSpec = WANTED, **more: Any) -> Feeder:
    return Feeder(open_data(spec.data, spec.root), spec, wanted, CPU, **more)


def test_an_epoch_has_as_many_steps_and_each_image_as_often_as_wanted() -> None:
    spec = tiny_spec(batch_size=128, repeats=4)
    batches = list(feeder(spec).train_batches(1, 0))
    plain = list(feeder(replace(spec, repeats=1)).train_batches(1, 0))
    assert len(batches) == len(plain) == feeder(spec).steps_per_epoch
    count = len(open_data("digits").train)
    for batch in batches:
        assert set(Counter((batch.indices % count).tolist()).values()) == {4}
        assert len(set(batch.indices.tolist())) == 128
    # The first quarter of what a plain epoch sees, in its order.
    seen = torch.cat([batch.indices[:32] for batch in batches])
    assert torch.equal(seen, torch.cat([batch.indices for batch in plain])[: len(seen)])


def test_every_time_is_another_look_at_the_same_image_with_the_same_label() -> None:
    (batch, *_) = feeder(tiny_spec(batch_size=64, repeats=4, erasing=0.5)).train_batches(1, 0)
    labels, images = batch.labels.reshape(4, 16), batch.images.reshape(4, 16, -1)
    assert (labels == labels[0]).all()
    alike = sum(bool((images[0, at] == images[1, at]).all()) for at in range(16))
    assert alike <= 2


@pytest.mark.parametrize(("batch_size", "repeats"), [(128, 4), (100, 3), (50, 7), (16, 16), (10, 16)])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_shares_of_all_processes_are_the_batch_from_any_step(
    batch_size: int, repeats: int, size: int
) -> None:
    spec = tiny_spec(batch_size=batch_size, repeats=repeats)
    whole = list(feeder(spec).train_batches(2, 0))
    shares = [
        list(feeder(spec, share=World(rank=rank, size=size).mine).train_batches(2, 5)) for rank in range(size)
    ]
    for step, parts in enumerate(zip(*shares, strict=True), start=5):
        assert torch.equal(torch.cat([part.indices for part in parts]), whole[step].indices)
        assert torch.equal(torch.cat([part.images for part in parts]), whole[step].images)


def test_the_times_of_an_image_come_to_different_processes() -> None:
    spec = tiny_spec(batch_size=128, repeats=4)
    count = len(open_data("digits").train)
    for rank in range(8):
        for batch in feeder(spec, share=World(rank=rank, size=8).mine).train_batches(1, 0):
            assert len(set((batch.indices % count).tolist())) == 16


def test_image_files_are_read_again_and_cropped_anew_with_any_number_of_workers(tmp_path: Path) -> None:
    spec = replace(
        default_spec("folder"), root=str(fill(tmp_path)), batch_size=8, repeats=4, device="cpu", workers=0,
        augment="resized_crop",
    )  # fmt: skip
    wanted = InputSpec(channels=3, height=12, width=12)
    batches = [list(feeder(replace(spec, workers=workers), wanted).train_batches(1, 0)) for workers in (0, 2)]
    for one, other in zip(*batches, strict=True):
        assert torch.equal(one.images, other.images)
        times = one.images.reshape(4, 2, -1)
        assert not (times[0] == times[1]).all(1).any()
        assert (one.labels.reshape(4, 2) == one.labels[:2]).all()
    assert feeder(spec, wanted).name_of(16 + 3) == feeder(spec, wanted).name_of(3)


def test_image_files_are_trained_at_the_training_size_and_validated_at_full(tmp_path: Path) -> None:
    spec = RECIPES["imagenet_v2"].on(replace(default_spec("folder"), root=str(fill(tmp_path)), workers=0))
    made = feeder(replace(spec, batch_size=8), InputSpec(channels=3, height=224, width=224))
    assert next(iter(made.train_batches(1, 0))).images.shape == (8, 3, 176, 176)
    assert next(iter(made.val_batches())).images.shape == (4, 3, 224, 224)


def test_validation_sees_what_torchvisions_second_weights_see(tmp_path: Path) -> None:
    """Shades that grow from left to right tell how much of the image is seen."""
    ramp = (torch.arange(400) / 400 * 255).to(torch.uint8).expand(300, 400)
    image = Image.fromarray(ramp.numpy()).convert("RGB")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for index in range(5):
            image.save(tmp_path / name / f"{index}.png")
    v2 = RECIPES["imagenet_v2"].on(replace(default_spec("folder"), root=str(tmp_path), workers=0))
    theirs = ResNet50_Weights.IMAGENET1K_V2.transforms()(image)[0, 112] * 0.229 + 0.485
    mine, plain = (_middle_row(replace(v2, val_part=part)) for part in (v2.val_part, 0.875))
    assert float((mine - theirs).abs().max()) < 0.01
    assert float((plain - theirs).abs().max()) > 0.03


def _middle_row(spec: TrainSpec) -> torch.Tensor:
    """Of the first validation image, as shades from 0 to 1."""
    made = feeder(spec, InputSpec(channels=3, height=224, width=224))
    row = next(iter(made.val_batches())).images[0, 0, 112]
    return row * made.data.std[0] + made.data.mean[0]

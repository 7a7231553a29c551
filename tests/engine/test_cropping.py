"""Which part of an image is shown: torchvision's transforms are the oracle, for images from files and in memory alike."""

import random
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from resnet_studio.engine.data.augment import resized_crops
from resnet_studio.engine.data.cropping import random_box, random_boxes
from resnet_studio.engine.data.draws import Dice, Stream, draws
from resnet_studio.engine.data.reading import _centre, _random_part

SIZES = [(375, 500), (400, 1000), (1000, 400), (32, 32), (20, 200)]
THEIRS, OURS = 2000, 8000


@pytest.fixture(autouse=True)
def _one_thread_and_a_state_of_its_own() -> Iterator[None]:
    before, state = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    yield
    torch.set_num_threads(before)
    torch.set_rng_state(state)


def _theirs(height: int, width: int) -> Tensor:
    """Their parts: (THEIRS, 4), top, left, height, width."""
    transform, image = v2.RandomResizedCrop(8), torch.empty(1, height, width)
    drawn = (transform.make_params([image]) for _ in range(THEIRS))
    return torch.tensor([[one["top"], one["left"], one["height"], one["width"]] for one in drawn]).double()


def _of_files(height: int, width: int) -> Tensor:
    dice = random.Random(0)
    return torch.tensor([random_box(height, width, dice) for _ in range(OURS)]).double()


def _of_memory(height: int, width: int) -> Tensor:
    return random_boxes(Dice(0, 1, torch.arange(OURS)), height, width).double()


def _told(boxes: Tensor) -> dict[str, Tensor]:
    """What parts differ in; of places, how far they lie from the first one."""
    top, left, high, wide = boxes.unbind(1)
    return {"area": high * wide, "ratio": wide / high, "top": top, "left": left}


def _apart(one: Tensor, other: Tensor) -> float:
    """How far the distributions of two samples lie apart: the statistic of Kolmogorov and Smirnov, also where values repeat."""
    values = torch.cat([one, other]).sort().values
    shares = [
        torch.searchsorted(sample.sort().values, values, right=True) / len(sample) for sample in (one, other)
    ]
    return float((shares[0] - shares[1]).abs().max())


@pytest.mark.parametrize(("height", "width"), SIZES)
def test_random_parts_are_distributed_as_torchvisions(height: int, width: int) -> None:
    theirs = _told(_theirs(height, width))
    # Two samples of one distribution lie farther apart than this once in 100,000 times.
    limit = 2.47 * ((THEIRS + OURS) / (THEIRS * OURS)) ** 0.5
    for boxes in (_of_files(height, width), _of_memory(height, width)):
        ours = _told(boxes)
        assert {name: _apart(ours[name], theirs[name]) < limit for name in ours} == dict.fromkeys(ours, True)
        area, other = ours["area"], theirs["area"]
        spread = float((area.var() / OURS + other.var() / THEIRS).sqrt())
        assert abs(float(area.mean() - other.mean())) < 5 * spread


@pytest.mark.parametrize(("height", "width"), [*SIZES, (3, 3), (1, 9), (1, 1)])
def test_random_parts_lie_inside_at_three_to_four_at_most(height: int, width: int) -> None:
    for boxes in (_of_files(height, width), _of_memory(height, width)):
        assert torch.equal(boxes, boxes.round())
        top, left, high, wide = boxes.unbind(1)
        assert bool(((top >= 0) & (left >= 0) & (high > 0) & (wide > 0)).all())
        assert bool(((top + high <= height) & (left + wide <= width)).all())
        # Each edge is rounded to whole pixels, the area only with them.
        assert bool(((wide - 0.5) / (high + 0.5) <= 4 / 3).all())
        assert bool(((high - 0.5) / (wide + 0.5) <= 4 / 3).all())
        assert bool(((wide + 0.5) * (high + 0.5) >= 0.08 * height * width).all())


@pytest.mark.parametrize(("height", "width"), [(10, 400), (400, 10), (400, 1000)])
def test_where_nothing_fits_it_is_the_middle(
    height: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Large(random.Random):
        def uniform(self, a: float, b: float) -> float:
            return b

    transform = v2.RandomResizedCrop(8, scale=(1.0, 1.0))
    theirs = transform.make_params([torch.empty(1, height, width)])
    assert random_box(height, width, Large()) == tuple(theirs[n] for n in ("top", "left", "height", "width"))
    monkeypatch.setattr(
        Dice, "uniforms", lambda dice, *_more: torch.ones(len(dice.here), dtype=torch.float64)
    )
    (row,) = random_boxes(Dice(0, 1, torch.arange(1)), height, width).tolist()
    assert row == [theirs[n] for n in ("top", "left", "height", "width")]


def _photograph(height: int, width: int) -> Image.Image:
    """Smooth as photographs are, and with noise, which shows each half pixel."""
    dice = np.random.default_rng(0)
    return Image.fromarray(dice.integers(0, 256, (height, width, 3), dtype=np.uint8))


def _differences(one: Image.Image | Tensor, other: Image.Image | Tensor) -> np.ndarray:
    found: np.ndarray = np.abs(np.asarray(one).astype(int) - np.asarray(other).astype(int))
    return found


def _farthest(one: Image.Image | Tensor, other: Image.Image | Tensor) -> int:
    return int(_differences(one, other).max())


@pytest.mark.parametrize("part", [0.875, 0.9655, 1.0])
@pytest.mark.parametrize(
    ("height", "width"), [(375, 500), (500, 333), (400, 1000), (1001, 401), (333, 500), (60, 61), (224, 224)]
)
@pytest.mark.parametrize("size", [224, 31])
def test_validation_sees_what_torchvisions_resize_and_crop_show(
    size: int, height: int, width: int, part: float
) -> None:
    image = _photograph(height, width)
    resized = functional.resize(image, [round(size / part)], antialias=True)
    theirs = functional.center_crop(resized, [size, size])
    apart = _differences(_centre(image, (size, size), part), theirs)
    # Pillow rounds to bytes between down and across, and goes first where less is left to do: on noise, two of 255 for one in 10,000.
    assert apart.max() <= 2
    assert (apart > 1).mean() < 1e-4


@pytest.mark.parametrize("part", [0.7, 0.9655, 1.0])
def test_what_is_not_square_is_the_middle_too(part: float) -> None:
    for size in ((30, 50), (7, 3), (64, 8)):
        for height, width in ((90, 50), (50, 90), (33, 34), (7, 3)):
            shown = _centre(_photograph(height, width), size, part)
            assert shown.size == (size[1], size[0])
    across = np.tile(np.arange(200, dtype=np.uint8), (100, 1))
    middle = np.asarray(_centre(Image.fromarray(across), (20, 30), part)).astype(float)
    # Symmetric about the middle, to half of a pixel of what is shown.
    step = (200 * part * 0.75) / 30
    assert middle.mean() == pytest.approx(99.5, abs=step / 2 + 1)


def test_a_file_s_random_part_is_torchvisions_resized_crop() -> None:
    image, mirrored = _photograph(75, 100), 0
    for index in range(20):
        ours = _random_part(image, (24, 24), 3, 2, index)
        seed = int(draws(3, 2, torch.tensor([index]), Stream.SCALE))
        top, left, high, wide = random_box(image.height, image.width, random.Random(seed))
        theirs = functional.resized_crop(image, top, left, high, wide, [24, 24], antialias=True)
        found = [_farthest(ours, one) == 0 for one in (theirs, functional.horizontal_flip(theirs))]
        assert sum(found) == 1
        mirrored += found[1]
    assert 0 < mirrored < 20


@pytest.mark.parametrize(("height", "width"), [(32, 32), (9, 14)])
def test_random_parts_in_memory_are_torchvisions_resized_crops(height: int, width: int) -> None:
    images = torch.randint(0, 256, (40, 3, height, width), dtype=torch.uint8)
    dice = Dice(5, 2, torch.arange(40))
    ours = resized_crops(images, dice)
    mirrored = 0
    for place, (top, left, high, wide) in enumerate(random_boxes(dice, height, width).int().tolist()):
        theirs = functional.resized_crop(
            images[place], top, left, high, wide, [height, width], antialias=True
        )
        found = [_farthest(ours[place], one) <= 1 for one in (theirs, theirs.flip(-1))]
        assert sum(found) == 1
        mirrored += found[1]
    assert 0 < mirrored < 40


def test_parts_are_drawn_once_an_epoch_and_are_the_same_in_any_company() -> None:
    images = torch.randint(0, 256, (40, 3, 12, 12), dtype=torch.uint8)
    whole = Dice(0, 1, torch.arange(40))
    boxes = whole.made(random_boxes, 12, 12)
    assert whole.part(8, 20).made(random_boxes, 12, 12).data_ptr() == boxes[8:].data_ptr()
    assert torch.equal(random_boxes(Dice(0, 1, torch.arange(8, 20)), 12, 12), boxes[8:20])
    assert torch.equal(
        resized_crops(images[8:20], whole.part(8, 20)),
        resized_crops(images[8:20], Dice(0, 1, torch.arange(8, 20))),
    )

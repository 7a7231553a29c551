"""Mixup, CutMix, erasing and TrivialAugment: what they promise, and that the same draws give the same pixels."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F
from torch.utils._python_dispatch import TorchDispatchMode
from torchvision.transforms import v2

from resnet_studio.engine.data.draws import Dice, Stream
from resnet_studio.engine.data.mixing import Mixed, Mixing
from resnet_studio.engine.data.trivial import trivially_augmented
from resnet_studio.engine.data.varying import erased

LABELS = torch.arange(8) % 3
INDICES = torch.arange(8) * 5


def _images(channels: int = 3, size: int = 16) -> Tensor:
    return torch.arange(8.0)[:, None, None, None].expand(8, channels, size, size).clone()


@given(st.integers(0, 9), st.integers(1, 9), st.floats(0.1, 4), st.floats(0.1, 4))
def test_blended_pixels_and_shares_agree(seed: int, epoch: int, mixup: float, cutmix: float) -> None:
    """Constant images tell exactly how much of each is in: on average the share, also where a cut hangs over the edge."""
    images = _images()
    for mixing in (Mixing(mixup, 0.0), Mixing(0.0, cutmix), Mixing(mixup, cutmix)):
        mixed = mixing(images, LABELS, INDICES, seed=seed, epoch=epoch)
        expected = mixed.share * torch.arange(8.0) + (1 - mixed.share) * torch.arange(8.0).roll(1)
        torch.testing.assert_close(mixed.images.mean((1, 2, 3)), expected)
        assert torch.equal(mixed.others, LABELS.roll(1))
        assert torch.equal(images, _images())
        again = mixing(images, LABELS, INDICES, seed=seed, epoch=epoch)
        assert torch.equal(again.images, mixed.images)


def test_other_epochs_and_batches_blend_otherwise() -> None:
    mixing = Mixing(1.0, 1.0)
    shares = {mixing(_images(), LABELS, INDICES, seed=0, epoch=epoch).share for epoch in range(1, 20)}
    shares |= {mixing(_images(), LABELS, INDICES + at, seed=0, epoch=1).share for at in range(1, 20)}
    assert len(shares) > 30


def test_nothing_is_blended_where_nothing_is_asked_for_or_there_is_one_image() -> None:
    images = _images()
    assert Mixing(0.0, 0.0)(images, LABELS, INDICES, seed=0, epoch=1).images is images
    assert Mixing(1.0, 1.0)(images[:1], LABELS[:1], INDICES[:1], seed=0, epoch=1).share == 1.0


@given(st.floats(0, 1), st.floats(0, 0.5))
def test_the_loss_is_that_of_soft_labels(share: float, smoothing: float) -> None:
    outputs = torch.randn(8, 3, generator=torch.Generator().manual_seed(1))
    mixed = Mixed(_images(), LABELS, LABELS.roll(1), share)
    soft = share * F.one_hot(LABELS, 3) + (1 - share) * F.one_hot(LABELS.roll(1), 3)
    expected = F.cross_entropy(outputs, soft, label_smoothing=smoothing)
    torch.testing.assert_close(mixed.loss(outputs, label_smoothing=smoothing), expected)
    parts = mixed.split(3)
    assert [len(part.labels) for part in parts] == [3, 3, 2]
    whole = sum(
        part.loss(outputs[at : at + len(part.labels)], label_smoothing=smoothing) * len(part.labels) / 8
        for part, at in zip(parts, (0, 3, 6), strict=True)
    )
    torch.testing.assert_close(whole, expected)


def test_erased_rectangles_have_the_paper_s_areas() -> None:
    dice = Dice(3, 1, torch.arange(500))
    images = torch.ones(500, 1, 32, 32)
    gone = (erased(images, dice, share=1.0) == 0).float().mean((1, 2, 3))
    assert 0.01 < float(gone.min()) < 0.04
    assert 0.25 < float(gone.max()) < 0.36
    some = (erased(images, dice, share=0.25) == 0).any(-1).any(-1).float().mean()
    assert 0.18 < float(some) < 0.32
    assert torch.equal(erased(images, dice, share=0.0), images)


def test_erased_is_a_rectangle() -> None:
    for mask in (erased(torch.ones(50, 1, 20, 14), Dice(3, 1, torch.arange(50)), share=1.0) == 0)[:, 0]:
        rows, columns = mask.any(1), mask.any(0)
        assert torch.equal(mask, rows[:, None] & columns[None, :])
        for line in (rows, columns):
            at = line.nonzero().flatten()
            assert int(at[-1] - at[0]) + 1 == len(at)


class Given(Dice):
    """Draws that are given: operation, strength and sign of each image, in columns."""

    def __init__(self, drawn: Tensor) -> None:
        super().__init__(0, 1, torch.arange(len(drawn)))
        self._given = dict(zip((Stream.POLICY, Stream.MAGNITUDE, Stream.SIGN), drawn.T, strict=True))

    def on_processor(self) -> Dice:
        return self

    def integers(self, stream: Stream, below: int) -> Tensor:
        return self._given[stream]


# As large as leaves torch no odd pixels behind its vectors: those it rounds otherwise.
@pytest.mark.parametrize(("shape", "flat"), [((1, 8, 8), True), ((3, 16, 24), False), ((3, 16, 24), True)])
def test_many_images_at_once_are_what_torchvision_makes_of_each_alone(
    shape: tuple[int, int, int], flat: bool
) -> None:
    drawn = torch.cartesian_prod(torch.arange(14), torch.arange(31), torch.arange(2))
    torch.manual_seed(0)
    # Of one colour, what is blended stands on a whole number: the least that is rounded otherwise falls to the next.
    pixels = torch.randint(0, 256, (len(drawn), shape[0], 1, 1) if flat else (len(drawn), *shape))
    images = pixels.to(torch.uint8).expand(-1, *shape).contiguous()
    together = trivially_augmented(images, Given(drawn))
    for place, row in enumerate(drawn):
        alone = trivially_augmented(images[place : place + 1], Given(row[None]))
        assert torch.equal(together[place], alone[0]), row.tolist()


def test_images_from_files_are_changed_as_by_the_transform_of_torchvisions_reference_script() -> None:
    """It draws from the global random state: an operation, a strength and a sign; what it draws is given to ours."""
    images = torch.randint(0, 256, (60, 3, 17, 23), dtype=torch.uint8)
    transform = v2.TrivialAugmentWide(interpolation=v2.InterpolationMode.BILINEAR)
    names = list(transform._AUGMENTATION_SPACE)
    rows, wanted = [], []
    for number, image in enumerate(images):
        torch.manual_seed(number)
        wanted.append(transform(image))
        torch.manual_seed(number)
        name = names[int(torch.randint(len(names), ()))]
        strengths, signed = transform._AUGMENTATION_SPACE[name]
        stepped = strengths(31, 17, 23) is not None
        step = int(torch.randint(31, ())) if stepped else 0
        sign = bool(torch.rand(()) <= 0.5) if stepped and signed else False
        rows.append([names.index(name), step, int(sign)])
    drawn = torch.tensor(rows)
    found = trivially_augmented(images, Given(drawn), smooth=True)
    assert torch.equal(found, torch.stack(wanted))
    alone = [trivially_augmented(images[i : i + 1], Given(drawn[i : i + 1]), smooth=True) for i in range(60)]
    assert torch.equal(found, torch.cat(alone))
    # Only what is moved is blended.
    moved = torch.tensor([names[row[0]] in ("ShearX", "ShearY", "Rotate") and row[1] > 0 for row in rows])
    whole = trivially_augmented(images, Given(drawn))
    changed = (found != whole).flatten(1).any(1)
    assert bool(changed[moved].all())
    still = torch.tensor([names[row[0]] not in ("ShearX", "ShearY", "Rotate") for row in rows])
    assert not bool(changed[still].any())


def test_what_is_done_to_many_is_a_few_kernels_whatever_their_number() -> None:
    ran = []
    # The first one makes the tables, of all that is among so many.
    for count in (200, 200, 600):
        dice, images = Dice(0, 1, torch.arange(count)), torch.zeros(count, 3, 16, 24, dtype=torch.uint8)
        with Kernels() as kernels:
            trivially_augmented(images, dice)
        ran.append(kernels.count)
    # Which of the ten ways were drawn is all that it depends on, and of so many images each was.
    assert ran[1] == ran[2] < 250


class Kernels(TorchDispatchMode):
    """Counts operations."""

    count = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.count += 1
        return func(*args, **(kwargs or {}))


@pytest.mark.parametrize("channels", [1, 3])
def test_trivial_augment_draws_for_each_image_and_epoch(channels: int) -> None:
    torch.manual_seed(0)
    images = torch.randint(0, 256, (64, channels, 12, 12), dtype=torch.uint8)
    before, state = images.clone(), torch.get_rng_state()
    out = trivially_augmented(images, Dice(0, 1, torch.arange(64)))
    assert torch.equal(images, before)
    assert torch.equal(torch.get_rng_state(), state)
    assert out.dtype == torch.uint8
    assert torch.equal(out, trivially_augmented(images, Dice(0, 1, torch.arange(64))))
    assert not torch.equal(out, trivially_augmented(images, Dice(0, 2, torch.arange(64))))
    # An image's change does not depend on who is beside it.
    half = trivially_augmented(images[32:], Dice(0, 1, torch.arange(32, 64)))
    assert torch.equal(out[32:], half)
    changed = (out != images).flatten(1).any(1).float().mean()
    assert changed > 0.6

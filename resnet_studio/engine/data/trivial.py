"""TrivialAugment: each image by one operation of the wide space at one strength (Müller and Hutter 2021). Knows no data set and no files.

The operations are torchvision's. Images from files come one by one, and what is moved in them is blended from four pixels, as
torchvision's reference script has it; of small ones in memory, whole pixels are moved, the transform's own default: a table of where
each comes from cannot blend. Such a one alone is given to them; of many, all that drew the same operation are changed together,
whatever their strengths: group by group a card had 1,600 kernels to start for 128 images, so it has 140, whatever their number. On a
processor both ways give the same bits (but for the last few pixels of odd numbers of them, which torch itself sums in two ways).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from resnet_studio.engine.data.draws import Dice, Stream
from resnet_studio.engine.device import exact_type

if TYPE_CHECKING:
    from torchvision.transforms.v2 import TrivialAugmentWide

_BINS = 31
_WHITE = 255


def trivially_augmented(images: Tensor, dice: Dice, *, smooth: bool = False) -> Tensor:
    """One operation at one strength for each image; (N, C, H, W) uint8 to the same, C 1 or 3.

    `smooth`: pixels that are moved are blended, one image after the other; an image is the same in any company with it or without.
    """
    # On the processor, which has to know who drew what; the card is told of the places alone, and not waited for.
    drawn = _Drawn.by(dice.on_processor())
    if not len(images):
        return images
    if smooth or len(images) == 1:
        return torch.cat(
            [
                _applied(images[place : place + 1], *drawn.of(place), smooth=smooth)
                for place in range(len(images))
            ]
        )
    return _together(images, drawn)


class _Drawn(NamedTuple):
    """What came up: operations, strengths and signs as numbers, (N,) each, on the processor."""

    operations: Tensor
    strengths: Tensor
    signs: Tensor

    @staticmethod
    def by(dice: Dice) -> _Drawn:
        return _Drawn(
            dice.integers(Stream.POLICY, len(_names())),
            dice.integers(Stream.MAGNITUDE, _BINS),
            dice.integers(Stream.SIGN, 2),
        )

    def of(self, place: int) -> tuple[str, float]:
        name = _names()[int(self.operations[place])]
        return name, _strength(name, int(self.strengths[place]), negative=bool(self.signs[place]))


# --- torchvision's own ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _space() -> TrivialAugmentWide:
    # Imported here: torchvision costs most of a second, which most runs need not pay.
    from torchvision.transforms.v2 import TrivialAugmentWide

    return TrivialAugmentWide(num_magnitude_bins=_BINS)


def _names() -> tuple[str, ...]:
    return tuple(_space()._AUGMENTATION_SPACE)


def _strength(name: str, step: int, *, negative: bool) -> float:
    """The strength of an operation at one of _BINS steps; 0 where it has none. In the wide space no image's size matters."""
    strengths, signed = _space()._AUGMENTATION_SPACE[name]
    values = strengths(_BINS, 0, 0)
    strength = 0.0 if values is None else float(values[step])
    return -strength if signed and negative else strength


def _applied(images: Tensor, name: str, strength: float, *, smooth: bool = False) -> Tensor:
    """All of them changed in the same way."""
    from torchvision.transforms.v2 import InterpolationMode

    # WORKAROUND the transform draws for itself from the global random state, which a resumed run could not repeat;
    # so only its last step is called, which torchvision keeps apart.
    changed: Tensor = _space()._apply_image_or_video_transform(
        images,
        name,
        strength,
        interpolation=InterpolationMode.BILINEAR if smooth else InterpolationMode.NEAREST,
        fill={},
    )
    return changed


# --- many at once ---------------------------------------------------------------------------------------------------------


def _together(images: Tensor, drawn: _Drawn) -> Tensor:
    """Sorted by what is done to them, done, and put back into their order."""
    ways = _way_of_each()[drawn.operations]
    order = ways.argsort(stable=True)
    counts = torch.bincount(ways, minlength=len(_WAYS)).tolist()

    def sent(tensor: Tensor) -> Tensor:
        return tensor.to(images.device, non_blocking=True)

    numbers = sent(_numbers()[:, drawn.operations, drawn.strengths, drawn.signs][:, order])
    changed = [
        way(part, *told[..., None, None, None].unbind())
        for (_, way), part, told in zip(
            _WAYS, torch.split(images[sent(order)], counts), torch.split(numbers, counts, 1), strict=True
        )
        if len(part)
    ]
    return torch.cat(changed)[sent(order.argsort())]


@lru_cache(maxsize=1)
def _way_of_each() -> Tensor:
    """For each operation, in torchvision's order, the place of its way: (operations,) int64."""
    places = {name: place for place, (names, _) in enumerate(_WAYS) for name in names}
    return torch.tensor([places[name] for name in _names()])


@lru_cache(maxsize=1)
def _numbers() -> Tensor:
    """What its way is told of each draw: (2, operations, strengths, signs) float32."""
    steps = [(step, bool(sign)) for step in range(_BINS) for sign in (0, 1)]
    table = [[_told(name, step, negative=negative) for step, negative in steps] for name in _names()]
    return torch.tensor(table, dtype=torch.float32).movedim(2, 0).reshape(2, -1, _BINS, 2)


def _told(name: str, step: int, *, negative: bool) -> tuple[float, float]:
    strength = _strength(name, step, negative=negative)
    if name in _MOVING:
        return (_MOVING.index(name) * _BINS + step) * 2 + negative, 0.0
    if name == "Posterize":
        return _WHITE + 1 - (1 << (8 - int(strength))), 0.0
    if name == "Solarize":
        return _WHITE * strength, 0.0
    # How much is left of the image, and how much there is of what it is blended with.
    return 1.0 + strength, 1.0 - (1.0 + strength)


# Changes images (n, C, H, W) uint8 by two numbers for each, (n, 1, 1, 1) float32.
_Way = Callable[[Tensor, Tensor, Tensor], Tensor]


def _kept(images: Tensor, _first: Tensor, _second: Tensor) -> Tensor:
    return images


def _moved(images: Tensor, row: Tensor, _second: Tensor) -> Tensor:
    """Each pixel fetched from where it came from by the table."""
    channels = images.shape[1]
    sources = _sources(*images.shape[-2:], images.device)[row.flatten().long()].long()
    behind_black = F.pad(images.flatten(2), (1, 0))
    return behind_black.gather(2, sources[:, None].expand(-1, channels, -1)).reshape(images.shape)


@lru_cache(maxsize=4)
def _sources(height: int, width: int, device: torch.device) -> Tensor:
    """For each way to move an image, where its pixels come from: (moves, height x width) int32, from 1 on; 0 is outside, black.

    It is what torchvision makes of an image whose pixels are their own numbers, once for each of some 300 moves: no grid is sampled
    for the images themselves. Those that come many at once are small; for the largest here, 32 pixels wide, it takes a megabyte.
    """
    numbered = torch.arange(1, height * width + 1, dtype=torch.float32).reshape(1, 1, height, width)
    moved = [
        _applied(numbered, name, _strength(name, step, negative=negative))
        for name in _MOVING
        for step in range(_BINS)
        for negative in (False, True)
    ]
    return torch.cat(moved).flatten(1).to(torch.int32).to(device, non_blocking=True)


def _brightened(images: Tensor, share: Tensor, _rest: Tensor) -> Tensor:
    return (images * share).clamp_(0, _WHITE).to(torch.uint8)


def _coloured(images: Tensor, share: Tensor, rest: Tensor) -> Tensor:
    return images if images.shape[1] == 1 else _blended(images, _grey(images), share, rest)


def _contrasted(images: Tensor, share: Tensor, rest: Tensor) -> Tensor:
    means = _grey(images).float().mean((1, 2, 3), keepdim=True)
    return _blended(images, means, share, rest)


def _grey(images: Tensor) -> Tensor:
    from torchvision.transforms.v2.functional import rgb_to_grayscale

    grey: Tensor = images if images.shape[1] == 1 else rgb_to_grayscale(images)
    return grey


def _blended(images: Tensor, others: Tensor, share: Tensor, rest: Tensor) -> Tensor:
    """`share` of the images and `rest` of the others; the second product is rounded with the sum alone, as torch adds what is scaled."""
    exact = exact_type(images.device)
    blended = torch.addcmul((images * share).to(exact), others.to(exact), rest.to(exact))
    return blended.float().clamp_(0, _WHITE).to(torch.uint8)


def _sharpened(images: Tensor, _share: Tensor, rest: Tensor) -> Tensor:
    """Towards the smoothed image or away from it: each pixel with its neighbours, itself five times. The edge stays as it is."""
    if min(images.shape[-2:]) <= 2:
        return images
    exact = images.to(exact_type(images.device))
    middle = exact[..., 1:-1, 1:-1]
    around = F.avg_pool2d(exact, 3, 1, divisor_override=1)
    # Thirteenths are never half way between whole numbers: however they are summed, they are rounded to the same.
    smoothed = ((around + 4 * middle) / 13).round_()
    middle.addcmul_(smoothed - middle, rest.to(exact))
    return exact.float().clamp_(0, _WHITE).to(torch.uint8)


def _posterized(images: Tensor, mask: Tensor, _second: Tensor) -> Tensor:
    return images & mask.to(torch.uint8)


def _solarized(images: Tensor, threshold: Tensor, _second: Tensor) -> Tensor:
    return torch.where(images >= threshold, images.bitwise_not(), images)


def _autocontrasted(images: Tensor, _first: Tensor, _second: Tensor) -> Tensor:
    return _applied(images, "AutoContrast", 0.0)


def _equalized(images: Tensor, _first: Tensor, _second: Tensor) -> Tensor:
    return _applied(images, "Equalize", 0.0)


_MOVING = ("ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate")
_WAYS: tuple[tuple[tuple[str, ...], _Way], ...] = (
    (("Identity",), _kept),
    (_MOVING, _moved),
    (("Brightness",), _brightened),
    (("Color",), _coloured),
    (("Contrast",), _contrasted),
    (("Sharpness",), _sharpened),
    (("Posterize",), _posterized),
    (("Solarize",), _solarized),
    (("AutoContrast",), _autocontrasted),
    (("Equalize",), _equalized),
)

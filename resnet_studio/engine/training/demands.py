"""What a run's settings demand of its design, data and device, looked at before the first step. Trains nothing."""

from __future__ import annotations

from dataclasses import replace

import torch

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.plan import Plan, place_words
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.device import memory_layout, multiplies_bf16
from resnet_studio.engine.training.world import World
from resnet_studio.language import tr
from resnet_studio.runs.sizing import size_at
from resnet_studio.runs.spec import TrainSpec


def check_world(feeder: Feeder, world: World) -> None:
    """Refuse more processes than a batch has images, and two settings that cannot hold for several at once."""
    if not world.alone and feeder.spec.fit_memory and feeder.spec.sync_norms:
        raise StudioError(
            tr(
                "Memory cannot be fitted where norms are synchronised: a device that runs out leaves the others waiting in a norm."
            ),
            tr("Switch Fit memory or Synchronise norms off."),
        )
    if not world.alone and feeder.spec.compile == "reduce-overhead":
        # Open faults of torch's: https://github.com/pytorch/pytorch/issues/113809, /140395 and /123177.
        raise StudioError(
            tr("Torch cannot yet record CUDA graphs of a network that several processes train."),
            tr("Choose another way to compile, or train on one graphics card."),
        )
    if feeder.batch_size < world.size:
        raise StudioError(
            tr(
                "A batch of {batch_size} cannot be shared by {size} processes.",
                batch_size=feeder.batch_size,
                size=world.size,
            ),
            tr("Take a larger batch."),
        )


def check_precision(spec: TrainSpec, device: torch.device) -> list[str]:
    """Refuse numbers that the device does not compute with; returns what people should know of those that it hardly does."""
    if spec.precision == "fp16" and device.type == "cpu":
        raise StudioError(tr("fp16 needs a graphics card."), tr("Take bf16 or float32 on the processor."))
    if spec.precision == "bf16" and device.type == "cpu" and not multiplies_bf16():
        return [tr("This processor has no bf16 of its own: float32 would be about twice as fast.")]
    if spec.precision == "bf16" and device.type == "cuda" and not _card_multiplies_bf16():
        return [tr("This graphics card has no bf16 of its own: fp16 would be faster.")]
    return []


def _card_multiplies_bf16() -> bool:
    """Cards before NVIDIA's Ampere take each number apart."""
    return bool(torch.cuda.is_bf16_supported(including_emulation=False))


def check_deterministic(plan: Plan, spec: TrainSpec, device: torch.device) -> None:
    """Refuse layers that cannot learn deterministically on a device, which torch itself would do at the first step.

    Raises:
        StudioError: naming the first one, and what to choose instead.
    """
    if not spec.deterministic:
        return
    for name, layer, unit in plan.layers():
        if not _learns_deterministically(layer, device):
            what = tr(
                "{place} ({layer}): torch has no deterministic way to train max pooling on a graphics card.",
                place=place_words(unit), layer=name,
            )  # fmt: skip
            raise StudioError(what, _instead(layer))


def _learns_deterministically(layer: Layer, device: torch.device) -> bool:
    """Whether torch's backward pass of it has a deterministic way there, by what it documents of `use_deterministic_algorithms`.

    Of all that a Plan may hold, adaptive max pooling has none on NVIDIA's cards, and no max pooling on Apple's. Pooling to the mean
    of a whole map is a plain mean to torch, and a maximum over channels or a map (CBAM's) none of its poolings.
    """
    if layer.kind is LayerKind.GLOBAL_POOL and layer.pool == "max":
        return device.type not in ("cuda", "mps")
    return layer.kind is not LayerKind.MAX_POOL or device.type != "mps"


def _instead(layer: Layer) -> str:
    if layer.kind is LayerKind.GLOBAL_POOL:
        return tr("Choose average pooling in the head, switch Deterministic off, or train on the processor.")
    return tr("Take the max-pool out of the stem, switch Deterministic off, or train on the processor.")


def check_layout(spec: TrainSpec, device: torch.device) -> list[str]:
    """What people should know of a memory layout that is not as they set it."""
    if spec.channels_last and memory_layout(device, channels_last=True) is not torch.channels_last:
        return [tr("Channels last is not used: torch before 2.14 computes wrongly with it on Apple's cards.")]
    return []


def smallest_plan(design: Design, spec: TrainSpec) -> Plan:
    """What the design means for the smallest images that it is trained with.

    Raises:
        StudioError: they are too small for it.
    """
    height, width = size_at(spec, 1, (design.input.height, design.input.width))
    try:
        return sound_plan(replace(design, input=replace(design.input, height=height, width=width)))
    except StudioError as error:
        raise StudioError(
            tr(
                "The run begins with images of {height}×{width}, which are too small: {what}",
                height=height,
                width=width,
                what=error.what,
            ),
            tr("Begin with larger ones (Start size, Training size)."),
        ) from error


def least_part(plan: Plan, feeder: Feeder, spec: TrainSpec, world: World) -> int:
    """How many images must be taken at once. A norm needs two numbers per channel: one image whose map is a pixel has one.

    The smallest share of a batch counts: where one process made fewer passes than another, their sums would not meet.

    Raises:
        StudioError: the settings take fewer.
    """
    norms = [
        layer.output[1:] for _, layer, _ in plan.layers() if layer.kind is LayerKind.NORM and not layer.groups
    ]
    # Synchronised norms see an image of each process at the least.
    synced = spec.sync_norms and not world.alone
    least = 2 if (1, 1) in norms and not synced else 1
    share = feeder.batch_size // world.size
    if share < least:
        raise StudioError(
            _one_image(feeder.batch_size, world.size),
            tr("Take a batch of {batch_size} or more.", batch_size=least * world.size),
        )
    if share < least * spec.parts:
        raise StudioError(
            _too_many_parts(feeder.batch_size, spec.parts, world.size, least=least),
            tr(
                "Take {most} parts or fewer, or a batch of {batch_size} or more.",
                most=share // least,
                batch_size=least * spec.parts * world.size,
            ),
        )
    return least


def _one_image(batch: int, size: int) -> str:
    if size == 1:
        return tr("A batch of one image cannot be normalised where the map is 1x1.")
    return tr(
        "A batch of {batch_size} leaves one of {size} processes one image, which cannot be normalised where the map is 1x1.",
        batch_size=batch, size=size,
    )  # fmt: skip


def _too_many_parts(batch: int, parts: int, size: int, *, least: int) -> str:
    if least > 1 and size > 1:
        return tr(
            "A batch of {batch_size} in {parts} parts on {size} processes leaves one image, which cannot be normalised where the map is 1x1.",
            batch_size=batch, parts=parts, size=size,
        )  # fmt: skip
    if least > 1:
        return tr(
            "A batch of {batch_size} in {parts} parts leaves one image, which cannot be normalised where the map is 1x1.",
            batch_size=batch, parts=parts,
        )  # fmt: skip
    if size > 1:
        return tr(
            "A batch of {batch_size} on {size} processes cannot be taken in {parts} parts by each.",
            batch_size=batch, size=size, parts=parts,
        )  # fmt: skip
    return tr("A batch of {batch_size} cannot be taken in {parts} parts.", batch_size=batch, parts=parts)

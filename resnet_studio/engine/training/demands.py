"""What a run's settings demand of its design, data and device, looked at before the first step. Trains nothing."""

from __future__ import annotations

from dataclasses import replace

import torch

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import Plan
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.device import multiplies_bf16
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


def least_part(plan: Plan, feeder: Feeder, spec: TrainSpec) -> int:
    """How many images must be taken at once. A norm needs two numbers per channel: one image whose map is a pixel has one.

    Raises:
        StudioError: the settings take fewer.
    """
    norms = [
        layer.output[1:] for _, layer, _ in plan.layers() if layer.kind is LayerKind.NORM and not layer.groups
    ]
    least = 2 if (1, 1) in norms else 1
    if feeder.batch_size < least:
        raise StudioError(
            tr("A batch of one image cannot be normalised where the map is 1x1."),
            tr("Take a batch of 2 or more."),
        )
    if feeder.batch_size // spec.parts < least:
        raise StudioError(
            tr(
                "A batch of {batch_size} in {parts} parts leaves one image, which cannot be normalised where the map is 1x1.",
                batch_size=feeder.batch_size,
                parts=spec.parts,
            ),
            tr("Take {most} parts or fewer.", most=feeder.batch_size // least),
        )
    return least

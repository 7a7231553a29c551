"""What training stands on: the plan, the device and the data, looked at together and opened. Knows no run's folder and no weights."""

from __future__ import annotations

from typing import NamedTuple

import torch

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.types import Design
from resnet_studio.engine.build import sound_plan
from resnet_studio.engine.data.batches import Feeder
from resnet_studio.engine.data.images import DataSet
from resnet_studio.engine.data.opening import open_data
from resnet_studio.engine.device import DeviceInfo, choose_device, make_deterministic, work_on
from resnet_studio.engine.training.advice import MemoryAdvice
from resnet_studio.engine.training.demands import (
    check_deterministic,
    check_layout,
    check_precision,
    check_world,
    least_part,
    smallest_plan,
)
from resnet_studio.engine.training.meeting import require_together
from resnet_studio.engine.training.world import World
from resnet_studio.runs.datasets import require_fit
from resnet_studio.runs.spec import TrainSpec


class Ground(NamedTuple):
    """Design, settings, data and device that go together.

    Args:
        plan: of the design.
        chosen, device: where is computed.
        data, feeder: the images, and what makes batches of them; whoever is done with it closes it.
        least_part: images that a part of a batch must have at the least.
        notices: what people should know.
    """

    plan: Plan
    chosen: DeviceInfo
    device: torch.device
    data: DataSet
    feeder: Feeder
    least_part: int
    notices: list[str]


def lay_ground(
    design: Design, spec: TrainSpec, world: World, advice: MemoryAdvice, *, validates: bool = True
) -> Ground:
    """Look whether design, settings, data and device go together, and open the data.

    Args:
        design: the network.
        spec: the settings.
        world: the processes that train it together.
        advice: is told what is going to be trained, for the case that memory runs out.
        validates: whether validation comes behind every epoch.

    Raises:
        StudioError: they do not, or the data or the device is not there.
    """
    plan = sound_plan(design)
    chosen = choose_device(spec.device, local_rank=world.card())
    device = torch.device(chosen.name)
    if device.type == "cuda" and (
        not world.alone or (spec.device == "all" and torch.cuda.device_count() > 1)
    ):
        require_together(on_cards=True)
    world.require_own_card(device)
    work_on(device)
    slow = [*check_precision(spec, device), *check_layout(spec, device)]
    check_deterministic(plan, spec, device)
    make_deterministic(spec.deterministic, compiles=spec.compile != "off")
    data = open_data(spec.data, spec.root)
    notes = require_fit(design, data.shape, len(data.classes)).notes
    smallest = smallest_plan(design, spec)
    feeder = Feeder(data, spec, design.input, device, world.mine, validates=validates)
    check_world(feeder, world)
    least = least_part(smallest, feeder, spec, world)
    advice.set(plan, spec, device, devices=world.size)
    return Ground(
        plan, chosen, device, data, feeder, least, [*data.notices, *feeder.notices(), *notes, *slow]
    )

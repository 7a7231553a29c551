"""The reference for counting: torchinfo.summary of a whole network."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
import torchinfo

from benchmarks.measure import timed
from resnet_studio.design.types import Design
from resnet_studio.engine.build import blueprint, build


def torchinfo_summary(design: Design) -> Callable[[], object]:
    """torchinfo.summary of the whole network, on whichever of CPU and meta is faster here; building it is not counted."""
    calls = [_summary_on(design, device) for device in ("meta", "cpu")]
    for call in calls:
        call()
    return min(calls, key=timed)


def _summary_on(design: Design, device: str) -> Callable[[], object]:
    network = blueprint(design) if device == "meta" else build(design)
    image = torch.zeros((1, *design.input.shape), device=device)
    return partial(torchinfo.summary, network, input_data=image, mode="eval", verbose=0, device=None)

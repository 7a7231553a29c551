"""Building ResNet-152 with fresh weights against torchvision.models.resnet152."""

from __future__ import annotations

from functools import partial

import torchvision

from benchmarks.measure import Result, alternately, timed
from resnet_studio.design.presets import preset
from resnet_studio.engine.build import build


def measure() -> list[Result]:
    """Both initialise by Kaiming; torchvision first by torch's default as well."""
    design = preset("resnet152")
    mine, theirs = alternately(
        lambda: timed(partial(build, design)), lambda: timed(torchvision.models.resnet152), times=5
    )
    return [
        Result(
            what="build ResNet-152", reference="torchvision.models.resnet152()", ours=mine, theirs=theirs,
            ratio=theirs / mine,
        )
    ]  # fmt: skip

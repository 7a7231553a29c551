"""torchinfo's confirmation of one edit of ResNet-152 against its full summary."""

from __future__ import annotations

from functools import partial

from benchmarks.drawings import fresh_edits
from benchmarks.measure import Result, alternately, timed
from benchmarks.reference import torchinfo_summary
from resnet_studio.design.presets import preset
from resnet_studio.engine.confirm import confirm

GOAL = 10


def measure() -> list[Result]:
    """One edit, always of a block that torchinfo has not seen."""
    design = preset("resnet152")
    confirm(design)
    reference = torchinfo_summary(design)
    edited = fresh_edits(design)
    mine, theirs = alternately(
        lambda: timed(partial(confirm, next(edited))),
        lambda: timed(reference),
        times=9,
    )
    ratio = theirs / mine
    return [
        Result(
            what="confirm ResNet-152 after one edit", reference="full torchinfo.summary", ours=mine, theirs=theirs,
            ratio=ratio, goal=f">= {GOAL} times", met=ratio >= GOAL,
        )
    ]  # fmt: skip

"""Arithmetic against torchinfo.summary, for every layer of ResNet-152."""

from __future__ import annotations

from functools import partial

from benchmarks.drawings import fresh_edits
from benchmarks.measure import Result, alternately, timed
from benchmarks.reference import torchinfo_summary
from resnet_studio.analysis import parts, units
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import preset

GOAL = 200


def _cold() -> float:
    for memo in (parts.block_part, parts.stem_part, parts.head_part, units._sight):
        memo.cache_clear()
    return timed(partial(analyse, preset("resnet152")))


def measure() -> list[Result]:
    """After one edit, which is what happens while people draw; and from nothing."""
    design = preset("resnet152")
    analyse(design)
    edited = fresh_edits(design)
    reference = torchinfo_summary(design)
    results = []
    for what, ours, goal in (
        ("analyse ResNet-152 after one edit", lambda: timed(partial(analyse, next(edited))), True),
        ("analyse ResNet-152, nothing memoised", _cold, False),
    ):
        mine, theirs = alternately(ours, lambda: timed(reference), times=9)
        ratio = theirs / mine
        results.append(
            Result(
                what=what, reference="full torchinfo.summary", ours=mine, theirs=theirs, ratio=ratio,
                goal=f">= {GOAL} times" if goal else "", met=ratio >= GOAL if goal else None,
            )
        )  # fmt: skip
    return results

"""Why 3.8, 3.86, 4.09 and 4.12 are all "ResNet-50": each number, counted, with what it counts. Knows no view."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.analysis.conventions import EVERYTHING, PAPERS, PTFLOPS, Convention, plan_work
from resnet_studio.analysis.layers import LayerKind, elements
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import preset
from resnet_studio.language import tr

INTRODUCTION = tr(
    "Two things differ from one printed number to the next: which network is meant, and what is counted. "
    "The papers' network (v1) halves the map in a bottleneck's first 1×1; torchvision's (v1.5) in the 3×3, so "
    "that in three blocks the first 1×1 works on four times as many pixels. And most sources count multiply-adds of convolutions and the classifier, often "
    "under the name FLOPs; some tools add the work of norms, activations, pooling and additions."
)
DEFINITIONS = tr(
    "Here, a multiply-add is one operation in “multiply-adds” and two in “FLOPs”. Switched on, norm adds 2 operations an element "
    "(scale and shift), activation 1, addition 1, pooling 1 for each element that arrives; each counts as one in either unit. "
    "Biases, padding and dropout count nothing. All numbers are for one image of 3×224×224."
)


@dataclass(frozen=True, slots=True)
class Reason:
    """One printed number.

    Args:
        printed: as people print it.
        counted: to the integer.
        network: which network it is of.
        words: what is counted, and who prints it.
    """

    printed: str
    counted: int
    network: str
    words: str


def why() -> tuple[Reason, ...]:
    """The numbers of ResNet-50, from the smallest to the largest."""
    first, later = analyse(preset("resnet50_v1")), analyse(preset("resnet50"))
    work = plan_work(later)
    averaged = sum(elements(row.input) for _, row, _ in later.layers() if row.kind is LayerKind.GLOBAL_POOL)
    paper = plan_work(first).counted(PAPERS)
    return (
        Reason(
            "3.8 G",
            paper,
            "v1",
            tr("multiply-adds, cut off after one digit: He et al. 2015, Table 1 (as “FLOPs”)"),
        ),
        Reason("3.86 G", paper, "v1", tr("multiply-adds of convolutions and classifier: the same, rounded")),
        Reason(
            "4.09 G",
            work.counted(PAPERS),
            "v1.5",
            tr("multiply-adds of convolutions and classifier: torchvision"),
        ),
        Reason(
            "4.11 G", work.macs + work.norm + averaged, "v1.5", tr("with norm and the last pooling: fvcore")
        ),
        Reason("4.12 G", work.counted(PTFLOPS), "v1.5", tr("with norm, activation and pooling: ptflops")),
        Reason("4.13 G", work.counted(EVERYTHING), "v1.5", tr("with norm, activation, pooling and addition")),
        Reason(
            "8.18 G",
            work.counted(Convention(flops=True)),
            "v1.5",
            tr("FLOPs of convolutions and classifier: torch"),
        ),
        Reason("8.22 G", work.operations, "v1.5", tr("FLOPs of everything above")),
    )

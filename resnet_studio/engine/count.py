"""torchinfo's count of a whole network by the papers' convention, for the table of published figures. Draws nothing."""

from __future__ import annotations

from resnet_studio.analysis.figures import Told
from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.types import Design
from resnet_studio.engine.confirm import confirm

_WORKING = (LayerKind.CONV, LayerKind.CONV_1D, LayerKind.LINEAR)


def count(design: Design) -> Told:
    """What torchinfo says: all parameters, and the multiply-adds of its rows for convolutions and classifier.

    torchinfo counts a bias as a multiply-add for each output; these are taken off, and the rows of norms left out, which it
    counts by their parameters.
    """
    plan = analyse(design)
    told = confirm(plan)
    rows = {row.name: row for row in told.rows}
    macs = 0
    for name, layer, _ in plan.layers():
        if layer.kind in _WORKING:
            macs += rows[name].macs - (layer.torchinfo_macs - layer.macs)
    return Told(params=told.params, macs=macs)

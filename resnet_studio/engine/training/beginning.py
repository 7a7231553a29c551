"""The weights that a run begins with when they are not fresh: read once, kept in the run's folder, put in. Knows no loop.

They are kept as a checkpoint of the kind "initial", so that the run never needs the source again: it may change or vanish.
Beside it lies the report of what came from where, read off the network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from resnet_studio.analysis.plan import Plan
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.build import build
from resnet_studio.engine.modules import Network
from resnet_studio.engine.training import checkpoint
from resnet_studio.engine.weights.starting import put_in, survey_to_wire
from resnet_studio.language import tr
from resnet_studio.runs.brought import keep_brought
from resnet_studio.runs.folder import RunFolder
from resnet_studio.runs.spec import TrainSpec

KIND = "initial"


def fresh_network(plan: Plan, spec: TrainSpec) -> Network:
    """The network before anything is carried into it; torch's random numbers go on from there.

    On the processor, so that a seed gives the same first weights on every device.
    """
    torch.manual_seed(spec.seed)
    return build(plan)


def begin(
    run: RunFolder, plan: Plan, network: nn.Module, *, about: dict[str, Any], cancelled: Callable[[], bool]
) -> list[str]:
    """Put a run's initial weights into its fresh network, in place; returns what people should know.

    Args:
        run: says which weights; keeps them.
        plan: of its design.
        network: with fresh weights, which stay where nothing is carried.
        about: what goes into every checkpoint beside the weights.
        cancelled: asked while a file is fetched or read.

    Raises:
        StudioError: they cannot be fetched, read or carried, or `cancelled` said so.
    """
    initial = run.initial()
    if initial is None or checkpoint.is_sound(run, "last"):
        return []  # what a checkpoint puts back needs no beginning
    kept = checkpoint.newest(run, KIND)
    if kept is not None:
        _put_back(network, kept.contents.get("model"), str(kept.path))
        return []
    try:
        found = put_in(network, initial, plan.design, cancelled=cancelled)
    except StudioError as error:
        if cancelled():
            raise StudioError(
                tr("Stopped while the initial weights were read."), tr("Train again.")
            ) from error
        raise
    # Before the checkpoint: where that lies, nothing is put in again, and nobody could tell any more.
    keep_brought(run, survey_to_wire(found))
    contents = {"model": dict(network.state_dict()), "about": about | {"step": 0, "epoch": 0, "metrics": {}}}
    checkpoint.save(run, KIND, contents, step=0, epochs=0)
    return [found.text, *found.origin.notices]


def _put_back(network: nn.Module, weights: Any, where: str) -> None:
    try:
        network.load_state_dict(weights)
    except (TypeError, RuntimeError, AttributeError) as error:
        reason = str(error).partition("\n")[0][:200]
        raise StudioError(
            tr("{where} does not belong to this run's design: {reason}", where=where, reason=reason),
            tr("Start a new run."),
        ) from error

"""From a drawing to a torch network with fresh weights, initialised once and as torchvision does. Knows no training."""

from __future__ import annotations

import os

import torch
from torch import nn

from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.parts import Part
from resnet_studio.analysis.plan import Plan, analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.design.limits import MAX_PARAMS
from resnet_studio.design.types import Design
from resnet_studio.engine.modules import Block, Network
from resnet_studio.runs.exit_code import ExitCode

_PARAMETRISED = (LayerKind.CONV, LayerKind.NORM)


class ProblemsError(StudioError):
    """The drawing has Problems, so that nothing can be built from it."""

    exit_code = ExitCode.PROBLEMS


def sound_plan(source: Design | Plan) -> Plan:
    """The Plan of a drawing without Problems.

    Raises:
        ProblemsError: naming the first Problem and how many more there are.
    """
    plan = source if isinstance(source, Plan) else analyse(source)
    if plan.problems:
        first, more = plan.problems[0], len(plan.problems) - 1
        others = f" (and {more} more)" if more else ""
        remedy = f"Repair: {first.repair.label}." if first.repair else "Mend the drawing first."
        raise ProblemsError(f"The drawing has a problem. {first}{others}.", remedy)
    return plan


def blueprint(source: Design | Plan) -> Network:
    """The network on the meta device: names and shapes, no numbers, no memory.

    Raises:
        ProblemsError: the drawing has Problems.
    """
    return Network(sound_plan(source).units)


def build(source: Design | Plan, *, device: torch.device | str = "cpu") -> Network:
    """The network in training mode with fresh weights, drawn from torch's global random state.

    Raises:
        ProblemsError: the drawing has Problems.
        StudioError: the memory does not suffice.
    """
    plan = sound_plan(source)
    if torch.device(device).type == "cpu" and plan.totals.param_bytes > physical_memory():
        # Linux promises more than it has, and kills the process that takes it at its word.
        raise _no_room(plan, device, MemoryError("the machine has less memory"))
    network = Network(plan.units)
    try:
        # The modules stand on meta, where torch's own first initialisation costs nothing; they are filled once.
        materialise(network, device)
    except (RuntimeError, MemoryError) as error:
        raise _no_room(plan, device, error) from error
    initialise(network, plan)
    return network


def physical_memory() -> int:
    """Bytes of this machine's memory; where the system does not say, more than any design needs."""
    if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 8 * MAX_PARAMS


def materialise(module: nn.Module, device: torch.device | str) -> None:
    """Give every tensor of a module that stands on meta memory on `device`, with whatever numbers lie there.

    Not `to_empty`: its empty_like of a meta tensor imports sympy, which takes longer than all the rest.
    """
    for owner in module.modules():
        for name, parameter in list(owner.named_parameters(recurse=False)):
            fresh = torch.empty(parameter.shape, dtype=parameter.dtype, device=device)
            setattr(owner, name, nn.Parameter(fresh))
        for name, buffer in list(owner.named_buffers(recurse=False)):
            setattr(owner, name, torch.empty(buffer.shape, dtype=buffer.dtype, device=device))


def _no_room(plan: Plan, device: torch.device | str, error: Exception) -> StudioError:
    need = f"{plan.totals.param_bytes / 2**30:.1f} GiB"
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return StudioError(
        f"The network ({need} of weights) could not be put on {device}: {reason}",
        "Draw a smaller one, or choose another device.",
    )


@torch.no_grad()
def initialise(network: Network, plan: Plan) -> None:
    """Kaiming normal by fan-out for convolutions, 1 and 0 for norms, torch's default for the classifier."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm2d | nn.GroupNorm | nn.Linear | nn.Conv1d):
            module.reset_parameters()
    for unit in plan.units:
        if unit.stage is None or unit.position is None:
            continue
        # A plain block has nothing to add to: zero there would silence the network for good.
        if plan.design.stages[unit.stage].blocks[unit.position].spec.zero_init and unit.part.add is not None:
            block = network.get_submodule(unit.name)
            assert isinstance(block, Block)
            _silence(block, unit.part)


def _silence(block: Block, part: Part) -> None:
    """Zero the branch's last parametrised layer, so that the block begins as its shortcut (Goyal et al. 2017)."""
    last = next(row for row in reversed(part.body) if row.kind in _PARAMETRISED and not row.aside)
    weight = block.get_parameter(f"{last.name}.weight")
    nn.init.zeros_(weight)

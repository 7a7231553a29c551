"""What a carry really did: each tensor of a network beside its source and beside what stood there before. Knows no file.

It reads numbers, not promises: where a tensor did not arrive, the report says so, whatever was foretold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch
from torch import Tensor

from resnet_studio.engine.weights.carry import Fate, Report, Way

NOT_PUT_IN = "it was not put in"


def witnessed(
    foretold: Report, now: Mapping[str, Tensor], *, state: Mapping[str, Tensor], before: Mapping[str, Tensor]
) -> Report:
    """The report of what stands in a network now.

    Args:
        foretold: says which tensor of the file each one should come from.
        now: the network's state_dict after its weights were put in.
        state: the file's tensors, by its names.
        before: the network's state_dict as it was, not changed since.
    """
    units = tuple(
        replace(
            unit,
            fates=tuple(
                _seen(fate, now[fate.name], state.get(fate.source), before[fate.name]) for fate in unit.fates
            ),
        )
        for unit in foretold.units
    )
    used = {fate.source for unit in units for fate in unit.fates}
    return replace(foretold, units=units, unused=tuple(name for name in state if name not in used))


@torch.no_grad()
def _seen(fate: Fate, now: Tensor, source: Tensor | None, before: Tensor) -> Fate:
    """The fate that shows in the numbers."""
    if source is not None:
        source = source.to(now.dtype)
        if torch.equal(now, source):
            return replace(fate, way=Way.CARRIED, kept=now.numel())
        if _is_summed(now, source):
            return replace(fate, way=Way.SLICED, kept=now.numel(), summed=True)
        kept = _part(now, source, before)
        if kept:
            return replace(fate, way=Way.SLICED, kept=kept)
    if not torch.equal(now, before):
        raise AssertionError(f"{fate.name} holds neither the file's numbers nor its own")
    why = fate.reason if source is None else NOT_PUT_IN
    return replace(fate, way=Way.FRESH, source="", kept=0, reason=why)


def _is_summed(now: Tensor, source: Tensor) -> bool:
    """A colour kernel became a grey one."""
    if now.dim() != 4 or source.dim() != 4 or (source.shape[1], now.shape[1]) != (3, 1):
        return False
    return torch.equal(now, source.sum(dim=1, keepdim=True))


def _part(now: Tensor, source: Tensor, before: Tensor) -> int:
    """How many numbers both have, where those are the source's and all others as they were; 0 where that is not so."""
    if source.dim() != now.dim():
        return 0
    place = tuple(slice(0, min(sizes)) for sizes in zip(source.shape, now.shape, strict=True))
    expected = before.clone()
    expected[place] = source[place]
    return expected[place].numel() if torch.equal(now, expected) else 0

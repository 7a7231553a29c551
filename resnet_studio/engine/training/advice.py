"""What to say when memory ran out: what the run needed, by the estimate that the window shows, and what would fit. Knows no loop."""

from __future__ import annotations

import torch

from resnet_studio.analysis.plan import Plan
from resnet_studio.analysis.training_memory import Load, largest_batch, need
from resnet_studio.design.errors import StudioError
from resnet_studio.engine.device import free_memory, give_back
from resnet_studio.engine.free_memory import memory_of
from resnet_studio.language import tr
from resnet_studio.runs.footprint import footprint
from resnet_studio.runs.spec import TrainSpec


class MemoryAdvice:
    """Filled as soon as it is known what is asked for."""

    def __init__(self) -> None:
        self._known: tuple[Plan, TrainSpec, torch.device, int] | None = None

    def set(self, plan: Plan, spec: TrainSpec, device: torch.device, *, devices: int = 1) -> None:
        """This is going to be trained there, by so many devices together."""
        self._known = plan, spec, device, devices

    def error(self) -> StudioError:
        """Why the run ended, and the batch that would not have ended it."""
        if self._known is None:
            return StudioError(
                tr("Memory ran out while the run was prepared."),
                tr("Take a smaller batch or a smaller design."),
            )
        plan, spec, device, devices = self._known
        load = Load(**footprint(spec, device=device.type, devices=devices))
        total = need(plan, load).total
        # It did not fit, whatever was free before: half of it at the most.
        most = 1 << (max(spec.batch_size - 1, 1).bit_length() - 1)
        fits = devices * largest_batch(plan, load, _free(device))
        batch = min(fits, most) if spec.batch_size > 1 else 0
        remedy = (
            tr("A batch of {batch} should fit.", batch=batch)
            if batch
            else tr("Draw a smaller design, or smaller images.")
        )
        if batch and not spec.fit_memory:
            remedy = tr(
                "A batch of {batch} should fit, or this one in parts: switch Fit memory on.", batch=batch
            )
        return StudioError(
            tr(
                "Memory ran out on {device}: a batch of {batch_size} needs about {total:.1f} GB.",
                device=device,
                batch_size=spec.batch_size,
                total=total / 1e9,
            ),
            remedy,
        )


def _free(device: torch.device) -> int:
    if device.type == "cuda":
        give_back()
        return free_memory(device)
    return memory_of("cpu")["free"] or 0

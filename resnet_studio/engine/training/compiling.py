"""torch.compile for a run that asks for it: made late, rehearsed before it counts, its failures said in words. Knows no epochs.

Only the passes of training are compiled. The network itself stays as it is, so checkpoints keep their plain names, and is what
validates: a second compilation for another mode and batch would cost more than one pass over a few images gains.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

import torch
from torch import Tensor, nn

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.data.mixing import Mixed
from resnet_studio.engine.device import is_out_of_memory
from resnet_studio.engine.training.job import Job
from resnet_studio.engine.training.telling import Telling
from resnet_studio.engine.training.trial import Before
from resnet_studio.language import tr
from resnet_studio.runs.events import Event, Notice, Phase

# Images that grow come in 16 sizes at most; beyond its limit torch would go on uncompiled, with a warning at best.
_SHAPES = 64
# CUDA graphs run once plainly and are recorded at the second pass.
_PASSES = {"default": 1, "reduce-overhead": 3}

Gradients = Callable[[Job, Mixed], Telling]


def rehearsed(job: Job, mixed: Mixed, gradients: Gradients) -> Generator[Event, None, None]:
    """Compile for this batch's shape where that has not been done: one pass that leaves no trace but the compiled code.

    The time it takes is none of the run's, and says so.

    Raises:
        StudioError: the network cannot be compiled here; nothing was changed.
    """
    shapes = {(len(part.labels), *part.images.shape[1:]) for part in mixed.split(job.parts)}
    if job.spec.compile == "off" or shapes <= job.compiled:
        return
    began = time.perf_counter()
    yield Phase(step=job.state.progress.step, text=tr("Compiling…"))
    before = Before(job.state)
    try:
        if not job.is_compiled:
            job.learning, job.is_compiled = _compiled(job.learning, job.spec.compile), True
        for _ in range(_PASSES[job.spec.compile]):
            gradients(job, mixed)
            before.put_back()
    except (RuntimeError, ImportError, OSError) as error:
        others = is_out_of_memory(error) or job.world.lost(error) or "deterministic" in str(error)
        if others or isinstance(error, torch.AcceleratorError):
            raise
        raise _refusal(error) from error
    job.compiled |= shapes
    took = time.perf_counter() - began
    job.clock.leave_out(took)
    height, width = mixed.images.shape[-2:]
    yield Notice(
        text=tr(
            "Compiled for images of {height}×{width} in {took:.0f} s, not counted.",
            height=height,
            width=width,
            took=took,
        )
    )


def _compiled(network: nn.Module, mode: str) -> nn.Module:
    # Only here: it takes as long to import as torch itself.
    import torch._dynamo.config as settings

    name = "recompile_limit" if hasattr(settings, "recompile_limit") else "cache_size_limit"
    setattr(settings, name, _SHAPES)
    whole: Any = torch.compile(network, mode=mode, dynamic=False)
    return _Graphs(whole) if mode == "reduce-overhead" else whole


class _Graphs(nn.Module):
    """Says where a pass begins: the results of the one before may then be written over."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, images: Tensor) -> Tensor:
        """Logits."""
        # The gradients of earlier parts lie in the graphs' own memory, which the next pass writes over.
        for parameter in self.network.parameters():
            if parameter.grad is not None:
                parameter.grad = parameter.grad.clone()
        torch.compiler.cudagraph_mark_step_begin()  # type: ignore[no-untyped-call]
        outputs: Tensor = self.network(images)
        return outputs

    def no_sync(self) -> Any:
        """Of the joined network, which is compiled whole."""
        return self.network.no_sync()  # type: ignore[operator]


def _refusal(error: Exception) -> StudioError:
    told = next((line.strip() for line in str(error).splitlines() if line.strip()), type(error).__name__)
    return StudioError(
        tr("The network could not be compiled: {told}", told=told[:200]),
        tr(
            "Install a C++ compiler (Triton for a graphics card), or train without compiling (Compile: Off). No step was taken with it."
        ),
    )

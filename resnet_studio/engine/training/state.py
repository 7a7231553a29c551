"""Everything that a run changes while it trains, and how it goes into a checkpoint and comes back. Knows no loop, no files."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.device import put_on
from resnet_studio.engine.training.averaging import Average
from resnet_studio.engine.training.optimizer import make_optimizer, take_back
from resnet_studio.language import tr
from resnet_studio.runs.spec import TrainSpec


@dataclass(slots=True)
class Sums:
    """Sums over training images since somebody last looked; loss and accuracy are their means."""

    loss: float = 0.0
    correct: int = 0
    images: int = 0

    def add(self, *, loss: float, correct: int, images: int) -> None:
        """One batch more; `loss` is its mean."""
        self.loss += loss * images
        self.correct += correct
        self.images += images

    @property
    def mean_loss(self) -> float:
        """Per image."""
        return self.loss / self.images if self.images else math.nan

    @property
    def accuracy(self) -> float:
        """Fraction of 1."""
        return self.correct / self.images if self.images else math.nan


@dataclass(slots=True)
class Progress:
    """Where a run stands. Plain numbers only; all of it is in the checkpoint.

    Args:
        step: optimizer steps done.
        epochs_done: epochs finished and validated.
        index: steps done in the epoch under way; as many as an epoch has means that only its validation is left.
        recent: sums since the last Step event.
        epoch_sums: sums of the epoch under way.
        best_accuracy: of validation so far; below zero before the first.
        best_epoch: its epoch.
        seconds, epoch_seconds: spent training, over all starts; of the epoch under way.
        parts, val_parts: in how many parts a batch is taken since memory ran out, in training and in validation; 0 before that.
    """

    step: int = 0
    epochs_done: int = 0
    index: int = 0
    recent: Sums = field(default_factory=Sums)
    epoch_sums: Sums = field(default_factory=Sums)
    best_accuracy: float = -1.0
    best_epoch: int = 0
    seconds: float = 0.0
    epoch_seconds: float = 0.0
    parts: int = 0
    val_parts: int = 0


@dataclass(slots=True)
class State:
    """Network, optimizer, scaler, progress, and the moving average of the weights where the settings ask for one."""

    network: nn.Module
    optimizer: Optimizer
    scaler: torch.amp.GradScaler
    progress: Progress = field(default_factory=Progress)
    average: Average | None = None


def first_state(network: nn.Module, spec: TrainSpec, device: torch.device) -> State:
    """A network with its first weights, put on the device, and all that a run changes beside it."""
    put_on(network, device, channels_last=spec.channels_last)
    average = Average(network, spec.averaging) if spec.averaging else None
    return State(network, make_optimizer(network, spec), make_scaler(spec, device), average=average)


def make_scaler(spec: TrainSpec, device: torch.device) -> torch.amp.GradScaler:
    """Scales the loss of fp16, whose gradients would vanish; does nothing for the others."""
    return torch.amp.GradScaler(device.type, enabled=spec.precision == "fp16")


def captured(state: State) -> dict[str, Any]:
    """The state as plain values and tensors, for a checkpoint.

    Raises:
        StudioError: a weight is not finite; such a state is never kept.
    """
    raw = state.network.state_dict()
    floats = {name: value for name, value in raw.items() if value.is_floating_point()}
    sound = torch.stack([torch.isfinite(value).all() for value in floats.values()])
    # Asked once for all: a card would be waited for at every weight.
    if not bool(sound.all()):
        name = next(name for name, value in floats.items() if not bool(torch.isfinite(value).all()))
        raise diverged(
            tr("the weight {name} is no finite number after step {step}", name=name, step=state.progress.step)
        )
    kept = {"model": raw}
    if state.average is not None:
        # What is validated, exported and shown is the average; the weights that go on learning lie beside it.
        kept = {"model": state.average.network.state_dict(), "learning": raw}
    return kept | {
        "averaged_steps": 0 if state.average is None else state.average.steps,
        "optimizer": state.optimizer.state_dict(),
        "scaler": state.scaler.state_dict(),
        "progress": asdict(state.progress),
        "rng": random_states(next(state.network.parameters()).device),
    }


def restore(state: State, kept: dict[str, Any]) -> None:
    """Put a checkpoint's values back, in place.

    Raises:
        StudioError: they are not of this network.
    """
    try:
        state.network.load_state_dict(kept["model" if state.average is None else "learning"])
        if state.average is not None:
            state.average.network.load_state_dict(kept["model"])
            state.average.steps = int(kept["averaged_steps"])
        take_back(state.optimizer, state.network, kept["optimizer"])
        state.scaler.load_state_dict(kept["scaler"])
        numbers: dict[str, Any] = dict(kept["progress"])
        sums: dict[str, Any] = {name: Sums(**numbers.pop(name)) for name in ("recent", "epoch_sums")}
        state.progress = Progress(**numbers, **sums)
        set_random_states(kept["rng"], next(state.network.parameters()).device)
    except (KeyError, TypeError, ValueError, AttributeError, RuntimeError) as error:
        reason = str(error).partition("\n")[0][:200] or type(error).__name__
        raise StudioError(
            tr("The checkpoint does not belong to this run's design: {reason}", reason=reason),
            tr("Start a new run."),
        ) from error


def random_states(device: torch.device) -> dict[str, Tensor]:
    """Where torch's random numbers stand, on the processor and on the device."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    if device.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_states(states: dict[str, Tensor], device: torch.device) -> None:
    """Put them back."""
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and device.type == "cuda":
        torch.cuda.set_rng_state(states["cuda"], device)
    if "mps" in states and device.type == "mps":
        torch.mps.set_rng_state(states["mps"])


class Diverged(StudioError):
    """Training broke down: a loss or a weight is no finite number."""


def diverged(where: str) -> Diverged:
    """Training broke down there."""
    return Diverged(
        tr("Training diverged: {where}.", where=where),
        tr(
            "Nothing was updated with it, and the last good checkpoint is kept. Try a lower learning rate, a longer warm-up, or float32."
        ),
    )

"""Proof that an exported file gives the network back: what is expected is computed here, a clean process compares.

The process is `comparing`, which reads the file again. Knows no format and no target.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from resnet_studio.analysis.plan import analyse
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.exporting.apart import ApartError, Program, ask
from resnet_studio.engine.modules import Network
from resnet_studio.engine.weights.file import write_pt
from resnet_studio.runs.exit_code import ExitCode

BATCHES = (1, 2, 7)
COMPARING = Program("resnet_studio.engine.exporting.comparing", seconds=1800.0)
# About a second of one core; beyond that smaller images prove as much about the weights.
_MACS = 10**10
_SMALL = 64
# A minute or two of two cores, and as many GB of maps: a program takes images of the drawn size alone.
_MOST_MACS = 10**12


class ComparisonError(StudioError):
    """The exported file, read again, does not give the same outputs; it was thrown away."""

    exit_code = ExitCode.PROBLEMS


@dataclass(frozen=True, slots=True)
class Sample:
    """Inputs of each batch size, the original's outputs, and what people should know of the choice."""

    inputs: list[Tensor]
    outputs: list[Tensor]
    notes: tuple[str, ...] = ()

    @property
    def largest(self) -> float | None:
        """The largest output; None where some overflow."""
        if not all(bool(torch.isfinite(found).all()) for found in self.outputs):
            return None
        return max(largest(found) for found in self.outputs)


def largest(outputs: Tensor) -> float:
    """The largest finite value, by size."""
    return float(torch.nan_to_num(outputs, 0.0, 0.0, 0.0).abs().max())


@torch.no_grad()
def sample(network: Network, design: Design, *, full_size: bool = False) -> Sample:
    """Outputs of the network in eval mode on fixed random images; the global random state is not used.

    Args:
        network: the original.
        design: its drawing.
        full_size: the file takes images of the drawn size alone, however long that takes.
    """
    channels, height, width = design.input.shape
    work = analyse(design).totals.macs * sum(BATCHES)
    batches: tuple[int, ...] = BATCHES
    notes: tuple[str, ...] = ()
    if full_size and work > _MOST_MACS:
        batches = (1,)
        notes = (f"Compared on one image alone: seven of {height}x{width} would take too long.",)
    elif not full_size and work > _MACS and max(height, width) > _SMALL:
        height, width = min(height, _SMALL), min(width, _SMALL)
        notes = (f"Outputs were compared on images of {channels}x{height}x{width}.",)
    generator = torch.Generator().manual_seed(0)
    inputs = [torch.rand((count, channels, height, width), generator=generator) for count in batches]
    was_training = network.training
    network.eval()
    try:
        outputs = [network(images) for images in inputs]
    finally:
        network.train(was_training)
    asked = Sample(inputs, outputs, notes)
    if asked.largest is None:
        more = "These weights' outputs overflow float32: the proof lies in the weights, bit for bit."
        return Sample(inputs, outputs, (*notes, more))
    return asked


def difference(expected: Tensor, found: Tensor) -> float:
    """The largest absolute difference of what is finite.

    Where the network overflows, another program may reach a NaN by another way than infinity: as long as both overflow in the
    same places, that is no difference. What overflows in one of them alone is infinitely different.
    """
    if expected.shape != found.shape:
        return float("inf")
    finite = torch.isfinite(expected)
    if not torch.equal(finite, torch.isfinite(found)):
        return float("inf")
    apart = torch.where(finite, expected - found, 0.0).abs()
    return float(apart.max()) if apart.numel() else 0.0


def fingerprint(tensor: Tensor) -> str:
    """Type, shape and every bit of a tensor, in short."""
    whole = tensor.detach().cpu().contiguous()
    held = hashlib.sha256(f"{whole.dtype} {tuple(whole.shape)} ".encode())
    held.update(whole.reshape(-1).view(torch.uint8).numpy().data)
    return held.hexdigest()


def compare_in_clean_process(
    files: list[Path],
    asked: Sample,
    weights: Mapping[str, Tensor],
    waiting: Callable[[], None],
    *,
    format: str = "pt",
) -> list[float]:
    """The largest difference of each batch.

    Args:
        files: the file to prove, then those that lie beside it.
        asked: inputs and the original's outputs.
        weights: what the file must hold, bit for bit.
        waiting: called about twice a second; what it raises ends the child.
        format: how the file is read.

    Raises:
        ComparisonError: the child could not read or build it, or weights or outputs differ.
        OSError: there is no room for the comparison's own file.
    """
    with tempfile.TemporaryDirectory(prefix="resnet-studio-") as folder:
        expected = Path(folder) / "expected.pt"
        sums = {name: fingerprint(tensor) for name, tensor in weights.items()}
        write_pt(expected, {"inputs": asked.inputs, "outputs": asked.outputs, "weights": sums})
        words = [str(expected), *(str(file.absolute()) for file in files)]
        try:
            told = ask(COMPARING, format, *words, waiting=waiting)
        except ApartError as error:
            raise _unreadable(error.what) from error
        except StudioError as error:
            raise _unreadable(str(error)) from error
    return _judged(told["differences"], float(told["allowed"]), str(told["fault"]))


def _unreadable(reason: str) -> ComparisonError:
    return ComparisonError(
        f"The exported file could not be read again ({reason[:300]}); it was thrown away.",
        "The old file is untouched. Try again; if it stays so, take another format.",
    )


def _judged(differences: list[float | None], allowed: float, fault: str) -> list[float]:
    if fault:
        raise ComparisonError(
            f"The exported file does not hold the network's weights ({fault}); it was thrown away.",
            "The old file is untouched. This is a bug.",
        )
    found = [float("inf") if value is None else value for value in differences]
    if not all(value <= allowed for value in found):
        raise ComparisonError(
            f"The exported file gives other outputs than the network (difference {max(found):g}); it was thrown away.",
            "The old file is untouched. This is a bug.",
        )
    return found

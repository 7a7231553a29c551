"""Writes a network as `.pt`, proves in a clean process that the file gives it back, and only then replaces the target."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.design import files
from resnet_studio.design.atomic import replace_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.exporting.proof import ComparisonError, Sample, compare_in_clean_process, sample
from resnet_studio.engine.modules import Network
from resnet_studio.engine.weights.file import Contents, plain, state_faults, write_pt
from resnet_studio.runs.wire import Receipt

__all__ = ["ComparisonError", "Receipt", "export", "export_run"]
Progress = Callable[[int, int, str], None]
SEED = 0
_STEPS = 4


def _silent(_done: int, _total: int, _text: str) -> None:
    """Nobody wants to know."""


def export(
    design: Design, path: Path, *, state_dict: bool = False, seed: int = SEED, progress: Progress = _silent
) -> Receipt:
    """Export a drawing with fresh weights, the same ones each time.

    Args:
        design: what to export.
        path: the target; replaced only when the file has proved itself.
        state_dict: write the bare state_dict beside it as well, as NAME.state_dict.pt.
        seed: of the fresh weights; the global random state is not used.
        progress: told (done, total, text); what it raises ends the export, and nothing is left.

    Raises:
        ProblemsError: the drawing has Problems.
        ComparisonError: the file did not give the same outputs.
        StudioError: the target cannot be written; the old file is untouched.
    """
    plan = sound_plan(design)
    progress(0, _STEPS, "Building the network")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(plan)
    contents = Contents(design=design, state_dict=network.state_dict(), metrics={})
    note = f"Fresh weights (seed {seed}): this network has not been trained."
    return _written(
        network, contents, path, weights="fresh", notes=(note,), bare=state_dict, progress=progress
    )


def export_run(
    run: Path, path: Path, *, which: str = "best", state_dict: bool = False, progress: Progress = _silent
) -> Receipt:
    """Export the weights of a run's best or last checkpoint; otherwise as `export`.

    Raises:
        ComparisonError: the file did not give the same outputs.
        StudioError: the run has no such checkpoint, or the target cannot be written; the old file is untouched.
    """
    from resnet_studio.engine.training.checkpoint import load_weights

    progress(0, _STEPS, "Reading the checkpoint")
    weights, about = load_weights(run, which)
    try:
        contents = _of_run(weights, about)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StudioError(f"{about['path']} lacks what an export needs.", "Train it again.") from error
    faults = state_faults(contents.design, contents.state_dict)
    if faults:
        raise StudioError(
            f"The {which} checkpoint of {run} does not fit its design: {faults[0]}.", "Train it again."
        )
    network = build(contents.design)
    network.load_state_dict(contents.state_dict)
    note = f"{which.capitalize()} weights of {run}, epoch {about.get('epoch', '?')}."
    return _written(network, contents, path, weights=which, notes=(note,), bare=state_dict, progress=progress)


def _of_run(weights: Mapping[str, Tensor], about: Mapping[str, Any]) -> Contents:
    told = about["input"]
    return Contents(
        design=files.loads(about["design"]),
        state_dict={name: tensor.contiguous() for name, tensor in weights.items()},
        classes=tuple(about["classes"]),
        mean=tuple(told["mean"]),
        std=tuple(told["std"]),
        metrics={name: float(value) for name, value in about["metrics"].items()},
        torch=str(about["torch"]),
    )


def _written(
    network: Network,
    contents: Contents,
    path: Path,
    *,
    weights: str,
    notes: tuple[str, ...],
    bare: bool,
    progress: Progress,
) -> Receipt:
    value = plain(contents)
    progress(1, _STEPS, "Computing outputs to compare with")
    asked = sample(network, contents.design)
    proved: list[float] = []

    def write(temporary: Path) -> None:
        progress(2, _STEPS, "Writing")
        write_pt(temporary, value)
        proved.append(_proved(temporary, asked, progress))
        if bare:
            # Before the target is replaced: either both files are new, or the export has failed.
            replace_atomically(beside(path), lambda place: write_pt(place, value["state_dict"]))

    replace_atomically(path, write)
    progress(_STEPS, _STEPS, "Done")
    more: tuple[str, ...] = (asked.note,) if asked.note else ()
    more += (f"The bare state_dict is in {beside(path).name}.",) if bare else ()
    return {
        "path": str(path),
        "bytes": path.stat().st_size,
        "params": sum(parameter.numel() for parameter in network.parameters()),
        "max_difference": proved[0],
        "weights": weights,
        "notes": [*notes, *more],
    }


def beside(path: Path) -> Path:
    """Where the bare state_dict goes: NAME.state_dict.pt."""
    return path.with_name(f"{path.stem}.state_dict.pt")


def _proved(temporary: Path, asked: Sample, progress: Progress) -> float:
    progress(3, _STEPS, "Reading it again in a clean process")
    return compare_in_clean_process(temporary, asked, lambda: progress(3, _STEPS, "Comparing outputs"))

"""Writes a network in a format, proves in a clean process that the file gives it back, and only then replaces the target."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.design import files
from resnet_studio.design.atomic import replace_atomically
from resnet_studio.design.carried import read_words
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build, sound_plan
from resnet_studio.engine.exporting.apart import ApartError, Program, ask
from resnet_studio.engine.exporting.material import Material
from resnet_studio.engine.exporting.proof import (
    ComparisonError,
    Sample,
    compare_in_clean_process,
    sample,
)
from resnet_studio.engine.exporting.ways import BARE, WAYS
from resnet_studio.engine.weights.file import Contents, plain, state_faults, with_words, write_pt
from resnet_studio.engine.weights.starting import put_in, survey_to_wire
from resnet_studio.runs.formats import PT, Format, bare_beside, format_of
from resnet_studio.runs.initial import Initial
from resnet_studio.runs.results import Receipt, Surveyed

__all__ = ["ComparisonError", "Receipt", "export", "export_file", "export_run"]
Progress = Callable[[int, int, str], None]
SEED = 0
_STEPS = 4
# Each takes an exporter a tenth of a second to a second.
_MANY = 100
# ResNet-1202 takes torch's exporters minutes; whoever waits can cancel.
WRITING = Program("resnet_studio.engine.exporting.writing", seconds=3600.0)


def _silent(_done: int, _total: int, _text: str) -> None:
    """Nobody wants to know."""


def export(
    design: Design,
    path: Path,
    *,
    format: str | None = None,
    state_dict: bool = False,
    seed: int = SEED,
    initial: Initial | None = None,
    progress: Progress = _silent,
) -> Receipt:
    """Export a drawing with fresh weights, the same ones each time, or with weights from elsewhere.

    Args:
        design: what to export.
        path: the target; replaced only when the file has proved itself.
        format: its format, one of runs.formats.FORMATS; by default what its ending means.
        state_dict: write the bare state_dict beside it as well, as NAME.state_dict.pt.
        seed: of the fresh weights; the global random state is not used.
        initial: weights to carry into it; what they do not reach is fresh.
        progress: told (done, total, text); what it raises ends the export, and nothing is left.

    Raises:
        ProblemsError: the drawing has Problems.
        ComparisonError: the file did not give the same outputs.
        StudioError: the format cannot hold it, or the target cannot be written; the old file is untouched.
    """
    wanted = _Wanted(path, _format(path, format, bare=state_dict), state_dict, progress)
    plan = sound_plan(design)
    progress(0, _STEPS, "Building the network")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(plan)
    weights, note = "fresh", f"Fresh weights (seed {seed}): this network has not been trained."
    brought: Surveyed | None = None
    if initial is not None:
        # What `progress` raises ends a download too: it is called at every piece.
        found = put_in(network, initial, design, progress=progress)
        weights, note = "imported", " ".join([found.text, *found.origin.notices])
        brought = survey_to_wire(found)
    contents = Contents(design=design, state_dict=network.state_dict(), metrics={})
    receipt = _written(Material(contents, network), wanted, weights=weights, note=note)
    return receipt if brought is None else {**receipt, "brought": brought}


def export_run(
    run: Path,
    path: Path,
    *,
    which: str = "best",
    format: str | None = None,
    state_dict: bool = False,
    progress: Progress = _silent,
) -> Receipt:
    """Export the weights of a run's best or last checkpoint; otherwise as `export`.

    Raises:
        ComparisonError: the file did not give the same outputs.
        StudioError: the run has no such checkpoint, or the target cannot be written; the old file is untouched.
    """
    from resnet_studio.engine.training.checkpoint import load_weights

    wanted = _Wanted(path, _format(path, format, bare=state_dict), state_dict, progress)
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
    note = f"{which.capitalize()} weights of {run.name}, epoch {about.get('epoch', '?')}."
    receipt = _written(Material(contents, network), wanted, weights=which, note=note)
    return {**receipt, "run": str(run)}


def export_file(
    source: Path,
    path: Path,
    *,
    format: str | None = None,
    state_dict: bool = False,
    progress: Progress = _silent,
) -> Receipt:
    """Export the weights of an exported `.pt` or `.safetensors` in another format; otherwise as `export`.

    Raises:
        ComparisonError: the file did not give the same outputs.
        StudioError: the source carries no drawing, or other weights than its drawing's; or as `export`.
    """
    from resnet_studio.engine.weights.reading import take

    wanted = _Wanted(path, _format(path, format, bare=state_dict), state_dict, progress)
    progress(0, _STEPS, "Reading the weights")
    words = read_words(source)
    plan = sound_plan(words.design)
    weights, held = take(source, lambda: progress(0, _STEPS, "Reading the weights"))
    faults = state_faults(words.design, weights)
    if faults:
        raise StudioError(
            f"{source}: its weights do not fit its design: {faults[0]}.", "It was not exported."
        )
    network = build(plan)
    network.load_state_dict(weights)
    contents = with_words(words.design, weights, words.fields, held.notices)
    receipt = _written(Material(contents, network), wanted, weights="file", note=f"The weights of {source}.")
    return receipt | {"notes": [*receipt["notes"], *held.notices]}


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


def _format(path: Path, name: str | None, *, bare: bool) -> Format:
    found = format_of(path, name)
    if bare and not found.bare:
        raise StudioError(
            f"The bare state_dict lies beside a {PT.suffix}, not beside a {found.suffix}.", "Leave one out."
        )
    return found


@dataclass(frozen=True, slots=True)
class _Wanted:
    path: Path
    format: Format
    bare: bool
    progress: Progress

    def files(self) -> list[tuple[Path, str]]:
        """The target and what is written with it, each with the way it is written."""
        more = WAYS[self.format.name].companions(self.path)
        bare = ((bare_beside(self.path), BARE),) if self.bare else ()
        return [(self.path, self.format.name), *more, *bare]


def _written(material: Material, wanted: _Wanted, *, weights: str, note: str) -> Receipt:
    WAYS[wanted.format.name].refuse(material)
    wanted.progress(1, _STEPS, "Computing outputs to compare with")
    # A program is made for images of one size.
    full_size = WAYS[wanted.format.name].apart
    asked = sample(material.network, material.contents.design, full_size=full_size)
    differences = _placed(wanted.files(), [], material, wanted, asked)
    wanted.progress(_STEPS, _STEPS, "Done")
    more = [f"{path.name} lies beside it." for path, _ in wanted.files()[1:]]
    return {
        "path": str(wanted.path),
        "format": wanted.format.name,
        "bytes": wanted.path.stat().st_size,
        "params": sum(parameter.numel() for parameter in material.network.parameters()),
        "max_difference": max(differences),
        "largest_output": asked.largest,
        "differences": [
            {"batch": len(images), "difference": found}
            for images, found in zip(asked.inputs, differences, strict=True)
        ],
        "weights": weights,
        "notes": [note, *asked.notes, *more],
    }


def _placed(
    left: list[tuple[Path, str]],
    made: list[Path],
    material: Material,
    wanted: _Wanted,
    asked: Sample,
) -> list[float]:
    """Write all files to temporary ones, prove them, and put them in place from the last to the first.

    Either all of them are new, or the export has failed before the target was touched.
    """
    if not left:
        return _proved(made, material, wanted, asked)
    (path, way), *rest = left
    found: list[float] = []

    def write(temporary: Path) -> None:
        words = f"Writing {path.name}{_slow(way, material)}"
        wanted.progress(2, _STEPS, words)
        _write(temporary, way, material, lambda: wanted.progress(2, _STEPS, words))
        found.extend(_placed(rest, [*made, temporary], material, wanted, asked))

    replace_atomically(path, write)
    return found


def _slow(way: str, material: Material) -> str:
    """What to say of a network that keeps PyTorch's exporters busy for minutes."""
    blocks = sum(len(stage.blocks) for stage in material.contents.design.stages)
    return (
        f": PyTorch's exporter takes minutes for {blocks} blocks"
        if WAYS[way].apart and blocks > _MANY
        else ""
    )


def _write(temporary: Path, way: str, material: Material, waiting: Callable[[], None]) -> None:
    if not WAYS[way].apart:
        WAYS[way].write(temporary, material)
        return
    # A place that takes no file says so now, and not when the exporter has worked for minutes.
    temporary.open("xb").close()
    temporary.unlink()
    with tempfile.TemporaryDirectory(prefix="resnet-studio-") as folder:
        carrier = Path(folder) / "network.pt"
        write_pt(carrier, plain(material.contents))
        try:
            ask(WRITING, way, str(carrier), str(temporary.absolute()), waiting=waiting)
        except ApartError as error:
            raise StudioError(
                f"PyTorch's exporter broke down ({error.what}); nothing was written.", "Take another format."
            ) from error


def _proved(made: list[Path], material: Material, wanted: _Wanted, asked: Sample) -> list[float]:
    wanted.progress(3, _STEPS, "Reading it again in a clean process")
    return compare_in_clean_process(
        made,
        asked,
        plain(material.contents)["state_dict"],
        lambda: wanted.progress(3, _STEPS, "Comparing outputs"),
        format=wanted.format.name,
    )

"""The exported `.pt`: what stands in it, written through a file object and read with suspicion. Knows no window and no run.

Only `weights_only=True` ever reads one; when that refuses, nothing else is tried, for the attacker controls the failure.
"""

from __future__ import annotations

import math
import os
import pickle
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeGuard, cast

import torch
from torch import Tensor

from resnet_studio.analysis.plan import analyse
from resnet_studio.design import files
from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.engine.build import blueprint

FORMAT, VERSION = "resnet-studio", 1
_PREFIXES = ("module.", "_orig_mod.")
# What torch's loader and the zip module raise for files that are damaged or made to harm.
UNREADABLE = (
    pickle.UnpicklingError, RuntimeError, EOFError, KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError,
    AssertionError, struct.error, zipfile.BadZipFile,
)  # fmt: skip
_FIELDS = ("format", "version", "state_dict", "design", "classes", "input", "torch", "metrics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an exported file holds.

    Args:
        design: the drawing, from which the network is built again.
        state_dict: torchvision's names to CPU tensors.
        classes: names of the classes; empty when nobody has trained it.
        mean, std: per channel, of the images it was trained on; None when nobody has.
        metrics: what the training reached.
        torch: version of the torch that wrote it.
        notes: what was put right on reading.
    """

    design: Design
    state_dict: Mapping[str, Tensor]
    classes: tuple[str, ...] = ()
    mean: tuple[float, ...] | None = None
    std: tuple[float, ...] | None = None
    metrics: Mapping[str, float]
    torch: str = ""
    notes: tuple[str, ...] = ()


def plain(contents: Contents) -> dict[str, Any]:
    """The one dict of plain types and CPU tensors that is written."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "state_dict": {
            name: tensor.detach().cpu().contiguous() for name, tensor in contents.state_dict.items()
        },
        "design": files.dumps(contents.design),
        "classes": list(contents.classes),
        "input": {
            "shape": list(contents.design.input.shape),
            "mean": None if contents.mean is None else list(contents.mean),
            "std": None if contents.std is None else list(contents.std),
        },
        "torch": contents.torch or str(torch.__version__),
        "metrics": {name: float(value) for name, value in contents.metrics.items()},
    }


class _Watched:
    """A file that remembers why a write failed: torch's zip writer hides it in an error of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self.file.write(data)
        except OSError as error:
            self.error = error
            raise

    def flush(self) -> None:
        self.file.flush()


def write_pt(path: Path, value: Mapping[str, Any]) -> None:
    """Write a new file with torch's zip writer, flushed and synced.

    Raises:
        OSError: the disk does not take it.
    """
    with path.open("xb") as file:
        watched = _Watched(file)
        try:
            torch.save(dict(value), cast("IO[bytes]", watched))
        except RuntimeError as error:
            if watched.error is not None:
                raise watched.error from error
            raise
        file.flush()
        os.fsync(file.fileno())


def load_pt(path: Path) -> Contents:
    """Read an exported file: the zip walked first, weights only, then every value checked against the design.

    Raises:
        StudioError: it is not such a file; the message says in what.
    """
    try:
        with path.open("rb") as file:
            walk_zip(file)
        value = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise StudioError(
            f"{path} could not be read ({error.strerror or error}).", "Check the path."
        ) from error
    except UNREADABLE as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise StudioError(
            f"{path} is not a file of plain weights ({reason}).", "It was not opened."
        ) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise StudioError(f"{path} holds weights, but is not an export of ResNet Studio.")
    if value.get("version") != VERSION:
        raise StudioError(
            f"{path} has version {str(value.get('version'))[:20]}; this ResNet Studio reads version {VERSION}."
        )
    missing = [name for name in _FIELDS if name not in value]
    if missing:
        raise StudioError(f"{path} lacks {', '.join(missing)}.")
    return _checked(path, value)


def walk_zip(file: IO[bytes]) -> None:
    """Members stored, one root, sizes within the file: a bomb never gets to the loader.

    Raises:
        ValueError, BadZipFile: it is otherwise.
    """
    size = file.seek(0, os.SEEK_END)
    with zipfile.ZipFile(file) as archive:
        members = archive.infolist()
        roots = {member.filename.split("/", 1)[0] for member in members}
        if len(roots) != 1:
            raise ValueError(f"it has {len(roots)} roots")
        if any(member.compress_type != zipfile.ZIP_STORED for member in members):
            raise ValueError("its members are compressed")
        if sum(member.file_size for member in members) > size:
            raise ValueError("its members are larger than it is")


def _checked(path: Path, value: dict[str, Any]) -> Contents:
    if not isinstance(value["design"], str):
        raise StudioError(f"{path}: its design is not text.")
    try:
        design = files.loads(value["design"])
    except StudioError as error:
        raise StudioError(f"{path}: its design cannot be read: {error.what}", error.remedy) from error
    weights, notes = _stripped(value["state_dict"])
    faults = state_faults(design, weights)
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise StudioError(f"{path}: its weights do not fit its design: {faults[0]}{more}.")
    return with_words(design, weights, value, notes)


def with_words(
    design: Design, weights: Mapping[str, Tensor], fields: Mapping[str, Any], notes: tuple[str, ...] = ()
) -> Contents:
    """Contents with what a file says of them; what is not of the right kind is left out."""
    told, classes, metrics = fields.get("input"), fields.get("classes"), fields.get("metrics")
    told = told if isinstance(told, dict) else {}
    metrics = metrics if isinstance(metrics, dict) else {}
    return Contents(
        design=design,
        state_dict=weights,
        classes=tuple(str(name) for name in classes) if isinstance(classes, list) else (),
        mean=_numbers(told.get("mean")),
        std=_numbers(told.get("std")),
        metrics={str(name): float(number) for name, number in metrics.items() if _is_number(number)},
        torch=str(fields.get("torch", "")),
        notes=notes,
    )


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _numbers(value: object) -> tuple[float, ...] | None:
    if isinstance(value, list) and all(_is_number(number) for number in value):
        return tuple(float(number) for number in value)
    return None


def _stripped(value: object) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Without the prefixes that DataParallel and torch.compile leave in names."""
    if not isinstance(value, dict):
        return {}, ()
    names: dict[str, Any] = {str(name): tensor for name, tensor in value.items()}
    notes: list[str] = []
    for prefix in _PREFIXES:
        if names and all(name.startswith(prefix) for name in names):
            names = {name.removeprefix(prefix): tensor for name, tensor in names.items()}
            notes.append(f"The prefix {prefix!r} was taken off every name.")
    return names, tuple(notes)


def state_faults(design: Design, weights: Mapping[str, Any]) -> list[str]:
    """In words, every name, shape, type or layout in which weights do not fit a design; empty when they fit.

    Raises:
        ProblemsError: the drawing has Problems.
    """
    expected = blueprint(analyse(design)).state_dict()
    faults = [f"{name} is missing" for name in expected if name not in weights]
    for name, tensor in weights.items():
        wanted = expected.get(name)
        if wanted is None:
            faults.append(f"{name[:100]} is not known")
        elif not isinstance(tensor, Tensor) or tensor.layout != torch.strided or not tensor.is_contiguous():
            faults.append(f"{name} is not a dense tensor")
        elif tensor.shape != wanted.shape:
            faults.append(f"{name} is {_shape(tensor)}, not {_shape(wanted)}")
        elif tensor.dtype != wanted.dtype:
            faults.append(f"{name} is {tensor.dtype}, not {wanted.dtype}")
    return faults


def _shape(tensor: Tensor) -> str:
    return "x".join(map(str, tensor.shape)) or "one number"

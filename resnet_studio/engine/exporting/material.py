"""What every format is written from, what it is read back as, and the few lines that all writers share. Knows no format."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from torch import Tensor

from resnet_studio.engine.modules import Network
from resnet_studio.engine.weights.file import Contents

# Of the state_dict, what only training reads: a format may leave it out.
UNUSED = "num_batches_tracked"


@dataclass(frozen=True, slots=True)
class Material:
    """A network, and all that is said of it."""

    contents: Contents
    network: Network


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file, read again: how it runs, and the weights in it under the state_dict's names."""

    run: Callable[[Tensor], Tensor]
    weights: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How one format is written and read again.

    Args:
        write: a new file, flushed and synced; raises OSError where the disk does not take it.
        load: the file, and the files beside it; only ever called in the clean process, on files that were just written.
        apart: it is written in a child: it may take long, or much memory, or break down.
        refuse: raises StudioError for what the format cannot hold, before any work.
        companions: files that are written with a target, each with its format.
    """

    write: Callable[[Path, Material], None]
    load: Callable[[Path, list[Path]], Loaded]
    apart: bool = False
    refuse: Callable[[Material], None] = lambda material: None
    companions: Callable[[Path], tuple[tuple[Path, str], ...]] = lambda path: ()


def write_bytes(path: Path, data: bytes | memoryview) -> None:
    """A new file, whole, flushed and synced.

    Raises:
        OSError: the disk does not take it.
    """
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())

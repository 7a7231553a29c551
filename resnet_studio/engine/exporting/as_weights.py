"""Formats that hold weights and no program: `.pt`, the bare state_dict, safetensors. Knows no exporter of torch's."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from resnet_studio.design.carried import read_carried
from resnet_studio.design.types import Design
from resnet_studio.engine.build import build
from resnet_studio.engine.exporting.material import Loaded, Material, Way
from resnet_studio.engine.weights.file import load_pt, plain, write_pt

_OS_ERROR = re.compile(r"\(os error (\d+)\)")


def _running(design: Design, weights: Mapping[str, Tensor]) -> Loaded:
    network = build(design).eval()
    network.load_state_dict(dict(weights), strict=True)
    return Loaded(network, weights)


def _write_pt(path: Path, material: Material) -> None:
    write_pt(path, plain(material.contents))


def _load_pt(path: Path, _beside: list[Path]) -> Loaded:
    contents = load_pt(path)
    return _running(contents.design, contents.state_dict)


def _write_bare(path: Path, material: Material) -> None:
    write_pt(path, plain(material.contents)["state_dict"])


def _load_bare(path: Path, beside: list[Path]) -> Loaded:
    raise NotImplementedError(f"{path} says nothing of its network, so nobody loads it but {beside}")


def _write_safetensors(path: Path, material: Material) -> None:
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    held = plain(material.contents)
    weights: dict[str, Tensor] = held.pop("state_dict")
    with path.open("xb") as file:
        usual = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
    try:
        save_file(weights, str(path), metadata=_words(held))
    except SafetensorError as error:
        found = _OS_ERROR.search(str(error))
        if found is None:
            raise
        raise OSError(int(found[1]), os.strerror(int(found[1])), str(path)) from error
    # The library makes its file for the owner's eyes alone; this one is to share.
    path.chmod(usual)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _words(held: dict[str, Any]) -> dict[str, str]:
    """The metadata: the format knows text alone, so what is more is JSON."""
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in held.items()}


def _load_safetensors(path: Path, _beside: list[Path]) -> Loaded:
    from safetensors.torch import load_file

    return _running(read_carried(path), load_file(str(path)))


PT = Way(write=_write_pt, load=_load_pt)
BARE = Way(write=_write_bare, load=_load_bare)
SAFETENSORS = Way(write=_write_safetensors, load=_load_safetensors)

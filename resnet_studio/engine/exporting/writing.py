"""The child that writes what may take long, or much memory, or break down: from a `.pt` to a new file. Knows no target."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.build import build
from resnet_studio.engine.exporting.apart import answer
from resnet_studio.engine.exporting.material import Material
from resnet_studio.engine.exporting.ways import WAYS
from resnet_studio.engine.weights.file import load_pt


def _written(words: list[str]) -> dict[str, Any]:
    format, carrier, target = words
    contents = load_pt(Path(carrier))
    network = build(contents.design).eval()
    network.load_state_dict(dict(contents.state_dict))
    try:
        WAYS[format].write(Path(target), Material(contents, network))
    except RecursionError:
        blocks = sum(len(stage.blocks) for stage in contents.design.stages)
        raise StudioError(
            f"{blocks} blocks are nested too deeply for this exporter of PyTorch's.", "Take another format."
        ) from None
    return {}


if __name__ == "__main__":
    sys.exit(answer(_written))

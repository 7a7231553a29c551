"""The clean process that reads an exported file again and compares. Knows nothing of where the file is to go."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.engine.exporting.apart import answer
from resnet_studio.engine.exporting.material import UNUSED
from resnet_studio.engine.exporting.proof import difference, fingerprint, largest
from resnet_studio.engine.exporting.ways import WAYS

# Other programs add in another order; a wrong weight or a wrong wire shows at a hundred times this.
_TOLERANCE = 1e-4


@torch.no_grad()
def _compared(words: list[str]) -> dict[str, Any]:
    format, expected, path, *beside = words
    wanted = torch.load(expected, map_location="cpu", weights_only=True)
    loaded = WAYS[format].load(Path(path), [Path(file) for file in beside])
    fault = _weight_fault(wanted["weights"], loaded.weights)
    differences, scale = [], 1.0
    for images, outputs in zip(wanted["inputs"], wanted["outputs"], strict=True):
        differences.append(difference(outputs, loaded.run(images)))
        scale = max(scale, largest(outputs))
    finite = [value if math.isfinite(value) else None for value in differences]
    return {"differences": finite, "allowed": _TOLERANCE * scale, "fault": fault}


def _weight_fault(wanted: Mapping[str, str], found: Mapping[str, Tensor]) -> str:
    """The first weight that is missing or not the same, bit for bit; empty when there is none."""
    for name, told in wanted.items():
        if name not in found:
            if not name.endswith(UNUSED):
                return f"{name} is missing"
        elif fingerprint(found[name]) != told:
            return f"{name} is another"
    return ""


if __name__ == "__main__":
    sys.exit(answer(_compared))

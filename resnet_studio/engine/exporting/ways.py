"""Every format's way of being written and read again. A new format is one line here and one in runs/formats.py."""

from __future__ import annotations

from resnet_studio.engine.exporting import as_onnx, as_program, as_source, as_weights
from resnet_studio.engine.exporting.material import Way
from resnet_studio.runs import formats

# The bare state_dict has no entry among the formats: it says nothing of its network, and lies beside a `.pt` alone.
BARE = "state_dict"
WAYS: dict[str, Way] = {
    formats.PT.name: as_weights.PT,
    BARE: as_weights.BARE,
    formats.SAFETENSORS.name: as_weights.SAFETENSORS,
    formats.ONNX.name: as_onnx.WAY,
    formats.PT2.name: as_program.PT2,
    formats.TORCHSCRIPT.name: as_program.TORCHSCRIPT,
    formats.PYTHON.name: as_source.WAY,
}

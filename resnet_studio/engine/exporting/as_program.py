"""PyTorch's own program formats: `.pt2` of torch.export, and TorchScript for those who still need it. Knows no ONNX."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from resnet_studio.engine.exporting.material import Loaded, Material, Way, write_bytes
from resnet_studio.engine.exporting.program import example, quiet

# TorchScript keeps, for its error messages, where each line of source stood on this machine.
_TRACES = ".debug_pkl"


def _write_pt2(path: Path, material: Material) -> None:
    network = material.network.eval()
    with quiet(), torch.no_grad():
        batch = torch.export.Dim("batch")
        program = torch.export.export(network, (example(material),), dynamic_shapes=({0: batch},))
        _strip(program)
        whole = io.BytesIO()
        torch.export.save(program, whole)
    write_bytes(path, whole.getbuffer())


def _strip(program: torch.export.ExportedProgram) -> None:
    """Without the files and lines of this machine that stand in every node."""
    for part in program.graph_module.modules():
        if isinstance(part, torch.fx.GraphModule):
            for node in part.graph.nodes:
                node.meta.pop("stack_trace", None)


def _load_pt2(path: Path, _beside: list[Path]) -> Loaded:
    with quiet():
        program = torch.export.load(str(path))
        return Loaded(program.module(), program.state_dict)


def _write_torchscript(path: Path, material: Material) -> None:
    network = material.network.eval()
    whole = io.BytesIO()
    jit: Any = torch.jit  # deprecated, and without types
    with quiet(), torch.no_grad():
        # Traced thrice and compared by itself otherwise: the clean process compares better.
        traced = jit.trace(network, example(material), check_trace=False)
        jit.save(traced, whole)
    write_bytes(path, _without_traces(whole))


def _without_traces(whole: io.BytesIO) -> bytes:
    """The same archive, laid out by torch's own writer, less what tells of this machine."""
    whole.seek(0)
    found = torch._C.PyTorchFileReader(whole)
    kept = io.BytesIO()
    archive = torch._C.PyTorchFileWriter(kept)
    for name in found.get_all_records():
        if not name.endswith(_TRACES) and name not in (".data/serialization_id", "version", "byteorder"):
            record = found.get_record(name)
            archive.write_record(name, record, len(record))
    archive.write_end_of_file()
    return kept.getvalue()


def _load_torchscript(path: Path, _beside: list[Path]) -> Loaded:
    jit: Any = torch.jit
    with quiet():
        program = jit.load(str(path), map_location="cpu")
        weights: dict[str, Tensor] = dict(program.state_dict())
        return Loaded(program, weights)


PT2 = Way(write=_write_pt2, load=_load_pt2, apart=True)
TORCHSCRIPT = Way(write=_write_torchscript, load=_load_torchscript, apart=True)

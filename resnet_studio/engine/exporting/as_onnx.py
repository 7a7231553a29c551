"""ONNX: written by torch's exporter with the state_dict's own names, run by ONNX Runtime. Knows no other format."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from resnet_studio.design.errors import StudioError
from resnet_studio.engine.exporting.material import Loaded, Material, Way, write_bytes
from resnet_studio.engine.exporting.program import example, quiet

if TYPE_CHECKING:
    from onnx import ModelProto

INPUT, OUTPUT = "images", "logits"
# protobuf ends at 2 GiB; what is larger would need files beside it.
MOST_BYTES = 1_800_000_000


def _refuse(material: Material) -> None:
    state = material.contents.state_dict
    need = sum(tensor.numel() * tensor.element_size() for tensor in state.values())
    if need > MOST_BYTES:
        raise StudioError(
            f"{need / 1e9:.1f} GB of weights do not fit into one ONNX file, which ends at 1.8 GB.",
            "Export it as safetensors or .pt2.",
        )


def _write(path: Path, material: Material) -> None:
    model = translated(material)
    check(model)
    write_bytes(path, model.SerializeToString())


def translated(material: Material) -> ModelProto:
    """The network in ONNX: its initialisers are the state_dict's tensors under their names, nothing folded into them."""
    import onnxscript.optimizer

    network = material.network.eval()
    with quiet(), torch.no_grad():
        program = torch.onnx.export(
            network,
            (example(material),),
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_shapes=({0: torch.export.Dim("batch")},),
            external_data=False,
            verbose=False,
            # Its optimiser writes each norm into the convolution before it: names stay, and numbers are others.
            optimize=False,
        )
        assert program is not None
        onnxscript.optimizer.fold_constants(program.model)
        onnxscript.optimizer.remove_unused_nodes(program.model)
    model: ModelProto = program.model_proto
    _strip(model)
    return model


def _strip(model: ModelProto) -> None:
    """Without the paths, source lines and class names of this machine that the exporter leaves in every node."""
    for part in _parts(model):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    model.graph.name = "network"


def _parts(model: ModelProto) -> Iterable[Any]:
    graph = model.graph
    yield model
    yield graph
    for some in (graph.node, graph.input, graph.output, graph.value_info, graph.initializer):
        yield from some
    yield from model.functions


def check(model: ModelProto) -> None:
    """Ask onnx whether it is sound.

    Raises:
        StudioError: it is not.
    """
    import onnx

    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        reason = str(error).strip().splitlines()[0][:200]
        raise StudioError(
            f"torch's exporter wrote unsound ONNX ({reason}).", "Take another format."
        ) from error


def _load(path: Path, _beside: list[Path]) -> Loaded:
    import onnx
    import onnxruntime

    model = onnx.load(str(path))
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = torch.get_num_threads()
    settings.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), settings, providers=["CPUExecutionProvider"])

    def run(images: Tensor) -> Tensor:
        found = session.run([OUTPUT], {INPUT: images.numpy()})[0]
        return torch.from_numpy(found)

    return Loaded(run, _weights(model))


def _weights(model: ModelProto) -> dict[str, Tensor]:
    from onnx import numpy_helper

    return {
        held.name: torch.from_numpy(numpy_helper.to_array(held).copy()) for held in model.graph.initializer
    }


WAY = Way(write=_write, load=_load, apart=True, refuse=_refuse)

"""Layers and blocks in the terminal's words: plain letters, every number that they have. Counts nothing."""

from __future__ import annotations

from collections.abc import Iterator

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.design.types import Attention, BlockSpec, Norm

_SIGNS = {LayerKind.ADD: "add (+)", LayerKind.SCALE: "scale (×)"}


def layer_words(layer: Layer) -> str:
    """What a layer is: "conv 3x3/2 g32", "group_norm g32", "drop_path 0.1"."""
    words = [layer.activation.value if layer.activation else _SIGNS.get(layer.kind, layer.kind.value)]
    if layer.kind is LayerKind.NORM and layer.groups:
        words = [f"group_norm g{layer.groups}"]
    if layer.pool:
        words = [f"global_{layer.pool}_pool"]
    if layer.kernel:
        size = str(layer.kernel) if layer.kind is LayerKind.CONV_1D else f"{layer.kernel}x{layer.kernel}"
        words.append(size + (f"/{layer.stride}" if layer.stride > 1 else ""))
    elif layer.stride > 1:
        words.append(f"/{layer.stride}")
    if layer.kind is LayerKind.CONV:
        words += [f"g{layer.groups}"] if layer.groups > 1 else []
        words += [f"d{layer.dilation}"] if layer.dilation > 1 else []
        words += ["+ bias"] if layer.bias else []
    return " ".join([*words, *([f"{layer.rate:.4g}"] if layer.rate else [])])


def block_words(spec: BlockSpec, count: int, last: float) -> str:
    """A run of equal blocks: "bottleneck x5, identity, se, drop path 0.1"; `last` is the last one's drop path."""
    times = f" x{count}" if count > 1 else ""
    return ", ".join([f"{spec.kind.value}{times}", spec.shortcut.value, *_added(spec, last)])


def _added(spec: BlockSpec, last: float) -> Iterator[str]:
    """What later papers added."""
    if spec.attention is not Attention.NONE:
        yield spec.attention.value
    if spec.norm is not Norm.BATCH:
        yield f"group norm {spec.norm_groups}" if spec.norm is Norm.GROUP else "no norm"
    if spec.kernel != 3:
        yield f"{spec.kernel}x{spec.kernel}"
    if spec.dilation > 1:
        yield f"dilation {spec.dilation}"
    if spec.dropout:
        yield f"dropout {spec.dropout:.4g}"
    if spec.drop_path:
        yield f"drop path {spec.drop_path:.4g}" + (f" to {last:.4g}" if last != spec.drop_path else "")

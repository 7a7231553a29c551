"""Compares our rows with torchinfo's: confirmed, waited for, or how they differ, in words. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resnet_studio.analysis.layers import WITHOUT_MODULE, Layer, LayerKind
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import thousands
from resnet_studio.ui.table.rows import Row

YES, WAITING, ABSENT = "✓", "…", ""
SKIPPED, PARTLY = tr("skipped"), tr("partly")
Rows = Mapping[str, Mapping[str, Any]]
# The addition and the zero padding have no torch module, so torchinfo has no row for them.
_WITHOUT_ROW = (*WITHOUT_MODULE, LayerKind.ZERO_PAD)


class Several(str):
    """A verdict on several layers, which knows how many of them differ."""

    __slots__ = ("layers",)
    layers: int

    @classmethod
    def of(cls, layers: int) -> Several:
        """In words: "3 differ"."""
        made = cls(trn("{count} differs", "{count} differ", layers))
        made.layers = layers
        return made


def verdict_of_layer(name: str, layer: Layer, rows: Rows) -> str:
    """What torchinfo says of one layer."""
    found = rows.get(name)
    if found is None:
        return ABSENT if layer.kind in _WITHOUT_ROW else tr("not counted")
    if found.get("params") != layer.params:
        return tr("counts {count} parameters", count=thousands(int(found["params"])))
    if found.get("macs") != layer.torchinfo_macs:
        return tr("counts {count} multiply-adds", count=thousands(int(found["macs"])))
    output = tuple(found.get("output") or ())
    # torchinfo's shapes start with the batch.
    if output not in (layer.output, (1, *layer.output)) and layer.kind is not LayerKind.GLOBAL_POOL:
        return tr("has output {shape}", shape="×".join(map(str, output)))
    return YES


def verdict(row: Row, rows: Rows | None) -> str:
    """What torchinfo says of a row: of a block or stage, the worst of what it says of its layers."""
    if rows is None:
        return WAITING
    if row.unit is not None and row.unit.part.faults:
        return SKIPPED  # it cannot be built, so torchinfo is not asked
    if row.layer is not None:
        return verdict_of_layer(row.cells.name, row.layer, rows)
    if row.unit is not None:
        unit = row.unit
        said = [verdict_of_layer(unit.full_name(layer), layer, rows) for layer in unit.part.layers()]
    else:
        said = [verdict(child, rows) for child in row.children or []]
    wrong = sum(_count(words) for words in said)
    if not wrong:
        return _of_the_sound(said)
    return Several.of(wrong)


def _of_the_sound(said: list[str]) -> str:
    """What is to say where nothing differs."""
    if SKIPPED in said:
        return PARTLY if YES in said else SKIPPED
    return YES if said else ABSENT


def _count(words: str) -> int:
    """How many layers a verdict finds fault with."""
    if words in (YES, ABSENT, SKIPPED, PARTLY):
        return 0
    return words.layers if isinstance(words, Several) else 1

"""Differences between two networks in words: "Stage 2, block 3: width 128 instead of 64". Knows no presets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from enum import Enum
from typing import Any

from resnet_studio.analysis.recognition.align import Pair, changed
from resnet_studio.design.presets.outline import Outline
from resnet_studio.design.types import BlockSpec, Head, Stem
from resnet_studio.language import tr, trn

# By the names of the drawing's fields.
_LABELS = {
    "kind": tr("kind"),
    "channels": tr("channels"),
    "width": tr("width"),
    "stride": tr("stride"),
    "groups": tr("groups"),
    "kernel": tr("kernel"),
    "dilation": tr("dilation"),
    "shortcut": tr("shortcut"),
    "norm": tr("norm"),
    "attention": tr("attention"),
    "reduction": tr("reduction"),
    "dropout": tr("dropout"),
    "classes": tr("classes"),
    "height": tr("height"),
    "norm_groups": tr("norm groups"),
    "drop_path": tr("stochastic depth"),
    "activate": tr("norm and activation"),
    "pool": tr("pooling"),
}
_SWITCHES = {
    ("stride_first", True): tr("strides in its first 1×1"),
    ("stride_first", False): tr("strides in its 3×3"),
}
_WORDS = {
    "residual": tr("residual"),
    "bottleneck": tr("bottleneck"),
    "identity": tr("identity"),
    "projection": tr("projection"),
    "none": tr("none"),
    "plain": tr("plain"),
    "deep": tr("deep"),
    "tiered": tr("tiered"),
    "original": tr("original"),
    "zero_pad": tr("zero padding"),
    "pool_projection": tr("pooled projection"),
    "full_preact": tr("full pre-activation"),
    "relu_only_preact": tr("ReLU-only pre-activation"),
    "bn_after_add": tr("BN after addition"),
    "relu_before_add": tr("ReLU before addition"),
    "no_final_relu": tr("no final ReLU"),
}
_ALONE = ("kind", "order", "activation")


def value_words(value: Any) -> str:
    """A field's value as people say it: "full pre-activation", 0.1, yes."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    text = (
        str(value.value)
        if isinstance(value, Enum)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
    return _WORDS.get(text, text)


def change_words(name: str, mine: Any, theirs: Any) -> str:
    """One field in which two differ: "width 128 instead of 64"."""
    switch = _SWITCHES.get((name, mine)) if isinstance(mine, bool) else None
    if switch is not None:
        return switch
    # A stem's pool is a switch, a head's is a kind: "pooling yes instead of no" reads as neither.
    if isinstance(mine, bool):
        label = _LABELS.get(name, name)
        return label if mine else tr("no {label}", label=label)
    label = "" if name in _ALONE else f"{_LABELS.get(name, name)} "
    return tr(
        "{label}{mine} instead of {theirs}", label=label, mine=value_words(mine), theirs=value_words(theirs)
    )


def changes(mine: BlockSpec | Stem | Head, theirs: BlockSpec | Stem | Head) -> str:
    """Every field in which two of a kind differ."""
    if isinstance(mine, BlockSpec) and isinstance(theirs, BlockSpec):
        names: Iterable[str] = changed(mine, theirs)
    else:
        names = [f.name for f in fields(mine) if getattr(mine, f.name) != getattr(theirs, f.name)]
    return ", ".join(change_words(name, getattr(mine, name), getattr(theirs, name)) for name in names)


def outer(mine: Outline, theirs: Outline) -> list[str]:
    """What differs in stem and head."""
    found = [tr("stem: {stem}", stem=changes(mine.stem, theirs.stem))] if mine.stem != theirs.stem else []
    if mine.head is None and theirs.head is not None:
        found.append(tr("head: missing"))
    elif mine.head is not None and theirs.head is not None and mine.head != theirs.head:
        found.append(tr("head: {head}", head=changes(mine.head, theirs.head)))
    return found


Place = tuple[int, int, BlockSpec]


def blocks(mine: Sequence[Place], theirs: Sequence[Place], pairs: Sequence[Pair]) -> list[str]:
    """What differs in the blocks; neighbours of one stage with the same difference share a line."""
    told: list[tuple[int, int, str]] = []  # stage, block, words; block 0: a place where blocks are missing
    missing: dict[int, int] = {}
    at_all = sum(a is not None for a, _ in pairs)
    for a, b in pairs:
        if a is None and b is not None:
            missing[theirs[b][0]] = missing.get(theirs[b][0], 0) + 1
        elif a is not None:
            stage, block, spec = mine[a]
            if b is None:
                told.append((stage, block, tr("additional")))
            elif spec != theirs[b][2]:
                told.append((stage, block, changes(spec, theirs[b][2])))
    if len(told) == at_all > 1 and len({words for *_, words in told}) == 1:
        lines = [tr("every block: {told}", told=told[0][2])]
    else:
        lines = _folded(told)
    for stage, count in missing.items():
        lines.append(
            trn(
                "Stage {stage}: {count} block fewer",
                "Stage {stage}: {count} blocks fewer",
                count,
                stage=stage,
            )
        )
    return lines


def _folded(told: Sequence[tuple[int, int, str]]) -> list[str]:
    lines: list[str] = []
    start = 0
    for index in range(1, len(told) + 1):
        stage, block, words = told[start]
        if index < len(told) and told[index] == (stage, block + index - start, words):
            continue
        last = told[index - 1][1]
        place = (
            tr("Stage {stage}, block {block}", stage=stage, block=block)
            if last == block
            else tr("Stage {stage}, blocks {block}-{last}", stage=stage, block=block, last=last)
        )
        lines.append(f"{place}: {words}")
        start = index
    return lines

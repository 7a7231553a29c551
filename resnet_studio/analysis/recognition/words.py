"""Differences between two networks in words: "Stage 2, block 3: width 128 instead of 64". Knows no presets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from enum import Enum
from typing import Any

from resnet_studio.analysis.recognition.align import Pair, changed
from resnet_studio.design.presets.outline import Outline
from resnet_studio.design.types import BlockSpec, Head, Stem

_LABELS = {
    "norm_groups": "norm groups",
    "drop_path": "stochastic depth",
    "activate": "norm and activation",
    "pool": "pooling",
}
_SWITCHES = {
    ("stride_first", True): "strides in its first 1×1",
    ("stride_first", False): "strides in its 3×3",
}
_WORDS = {
    "zero_pad": "zero padding",
    "pool_projection": "pooled projection",
    "full_preact": "full pre-activation",
    "relu_only_preact": "ReLU-only pre-activation",
    "bn_after_add": "BN after addition",
    "relu_before_add": "ReLU before addition",
    "no_final_relu": "no final ReLU",
}
_ALONE = ("kind", "order", "activation")


def value_words(value: Any) -> str:
    """A field's value as people say it: "full pre-activation", 0.1, yes."""
    if isinstance(value, bool):
        return "yes" if value else "no"
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
        return label if mine else f"no {label}"
    label = "" if name in _ALONE else f"{_LABELS.get(name, name)} "
    return f"{label}{value_words(mine)} instead of {value_words(theirs)}"


def changes(mine: BlockSpec | Stem | Head, theirs: BlockSpec | Stem | Head) -> str:
    """Every field in which two of a kind differ."""
    if isinstance(mine, BlockSpec) and isinstance(theirs, BlockSpec):
        names: Iterable[str] = changed(mine, theirs)
    else:
        names = [f.name for f in fields(mine) if getattr(mine, f.name) != getattr(theirs, f.name)]
    return ", ".join(change_words(name, getattr(mine, name), getattr(theirs, name)) for name in names)


def outer(mine: Outline, theirs: Outline) -> list[str]:
    """What differs in stem and head."""
    found = [f"stem: {changes(mine.stem, theirs.stem)}"] if mine.stem != theirs.stem else []
    if mine.head is None and theirs.head is not None:
        found.append("head: missing")
    elif mine.head is not None and theirs.head is not None and mine.head != theirs.head:
        found.append(f"head: {changes(mine.head, theirs.head)}")
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
                told.append((stage, block, "additional"))
            elif spec != theirs[b][2]:
                told.append((stage, block, changes(spec, theirs[b][2])))
    if len(told) == at_all > 1 and len({words for *_, words in told}) == 1:
        lines = [f"every block: {told[0][2]}"]
    else:
        lines = _folded(told)
    for stage, count in missing.items():
        lines.append(f"Stage {stage}: {count} block{'s' if count > 1 else ''} fewer")
    return lines


def _folded(told: Sequence[tuple[int, int, str]]) -> list[str]:
    lines: list[str] = []
    start = 0
    for index in range(1, len(told) + 1):
        stage, block, words = told[start]
        if index < len(told) and told[index] == (stage, block + index - start, words):
            continue
        last = told[index - 1][1]
        place = f"Stage {stage}, block {block}" if last == block else f"Stage {stage}, blocks {block}-{last}"
        lines.append(f"{place}: {words}")
        start = index
    return lines

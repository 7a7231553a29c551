"""The forward pass of one variant of blocks, as text: one line for each convolution and what follows it. Knows no numbers."""

from __future__ import annotations

from collections.abc import Iterable

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.source.helpers import attribute
from resnet_studio.analysis.source.variants import Variant


def forward_lines(variant: Variant, *, shortens: bool) -> list[str]:
    """The method `forward`."""
    part = variant.pattern.part
    body: list[str] = []
    source = "x"
    if shortens and not variant.from_pre:
        body.append("identity = x if self.downsample is None else self.downsample(x)")
    if part.pre:
        body.append(f"out = {nested(part.pre, 'x')}")
        source = "out"
    if shortens and variant.from_pre:
        body.append("identity = x if self.downsample is None else self.downsample(out)")
    for step in steps(part.body):
        body.append(f"out = {nested(step, source)}")
        source = "out"
    if part.add is not None:
        body.append(f"return {nested(part.after, 'out + identity' if shortens else 'out + x')}")
    elif part.after:
        body.append(f"return {nested(part.after, 'out')}")
    else:
        body[-1] = f"return {body[-1].removeprefix('out = ')}"
    return ["    def forward(self, x: Tensor) -> Tensor:", *(f"        {line}" for line in body)]


def steps(rows: Iterable[Layer]) -> list[list[Layer]]:
    """The rows by line: each begins with a convolution or with the attention."""
    found: list[list[Layer]] = []
    for row in rows:
        if row.aside:
            if not found or not found[-1][0].aside:
                found.append([row])
        elif row.kind is LayerKind.CONV or not found:
            found.append([row])
        else:
            found[-1].append(row)
    return found


def nested(rows: Iterable[Layer], inner: str) -> str:
    """The calls of the rows' modules, one around the other."""
    for row in rows:
        inner = f"self.{attribute(row)}({inner})"
    return inner

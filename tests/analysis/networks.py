"""The papers' networks that are no presets, built from the same parts as a user would draw them."""

from collections.abc import Sequence
from dataclasses import replace

from resnet_studio.design.presets import cifar_resnet, preset
from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    InputSpec,
    Order,
    ShortcutKind,
    Stage,
    Stem,
)

PREACT = (Order.FULL_PREACT, Order.RELU_ONLY_PREACT)


def changed(design: Design, **fields: object) -> Design:
    """Every block with other fields."""
    lanes = tuple(
        replace(lane, blocks=tuple(Block(b.id, replace(b.spec, **fields)) for b in lane.blocks))  # type: ignore[arg-type]
        for lane in design.stages
    )
    return replace(design, stages=lanes)


def with_shortcuts(design: Design, old: ShortcutKind, new: ShortcutKind) -> Design:
    """Every shortcut of one kind as another."""
    lanes = tuple(
        replace(
            lane,
            blocks=tuple(
                Block(b.id, replace(b.spec, shortcut=new)) if b.spec.shortcut is old else b
                for b in lane.blocks
            ),
        )
        for lane in design.stages
    )
    return replace(design, stages=lanes)


def v1(name: str) -> Design:
    """The paper's own: bottlenecks stride in the first 1x1, residual nets have zero-padded shortcuts."""
    design = preset(name)
    if any(block.spec.kind is BlockKind.RESIDUAL for block in design.blocks()):
        return with_shortcuts(design, ShortcutKind.PROJECTION, ShortcutKind.ZERO_PAD)
    return changed(design, stride_first=True)


def resnext(blocks: Sequence[int], cardinality: int, width: int) -> Design:
    """ResNeXt of any cardinality (Xie et al. 2016, Table 2)."""
    base = preset("resnet50")
    lanes = []
    for number, count in enumerate(blocks):
        first, rest = (block.spec for block in base.stages[number].blocks[:2])
        inner = cardinality * width * 2**number
        specs = [
            replace(first if i == 0 else rest, kind=BlockKind.RESNEXT, width=inner, groups=cardinality)
            for i in range(count)
        ]
        lanes.append(
            Stage(
                id=f"s{number}",
                name=f"Stage {number + 1}",
                blocks=tuple(Block(f"s{number}b{i}", spec) for i, spec in enumerate(specs)),
            )
        )
    return replace(base, stages=tuple(lanes))


def in_order(design: Design, order: Order) -> Design:
    """A design in one of the orders of He et al. 2016; the pre-activation ones move the outer norms as the paper does."""
    design = changed(design, order=order)
    if order is Order.FULL_PREACT:
        head = design.head
        assert head is not None
        return replace(design, stem=replace(design.stem, activate=False), head=replace(head, activate=True))
    return design


def cifar_bottleneck(depth: int) -> Design:
    """The CIFAR net of bottlenecks, 9n+2 layers (He et al. 2016), projections where the shape changes."""
    n = (depth - 2) // 9
    assert 9 * n + 2 == depth
    lanes = []
    for number, width in enumerate((16, 32, 64)):
        rest = BlockSpec(kind=BlockKind.BOTTLENECK, channels=4 * width, width=width)
        first = replace(rest, stride=1 if number == 0 else 2, shortcut=ShortcutKind.PROJECTION)
        blocks = tuple(Block(f"s{number}b{i}", rest if i else first) for i in range(n))
        lanes.append(Stage(id=f"s{number}", name=f"Stage {number + 1}", blocks=blocks))
    return replace(cifar_resnet(20), name=f"CIFAR ResNet-{depth}", stages=tuple(lanes))


def wide_resnet(depth: int, widen: int) -> Design:
    """Wide ResNet (Zagoruyko and Komodakis 2016): 6n+4 layers, full pre-activation, projections without a norm."""
    n = (depth - 4) // 6
    assert 6 * n + 4 == depth
    lanes = []
    for number, base in enumerate((16, 32, 64)):
        width = base * widen
        rest = BlockSpec(kind=BlockKind.RESIDUAL, channels=width, width=width, order=Order.FULL_PREACT)
        first = replace(rest, stride=1 if number == 0 else 2, shortcut=ShortcutKind.PROJECTION)
        blocks = tuple(Block(f"s{number}b{i}", rest if i else first) for i in range(n))
        lanes.append(Stage(id=f"s{number}", name=f"Stage {number + 1}", blocks=blocks))
    return Design(
        name=f"WRN-{depth}-{widen}",
        input=InputSpec(channels=3, height=32, width=32),
        stem=Stem(channels=16, kernel=3, stride=1, pool=False, activate=False),
        stages=tuple(lanes),
        head=Head(classes=10, activate=True),
    )

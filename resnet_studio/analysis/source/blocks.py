"""The class of one variant of blocks, as text, and the calls that make its blocks. Knows no network around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resnet_studio.analysis.layers import Layer, LayerKind
from resnet_studio.analysis.source import helpers
from resnet_studio.analysis.source.forward import forward_lines
from resnet_studio.analysis.source.text import arguments, broken
from resnet_studio.analysis.source.variants import Sample, Variant
from resnet_studio.design.types import Attention, BlockKind, Norm, Order

_SQUEEZES = (Attention.SE, Attention.CBAM)
_ORDERS = {
    Order.ORIGINAL: "",
    Order.BN_AFTER_ADD: "The last norm stands after the addition.",
    Order.RELU_BEFORE_ADD: "The last activation stands before the addition.",
    Order.RELU_ONLY_PREACT: "Each stands behind its activation.",
    Order.FULL_PREACT: "Each stands behind its norm and activation.",
    Order.NO_FINAL_RELU: "No activation follows the addition.",
}


@dataclass(frozen=True, slots=True)
class _Knob:
    """A property of blocks that becomes a number in the class where all have the same, else an argument."""

    name: str
    kind: str
    default: object
    of: Callable[[Sample], Any]


_KNOBS = (
    _Knob("stride", "int", 1, lambda sample: sample.spec.stride),
    _Knob("groups", "int", 1, lambda sample: sample.spatial.groups),
    _Knob("kernel", "int", 3, lambda sample: sample.spatial.kernel),
    _Knob("dilation", "int", 1, lambda sample: sample.spatial.dilation),
    _Knob("norm_groups", "int", 32, lambda s: s.spec.norm_groups if s.spec.norm is Norm.GROUP else 0),
    _Knob("reduction", "int", 16, lambda s: s.spec.reduction if s.spec.attention in _SQUEEZES else 0),
    _Knob("dropout", "float", 0.0, lambda sample: sample.spec.dropout),
    _Knob("drop_path", "float", 0.0, lambda sample: sample.spec.drop_path),
    _Knob("zero_init", "bool", False, lambda sample: sample.spec.zero_init and sample.part.add is not None),
)


class BlockClass:
    """One class of the file.

    Attributes:
        told: names of the properties that the constructor is told.
    """

    def __init__(self, variant: Variant) -> None:
        self.variant = variant
        self._values = {knob.name: variant.values(knob.of) for knob in _KNOBS}
        self.told = [knob for knob in _KNOBS if self._is_told(knob)]
        self._symbols = {knob.name: self._symbol(knob) for knob in _KNOBS}
        self.expansion = _expansion(variant)
        same = all(sample.spec.channels == sample.spec.width for sample in variant.samples)
        self._width = "channels" if same else "width"
        self._dims = ["channels"] if same else ["width"] if self.expansion else ["width", "channels"]
        self.shortens = any(sample.part.shortcut for sample in variant.samples)

    def _is_told(self, knob: _Knob) -> bool:
        values = self._values[knob.name]
        return values != {1} if knob.name == "stride" else len(values) > 1

    def _symbol(self, knob: _Knob) -> object:
        return knob.name if knob in self.told else next(iter(self._values[knob.name]))

    @property
    def silences(self) -> bool:
        """Whether some of its blocks begin as their shortcut."""
        return True in self._values["zero_init"]

    @property
    def silenced(self) -> str:
        """Name of the layer whose weight is zero then."""
        kinds = (LayerKind.CONV, LayerKind.NORM)
        return next(
            row.name
            for row in reversed(self.variant.pattern.part.body)
            if row.kind in kinds and not row.aside
        )

    # --- the calls --------------------------------------------------------------------------------------------------

    def arguments(self, sample: Sample, downsample: str | None, *, drop_path: str | None = None) -> list[str]:
        """What the constructor is told for one block; `drop_path` stands for its rate where a loop gives it."""
        named: dict[str, object] = {}
        for knob in self.told:
            value = knob.of(sample)
            if value != knob.default:
                named[knob.name] = repr(value)
        if drop_path is not None:
            named["drop_path"] = drop_path
        dims = [getattr(sample.spec, name) for name in self._dims]
        return arguments(sample.part.input[0], *dims, **named, downsample=downsample)

    @property
    def tells_drop_path(self) -> bool:
        """Whether the constructor is told the rate of leaving out the branch."""
        return any(knob.name == "drop_path" for knob in self.told)

    # --- the class --------------------------------------------------------------------------------------------------

    def lines(self) -> list[str]:
        """The class."""
        head = [f"class {self.variant.name}(nn.Module):", *self._note(), ""]
        if self.expansion:
            head += [f"    expansion = {self.expansion}", ""]
        told = ["self", "in_channels: int", *(f"{name}: int" for name in self._dims)]
        told += [f"{knob.name}: {knob.kind} = {knob.default!r}" for knob in self.told]
        if self.shortens:
            told.append("downsample: nn.Module | None = None")
        start = [*broken(4, "def __init__(", told, ") -> None:"), "        super().__init__()"]
        if self.expansion:
            start.append("        channels = width * self.expansion")
        forward = forward_lines(self.variant, shortens=self.shortens)
        return [*head, *start, *self._modules(), "", *forward]

    def _note(self) -> list[str]:
        spec = self.variant.samples[0].spec
        kernel = self._symbols["kernel"]
        spatial = "kxk" if kernel == "kernel" else f"{kernel}x{kernel}"
        convs = f"Two {spatial} convolutions"
        if spec.kind is not BlockKind.RESIDUAL:
            convs = f"1x1, {spatial} and 1x1 convolutions"
        where = ("first", "second", "third")[self.variant.strided]
        strided = f"; the {where} strides" if "stride" in (knob.name for knob in self.told) else ""
        plain = "There is no shortcut." if self.variant.pattern.part.add is None else ""
        more = " ".join(filter(None, (_ORDERS[spec.order], plain)))
        if not more:
            return [f'    """{convs}{strided}."""']
        return [f'    """{convs}{strided}.', "", f"    {more}", '    """']

    def _modules(self) -> list[str]:
        part = self.variant.pattern.part
        writer = _Modules(self)
        writer.take(part.pre)
        writer.take(part.body)
        if self.shortens:
            writer.lines.append("        self.downsample = downsample")
        writer.take(part.after)
        if any(knob.name == "zero_init" for knob in self.told):
            writer.lines.append("        self.zero_init = zero_init")
        return writer.lines


class _Modules:
    """The lines of a constructor that make the modules, one row after the other."""

    def __init__(self, block: BlockClass) -> None:
        self._block, self._symbols = block, block._symbols
        self._count = 0
        self._channels = "in_channels"
        self._seen: set[str] = set()
        self.lines: list[str] = []

    def take(self, rows: tuple[Layer, ...]) -> None:
        for row in rows:
            name = helpers.attribute(row)
            if name not in self._seen:
                self._seen.add(name)
                self.lines += broken(8, *_parted(f"self.{name} = {self._made(row)}"))

    def _made(self, row: Layer) -> str:
        symbols = self._symbols
        if row.aside:
            return self._attention()
        match row.kind:
            case LayerKind.CONV:
                return self._conv(row)
            case LayerKind.NORM:
                return helpers.norm(self._channels, symbols["norm_groups"] if row.groups else 0)
            case LayerKind.ACTIVATION:
                return helpers.activation(row.activation, in_place=not reads_input(self._block.variant))
            case LayerKind.DROPOUT:
                return f"nn.Dropout({symbols['dropout']})"
            case LayerKind.DROP_PATH:
                return f"DropPath({symbols['drop_path']})"
        raise AssertionError(f"a block has no {row.kind}")

    def _conv(self, row: Layer) -> str:
        block, symbols = self._block, self._symbols
        arriving, index = self._channels, self._count
        convs = block.variant.pattern.convs()
        last = index == len(convs) - 1
        leaving = self._channels = "channels" if last else block._width
        self._count += 1
        stride = symbols["stride"] if index == block.variant.strided else 1
        if len(convs) == 3 and index != 1:
            return helpers.conv(arriving, leaving, kernel=1, stride=stride, bias=row.bias)
        return helpers.conv(
            arriving,
            leaving,
            kernel=symbols["kernel"],
            stride=stride,
            padding=_padding(symbols["kernel"], symbols["dilation"]),
            dilation=symbols["dilation"],
            groups=symbols["groups"],
            bias=row.bias,
        )

    def _attention(self) -> str:
        variant = self._block.variant
        kind = variant.samples[0].spec.attention
        name = helpers.ATTENTION_CLASSES[kind]
        if kind not in _SQUEEZES:
            return f"{name}(channels)"
        squeezed = f"channels // {self._symbols['reduction']}"
        if any(sample.spec.channels < sample.spec.reduction for sample in variant.samples):
            squeezed = f"max(1, {squeezed})"
        return f"{name}(channels, {squeezed})"


def _expansion(variant: Variant) -> int:
    """What a bottleneck's width is multiplied by to become its channels, where that is one whole number above 1; else 0."""
    spec = variant.samples[0].spec
    ratio = spec.channels // spec.width
    fits = all(sample.spec.channels == ratio * sample.spec.width for sample in variant.samples)
    return ratio if fits and ratio > 1 and spec.kind is not BlockKind.RESIDUAL else 0


def _padding(kernel: object, dilation: object) -> object:
    """dilation * (kernel // 2), computed as far as it is known."""
    half: object = kernel // 2 if isinstance(kernel, int) else "kernel // 2"
    if isinstance(half, int):
        if half == 0:
            return 0
        if isinstance(dilation, int):
            return dilation * half
        return "dilation" if half == 1 else f"{half} * dilation"
    return half if dilation == 1 else f"{dilation} * ({half})"


def reads_input(variant: Variant) -> bool:
    """Whether the activation is the first to see the block's input, which the shortcut still needs."""
    pre = variant.pattern.part.pre
    return bool(pre) and pre[0].kind is LayerKind.ACTIVATION


def _parted(line: str) -> tuple[str, list[str], str]:
    """A line that ends in a call, as what stands before its arguments, the arguments, and what stands behind."""
    before, _, inner = line[:-1].partition("(")
    return f"{before}(", inner.split(", ") if "(" not in inner else [inner], ")"

"""What can be set, as tables: each field's name, label, meaning, limits and choices. Knows no widget and no drawing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from resnet_studio.design import limits
from resnet_studio.design.types import Activation, BlockKind, Order, ShortcutKind

HE_2015 = "He et al. 2015, arXiv:1512.03385"
HE_2016 = "He et al. 2016, arXiv:1603.05027"
XIE_2016 = "Xie et al. 2016, arXiv:1611.05431"


class Control(StrEnum):
    """Which kind of control a field gets. SWITCH is a row of words of its own, without a label."""

    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"
    SWITCH = "switch"
    PAIR = "pair"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property.

    Args:
        name: its key, as in the drawing's types where it stands there.
        label: what the row says.
        meaning: the tooltip: the paper's term and where it comes from.
        control: which control it gets.
        low, high, step, odd: limits of a number.
        choices: (value, words, tooltip) of a choice.
    """

    name: str
    label: str
    meaning: str
    control: Control = Control.NUMBER
    low: int = 1
    high: int = limits.MAX_CHANNELS
    step: int = 1
    odd: bool = False
    choices: tuple[tuple[object, str, str], ...] = field(default=())


KINDS = (
    (
        BlockKind.RESIDUAL,
        "Residual",
        f"Two 3×3 convolutions and the input (basic block). {HE_2015}, Fig. 5 left.",
    ),
    (BlockKind.BOTTLENECK, "Bottleneck", f"1×1 down, 3×3, 1×1 up, and the input. {HE_2015}, Fig. 5 right."),
    (BlockKind.RESNEXT, "ResNeXt", f"A bottleneck whose 3×3 runs in groups. {XIE_2016}, Fig. 3c."),
)
ORDERS = (
    (Order.ORIGINAL, "original", "conv, BN, ReLU, conv, BN, add, ReLU: ReLU after the addition."),
    (
        Order.BN_AFTER_ADD,
        "BN after add",
        "The last norm stands behind the addition and rescales the shortcut too.",
    ),
    (Order.RELU_BEFORE_ADD, "ReLU before add", "The branch can only add: its output is never negative."),
    (Order.RELU_ONLY_PREACT, "ReLU-only pre-act.", "ReLU before each convolution, BN behind it."),
    (
        Order.FULL_PREACT,
        "full pre-activation",
        "BN and ReLU before each convolution; the sum stays untouched.",
    ),
    (Order.NO_FINAL_RELU, "no final ReLU", "The original without the ReLU after the addition."),
)
SHORTCUTS = (
    (ShortcutKind.IDENTITY, "identity", f"The input as it is, for free. {HE_2015}, eq. 1."),
    (
        ShortcutKind.PROJECTION,
        "projection 1×1",
        f"A 1×1 convolution that fits the shape (option B). {HE_2015}, eq. 2.",
    ),
    (
        ShortcutKind.ZERO_PAD,
        "zero padding",
        f"Skipped pixels and zero channels, no parameters (option A). {HE_2015}.",
    ),
    (
        ShortcutKind.POOL_PROJECTION,
        "average pool, 1×1",
        "Average pooling, then 1×1: no pixel is skipped (ResNet-D).",
    ),
    (
        ShortcutKind.NONE,
        "none (plain)",
        f"No addition: a plain network, for comparison. {HE_2015}, Fig. 3 middle.",
    ),
)
_NAMES = {
    Activation.RELU: "ReLU", Activation.LEAKY_RELU: "Leaky ReLU", Activation.ELU: "ELU", Activation.SILU: "SiLU",
    Activation.GELU: "GELU", Activation.HARDSWISH: "Hardswish",
}  # fmt: skip
ACTIVATIONS = tuple((value, words, f"torch.nn's {words.replace(' ', '')}") for value, words in _NAMES.items())
PLACES = (
    (False, "3×3, v1.5", "The 3×3 strides, as in torchvision: a little more work, a little more accurate."),
    (True, "1×1, v1", f"The first 1×1 strides, as in the paper. {HE_2015}."),
)


def activation_words(value: Activation) -> str:
    """An activation as people write it."""
    return _NAMES[value]


_ACTIVATION = Field(
    name="activation",
    label="Activation",
    meaning="The non-linearity.",
    control=Control.CHOICE,
    choices=ACTIVATIONS,
)
_KIND = Field(
    name="kind", label="Kind", meaning="The papers' three blocks.", control=Control.SWITCH, choices=KINDS
)
_ORDER = Field(
    name="order",
    label="Order",
    meaning=f"Where normalisation and activation stand around the addition. {HE_2016}, Fig. 4.",
    control=Control.CHOICE,
    choices=ORDERS,
)

BLOCK_FIELDS = (
    _KIND,
    Field(name="channels", label="Channels out", step=8, meaning="Channels after the addition."),
    Field(
        name="width",
        label="Inner width",
        step=8,
        meaning="Channels of the inner convolutions. A bottleneck's are a quarter of its output: 1×1 down, 3×3, 1×1 up. "
        f"{HE_2015}.",
    ),
    Field(
        name="groups",
        label="Groups",
        meaning=f"In B groups a convolution has 1/B of its parameters and multiply-adds. {XIE_2016}.",
    ),
    Field(
        name="cardinality",
        label="Cardinality",
        meaning=f"C: how many parallel paths the 3×3 has, each of the width below. {XIE_2016}, Sec. 3.",
    ),
    Field(
        name="group_width",
        label="Width / group",
        meaning=f"d: channels of one path. Inner width = cardinality × width per group. {XIE_2016}, Table 2.",
    ),
    Field(name="stride", label="Stride", high=limits.MAX_STRIDE, meaning="1 keeps the map, 2 halves it."),
    Field(
        name="stride_first",
        label="Stride in",
        meaning="Which convolution strides: the 3×3 (v1.5) or the first 1×1 (v1).",
        control=Control.PAIR,
        choices=PLACES,
    ),
    _ORDER,
    Field(
        name="shortcut",
        label="Shortcut",
        meaning=f"What carries the input to the addition. {HE_2015}, options A, B, C.",
        control=Control.CHOICE,
        choices=SHORTCUTS,
    ),
    _ACTIVATION,
    Field(
        name="zero_init",
        label="Zero-init",
        meaning="The last norm's scale starts at zero, so that the block begins as f(x) = x. Goyal et al. 2017, "
        "arXiv:1706.02677.",
        control=Control.FLAG,
    ),
)
STEM_FIELDS = (
    Field(name="channels", label="Channels out", step=8, meaning="Channels of the first convolution."),
    Field(
        name="kernel", label="Kernel", high=limits.MAX_KERNEL, step=2, odd=True,
        meaning=f"7×7 for ImageNet, 3×3 for CIFAR. {HE_2015}, Table 1 and Sec. 4.2.",
    ),
    Field(name="stride", label="Stride", high=limits.MAX_STRIDE, meaning="Stride of the first convolution."),
    Field(name="pool", label="Max-pool", meaning=f"3×3 with stride 2 (ImageNet). {HE_2015}, Table 1.", control=Control.FLAG),
    Field(
        name="activate", label="BN, ReLU", control=Control.FLAG,
        meaning="Norm and activation behind the convolution. Full pre-activation nets leave them to the first block.",
    ),
    _ACTIVATION,
)  # fmt: skip
HEAD_FIELDS = (
    Field(name="classes", label="Classes", high=limits.MAX_CLASSES, meaning="Outputs of the classifier."),
    Field(
        name="norm", label="BN, ReLU", control=Control.FLAG,
        meaning=f"A last norm and activation before the pooling, which full pre-activation nets need. {HE_2016}.",
    ),
    _ACTIVATION,
)  # fmt: skip
STAGE_FIELDS = (
    Field(name="name", label="Name", meaning="The stage's name.", control=Control.TEXT),
    Field(
        name="count", label="Blocks", high=limits.MAX_BLOCKS,
        meaning="How deep the stage is. New blocks follow the last one with stride 1 and an identity shortcut.",
    ),
    _KIND,
    Field(name="channels", label="Channels out", step=8, meaning="Channels after each addition of the stage."),
    Field(name="stride", label="Stride", high=limits.MAX_STRIDE, meaning="Stride of the stage's first block."),
    _ORDER,
    _ACTIVATION,
)  # fmt: skip
DESIGN_FIELDS = (
    Field(name="name", label="Name", meaning="The drawing's name.", control=Control.TEXT),
    Field(name="input_channels", label="Input channels", meaning="3 for colour, 1 for grey."),
    Field(
        name="height", label="Height", high=limits.MAX_IMAGE, step=8, meaning="Height of an image in pixels."
    ),
    Field(name="width", label="Width", high=limits.MAX_IMAGE, step=8, meaning="Width of an image in pixels."),
)

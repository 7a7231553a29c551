"""What can be set, as tables: each field's name, label, meaning, limits and choices. Knows no widget and no drawing."""

from __future__ import annotations

from resnet_studio.design import limits
from resnet_studio.language import tr
from resnet_studio.ui.inspector import options
from resnet_studio.ui.inspector.field import (
    GOYAL_2017,
    HE_2015,
    HE_2016,
    HE_2018,
    HU_2017,
    HUANG_2016,
    IOFFE_2015,
    LIN_2013,
    SRIVASTAVA_2014,
    WU_2018,
    XIE_2016,
    YU_2017,
    ZAGORUYKO_2016,
    Control,
    Field,
    Section,
    cited,
)

__all__ = ["BLOCK_FIELDS", "DESIGN_FIELDS", "HEAD_FIELDS", "STAGE_FIELDS", "STEM_FIELDS", "Control", "Field"]

_ACTIVATION = Field(
    name="activation",
    label=tr("Activation"),
    meaning=cited(tr("The non-linearity behind each norm; ReLU in the papers."), HE_2015),
    control=Control.CHOICE,
    choices=options.ACTIVATIONS,
)
_KIND = Field(
    name="kind",
    label=tr("Kind"),
    meaning=cited(tr("The papers' three blocks."), f"{HE_2015}, Fig. 5; {XIE_2016}, Fig. 3"),
    control=Control.SWITCH,
    choices=options.KINDS,
)
_ORDER = Field(
    name="order",
    label=tr("Order"),
    meaning=cited(tr("Where normalisation and activation stand around the addition."), f"{HE_2016}, Fig. 4"),
    control=Control.CHOICE,
    choices=options.ORDERS,
)

_NORM = (
    Field(
        name="norm", label=tr("Norm"), control=Control.CHOICE, section=Section.NORM, choices=options.NORMS,
        meaning=cited(tr("What normalises. Without any, the convolutions learn a bias."), f"{IOFFE_2015}; {WU_2018}"),
    ),
    Field(
        name="norm_groups", label=tr("Norm groups"), section=Section.NORM,
        meaning=cited(tr("Into how many groups of channels a group norm divides; they must divide the channels."), WU_2018),
    ),
)  # fmt: skip
_ZERO_INIT = Field(
    name="zero_init", label=tr("Zero-init"), control=Control.FLAG, section=Section.NORM,
    meaning=cited(
        tr(
            "The branch's last norm, or where a convolution comes last that one, starts at zero: the block begins as f(x) = x."
        ),
        f"{GOYAL_2017}, Sec. 5.1",
    ),
)  # fmt: skip
_KERNEL = (
    Field(
        name="kernel", label=tr("Kernel"), high=limits.MAX_KERNEL, step=2, odd=True, section=Section.CONVOLUTION,
        meaning=cited(tr("Size of the spatial convolutions: both of a residual block, the middle one of a bottleneck."), HE_2015),
    ),
    Field(
        name="dilation", label=tr("Dilation"), high=limits.MAX_DILATION, section=Section.CONVOLUTION,
        meaning=cited(tr("Distance between the taps of those kernels: they see further at the same cost."), YU_2017),
    ),
)  # fmt: skip
_GROUPS = Field(
    name="groups", label=tr("Groups"), section=Section.CONVOLUTION,
    meaning=cited(tr("In B groups a convolution has 1/B of its parameters and multiply-adds."), XIE_2016),
)  # fmt: skip
_ATTENTION = (
    Field(
        name="attention", label=tr("Attention"), control=Control.CHOICE, section=Section.ATTENTION,
        choices=options.ATTENTIONS, meaning=cited(tr("What weighs the branch's channels before the addition."), f"{HU_2017}, Fig. 3"),
    ),
    Field(
        name="reduction", label=tr("Reduction"), section=Section.ATTENTION,
        meaning=cited(tr("r: between its two layers the attention has 1/r of the channels."), f"{HU_2017}, Table 10"),
    ),
)  # fmt: skip
_DROPPING = (
    Field(
        name="dropout", label=tr("Dropout"), control=Control.RATE, section=Section.DROPPING,
        meaning=cited(tr("Share of single numbers left out before the last convolution, in training only."), f"{ZAGORUYKO_2016}, Sec. 2.4"),
    ),
    Field(
        name="drop_path", label=tr("Drop path"), control=Control.RATE, section=Section.DROPPING,
        meaning=cited(tr("How often training leaves the whole branch of an image out (stochastic depth)."), HUANG_2016),
    ),
)  # fmt: skip
_SPECIAL = (*_KERNEL, *_NORM, *_ATTENTION, *_DROPPING)

BLOCK_FIELDS = (
    _KIND,
    Field(name="channels", label=tr("Channels out"), step=8, meaning=cited(tr("Channels after the addition."), f"{HE_2015}, Table 1")),
    Field(
        name="width", label=tr("Inner width"), step=8,
        meaning=cited(
            tr("Channels of the inner convolutions. A bottleneck's are a quarter of its output: 1×1 down, 3×3, 1×1 up."),
            HE_2015,
        ),
    ),
    Field(
        name="expansion", label=tr("Expansion"),
        meaning=cited(tr("Channels out / inner width: 4 in the papers. Sets the inner width; the channels out stay."), HE_2015),
    ),
    Field(
        name="cardinality", label=tr("Cardinality"),
        meaning=cited(tr("C: how many parallel paths the 3×3 has, each of the width below."), f"{XIE_2016}, Sec. 3"),
    ),
    Field(
        name="group_width", label=tr("Width / group"),
        meaning=cited(tr("d: channels of one path. Inner width = cardinality × width per group."), f"{XIE_2016}, Table 2"),
    ),
    Field(name="stride", label=tr("Stride"), high=limits.MAX_STRIDE, meaning=cited(tr("1 keeps the map, 2 halves it."), f"{HE_2015}, Sec. 3.3")),
    Field(
        name="stride_first", label=tr("Stride in"), control=Control.PAIR, choices=options.PLACES,
        meaning=cited(tr("Which convolution strides: the 3×3 (v1.5) or the first 1×1 (v1)."), f"{HE_2015}; {GOYAL_2017}"),
    ),
    _ORDER,
    Field(
        name="shortcut", label=tr("Shortcut"), control=Control.CHOICE, choices=options.SHORTCUTS,
        meaning=cited(tr("What carries the input to the addition."), f"{HE_2015}, options A, B, C"),
    ),
    _ACTIVATION,
    *_KERNEL,
    _GROUPS,
    *_NORM,
    _ZERO_INIT,
    *_ATTENTION,
    *_DROPPING,
)  # fmt: skip
STEM_FIELDS = (
    Field(
        name="kind", label=tr("Kind"), control=Control.CHOICE, choices=options.STEM_KINDS,
        meaning=cited(tr("One convolution, or three 3×3 that see as far and cost about as much."), f"{HE_2018}, Sec. 4"),
    ),
    Field(name="channels", label=tr("Channels out"), step=8, meaning=cited(tr("Channels that leave the stem."), f"{HE_2015}, Table 1")),
    Field(
        name="kernel", label=tr("Kernel"), high=limits.MAX_KERNEL, step=2, odd=True,
        meaning=cited(tr("7×7 for ImageNet, 3×3 for CIFAR."), f"{HE_2015}, Table 1 and Sec. 4.2"),
    ),
    Field(name="stride", label=tr("Stride"), high=limits.MAX_STRIDE, meaning=cited(tr("Stride of the first convolution."), f"{HE_2015}, Table 1")),
    Field(name="pool", label=tr("Max-pool"), meaning=cited(tr("3×3 with stride 2 (ImageNet)."), f"{HE_2015}, Table 1"), control=Control.FLAG),
    Field(
        name="activate", label=tr("Activate"), control=Control.FLAG,
        meaning=cited(tr("Norm and activation behind the last convolution. Full pre-activation nets leave them to the first block."), HE_2016),
    ),
    _ACTIVATION,
    *_NORM,
)  # fmt: skip
HEAD_FIELDS = (
    Field(
        name="pool", label=tr("Pooling"), control=Control.PAIR, choices=options.POOLS,
        meaning=cited(tr("What makes one number of each channel's map."), LIN_2013),
    ),
    Field(name="classes", label=tr("Classes"), high=limits.MAX_CLASSES, meaning=tr("Outputs of the classifier.")),
    Field(
        name="dropout", label=tr("Dropout"), control=Control.RATE,
        meaning=cited(tr("Share of numbers left out before the classifier, in training only."), SRIVASTAVA_2014),
    ),
    Field(
        name="activate", label=tr("Activate"), control=Control.FLAG,
        meaning=cited(tr("A last norm and activation before the pooling, which full pre-activation nets need."), HE_2016),
    ),
    _ACTIVATION,
    *_NORM,
)  # fmt: skip
STAGE_FIELDS = (
    Field(name="name", label=tr("Name"), meaning=tr("The stage's name."), control=Control.TEXT),
    Field(
        name="count", label=tr("Blocks"), high=limits.MAX_BLOCKS,
        meaning=cited(tr("How deep the stage is. New blocks follow the last one with stride 1 and an identity shortcut."), f"{HE_2015}, Table 1"),
    ),
    _KIND,
    Field(name="channels", label=tr("Channels out"), step=8, meaning=cited(tr("Channels after each addition of the stage."), f"{HE_2015}, Table 1")),
    Field(name="stride", label=tr("Stride"), high=limits.MAX_STRIDE, meaning=cited(tr("Stride of the stage's first block."), f"{HE_2015}, Sec. 3.3")),
    _ORDER,
    _ACTIVATION,
    *_SPECIAL,
)  # fmt: skip
DESIGN_FIELDS = (
    Field(name="name", label=tr("Name"), meaning=tr("The drawing's name."), control=Control.TEXT),
    Field(name="input_channels", label=tr("Input channels"), meaning=tr("3 for colour, 1 for grey.")),
    Field(
        name="height",
        label=tr("Height"),
        high=limits.MAX_IMAGE,
        step=8,
        meaning=tr("Height of an image in pixels."),
    ),
    Field(
        name="width",
        label=tr("Width"),
        high=limits.MAX_IMAGE,
        step=8,
        meaning=tr("Width of an image in pixels."),
    ),
)

"""The choices of the inspector: each value with its words and what it means. Knows no widget."""

from __future__ import annotations

from resnet_studio.design.types import (
    Activation,
    Attention,
    BlockKind,
    HeadPool,
    Norm,
    Order,
    ShortcutKind,
    StemKind,
)
from resnet_studio.language import tr
from resnet_studio.ui.inspector.field import (
    CLEVERT_2015,
    ELFWING_2017,
    GOYAL_2017,
    HE_2015,
    HE_2016,
    HE_2018,
    HENDRYCKS_2016,
    HOWARD_2019,
    HU_2017,
    IOFFE_2015,
    LIN_2013,
    WANG_2020,
    WOO_2018,
    WU_2018,
    XIE_2016,
    cited,
)
from resnet_studio.ui.layer_words import ACTIVATION_WORDS

KINDS = (
    (
        BlockKind.RESIDUAL,
        tr("Residual"),
        cited(tr("Two 3×3 convolutions and the input (basic block)."), f"{HE_2015}, Fig. 5 left"),
    ),
    (
        BlockKind.BOTTLENECK,
        tr("Bottleneck"),
        cited(tr("1×1 down, 3×3, 1×1 up, and the input."), f"{HE_2015}, Fig. 5 right"),
    ),
    (
        BlockKind.RESNEXT,
        "ResNeXt",
        cited(tr("A bottleneck whose 3×3 runs in groups."), f"{XIE_2016}, Fig. 3c"),
    ),
)
ORDERS = (
    (
        Order.ORIGINAL,
        tr("original"),
        cited(tr("conv, BN, ReLU, conv, BN, add, ReLU: ReLU after the addition."), f"{HE_2015}, Fig. 2"),
    ),
    (
        Order.BN_AFTER_ADD,
        tr("BN after add"),
        cited(
            tr("The last norm stands behind the addition and rescales the shortcut too."),
            f"{HE_2016}, Fig. 4b",
        ),
    ),
    (
        Order.RELU_BEFORE_ADD,
        tr("ReLU before add"),
        cited(tr("The branch can only add: its output is never negative."), f"{HE_2016}, Fig. 4c"),
    ),
    (
        Order.RELU_ONLY_PREACT,
        tr("ReLU-only pre-act."),
        cited(tr("ReLU before each convolution, BN behind it."), f"{HE_2016}, Fig. 4d"),
    ),
    (
        Order.FULL_PREACT,
        tr("full pre-activation"),
        cited(tr("BN and ReLU before each convolution; the sum stays untouched."), f"{HE_2016}, Fig. 4e"),
    ),
    (
        Order.NO_FINAL_RELU,
        tr("no final ReLU"),
        tr("The original without the ReLU after the addition: the lecture's slide."),
    ),
)
SHORTCUTS = (
    (ShortcutKind.IDENTITY, tr("identity"), cited(tr("The input as it is, for free."), f"{HE_2015}, eq. 1")),
    (
        ShortcutKind.PROJECTION,
        tr("projection 1×1"),
        cited(tr("A 1×1 convolution that fits the shape (option B)."), f"{HE_2015}, eq. 2"),
    ),
    (
        ShortcutKind.ZERO_PAD,
        tr("zero padding"),
        cited(tr("Skipped pixels and zero channels, no parameters (option A)."), HE_2015),
    ),
    (
        ShortcutKind.POOL_PROJECTION,
        tr("average pool, 1×1"),
        cited(tr("Average pooling, then 1×1: no pixel is skipped (ResNet-D)."), f"{HE_2018}, Fig. 2c"),
    ),
    (
        ShortcutKind.NONE,
        tr("none (plain)"),
        cited(tr("No addition: a plain network, for comparison."), f"{HE_2015}, Fig. 3 middle"),
    ),
)
_ACTIVATION_MEANINGS = {
    Activation.RELU: tr("What is negative becomes zero. Nair & Hinton 2010, ICML."),
    Activation.LEAKY_RELU: tr("What is negative keeps a hundredth. Maas et al. 2013, ICML."),
    Activation.ELU: cited(tr("Below zero a smooth curve down to −1."), CLEVERT_2015),
    Activation.SILU: cited(tr("x · sigmoid(x), also called Swish."), ELFWING_2017),
    Activation.GELU: cited(tr("x times the share of a normal distribution below it."), HENDRYCKS_2016),
    Activation.HARDSWISH: cited(tr("SiLU out of straight pieces, for small devices."), HOWARD_2019),
}
ACTIVATIONS = tuple((value, words, _ACTIVATION_MEANINGS[value]) for value, words in ACTIVATION_WORDS.items())
PLACES = (
    (
        False,
        "3×3, v1.5",
        cited(
            tr("The 3×3 strides, as in torchvision: a little more work, a little more accurate."),
            f"{GOYAL_2017}, Sec. 5.1",
        ),
    ),
    (True, "1×1, v1", cited(tr("The first 1×1 strides, as in the paper."), HE_2015)),
)
NORMS = (
    (
        Norm.BATCH,
        tr("batch norm"),
        cited(tr("Mean and spread over the batch and the map."), IOFFE_2015),
    ),
    (
        Norm.GROUP,
        tr("group norm"),
        cited(tr("Mean and spread over groups of channels of one image: fit for small batches."), WU_2018),
    ),
    (Norm.NONE, tr("none"), tr("No norm: the convolutions learn a shift of their own (a bias).")),
)
ATTENTIONS = (
    (Attention.NONE, tr("none"), tr("The branch goes to the addition as it is.")),
    (Attention.SE, "SE", cited(tr("Squeeze-and-excitation: two small layers weigh each channel."), HU_2017)),
    (
        Attention.ECA,
        "ECA",
        cited(
            tr("One small convolution over neighbouring channels weighs each: a few numbers in all."),
            WANG_2020,
        ),
    ),
    (Attention.CBAM, "CBAM", cited(tr("First which channels, then which places of the map."), WOO_2018)),
)
STEM_KINDS = (
    (StemKind.PLAIN, tr("One convolution"), cited(tr("One k×k convolution."), f"{HE_2015}, Table 1")),
    (
        StemKind.DEEP,
        tr("Deep"),
        cited(tr("Three 3×3 of c/2, c/2 and c channels (ResNet-C)."), f"{HE_2018}, Fig. 2b"),
    ),
    (
        StemKind.TIERED,
        tr("Tiered"),
        tr('Three 3×3 of 3c/8, c/2 and c channels (timm\'s "tiered" stem, ResNet-T).'),
    ),
)
POOLS = (
    (HeadPool.AVG, tr("average"), cited(tr("The mean of each channel's map."), f"{LIN_2013}, Sec. 3.2")),
    (HeadPool.MAX, tr("maximum"), tr("The largest number of each channel's map.")),
)

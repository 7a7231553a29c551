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
)
from resnet_studio.ui.layer_words import ACTIVATION_WORDS

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
    (
        Order.ORIGINAL,
        "original",
        f"conv, BN, ReLU, conv, BN, add, ReLU: ReLU after the addition. {HE_2015}, Fig. 2.",
    ),
    (
        Order.BN_AFTER_ADD,
        "BN after add",
        f"The last norm stands behind the addition and rescales the shortcut too. {HE_2016}, Fig. 4b.",
    ),
    (
        Order.RELU_BEFORE_ADD,
        "ReLU before add",
        f"The branch can only add: its output is never negative. {HE_2016}, Fig. 4c.",
    ),
    (
        Order.RELU_ONLY_PREACT,
        "ReLU-only pre-act.",
        f"ReLU before each convolution, BN behind it. {HE_2016}, Fig. 4d.",
    ),
    (
        Order.FULL_PREACT,
        "full pre-activation",
        f"BN and ReLU before each convolution; the sum stays untouched. {HE_2016}, Fig. 4e.",
    ),
    (
        Order.NO_FINAL_RELU,
        "no final ReLU",
        "The original without the ReLU after the addition: the lecture's slide.",
    ),
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
        f"Average pooling, then 1×1: no pixel is skipped (ResNet-D). {HE_2018}, Fig. 2c.",
    ),
    (
        ShortcutKind.NONE,
        "none (plain)",
        f"No addition: a plain network, for comparison. {HE_2015}, Fig. 3 middle.",
    ),
)
_ACTIVATION_MEANINGS = {
    Activation.RELU: "What is negative becomes zero. Nair & Hinton 2010, ICML.",
    Activation.LEAKY_RELU: "What is negative keeps a hundredth. Maas et al. 2013, ICML.",
    Activation.ELU: f"Below zero a smooth curve down to −1. {CLEVERT_2015}.",
    Activation.SILU: f"x · sigmoid(x), also called Swish. {ELFWING_2017}.",
    Activation.GELU: f"x times the share of a normal distribution below it. {HENDRYCKS_2016}.",
    Activation.HARDSWISH: f"SiLU out of straight pieces, for small devices. {HOWARD_2019}.",
}
ACTIVATIONS = tuple((value, words, _ACTIVATION_MEANINGS[value]) for value, words in ACTIVATION_WORDS.items())
PLACES = (
    (
        False,
        "3×3, v1.5",
        f"The 3×3 strides, as in torchvision: a little more work, a little more accurate. {GOYAL_2017}, Sec. 5.1.",
    ),
    (True, "1×1, v1", f"The first 1×1 strides, as in the paper. {HE_2015}."),
)
NORMS = (
    (
        Norm.BATCH,
        "batch norm",
        f"Mean and spread over the batch and the map. {IOFFE_2015}.",
    ),
    (
        Norm.GROUP,
        "group norm",
        f"Mean and spread over groups of channels of one image: fit for small batches. {WU_2018}.",
    ),
    (Norm.NONE, "none", "No norm: the convolutions learn a shift of their own (a bias)."),
)
ATTENTIONS = (
    (Attention.NONE, "none", "The branch goes to the addition as it is."),
    (Attention.SE, "SE", f"Squeeze-and-excitation: two small layers weigh each channel. {HU_2017}."),
    (
        Attention.ECA,
        "ECA",
        f"One small convolution over neighbouring channels weighs each: a few numbers in all. {WANG_2020}.",
    ),
    (Attention.CBAM, "CBAM", f"First which channels, then which places of the map. {WOO_2018}."),
)
STEM_KINDS = (
    (StemKind.PLAIN, "One convolution", f"One k×k convolution. {HE_2015}, Table 1."),
    (StemKind.DEEP, "Deep", f"Three 3×3 of c/2, c/2 and c channels (ResNet-C). {HE_2018}, Fig. 2b."),
    (StemKind.TIERED, "Tiered", 'Three 3×3 of 3c/8, c/2 and c channels (timm\'s "tiered" stem, ResNet-T).'),
)
POOLS = (
    (HeadPool.AVG, "average", f"The mean of each channel's map. {LIN_2013}, Sec. 3.2."),
    (HeadPool.MAX, "maximum", "The largest number of each channel's map."),
)

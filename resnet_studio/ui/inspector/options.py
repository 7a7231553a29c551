"""The choices of the inspector: each value with its words and what it means. Knows no widget."""

from __future__ import annotations

from resnet_studio.design.types import (
    Attention,
    BlockKind,
    HeadPool,
    Norm,
    Order,
    ShortcutKind,
    StemKind,
)
from resnet_studio.ui.inspector.field import (
    HE_2015,
    HE_2018,
    HU_2017,
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
ACTIVATIONS = tuple(
    (value, words, f"torch.nn's {words.replace(' ', '')}") for value, words in ACTIVATION_WORDS.items()
)
PLACES = (
    (False, "3×3, v1.5", "The 3×3 strides, as in torchvision: a little more work, a little more accurate."),
    (True, "1×1, v1", f"The first 1×1 strides, as in the paper. {HE_2015}."),
)
NORMS = (
    (
        Norm.BATCH,
        "batch norm",
        "Mean and spread over the batch and the map. Ioffe & Szegedy 2015, arXiv:1502.03167.",
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
    (HeadPool.AVG, "average", f"The mean of each channel's map. {HE_2015}, Sec. 3.3."),
    (HeadPool.MAX, "maximum", "The largest number of each channel's map."),
)

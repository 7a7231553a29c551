"""A few sentences on the choice at hand, with the paper they come from. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.design.types import Attention, BlockKind, BlockSpec, Norm, Order, ShortcutKind
from resnet_studio.language import tr

ORDERS_PAPER = "arxiv.org/abs/1603.05027"
RESNET_PAPER = "arxiv.org/abs/1512.03385"
RESNEXT_PAPER = "arxiv.org/abs/1611.05431"

TOPICS = ("kind", "order", "shortcut", "attention", "norm", "dropout", "drop_path", "dilation")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A short text, its source in words, and the source's address without scheme."""

    text: str
    source: str
    address: str


_KINDS = {
    BlockKind.RESIDUAL: Lesson(
        tr(
            "Two 3×3 convolutions learn only what to add to their input. With the addition, depth 34 errs less than depth 18; "
            "without it, more: 25.03 against 28.54 %."
        ),
        "He et al. 2015, Table 2",
        RESNET_PAPER,
    ),
    BlockKind.BOTTLENECK: Lesson(
        tr(
            "A 3×3 from 256 to 256 channels costs 589\u202f824 multiply-adds a pixel. 1×1 down to 64, 3×3 and 1×1 up to 256 cost "
            "69\u202f632 together."
        ),
        "He et al. 2015, Fig. 5",
        RESNET_PAPER,
    ),
    BlockKind.RESNEXT: Lesson(
        tr(
            "In B groups a convolution costs 1/B. ResNeXt spends the saving on width: at the cost of ResNet-50, 32 groups of 4 "
            "take the error from 23.9 to 22.2 %."
        ),
        "Xie et al. 2016, Table 2",
        RESNEXT_PAPER,
    ),
}
_ORDERS = {
    Order.ORIGINAL: tr("The ReLU behind the addition cuts what the shortcut carries. ResNet-110 on CIFAR-10 errs 6.61 % so, and 6.37 % with full pre-activation."),
    Order.BN_AFTER_ADD: tr("A norm behind the addition rescales the shortcut itself and hinders the signal: 8.17 % for ResNet-110 on CIFAR-10, against 6.61 % for the original."),
    Order.RELU_BEFORE_ADD: tr("A branch that ends in ReLU can only add, never take away: 7.84 % for ResNet-110 on CIFAR-10, against 6.61 % for the original."),
    Order.RELU_ONLY_PREACT: tr("ReLU goes before the convolution, the norm stays behind: 6.71 % for ResNet-110 on CIFAR-10, about the original's 6.61 %."),
    Order.FULL_PREACT: tr("Norm and ReLU come first, so the sum runs untouched from block to block: 6.37 % for ResNet-110 on CIFAR-10, the best of the five."),
    Order.NO_FINAL_RELU: tr("As the original, but nothing cuts the sum behind the addition."),
}  # fmt: skip
_SHORTCUTS = {
    ShortcutKind.IDENTITY: tr("The input passes as it is: no parameters, and gradients reach every depth. It needs equal shapes on both ways."),
    ShortcutKind.PROJECTION: tr("A 1×1 convolution where the shape changes (option B): 24.52 % for ResNet-34 on ImageNet, against 25.03 % with zero padding."),
    ShortcutKind.ZERO_PAD: tr("Skipped pixels, and zeros for the channels that are missing (option A): nothing to learn. 25.03 % for ResNet-34 on ImageNet; projections reach 24.52 %."),
    ShortcutKind.POOL_PROJECTION: tr("A strided 1×1 looks at a quarter of the pixels; averaging first lets all of them count (ResNet-D)."),
    ShortcutKind.NONE: tr("Without the addition the block must learn all of its output. A plain net of 34 layers errs 28.54 %, more than one of 18 with 27.94 %."),
}  # fmt: skip
_ATTENTIONS = {
    Attention.NONE: Lesson(
        tr(
            "Every channel of the branch counts as it is. Attention would weigh them, image by image, for a few parameters more."
        ),
        "Hu et al. 2017, Sec. 3",
        "arxiv.org/abs/1709.01507",
    ),
    Attention.SE: Lesson(
        tr(
            "The map's means go through two small layers, whose answers weigh the channels: 24.80 → 23.29 % for ResNet-50 on "
            "ImageNet, for a tenth more parameters and hardly any work."
        ),
        "Hu et al. 2017, Table 2",
        "arxiv.org/abs/1709.01507",
    ),
    Attention.ECA: Lesson(
        tr(
            "One short convolution along the channels' means replaces both layers of squeeze-and-excitation: a few numbers a block."
        ),
        "Wang et al. 2020, Sec. 3",
        "arxiv.org/abs/1910.03151",
    ),
    Attention.CBAM: Lesson(
        tr(
            "First the channels are weighed, by their means and maxima, then the places of the map: 24.56 → 22.66 % for ResNet-50 on "
            "ImageNet."
        ),
        "Woo et al. 2018, Table 4",
        "arxiv.org/abs/1807.06521",
    ),
}
_NORMS = {
    Norm.BATCH: Lesson(
        tr(
            "Normalised over the batch, so small batches suffer: with two images on a GPU, ResNet-50 errs 34.7 % with batch norm and "
            "24.1 % with group norm."
        ),
        "Wu & He 2018, Table 2",
        "arxiv.org/abs/1803.08494",
    ),
    Norm.GROUP: Lesson(
        tr(
            "Normalised within each image, so the batch may be of any size: ResNet-50 errs 24.1 % with 32 images on a GPU and with 2; "
            "batch norm 23.6 and 34.7 %."
        ),
        "Wu & He 2018, Table 2",
        "arxiv.org/abs/1803.08494",
    ),
    Norm.NONE: Lesson(
        tr(
            "Without a norm the convolutions have biases, and deep nets are hard to start: the scale of what they carry grows with depth."
        ),
        "He et al. 2015, Sec. 3.4",
        RESNET_PAPER,
    ),
}
_DROPPING = {
    "dropout": Lesson(
        tr(
            "Wide nets drop numbers between a block's convolutions, never on the shortcut: 4.00 → 3.89 % for WRN-28-10 on CIFAR-10."
        ),
        "Zagoruyko & Komodakis 2016, Table 6",
        "arxiv.org/abs/1605.07146",
    ),
    "drop_path": Lesson(
        tr(
            "In training, whole branches are left out at random, deeper ones more often; only the shortcut stays: 6.41 → 5.25 % for "
            'ResNet-110 on CIFAR-10. "Linear drop path" in the Edit menu sets the paper\'s schedule.'
        ),
        "Huang et al. 2016, Sec. 4",
        "arxiv.org/abs/1603.09382",
    ),
    "dilation": Lesson(
        tr(
            "The kernel's taps stand apart, so it sees further without a weight or a stride more. Dilated nets keep large maps at the "
            "end."
        ),
        "Yu et al. 2017, Sec. 2",
        "arxiv.org/abs/1705.09914",
    ),
}
STAGE = Lesson(
    tr(
        "Within a stage the map keeps its size. Where it halves, the channels double: a quarter of the pixels, four times the "
        "weights, so every block costs about the same."
    ),
    "He et al. 2015, Sec. 3.3",
    RESNET_PAPER,
)
STEM_LARGE = Lesson(
    tr(
        "A 7×7 with stride 2 and the max-pool cut 224² to 56² before the first block. Small images cannot spare the pixels: CIFAR "
        "nets begin with one 3×3 and stride 1."
    ),
    "He et al. 2015, Table 1",
    RESNET_PAPER,
)
STEM_SMALL = Lesson(
    tr("Small images keep all their pixels: one 3×3 with stride 1, and no pooling before the first block."),
    "He et al. 2015, Sec. 4.2",
    RESNET_PAPER,
)
STEM_DEEP = Lesson(
    tr(
        "Three 3×3 see as far as one 7×7 and bend the line three times: 76.66 → 76.87 % top-1 for ResNet-50-B on ImageNet."
    ),
    "He, T. et al. 2018, Table 5",
    "arxiv.org/abs/1812.01187",
)
HEAD = Lesson(
    tr(
        "Global average pooling leaves one number for each channel, whatever the size of the map; one linear layer turns them into "
        "classes."
    ),
    "He et al. 2015, Sec. 3.3",
    RESNET_PAPER,
)
WHOLE = Lesson(
    tr(
        "Depth counts the weighted layers along the main path. Choose a block, a stage, the stem or the head to see its inside and "
        "to change it."
    ),
    "He et al. 2015, Table 1",
    RESNET_PAPER,
)


def lesson(spec: BlockSpec, topic: str) -> Lesson:
    """What there is to say on a block; `topic` is the field that the user is at."""
    if topic == "order" or (topic == "" and spec.order is not Order.ORIGINAL):
        return Lesson(_ORDERS[spec.order], "He et al. 2016, Table 2", ORDERS_PAPER)
    if topic == "shortcut" or (topic == "" and spec.shortcut is ShortcutKind.NONE):
        if spec.shortcut is ShortcutKind.POOL_PROJECTION:
            return Lesson(_SHORTCUTS[spec.shortcut], "He, T. et al. 2018, Fig. 2", "arxiv.org/abs/1812.01187")
        table = "Table 2" if spec.shortcut is ShortcutKind.NONE else "Table 3"
        return Lesson(_SHORTCUTS[spec.shortcut], f"He et al. 2015, {table}", RESNET_PAPER)
    if topic == "attention" or (topic == "" and spec.attention is not Attention.NONE):
        return _ATTENTIONS[spec.attention]
    if topic == "norm":
        return _NORMS[spec.norm]
    return _DROPPING.get(topic) or _KINDS[spec.kind]

"""What is the same in every language: names, units, formulas. What is left of a text without them should have been translated."""

from __future__ import annotations

import re

from resnet_studio.analysis.figures import figures
from resnet_studio.design.presets import PRESETS
from resnet_studio.runs.recipes import RECIPES

# Short on purpose: a word that a German or a Japanese would write otherwise has no place here.
# A paper, with the place in it.
_PAPER = re.compile(
    r"[A-Z]\w+(?:, [A-Z]\.)?(?: et al\.|(?: &| and) [A-Z]\w+)?,? (?:19|20)\d\d(?:, arXiv:[\d.]+\d)?"
    r"(?:, (?:Sec\.|Figs?\.|Tables?|eq\.|options?|section) [\w., ]+)?"
)
_PATTERNS = (
    r"</?span[^>]*>|ResNet Studio|Linux [\w.-]+ \w+|https?://\S+",
    r"(?:Ctrl|Shift|Alt|Del|F\d+)(?:\+(?:Ctrl|Shift|Alt|Up|Down|Left|Right|Tab|Space|Return|Del|F\d+|.))*",  # keys
    r"(?:[\w-]+\.)+(?:org|ai|com|io|html)(?:/[\w./#-]*)?",  # addresses
    r"[A-Z]\w+ et al\., Dive into Deep Learning, Sec\. [\d.]+|scikit-learn's digits",
    # networks, layers, and what torch calls its parts
    r"(?:WRN|(?:SE-)?(?:Wide )?Res(?:Net|NeXt)|[Pp]lain|PyramidNet|DenseNet)(?:-[\w.-]+)?(?: v[\d.]+)?|shortcut [ABC]\b",
    r"\b(?:stem|head|layer\d+|stage\d+|conv\d?|bn\d?|norm\d?|relu|act\d?|fc|avgpool|maxpool|downsample|se|drop_path|pool|flatten)(?:\.\w+)*\b",
    r"\b(?:Conv2d|BatchNorm2d|GroupNorm|LayerNorm|Linear|(?:Leaky )?ReLU|ELU|GELU|SiLU|Hardswish|AdaptiveAvgPool2d|MaxPool2d|AvgPool2d)\b",
    r"\b(?:Flatten|Identity|Add|StochasticDepth|Dropout2?d?|Stage \d+|SE|ECA|CBAM|BN|GN|He|id|None)\b",
    r"\b(?:SGD|Adam|AdamW|NAdam|RMSprop|b?float(?:16|32)|LARS|LAMB|CPU|GPU|CUDA|ONNX|PyTorch|torchvision|torchinfo|torch\.export|timm|Python|PySide6|Qt)\b",
    r"\b(?:ImageNet|CIFAR|MNIST|FashionMNIST|[Dd]igits|JSON|SVG|PNG|DOT|CSV|safetensors|JMLR|OK)\b|W[₁₂]",
    r"[\w-]*\.(?:json|pt|pt2|onnx|safetensors|py|svg|po)\b|(?:/[\w.-]+){2,}",  # files
    r"\b[kMGT]?i?B\b|\b(?:px|ms|min)\b|\b[kMGT]?(?:FLOPs|MACs)\b",  # units
)
# Where a number, a recipe or a preset comes from is said as its source says it.
_SOURCES = {
    source
    for source in (*(figure.source for figure in figures()), *(recipe.source for recipe in RECIPES.values()))
    if not _PAPER.fullmatch(source)
}
_TITLES = sorted({entry.title for entry in PRESETS.values()} | set(PRESETS) | _SOURCES, key=len)
_NETWORKS = re.compile("|".join(map(re.escape, reversed(_TITLES))))
_NAMES = re.compile("|".join(_PATTERNS))
_TOLD = re.compile(r"⟦[^⟧]*(?:⟧|$)|^[^⟦]*⟧")
_MNEMONIC = re.compile(r"&(?=\w)")
_WORD = re.compile(r"[^\W\d_]{2,}")


def untold(words: str) -> bool:
    """Whether there is something in it for a translator that never came to one."""
    for names in (_MNEMONIC, _TOLD, _NETWORKS, _PAPER, _NAMES):
        words = names.sub("" if names is _MNEMONIC else " ", words)
    return bool(_WORD.search(words))

"""What is the same in every language: names, units, formulas. What is left of a text without them should have been translated."""

from __future__ import annotations

import re

from resnet_studio.design.presets import PRESETS

# Short on purpose: a word that a German or a Japanese would write otherwise has no place here.
_PATTERNS = (
    r"(?:Ctrl|Shift|Alt|Del|F\d+)(?:\+(?:Ctrl|Shift|Alt|Up|Down|Left|Right|Tab|Space|Return|Del|F\d+|.))*",  # keys
    r"(?:https?://)?(?:[\w-]+\.)+(?:org|ai|com|io|html)(?:/[\w./#-]*)?",  # addresses
    r"[A-Z]\w+(?: et al\.|(?: &| and) [A-Z]\w+)? (?:19|20)\d\d(?:, [\w .:]*\d)*",  # papers, with the place in them
    r"[A-Z]\w+ et al\., Dive into Deep Learning, Sec\. [\d.]+",
    r"arXiv:[\d.v]+|Sec\. [\d.]+|Tables? \d+|Fig\. \d+",
    r"(?:WRN|(?:SE-)?(?:Wide )?Res(?:Net|NeXt)|[Pp]lain|PyramidNet|DenseNet)-[\w.-]+(?: v[\d.]+)?|shortcut [ABC]\b",
    r"\b(?:stem|head|layer\d+|stage\d+|conv\d?|bn\d?|norm\d?|relu|act\d?|fc|avgpool|maxpool|downsample|se|drop_path|pool|flatten)(?:\.\w+)*\b",
    r"\b(?:Conv2d|BatchNorm2d|GroupNorm|LayerNorm|Linear|ReLU|GELU|SiLU|AdaptiveAvgPool2d|MaxPool2d|AvgPool2d|Flatten|Identity|Add|StochasticDepth|Dropout2?d?)\b",
    r"\b(?:SGD|AdamW|LARS|LAMB|CIFAR|CPU|GPU|CUDA|FLOPs|MACs|GMACs|GFLOPs|ONNX|PyTorch|ResNet Studio|ImageNet|MNIST|Digits|safetensors|torch\.export|OK|torchvision|torchinfo|timm|Python|PySide6|Qt|Linux [\w.-]+ \w+|He|BN|W₁|W₂|JSON|SVG|PNG|DOT|CSV)\b",
    r"\b[kMGT]?i?B\b|\b(?:px|ms|min|MFLOPs|TFLOPs|MMACs|TMACs|kMACs|kFLOPs)\b",
    r"\bNone\b|\b[\w-]+\.(?:json|pt|pt2|onnx|safetensors|py|svg|po)\b|(?:/[\w.-]+){2,}",
)
_TITLES = sorted({entry.title for entry in PRESETS.values()} | set(PRESETS), key=len)
_NETWORKS = re.compile("|".join(map(re.escape, reversed(_TITLES))))
_NAMES = re.compile("|".join(_PATTERNS))
_TOLD = re.compile(r"⟦[^⟧]*(?:⟧|$)|^[^⟦]*⟧")
_MNEMONIC = re.compile(r"&(?=\w)")
_WORD = re.compile(r"[^\W\d_]{2,}")


def untold(words: str) -> bool:
    """Whether there is something in it for a translator that never came to one."""
    for names in (_MNEMONIC, _TOLD, _NETWORKS, _NAMES):
        words = names.sub("" if names is _MNEMONIC else " ", words)
    return bool(_WORD.search(words))

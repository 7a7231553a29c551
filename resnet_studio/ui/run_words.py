"""How people read the settings' values, times and rates. Knows no widget."""

from __future__ import annotations

from math import isfinite

from resnet_studio.language import tr
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.ui.format import THIN

_CHOICES = {
    "sgd": "SGD",
    "adamw": "AdamW",
    "adam": "Adam",
    "rmsprop": "RMSprop",
    "nadam": "NAdam",
    "cosine": tr("Cosine"),
    "step": tr("Step"),
    "thirds": tr("Thirds"),
    "fifths": tr("Fifths"),
    "constant": tr("Constant"),
    "one_cycle": tr("One cycle"),
    "auto": tr("Auto"),
    "none": tr("None"),
    "shift": tr("Small shifts"),
    "crop_flip": tr("Shift and mirror"),
    "reflect_flip": tr("Reflected shifts"),
    "resized_crop": tr("Random crops"),
    "float32": "float32",
    "bf16": "bfloat16",
    "fp16": "float16",
    "off": tr("Off"),
    "default": tr("On"),
    "reduce-overhead": tr("With CUDA graphs"),
}


def choice_words(value: str) -> str:
    """What a choice is called in the form; one without a word of its own stays as it is."""
    if value in KNOWN:
        return KNOWN[value].title
    return _CHOICES.get(value, value)


def duration(seconds: float) -> str:
    """Time as the panel writes it: 0:14, 12:05, 3:20 h."""
    whole = max(0, round(seconds))
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{whole % 3600 // 60:02d}{THIN}h"


def rate(value: float) -> str:
    """A learning rate, three digits: 0.0113, 1.37e\u22126."""
    return short(float(f"{value:.3g}"))


def short(value: float, *, powers: bool | None = None) -> str:
    """A value in a few letters: 0.003, 20, 1e\u22124; `powers`: as the others beside it are written."""
    if powers is None:
        powers = value != 0 and not 0.001 <= abs(value) < 100_000
    if not powers:
        return f"{value:.6g}".replace("-", "\u2212")
    mantissa, _, power = f"{value:.2e}".partition("e")
    return f"{float(mantissa):g}e{int(power)}".replace("-", "\u2212")


def number(value: float) -> str:
    """A setting's number with no more digits than it has: 0.1, 0.0005, 1e-06."""
    return f"{value:.6g}"


def percent(fraction: float | None) -> str:
    """An accuracy: 0.986 -> "98.6 %"; a dash where there is none."""
    if fraction is None or not isfinite(fraction):
        return "–"
    return f"{fraction * 100:.1f}{THIN}%"


# What "Add to queue" does, by whether other runs train or wait already.
QUEUE_MEANING = {
    True: tr("Train this design with these settings when the runs before it have ended."),
    False: tr(
        "Keep this design with these settings for later; Start in Runs > Queue trains what was collected."
    ),
}

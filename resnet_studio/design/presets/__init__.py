"""Named networks from papers and libraries, and the families they belong to, as functions that make a Design."""

from resnet_studio.design.presets.family import Family, Parameter, Preset, Value, Values
from resnet_studio.design.presets.named import FAMILIES, PRESETS, cifar_resnet, find, preset

__all__ = [
    "FAMILIES",
    "PRESETS",
    "Family",
    "Parameter",
    "Preset",
    "Value",
    "Values",
    "cifar_resnet",
    "find",
    "preset",
]

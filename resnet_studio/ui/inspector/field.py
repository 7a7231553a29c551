"""What a property of the inspector is: name, label, meaning, limits, choices, and the section it stands in. Knows no widget."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from resnet_studio.design import limits
from resnet_studio.language import tr

HE_2015 = "He et al. 2015, arXiv:1512.03385"
HE_2016 = "He et al. 2016, arXiv:1603.05027"
XIE_2016 = "Xie et al. 2016, arXiv:1611.05431"
HE_2018 = "He, T. et al. 2018, arXiv:1812.01187"
WU_2018 = "Wu & He 2018, arXiv:1803.08494"
HU_2017 = "Hu et al. 2017, arXiv:1709.01507"
WANG_2020 = "Wang et al. 2020, arXiv:1910.03151"
WOO_2018 = "Woo et al. 2018, arXiv:1807.06521"
HUANG_2016 = "Huang et al. 2016, arXiv:1603.09382"
ZAGORUYKO_2016 = "Zagoruyko & Komodakis 2016, arXiv:1605.07146"
YU_2017 = "Yu et al. 2017, arXiv:1705.09914"
SRIVASTAVA_2014 = "Srivastava et al. 2014, JMLR 15"
IOFFE_2015 = "Ioffe & Szegedy 2015, arXiv:1502.03167"
GOYAL_2017 = "Goyal et al. 2017, arXiv:1706.02677"
LIN_2013 = "Lin et al. 2013, arXiv:1312.4400"
CLEVERT_2015 = "Clevert et al. 2015, arXiv:1511.07289"
ELFWING_2017 = "Elfwing et al. 2017, arXiv:1702.03118"
HENDRYCKS_2016 = "Hendrycks & Gimpel 2016, arXiv:1606.08415"
HOWARD_2019 = "Howard et al. 2019, arXiv:1905.02244"
RADOSAVOVIC_2020 = "Radosavovic et al. 2020, arXiv:2003.13678"
LUO_2017 = "Luo et al. 2017, arXiv:1701.04128"


def cited(words: str, source: str) -> str:
    """A meaning, and behind it where it comes from."""
    return f"{words} {source}."


class Control(StrEnum):
    """Which kind of control a field gets. SWITCH is a row of words of its own, without a label."""

    NUMBER = "number"
    CHOICE = "choice"
    FLAG = "flag"
    TEXT = "text"
    SWITCH = "switch"
    PAIR = "pair"
    RATE = "rate"


class Section(StrEnum):
    """Where the special properties stand; the common ones have none."""

    NONE = ""
    CONVOLUTION = "Convolution"
    NORM = "Normalisation"
    ATTENTION = "Attention"
    DROPPING = "Regularisation"


SECTION_TITLES = {
    Section.CONVOLUTION: tr("Convolution"),
    Section.NORM: tr("Normalisation"),
    Section.ATTENTION: tr("Attention"),
    Section.DROPPING: tr("Regularisation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One property.

    Args:
        name: its key, as in the drawing's types where it stands there.
        label: what the row says.
        meaning: the tooltip: the paper's term and where it comes from.
        control: which control it gets.
        low, high, step, odd: limits of a number.
        section: where it stands, if not among the common ones.
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
    section: Section = Section.NONE
    choices: tuple[tuple[object, str, str], ...] = field(default=())

"""What eyes make of colours: contrast by WCAG 2.2, distance by CIEDE2000, and what is left of a colour without one kind of cone."""

import math
from functools import cache

from PySide6.QtGui import QColor

Vector = tuple[float, float, float]

# Machado, Oliveira, Fernandes 2009, "A Physiologically-based Model for Simulation of Color Vision Deficiency", table of matrices at severity 1;
# they work on linear RGB.
MACHADO: dict[str, tuple[Vector, Vector, Vector]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_XYZ: tuple[Vector, Vector, Vector] = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Vector = (0.95047, 1.0, 1.08883)


def linear(colour: QColor | str) -> Vector:
    """A colour's share of light in red, green and blue, from 0 to 1."""
    shown = QColor(colour)
    parts = (shown.redF(), shown.greenF(), shown.blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def _times(rows: tuple[Vector, Vector, Vector], by: Vector) -> Vector:
    first, second, third = (sum(a * b for a, b in zip(row, by, strict=True)) for row in rows)
    return first, second, third


@cache
def _luminance(pixel: int) -> float:
    return _times(_XYZ, linear(QColor.fromRgb(pixel)))[1]


def contrast(one: QColor | str, other: QColor | str) -> float:
    """From 1 (the same) to 21 (black on white)."""
    dark, light = sorted(_luminance(QColor(colour).rgb()) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen_with(deficiency: str, colour: QColor | str) -> Vector:
    """Linear RGB of what somebody with this deficiency sees; "" is nobody's."""
    light = linear(colour)
    if deficiency:
        light = _times(MACHADO[deficiency], light)
    red, green, blue = (min(max(part, 0.0), 1.0) for part in light)
    return red, green, blue


def lab(light: Vector) -> Vector:
    """CIE L*a*b* of linear RGB under D65."""

    def curve(t: float) -> float:
        return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

    x, y, z = (curve(part / white) for part, white in zip(_times(_XYZ, light), _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def ciede2000(one: Vector, other: Vector) -> float:
    """Sharma, Wu, Dalal 2005: how far apart two colours in L*a*b* look; 1 is just to be seen side by side."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    middle = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(middle**7 / (middle**7 + 25**7))
    a1, a2 = a1 * stretch, a2 * stretch
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    hue = h1 + turn / 2 if c1 * c2 else h1 + h2
    light, chroma = (l1 + l2) / 2, (c1 + c2) / 2

    def cos(angle: float) -> float:
        return math.cos(math.radians(angle))

    weight = (
        1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63)
    )
    lightness = (l2 - l1) / (1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2))
    colour = (c2 - c1) / (1 + 0.045 * chroma)
    tone = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * weight)
    apart = ((hue % 360) - 275) / 25
    rotation = (
        -2 * math.sqrt(chroma**7 / (chroma**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(apart**2))))
    )
    return math.sqrt(lightness**2 + colour**2 + tone**2 + rotation * colour * tone)


def apart(one: QColor | str, other: QColor | str, deficiency: str = "") -> float:
    """CIEDE2000 of two colours as somebody with this deficiency sees them."""
    return ciede2000(lab(seen_with(deficiency, one)), lab(seen_with(deficiency, other)))

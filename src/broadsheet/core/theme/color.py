"""Colour arithmetic: sRGB, OKLCH, contrast, difference, and how the colour-blind see.

OKLab: Björn Ottosson, "A perceptual color space for image processing", 2020. Contrast: WCAG 2.2. Difference: CIEDE2000
in the form of Sharma, Wu and Dalal, 2005. Dichromacy: Machado, Oliveira and Fernandes, 2009, at full severity.
Colours are ``#RRGGBB``; hues are degrees; linear light is a triple of 0–1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

DICHROMACIES: tuple[Matrix, ...] = (
    ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),  # no red
    ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),  # no green
    ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),  # no blue
)
TO_LMS: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
LMS_TO_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
LAB_TO_LMS: Matrix = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
FROM_LMS: Matrix = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)
TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Triple = (0.95047, 1.0, 1.08883)  # D65, two degrees


@dataclass(frozen=True, slots=True)
class Oklch:
    """Lightness 0–1, chroma from 0, hue in degrees from 0 below 360."""

    lightness: float
    chroma: float
    hue: float


def times(matrix: Matrix, vector: Triple) -> Triple:
    """Matrix times column vector."""
    x, y, z = vector
    first, second, third = (row[0] * x + row[1] * y + row[2] * z for row in matrix)
    return first, second, third


@lru_cache(maxsize=4096)
def linear(color: str) -> Triple:
    """Linear light of ``#RRGGBB``."""
    red, green, blue = (_to_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return red, green, blue


def oklch(color: str) -> Oklch:
    """``#RRGGBB`` in OKLCH; the hue of a grey says nothing."""
    long, medium, short = times(TO_LMS, linear(color))
    lightness, a, b = times(LMS_TO_LAB, (math.cbrt(long), math.cbrt(medium), math.cbrt(short)))
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def to_hex(wanted: Oklch) -> str:
    """The ``#RRGGBB`` of that lightness and hue; chroma is lowered as far as the screen's colours demand."""
    if not _fits(_from_oklch(wanted)):
        low, high = 0.0, wanted.chroma
        for _ in range(16):  # to a 65,536th of the chroma
            middle = (low + high) / 2
            fits = _fits(_from_oklch(Oklch(wanted.lightness, middle, wanted.hue)))
            low, high = (middle, high) if fits else (low, middle)
        wanted = Oklch(wanted.lightness, low, wanted.hue)
    return _hex(_from_oklch(wanted))


def contrast(first: str, second: str) -> float:
    """WCAG contrast ratio, 1 to 21, whichever of the two is lighter."""
    one, other = sorted((_luminance(first), _luminance(second)))
    return (other + 0.05) / (one + 0.05)


@lru_cache(maxsize=65536)
def least_difference(first: str, second: str) -> float:
    """The smallest CIEDE2000 between two colours, as seen normally and in each of the three dichromacies."""
    return min(difference(one, other) for one, other in zip(views(first), views(second), strict=True))


@lru_cache(maxsize=4096)
def views(color: str) -> tuple[Triple, ...]:
    """CIELAB of a colour as seen normally and without red, green and blue cones."""
    light = linear(color)
    return tuple(_lab(seen) for seen in (light, *(times(matrix, light) for matrix in DICHROMACIES)))


def difference(first: Triple, second: Triple) -> float:
    """CIEDE2000 between two CIELAB colours."""
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1 * stretch)) % 360, math.degrees(math.atan2(b2, a2 * stretch)) % 360
    turn, mean_hue = _hues(h1, h2, grey=c1 * c2 == 0)
    mean_c, mean_l = (c1 + c2) / 2, (l1 + l2) / 2
    weight = (
        1
        - 0.17 * _cos(mean_hue - 30)
        + 0.24 * _cos(2 * mean_hue)
        + 0.32 * _cos(3 * mean_hue + 6)
        - 0.20 * _cos(4 * mean_hue - 63)
    )
    lightness = (l2 - l1) / (1 + 0.015 * (mean_l - 50) ** 2 / math.sqrt(20 + (mean_l - 50) ** 2))
    chroma = (c2 - c1) / (1 + 0.045 * mean_c)
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * mean_c * weight)
    blue = math.sin(math.radians(60 * math.exp(-(((mean_hue - 275) / 25) ** 2))))
    rotation = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25**7)) * blue
    return math.sqrt(lightness**2 + chroma**2 + hue**2 + rotation * chroma * hue)


def _hues(h1: float, h2: float, *, grey: bool) -> tuple[float, float]:
    if grey:
        return 0.0, h1 + h2
    turn = (h2 - h1 + 180) % 360 - 180
    return turn, (h1 + turn / 2) % 360


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def _to_linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _to_screen(channel: float) -> float:
    return channel * 12.92 if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _from_oklch(color: Oklch) -> Triple:
    angle = math.radians(color.hue)
    lab = (color.lightness, color.chroma * math.cos(angle), color.chroma * math.sin(angle))
    long, medium, short = times(LAB_TO_LMS, lab)
    return times(FROM_LMS, (long**3, medium**3, short**3))


def _fits(light: Triple) -> bool:
    return all(-0.0005 <= channel <= 1.0005 for channel in light)


def _hex(light: Triple) -> str:
    return "#" + "".join(f"{round(255 * _to_screen(min(1.0, max(0.0, channel)))):02X}" for channel in light)


def _luminance(color: str) -> float:
    red, green, blue = linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _lab(light: Triple) -> Triple:
    clipped = (min(1.0, max(0.0, light[0])), min(1.0, max(0.0, light[1])), min(1.0, max(0.0, light[2])))
    x, y, z = (_cube(value / white) for value, white in zip(times(TO_XYZ, clipped), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube(value: float) -> float:
    return math.cbrt(value) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

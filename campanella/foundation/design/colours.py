"""
The colours of a town, made from the one that its office chooses.

Plain Python: texts such as ``#0b5cad`` in and out. Contrast is counted as in WCAG 2.1, 1.4.3.
"""

import re
from dataclasses import dataclass

LEAST_CONTRAST = 4.5
DEEPER = 0.68
TINTED = 0.10
WHITE = (255, 255, 255)

Channels = tuple[int, int, int]


@dataclass(frozen=True)
class Palette:
    """The three colours that change from town to town."""

    colour: str
    """Heads, buttons, links."""
    deep: str
    """The same under a finger or a mouse."""
    tint: str
    """Quiet grounds."""


def palette_of(colour: str) -> Palette:
    """
    Make the palette of a town from its colour.

    :raises ValueError: the colour is not a hash and six hexadecimal digits
    """
    channels = channels_of(colour)
    deep = [channel * DEEPER for channel in channels]
    tint = [255 - (255 - channel) * TINTED for channel in channels]
    return Palette(colour=colour.lower(), deep=written(deep), tint=written(tint))


def is_readable(colour: str) -> bool:
    """Tell whether white stands out on the colour, and the colour on its own tint."""
    tint = channels_of(palette_of(colour).tint)
    return all(contrast(channels_of(colour), other) >= LEAST_CONTRAST for other in (WHITE, tint))


def contrast(one: Channels, other: Channels) -> float:
    """Count the contrast of two colours, from 1 (the same) to 21 (black and white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(channels: Channels) -> float:
    """Count the relative luminance of a colour, from 0 (black) to 1 (white)."""
    parts = [channel / 255 for channel in channels]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels_of(colour: str) -> Channels:
    """Read red, green and blue; :raises ValueError: it is not a hash and six hexadecimal digits"""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"{colour!r} is not a colour such as #0b5cad")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(channels: list[float]) -> str:
    """Write red, green and blue as a colour."""
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)

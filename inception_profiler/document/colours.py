"""One colour for everything that has a name: models, kinds of operations, verdicts, in every format.

The hues are those of Okabe and Ito (Color Universal Design, 2008), which people with any kind of colour
vision can tell apart. Members of a family share its hue and differ in how dark they are.
"""

from __future__ import annotations

import math
import zlib
from functools import cache

from inception_profiler.document.chart import Chart

INK = "#1A1A1A"
"""Text, and what a chart is about."""
QUIET = "#5A5A5A"
"""Captions, axes, and what stands in the background."""
PAPER = "#FFFFFF"
"""What everything stands on."""

BLUE, VERMILLION, GREEN, PURPLE = "#0072B2", "#D55E00", "#009E73", "#CC79A7"
ORANGE, SKY, GREY = "#E69F00", "#56B4E9", "#8C8C8C"

_NAMED = {
    "convolution": BLUE,
    "linear": VERMILLION,
    "recurrent": PURPLE,
    "attention": GREEN,
    "normalization": ORANGE,
    "activation": SKY,
    "pooling": "#006B4F",
    "elementwise": "#8A3F72",
    "movement": "#A8A8A8",
    "params": VERMILLION,
    "MACs": BLUE,
    "FLOPs": "#00446B",
    "multiply and add apart": SKY,
    "what else it counts": ORANGE,
    "activation bytes": GREEN,
    "live peak": "#8A3F72",
    "exact": "#00664A",
    "rounded": GREEN,
    "convention": ORANGE,
    "refuted": "#B84A00",
    "measured here": SKY,
    "not measured yet": "#80749A",
    "reported": "#C9C9C9",
    "roof": INK,
    "saving": "#3D3D3D",
    "first side": VERMILLION,
    "second side": BLUE,
    "receptive field": BLUE,
    "narrowest field": VERMILLION,
    "forward": BLUE,
    "loss": GREY,
    "backward": VERMILLION,
    "step": GREEN,
    "compute": BLUE,
    "memory": VERMILLION,
    "cache-resident": GREEN,
    "overhead": "#666666",
}

_FAMILIES = {
    "inception": (BLUE, 0.32, 0.66),
    "vgg": (VERMILLION, 0.52, 0.68),
    "resnet": (GREEN, 0.46, 0.64),
    "alexnet": (PURPLE, 0.30, 0.50),
    "densenet": (ORANGE, 0.40, 0.46),
    "nin": ("#7A6A00", 0.30, 0.36),
    "lenet": (GREY, 0.20, 0.28),
}
"""The hue of each family, and from how dark to how light it goes: what some eyes confuse differs in that."""
_FIRST = ("inception_v1", "inception_v3", "inception_v4", "inception_v2", "vgg16", "vgg19", "resnet50")
"""Members that often stand side by side, and so are as far apart as their family goes."""
_OTHERS = (ORANGE, PURPLE, SKY, GREEN, VERMILLION, BLUE, "#6B4E16", "#3D3D3D")
_GRAPHIC, _TEXT = 3.0, 4.5
_TURN = 24.0
"""By how many degrees the hue of a member may be off that of its family."""


def colours(chart: Chart) -> tuple[str, ...]:
    """Return the colour of every series of a chart, as ``#RRGGBB``.

    What has a name of its own (a registered model, a kind of operation, a verdict) has one colour
    everywhere. Other names take one by their letters, and the next that is free where two of a chart
    would be alike. Series that are steps of one thing go from dark to light.
    """
    if chart.ordered:
        return ramp(len(chart.series))
    found: dict[str, str] = {}
    keys = [series.coloured_by for series in chart.series]
    for key in keys:
        colour = colour_of(key)
        if colour is not None:
            found[key] = colour
    for key in keys:
        if key not in found:
            start = zlib.crc32(key.encode(errors="replace"))
            order = [_OTHERS[(start + step) % len(_OTHERS)] for step in range(len(_OTHERS))]
            taken = set(found.values())
            found[key] = next((colour for colour in order if colour not in taken), order[0])
    return tuple(found[key] for key in keys)


def colour_of(name: str) -> str | None:
    """Return the colour that a name has everywhere; None where it is no name that has one."""
    return _NAMED.get(name) or _models().get(name)


def ramp(steps: int) -> tuple[str, ...]:
    """Return ``steps`` colours from dark to light, of one hue that turns a little on the way."""
    last = max(1, steps - 1)
    return tuple(_hex(0.34 + 0.52 * step / last, 0.13, 262 - 50 * step / last) for step in range(steps))


def legible(colour: str, on: str = PAPER, contrast: float = _TEXT) -> str:
    """Return a colour mixed with black or white until letters in it can be read on ``on``.

    The contrast is that of the Web Content Accessibility Guidelines 2.2: 4.5 for text, 3 for shapes.
    """
    end = (0.0,) * 3 if _luminance(on) > 0.2 else (1.0,) * 3
    start = _rgb(colour)
    for step in range(21):
        mixed = [a + (b - a) * step / 20 for a, b in zip(start, end, strict=True)]
        text = "#" + "".join(f"{round(255 * part):02X}" for part in mixed)
        if contrast_between(text, on) >= contrast:
            return text
    return text


def contrast_between(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as the Web Content Accessibility Guidelines do."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@cache
def _models() -> dict[str, str]:
    """Give every registered model a colour: the hue of its family, each as far from the others as it goes."""
    from inception_profiler.zoo.card import load

    found: dict[str, str] = {}
    families: dict[str, list[tuple[int, str]]] = {}
    for name, (card, _) in load().items():
        families.setdefault(card.family, []).append((card.year, name))
    for family, members in families.items():
        other = _OTHERS[zlib.crc32(family.encode()) % len(_OTHERS)], 0.42, 0.66
        base, darkest, lightest = _FAMILIES.get(family, other)
        _, chroma, hue = _polar(base)
        members.sort(key=lambda member: (member[1] not in _FIRST, member))
        for position, (_, name) in enumerate(members, start=1):
            light = darkest + (lightest - darkest) * _spread(position, 2)
            found[name] = _hex(light, chroma, hue + _TURN * (2 * _spread(position, 3) - 1))
    return found


def _spread(position: int, base: int) -> float:
    """Return van der Corput's sequence, each term of which falls where the largest gap is."""
    value, step = 0.0, 1.0
    while position:
        position, digit = divmod(position, base)
        step /= base
        value += digit * step
    return value


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))


def _linear(colour: str) -> tuple[float, ...]:
    return tuple(
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour)
    )


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _polar(colour: str) -> tuple[float, float, float]:
    """Return lightness, chroma and hue in Ottosson's Oklab, where equal steps look equal."""
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    light = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a))


def _hex(light: float, chroma: float, hue: float) -> str:
    """Return the colour of that lightness and hue, with as much of the chroma as a screen can show."""
    for share in range(20, -1, -1):
        reach = chroma * share / 20
        a, b = reach * math.cos(math.radians(hue)), reach * math.sin(math.radians(hue))
        long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
        middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
        parts = (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
        if all(-1e-6 <= part <= 1 + 1e-6 for part in parts):
            break
    seen = (
        12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in map(abs, parts)
    )
    return "#" + "".join(f"{round(255 * min(1.0, part)):02X}" for part in seen)

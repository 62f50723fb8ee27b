"""Charts written by hand, one of each kind: what their renderers are tested on."""

from __future__ import annotations

from inception_profiler.document.chart import (
    BARS,
    LINE,
    LOG,
    MIRRORED,
    POINTS,
    SIDE_BY_SIDE,
    STACKED,
    STEPS,
    Axis,
    Chart,
    Note,
    Point,
    Series,
)
from inception_profiler.units import Unit

_SIZES = Axis("feature map", Unit.TEXT, "pixels", categories=("56×56", "28×28", "head"))
_SHARE = Axis("share", Unit.SHARE, limits=(0.0, 1.0))


def bars(arrangement: str = SIDE_BY_SIDE, *, names: tuple[str, str] = ("subject", "reference")) -> Chart:
    """Two models over three sizes, one with nothing at one of them."""
    return Chart(
        "bars",
        f"Bars {arrangement}",
        Axis("MACs", Unit.COUNT),
        _SIZES,
        (
            Series(names[0], BARS, (Point(1_500_000, 0), Point(250_000, 1), Point(0, 2))),
            Series(names[1], BARS, (Point(4_000_000, 0), Point(125_000, 1), Point(1_000, 2))),
        ),
        arrangement,
        caption="Nothing here was counted.",
        source="By hand.",
    )


def shares() -> Chart:
    """Parts of a whole, end to end, in the order of something."""
    parts = (("first", (0.2, 0.01)), ("second", (0.5, 0.29)), ("third", (0.3, 0.7)))
    return Chart(
        "shares",
        "Shares of a whole",
        _SHARE,
        Axis("metric", Unit.TEXT, categories=("params", "MACs")),
        tuple(
            Series(title, BARS, tuple(Point(value, place) for place, value in enumerate(values)))
            for title, values in parts
        ),
        STACKED,
        ordered=True,
    )


def curves() -> Chart:
    """Two lines that end at one height, and a remark along each direction."""
    return Chart(
        "curves",
        "Curves",
        Axis("side of the input", Unit.PIXELS),
        Axis("MACs", Unit.COUNT),
        (
            Series("one", LINE, (Point(128, 0), Point(256, 2_000_000), Point(512, 8_000_000))),
            Series("two", LINE, (Point(128, 1_000_000), Point(256, 4_000_000), Point(512, 8_000_000))),
        ),
        notes=(Note("the usual", x=224), Note("a limit", y=5_000_000)),
        caption="By hand.",
    )


def timeline() -> Chart:
    """Steps with their peak."""
    heights = (4_096, 12_288, 65_536, 8_192)
    points = tuple(Point(number, height) for number, height in enumerate((*heights, heights[-1])))
    return Chart(
        "timeline",
        "What is alive",
        Axis("calls", Unit.COUNT, "number"),
        Axis("alive at once", Unit.BYTES),
        (Series("forward pass", STEPS, points),),
        notes=(Note("peak: 64 KiB", 2.5, 65_536, strong=True),),
    )


def bubbles() -> Chart:
    """Dots of three sizes over a logarithmic axis, one of them in the background."""
    dots = (("small", 1e8, 0.6, 10**6), ("middle", 1e9, 0.7, 10**7), ("large", 1.1e10, 0.8, 10**8))
    return Chart(
        "bubbles",
        "Bubbles",
        Axis("MACs of one image", Unit.COUNT, divided=LOG),
        Axis("accuracy", Unit.SHARE, limits=(0.5, 0.9)),
        tuple(
            Series(
                name,
                POINTS,
                (Point(x, y, name, size),),
                sized=Axis("params", Unit.COUNT),
                faint=name == "small",
            )
            for name, x, y, size in dots
        ),
    )


def roofs() -> Chart:
    """Dots under a slope and a flat roof, both axes logarithmic."""
    return Chart(
        "roofs",
        "Under the roofs",
        Axis("intensity", Unit.RATE, "FLOP/byte", LOG),
        Axis("rate", Unit.FLOP_RATE, divided=LOG),
        (
            Series("memory bound", POINTS, (Point(0.5, 4e9, "relu"), Point(2.0, 1.5e10))),
            Series("1 TFLOP/s", LINE, (Point(100.0, 1e12), Point(1000.0, 1e12)), "roof", faint=True),
            Series(
                "10 GB/s", LINE, (Point(0.1, 1e9), Point(3.0, 3e10), Point(100.0, 1e12)), "roof", faint=True
            ),
        ),
    )


def intervals() -> Chart:
    """Medians with what holds them."""
    return Chart(
        "intervals",
        "Latency",
        Axis("latency of a call", Unit.SECONDS),
        Axis("model", Unit.TEXT, categories=("subject", "reference")),
        (
            Series("subject", POINTS, (Point(0.012, 0, low=0.0118, high=0.0125),)),
            Series("reference", POINTS, (Point(0.046, 1, low=0.044, high=0.051),)),
        ),
    )


CHARTS = {
    "side by side": bars(),
    "mirrored": bars(MIRRORED),
    "stacked": bars(STACKED),
    "shares": shares(),
    "curves": curves(),
    "timeline": timeline(),
    "bubbles": bubbles(),
    "roofs": roofs(),
    "intervals": intervals(),
}

"""What padding 'same' adds around the 7×7 at stride 2 of the Keras code that two documents print."""

from __future__ import annotations

from inception_profiler.claims.derive import counted, fact, ratio
from inception_profiler.claims.layers import attribute, inside, numbers, of_kind, side
from inception_profiler.records.claim import Quantity, Reading

MODEL, BLOG = "inception_v1", "inception_v1_blog"


def zeros_on_a_side() -> tuple[Reading, ...]:
    """Return the zeros on a side of the image: the mean, then before and after it, then the kernel's half."""
    layer = of_kind(inside(counted(BLOG), "conv1"), "convolution")[0]
    pad = next(layer for layer in inside(counted(BLOG), "conv1") if layer.op == "pad")
    before, after, *_ = numbers(pad, "pad")
    kernel = attribute(layer, "kernel")
    formula = "(⌈W/s⌉ − 1)·s + K − W on both sides together: from the kernel and the width"
    shown = f"{before} before, {after} after"
    return (
        fact((before + after) / 2, "pixels", "zeros on a side, the mean of both", shown, formula=formula),
        fact(before, "pixels", "zeros before the image", shown, formula=formula,
             convention="before the image only"),
        fact(after, "pixels", "zeros after the image", shown, formula=formula,
             convention="after the image only, where one more stands"),
        fact((kernel - 1) / 2, "pixels", "half of the kernel less one", f"({kernel} − 1) / 2",
             formula="(K − 1) / 2", convention="the symmetric padding (kernel − 1)/2", explains=True),
    )  # fmt: skip


def map_against_zero_padding() -> tuple[Reading, ...]:
    """Hold the map of the convolution padded by 3 on every side against that of padding 'same'."""
    sides = [side(of_kind(counted(each).layers, "convolution")[0]) for each in (MODEL, BLOG)]
    maps = [fact(each, "pixels", "side of the first map", str(each)) for each in sides]
    return (ratio(*maps, title="padded by 3 / padded 'same'"),)


def rule(printed: str) -> Quantity:
    """Return the quantity that the comment's formula states: with the stride of 2, half a zero."""
    return Quantity(
        "rule", printed, "zeros on a side of the 7×7 whose stride is 2; the comment's (2 − 1)/2", bound="0.5"
    )


def instead(printed: str) -> Quantity:
    """Return the quantity that the comment states of the other way to pad: that it gives the same map."""
    return Quantity("instead", printed, "side of the first map, padded by 3 / padded 'same'", bound="1")

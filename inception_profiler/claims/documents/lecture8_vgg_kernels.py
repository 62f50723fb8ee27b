"""Document 001 on the design of VGG's layers: two 3×3 for one 5×5, twice the channels on half the map."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inception_profiler.claims.bibliography import LECTURE8_NOTES
from inception_profiler.claims.derive import divided, fact, how_many, ratio, read_as, sketched, total
from inception_profiler.claims.layers import flops, of_kind, params, side
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import LESS, MORE, Quantity, Reading
from inception_profiler.records.profile import Profile

CHANNELS = 64
MAP = 56
"""The channels and the map that the formulas in letters are counted with; they cancel out."""


def _option(*kernels: int, bias: bool = True) -> Profile:
    return sketched(CHANNELS, *((CHANNELS, kernel) for kernel in kernels), size=MAP, bias=bias)


def _params(*kernels: int) -> Sequence[Reading]:
    """Return the parameters over C²: with the biases, then without."""
    model = _option(*kernels)
    factors = (CHANNELS, CHANNELS)
    with_bias = total(model, model.layers, params, "params")
    plain = read_as(model, model.layers, "lecture-params", "params")
    return [divided(each, "coefficient", "params / C²", factors, "C²") for each in (with_bias, plain)]


def _flops(*kernels: int) -> Sequence[Reading]:
    """Return the floating-point operations over C²·H·W: by the default, then by the papers' convention."""
    model = _option(*kernels)
    factors = (CHANNELS, CHANNELS, MAP, MAP)
    readings = (total(model, model.layers, flops, "FLOPs"), read_as(model, model.layers, "paper", "FLOPs"))
    return [divided(each, "coefficient", "FLOPs / (C²·H·W)", factors, "C²HW") for each in readings]


enter(
    "one-5x5",
    LECTURE8_NOTES,
    "Conv(5x5, C -> C)Params: 25C2FLOPs: 25C2HW",
    "Conv(5×5, C → C): params 25C², FLOPs 25C²HW",
    (Quantity("params", "25C2", "parameters of a 5×5 from C to C channels, over C²"), lambda: _params(5)),
    (Quantity("FLOPs", "25C2HW", "its FLOPs on an H×W map, over C²HW"), lambda: _flops(5)),
)

enter(
    "two-3x3",
    LECTURE8_NOTES,
    "Conv(3x3, C -> C), Conv(3x3, C -> C)Params: 18C2FLOPs: 18C2HW",
    "Conv(3×3, C → C), Conv(3×3, C → C): params 18C², FLOPs 18C²HW",
    (
        Quantity("params", "18C2", "parameters of two 3×3 from C to C channels, over C²"),
        lambda: _params(3, 3),
    ),
    (Quantity("FLOPs", "18C2HW", "their FLOPs on an H×W map, over C²HW"), lambda: _flops(3, 3)),
)


def _against(of: Callable[..., int], unit: str) -> tuple[Reading, ...]:
    two, one = _option(3, 3), _option(5)
    return (
        ratio(total(two, two.layers, of, unit), total(one, one.layers, of, unit), title="two 3×3 / one 5×5"),
    )


def _activations() -> tuple[Reading, ...]:
    two, one = _option(3, 3), _option(5)
    counts = [how_many(each, of_kind(each.layers, "activation"), "ReLUs") for each in (two, one)]
    return (ratio(*counts, title="two 3×3 / one 5×5"),)


def _fields() -> tuple[Reading, ...]:
    fields = []
    for model, kernels in ((_option(3, 3), "3, 3"), (_option(5), "5")):
        pixels = model.receptive_field or 0
        fields.append(fact(pixels, "pixels", f"field of {model.model}", kernels, formula="1 + Σ (K − 1)"))
    return (ratio(*fields, title="two 3×3 / one 5×5"),)


def _sides() -> tuple[Reading, ...]:
    models = (_option(3, 3), _option(5))
    maps = [fact(side(each.layers[-1]), "pixels", f"side after {each.model}", str(MAP)) for each in models]
    return (ratio(*maps, title="two 3×3 / one 5×5"),)


enter(
    "two-3x3-same-field",
    LECTURE8_NOTES,
    "两个3x3转换与单个5x5转换具有相同的接收域,也就说,一个相同大小的input,经过选择1和选择2,他们的输出大小是一样的。",
    "Two 3×3 convolutions have the receptive field of a single 5×5, that is, an input of one size gives outputs of one "
    "size by option 1 and option 2",
    (Quantity("field", "具有相同的接收域", "receptive field, two 3×3 / one 5×5", bound="1"), _fields),
    (Quantity("output", "输出大小是一样的", "side of the output, two 3×3 / one 5×5", bound="1"), _sides),
)

enter(
    "two-3x3-cheaper",
    LECTURE8_NOTES,
    "参数较少且计算量较小,需要更少的计算资源两个卷积层的结合,使得非线性计算更多,也让特征之间的组合更多",
    "Fewer parameters and less computation, which needs fewer resources; two convolutions together make for more "
    "non-linearity and more combinations of features",
    (
        Quantity("params", "参数较少", "parameters, two 3×3 / one 5×5", LESS, bound="1"),
        lambda: _against(params, "params"),
    ),
    (
        Quantity("FLOPs", "计算量较小", "FLOPs, two 3×3 / one 5×5", LESS, bound="1"),
        lambda: _against(flops, "FLOPs"),
    ),
    (
        Quantity(
            "non-linearity", "非线性计算更多", "activation functions, two 3×3 / one 5×5", MORE, bound="1"
        ),
        _activations,
    ),
)


def _stage_pair() -> tuple[Reading, ...]:
    """Hold a convolution of C channels on a map of 2H against one of 2C channels on a map of H."""
    wide = sketched(CHANNELS, (CHANNELS, 3), size=2 * MAP, bias=True)
    deep = sketched(2 * CHANNELS, (2 * CHANNELS, 3), size=MAP, bias=True)
    return (
        ratio(*(total(each, each.layers, flops, "FLOPs") for each in (deep, wide)), title="second / first"),
        ratio(
            *(read_as(each, each.layers, "paper", "FLOPs") for each in (deep, wide)), title="second / first"
        ),
    )


def _second(axis: int) -> tuple[Reading, ...]:
    """Return what the second convolution is given, over what the first is given: of channels, of the side."""
    first, second = (
        sketched(many, (many, 3), size=each).inputs[0].shape
        for many, each in ((CHANNELS, 2 * MAP), (2 * CHANNELS, MAP))
    )
    numbers = f"{'×'.join(map(str, second))} / {'×'.join(map(str, first))}"
    return (
        fact(
            second[axis] / first[axis],
            "×",
            "second input / first input",
            numbers,
            formula="N×C×H×W / N×C×H×W",
        ),
    )


enter(
    "double-channels",
    LECTURE8_NOTES,
    "为了达成每个卷积层都需要有相同的计算量的目标,我们只需要将C×2。",
    "To reach the aim that every convolution needs the same computation, we need only multiply C by 2",
    (
        Quantity(
            "channels", "只需要将C×2", "channels of the second input / the first, at equal MACs", bound="2"
        ),
        lambda: _second(1),
    ),
    (
        Quantity("equal", "相同的计算量", "MACs of the second convolution / the first", bound="1"),
        _stage_pair,
    ),
)

enter(
    "double-channels-equal-cost",
    LECTURE8_NOTES,
    "如上图所示,则两个卷积层的浮点计算量是相同的。",
    "As the figure above shows, the two convolutions then take equally many floating-point operations",
    (
        Quantity(
            "FLOPs",
            "浮点计算量是相同的",
            "FLOPs of a 3×3 with 2C channels on H×W / with C channels on 2H×2W",
            bound="1",
        ),
        _stage_pair,
    ),
)

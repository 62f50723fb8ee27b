"""Document 002 on what more units cost: the next stage of GoogLeNet when its input widens."""

from __future__ import annotations

from inception_profiler.claims.bibliography import GITBOOK_GOOGLENET
from inception_profiler.claims.derive import counted, fact, ratio, sketched, text
from inception_profiler.claims.layers import attribute, channels, inside, of_kind, side, weight_shape
from inception_profiler.claims.ledger import enter
from inception_profiler.records.claim import LESS, Quantity, Reading, Step

MODEL, NEXT = "inception_v1", "inception_4b"
FACTOR = 2


def _costs(naive: bool) -> tuple[Reading, Reading]:
    """Return the MACs of a module on twice the channels that it is given, and as it is."""
    layers = of_kind(inside(counted(MODEL), NEXT), "convolution")
    if naive:
        layers = tuple(layer for layer in layers if not layer.name.endswith(("_reduce", "pool_proj")))
    width = max(weight_shape(layer)[1] for layer in layers if attribute(layer, "kernel") == 1)
    form = f"{NEXT} without its reductions" if naive else NEXT
    costs = []
    for factor in (FACTOR, 1):
        parts = [
            sketched(
                factor * width if naive or weight_shape(layer)[1] == width else weight_shape(layer)[1],
                (channels(layer), attribute(layer, "kernel")),
                size=side(layer),
            ).macs
            for layer in layers
        ]
        costs.append(fact(sum(parts), "MACs", f"{form} on {factor * width} channels", " + ".join(map(str, parts)),
                          formula="sum over its convolutions"))  # fmt: skip
    wide, plain = costs
    return wide, plain


def _added(naive: bool) -> Reading:
    """Return the MACs that twice the channels add to a module."""
    wide, plain = _costs(naive)
    value = wide.value - plain.value
    step = Step("what they add", "a − b", f"{text(wide.value)} − {text(plain.value)}", value, "MACs")
    return Reading(value, "MACs", steps=(*wide.steps, *plain.steps, step))


def _growth() -> tuple[Reading, ...]:
    """Hold what twice the channels add with the reductions against what they add without."""
    title = f"on {FACTOR} times the channels / as it is"
    return (
        ratio(_added(False), _added(True), title="added with the reductions / without"),
        *(
            ratio(
                *_costs(naive), title=title, convention=f"growth of the module itself, {form}", explains=True
            )
            for naive, form in ((False, "with its reductions"), (True, "without its reductions"))
        ),
    )


enter(
    "more-units-next-stage",
    GITBOOK_GOOGLENET,
    "对于这样的框架，一个有用的特征是：增加神经元数量，不会导致下一阶段计算复杂度显著增加。",
    "A useful feature of such a framework: more units do not make the computation of the next stage notably larger",
    (
        Quantity("growth", "不会导致下一阶段计算复杂度显著增加",
                 "MACs that twice the channels of 4a add to GoogLeNet's 4b, whose reductions come before the expensive "
                 "convolutions / to a 4b without them", LESS, bound="1"),
        _growth,
    ),
)  # fmt: skip

enter(
    "winner-of-2014",
    GITBOOK_GOOGLENET,
    "GoogLeNet是2014年ILSVRC图像分类和定位两个任务的挑战赛冠军",
    "GoogLeNet won the ILSVRC challenge of 2014",
    Quantity(
        "year", "2014年", "year of the challenge", reported="ILSVRC-2014 results; transcribed from memory"
    ),
)

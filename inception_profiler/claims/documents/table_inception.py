"""The tables of the papers on Inception-v3, Inception-v4 and Xception, cell by cell."""

from __future__ import annotations

from inception_profiler.claims.bibliography import INCEPTION_V4_PAPER, RETHINKING, XCEPTION_PAPER
from inception_profiler.claims.derive import counted, fact, whole
from inception_profiler.claims.documents.inception_v4 import V3, V4, cost, filters
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.claims.networks import RELEASED
from inception_profiler.claims.residual import RELEASED_V2, V1, V2
from inception_profiler.records.claim import ABOUT, LESS, Quantity, Reading

SEPARABLE = "inception_v1_separable_stem"
UNPRINTED = "the paper, which does not print the filters inside the modules, so that nothing can be counted"


def _macs(model: str, convention: str = "", *, explains: bool = False) -> Reading:
    return whole(counted(model), "macs", "MACs", convention=convention, explains=explains)


enter(
    "rethinking-table-3",
    RETHINKING,
    "GoogLeNet 1.5 · BN-GoogLeNet 1.5 · BN-Inception 2.0 · Inception-v2 rows 3.8 · factorized 7×7 and BN-auxiliary (v3) 4.8.",
    "cost in billions of operations: GoogLeNet 1.5, BN-GoogLeNet 1.5, BN-Inception 2.0, Inception-v2 3.8, with factorized "
    "7×7 and a normalized auxiliary head (v3) 4.8",
    (
        Quantity("GoogLeNet", "GoogLeNet 1.5", "MACs of GoogLeNet with its separable 7×7", scale="G"),
        lambda: (_macs(SEPARABLE), _macs("inception_v1", "with a dense 7×7")),
    ),
    (
        Quantity("BN-GoogLeNet", "BN-GoogLeNet 1.5", "MACs of GoogLeNet normalized, as TF-slim released it", scale="G"),
        lambda: (_macs("inception_v1_slim"),),
    ),
    (
        Quantity("BN-Inception", "2.0", "MACs of BN-Inception", scale="G"),
        lambda: (_macs("bn_inception"), _macs("inception_v2", "with a separable 7×7, as TF-slim's inception_v2")),
    ),
    Quantity("Inception-v2", "3.8", "MACs of Inception-v2", reported=UNPRINTED),
    (Quantity("Inception-v3", "4.8", "MACs of Inception-v3 as released", scale="G"), lambda: (_macs(V3),)),
)  # fmt: skip

enter(
    "rethinking-abstract",
    RETHINKING,
    "Abstract: 5 billion multiply-adds, fewer than 25 million parameters.",
    "5 billion multiply-adds, fewer than 25 million parameters",
    (Quantity("multiply-adds", "5 billion", "MACs of Inception-v3"), lambda: (_macs(V3),)),
    (
        Quantity(
            "parameters",
            "fewer than 25 million",
            "parameters of Inception-v3 without its auxiliary head",
            LESS,
        ),
        lambda: (whole(counted(V3), "params", "params"),),
    ),
)

enter(
    "v2-against-googlenet",
    RETHINKING,
    "Text: v2 is about 2.5 times GoogLeNet.",
    "Inception-v2 costs about 2.5 times as much as GoogLeNet",
    Quantity("ratio", "about 2.5 times", "MACs of Inception-v2 / GoogLeNet",
             reported=f"the quotient of the 3.8 and 1.5 of its Table 3; {UNPRINTED}"),
)  # fmt: skip

ROWS = {
    V4: "v4 192, 224, 256, 384",
    V1: "Inception-ResNet-v1 192, 192, 256, 384",
    V2: "Inception-ResNet-v2 256, 256, 384, 384",
}
"""The rows of the Inception-v4 paper's Table 1: k, l, m and n of Reduction-A."""


def _filter(model: str, position: int) -> Lens:
    def lens() -> tuple[Reading, ...]:
        chosen = filters(model)
        numbers = ", ".join(map(str, chosen))
        return (fact(chosen[position], "filters", f"k, l, m, n of Reduction-A of {model}", numbers),)

    return lens


def _reduction(model: str, row: str) -> None:
    printed = row.split(" ", 1)[1]
    enter(
        f"reduction-a-{model.replace('_', '-').removesuffix('-paper')}",
        INCEPTION_V4_PAPER,
        row,
        f"k, l, m and n of Reduction-A in {model}: {printed}",
        *(
            (
                Quantity(letter, printed, f"{letter} of Reduction-A", bound=number.strip()),
                _filter(model, position),
            )
            for position, (letter, number) in enumerate(zip("klmn", printed.split(","), strict=True))
        ),
    )


for _model, _printed in ROWS.items():
    _reduction(_model, _printed)

enter(
    "v4-paper-costs",
    INCEPTION_V4_PAPER,
    "Text: Inception-ResNet-v1 roughly the cost of v3, v2 that of v4.",
    "Inception-ResNet-v1 has roughly the cost of Inception-v3, Inception-ResNet-v2 that of Inception-v4",
    (
        Quantity("v1 and v3", "Inception-ResNet-v1 roughly the cost of v3", "MACs of Inception-ResNet-v1 / Inception-v3",
                 ABOUT, bound="1"),
        lambda: cost(V1, V3, "inception_resnet_v1_facenet"),
    ),
    (
        Quantity("v2 and v4", "v2 that of v4", "MACs of Inception-ResNet-v2 / Inception-v4", ABOUT, bound="1"),
        lambda: cost(V2, V4, RELEASED_V2),
    ),
)  # fmt: skip

enter(
    "xception-parameters",
    XCEPTION_PAPER,
    "22,855,952 parameters; its Inception-v3 23,626,728.",
    "Xception has 22,855,952 parameters, and its Inception-v3 23,626,728",
    (Quantity("Xception", "22,855,952", "parameters of Xception"), lambda: (whole(counted("xception"), "params", "params"),)),
    (
        Quantity("Inception-v3", "23,626,728", "parameters of Inception-v3"),
        lambda: (
            whole(counted(V3), "params", "params"),
            _shifts_only(),
        ),
    ),
)  # fmt: skip


def _shifts_only() -> Reading:
    """Leave out the scale γ of every normalization, as Keras and TF-slim do."""
    model = counted(V3)
    scales = sum(layer.params for layer in model.layers if layer.call.kind == "normalization") // 2
    return fact(model.params - scales, "params", "parameters without the scales γ", f"{model.params} − {scales}",
                formula="all − γ", convention=f"{RELEASED} in Keras: normalization with a shift only")  # fmt: skip

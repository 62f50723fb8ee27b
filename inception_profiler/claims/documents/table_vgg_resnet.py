"""The tables of the papers on VGG, ResNet and Squeeze-and-Excitation, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from inception_profiler.analysis.profile import profile
from inception_profiler.claims.bibliography import RESNET_PAPER, SQUEEZE, VGG_PAPER
from inception_profiler.claims.derive import added, counted, total, whole
from inception_profiler.claims.layers import macs, of_kind
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.records.claim import Quantity, Reading
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.profile import Profile

STRIDE_ON_1X1 = "the stride on the first 1×1 of a block, as the authors released it"


def _params(model: str) -> Lens:
    return lambda: (whole(counted(model), "params", "params"),)


VGG_CELLS = {
    "vgg11": "A, A-LRN 133",
    "vgg13": "B 133",
    "vgg16_c": "C 134",
    "vgg16": "D 138",
    "vgg19": "E 144",
}

enter(
    "vgg-table-2",
    VGG_PAPER,
    "A, A-LRN 133 · B 133 · C 134 · D 138 · E 144",
    "parameters in millions of the five networks A to E",
    *(
        (
            Quantity(printed.split()[0].strip(","), printed, f"parameters of {model}", scale="M"),
            _params(model),
        )
        for model, printed in VGG_CELLS.items()
    ),
)


@cache
def original(model: str) -> Profile:
    """Profile a bottleneck ResNet whose stride stands on the first 1×1 of a block, as the paper's release."""
    from inception_profiler.zoo.resnet import TABLE_1, OriginalBottleneck, ResNet
    from inception_profiler.zoo.weightless import Weightless

    with Weightless():
        network = ResNet(TABLE_1[model].plan._replace(block=OriginalBottleneck))
    return replace(profile(network, counted(model).inputs[0].shape), model=f"{model}, stride on the 1×1")


def _flops(model: str) -> Lens:
    """Return the lens that counts a ResNet's multiply-adds: as registered, then as the authors released it."""

    def lens() -> tuple[Reading, ...]:
        found = whole(counted(model), "macs", "MACs")
        if model in {"resnet18", "resnet34"}:
            return (found,)
        return (found, whole(original(model), "macs", "MACs", convention=STRIDE_ON_1X1))

    return lens


RESNET_CELLS = {
    "resnet18": "1.8e9",
    "resnet34": "3.6e9",
    "resnet50": "3.8e9",
    "resnet101": "7.6e9",
    "resnet152": "11.3e9",
}

enter(
    "resnet-table-1",
    RESNET_PAPER,
    "18: 1.8e9 · 34: 3.6e9 · 50: 3.8e9 · 101: 7.6e9 · 152: 11.3e9",
    "FLOPs, in the sense of multiply-adds, of the five networks",
    *(
        (Quantity(model, printed, f"multiply-adds of {model}", scale="G"), _flops(model))
        for model, printed in RESNET_CELLS.items()
    ),
)


def _gates(of_ops: bool) -> Reading:
    """Add up what the gates of SE-ResNet-50 cost: their linear layers, or what they squeeze and scale."""
    model = counted("se_resnet50")
    layers = [layer for layer in model.layers if ".se." in layer.path]
    if not of_ops:
        return total(model, of_kind(layers, "convolution", "linear"), macs, "MACs", title="MACs of the gates")
    kept = [layer for layer in layers if layer.call.kind in {"pooling", "elementwise"}]
    return total(model, kept, _ops, "MACs", title="elements squeezed and scaled")


def _ops(layer: LayerCost) -> int:
    return layer.ops


def _squeeze() -> tuple[Reading, ...]:
    base = whole(original("resnet50"), "macs", "MACs")
    return (
        whole(counted("se_resnet50"), "macs", "MACs"),
        added("resnet50 and gates", (base, _gates(False)), convention=STRIDE_ON_1X1),
        added("resnet50, gates, squeezing and scaling", (base, _gates(False), _gates(True)),
              convention=f"{STRIDE_ON_1X1}; pooling and scaling of the gates counted too"),
    )  # fmt: skip


enter(
    "se-resnet-50",
    SQUEEZE,
    "ResNet-50 3.86, SE-ResNet-50 3.87 GFLOPs.",
    "ResNet-50 takes 3.86 and SE-ResNet-50 3.87 GFLOPs",
    (Quantity("ResNet-50", "3.86", "multiply-adds of ResNet-50", scale="G"), _flops("resnet50")),
    (Quantity("SE-ResNet-50", "3.87", "multiply-adds of SE-ResNet-50", scale="G"), _squeeze),
)

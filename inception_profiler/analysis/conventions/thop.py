"""``thop``: profile, which hooks modules of exactly the classes it knows."""

from __future__ import annotations

import math
from collections.abc import Iterable

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import BIAS, Share, convention
from inception_profiler.analysis.conventions.survey import Survey, attribute, kernel_elements, produced, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_CONVOLUTIONS = frozenset(f"torch.nn.modules.conv.Conv{d}d" for d in (1, 2, 3))
_TRANSPOSED = frozenset(f"torch.nn.modules.conv.ConvTranspose{d}d" for d in (1, 2, 3))
_LINEAR = "torch.nn.modules.linear.Linear"
_NORMS = frozenset(
    [f"torch.nn.modules.batchnorm.BatchNorm{d}d" for d in (1, 2, 3)]
    + [f"torch.nn.modules.instancenorm.InstanceNorm{d}d" for d in (1, 2, 3)]
    + ["torch.nn.modules.batchnorm.SyncBatchNorm", "torch.nn.modules.normalization.LayerNorm"]
)
_AVERAGES = frozenset(f"torch.nn.modules.pooling.AvgPool{d}d" for d in (1, 2, 3))
_ADAPTIVE = frozenset(f"torch.nn.modules.pooling.AdaptiveAvgPool{d}d" for d in (1, 2, 3))
_UPSAMPLING = frozenset(
    f"torch.nn.modules.upsampling.{name}"
    for name in ("Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d")
)
_PER_OUTPUT = {"nearest": 1, "linear": 5, "bilinear": 11, "bicubic": 259}


def _squared(call: Call, survey: Survey) -> int:
    """Return how often a call is charged: hooked once a visit, and added up once a visit."""
    return survey.visits(call.path) ** 2


@convention(
    "thop",
    tool="thop.profile",
    version="0.1.1.post2209072238",
    title="MACs",
    scope="one for each MAC of convolution and linear modules; 4 for each element of a norm module with "
    "scale (2 without); average pooling and softmax modules; gates and biases of recurrent ones; no other "
    "bias, nothing that is not a module of exactly a class it knows",
    times=_squared,
    evaluates=True,
)
def thop(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge a module by the shapes of its input and output."""
    kind = survey.kind(call.path)
    if recurrent.known(call, survey):
        return _recurrent(call, survey)
    if call.cost.macs:
        return [_contraction(call, kind)]
    numel = produced(call)
    if kind in _NORMS and call.kind == "normalization":
        return [Share(call.op, read(call).numel * (4 if attribute(call, "affine") else 2))]
    if kind == "torch.nn.modules.activation.PReLU":
        return [Share(call.op, read(call).numel)]
    if kind == "torch.nn.modules.activation.Softmax":
        return [_softmax(call)]
    if kind in _AVERAGES:
        return [Share(call.op, numel)]
    if kind in _ADAPTIVE:
        return [Share(call.op, _adaptive(call))]
    if kind in _UPSAMPLING:
        return [Share(call.op, _PER_OUTPUT.get(str(attribute(call, "mode")), 0) * numel)]
    return []


def _contraction(call: Call, kind: str) -> Share:
    if kind in _CONVOLUTIONS or kind == _LINEAR:
        return Share(MACS, call.cost.macs)
    if kind in _TRANSPOSED:
        depth = read(call).shape[1] // int(attribute(call, "groups") or 1)  # type: ignore[arg-type]
        amount = produced(call) * depth * kernel_elements(call)
        return Share(MACS, amount, "counts a transposed convolution at its output size")
    return Share(MACS, 0, "sees only modules of exactly a class it knows")


def _recurrent(call: Call, survey: Survey) -> list[Share]:
    """Charge a gate its products, a sum and two biases for each unit, and an LSTM or GRU 4 more a unit."""
    layers, both = recurrent.matrices(call), recurrent.directions(call)
    times = recurrent.steps(call, survey) * both
    macs = bias = other = 0
    for place, layer in enumerate(layers):
        width = layer.hidden * both if place else layer.width
        macs += layer.rows * (width + layer.hidden)
        bias += 2 * layer.rows * recurrent.biased_gates(call)
        other += layer.rows + (0 if recurrent.unit(call) == "rnn" else 4 * layer.hidden)
    limit = recurrent.unfollowed(call)
    return [
        Share(MACS, macs * times, recurrent.SIZES, limit=limit),
        Share(BIAS, bias * times),
        Share(call.op, other * times),
    ]


def _softmax(call: Call) -> Share:
    """Charge n exponentials, n − 1 adds and n divisions for each of the vectors of n."""
    dim = attribute(call, "dim")
    if not isinstance(dim, int):
        return Share(call.op, 0, failure="nn.Softmax without a dim stops it with a TypeError")
    features = read(call).shape[dim]
    return Share(call.op, read(call).numel // features * (3 * features - 1))


def _adaptive(call: Call) -> int:
    """Charge each output with as many adds as inputs fall to it, which need not be whole, and a division."""
    window = math.prod(
        side / size for side, size in zip(read(call).shape[2:], call.outputs[0].shape[2:], strict=True)
    )
    return int((window + 1) * produced(call))

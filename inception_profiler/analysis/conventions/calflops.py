"""``calflops``: calculate_flops, which patches PyTorch's functions; ``deepspeed`` does the same."""

from __future__ import annotations

import math
from collections.abc import Iterable

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import BIAS, Share, convention
from inception_profiler.analysis.conventions.einstein import ROUNDED, reported
from inception_profiler.analysis.conventions.patched import (
    POOLINGS,
    captured,
    elementwise,
    functions,
    local_response,
    short,
)
from inception_profiler.analysis.conventions.survey import (
    Survey,
    attribute,
    biased,
    kernel_elements,
    read,
)
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_SCOPE = (
    "two for each MAC; one for each element of the functions it patches: ReLU and its kin, softmax, pooling "
    "(by its input), torch.add and torch.mul; 2 for a batch norm in inference, 5 for other norms (1 and 4 "
    "without scale); the bias of convolutions; recurrent modules by their gates; no operator such as x + y, "
    "no sigmoid, and no function that a model took over before it was patched (self.act = F.relu), which is "
    "charged here"
)
_ACTIVATIONS = functions("relu", "prelu", "elu", "leaky_relu", "relu6", "silu", "gelu", "softmax")
_NORMS = functions("batch_norm", "layer_norm", "instance_norm", "group_norm")
_CONVOLUTIONS = functions("conv1d", "conv2d", "conv3d")
_TRANSPOSED = functions("conv_transpose1d", "conv_transpose2d", "conv_transpose3d")
_PRODUCTS = functions("linear") | {"torch.matmul", "torch.Tensor.matmul"}
_SUMS = frozenset({"torch.addmm", "torch.Tensor.addmm", "torch.baddbmm"})


def _visits(call: Call, survey: Survey) -> int:
    return survey.visits(call.path)


@convention(
    "calflops",
    tool="calflops.calculate_flops",
    version="0.3.2",
    title="FLOPs",
    scope=_SCOPE,
    times=_visits,
    per_mac=2,
    named=True,
    evaluates=True,
)
def calflops(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge a function by the arguments it is called with."""
    if not survey.profile.parameters:
        yield Share(call.op, 0, failure="a model without parameters stops it with a StopIteration")
    yield from deepspeed(call, survey)


@convention(
    "deepspeed",
    tool="deepspeed.profiling.flops_profiler.get_model_profile",
    version="0.19.8",
    title="fwd flops",
    scope=_SCOPE,
    times=_visits,
    per_mac=2,
    named=True,
)
def deepspeed(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge a function by the arguments it is called with."""
    if recurrent.known(call, survey):
        return _recurrent(call, survey)
    if call.op == "einsum":
        return [Share(MACS if call.cost.macs else call.op, reported(call), ROUNDED)]
    if call.cost.macs:
        return _contraction(call)
    if captured(call, survey):
        return []
    name, numel = call.spelling, read(call).numel if call.inputs else 0
    if name in _ACTIVATIONS or name in POOLINGS:
        return [Share(call.op, numel)]
    if name in _NORMS:
        inference = call.op == "batch_norm" and not attribute(call, "measured")
        return [Share(call.op, numel * ((1 if inference else 4) + bool(attribute(call, "affine"))))]
    if name == "torch.nn.functional.local_response_norm":
        return [Share(call.op, local_response(call))]
    if name == "torch.nn.functional.interpolate":
        return [_interpolation(call)]
    return [Share(call.op, elementwise(call))]


def _contraction(call: Call) -> Iterable[Share]:
    name = call.spelling
    if name in _CONVOLUTIONS:
        return _convolution(call)
    if name in _TRANSPOSED:
        return _transposed(call)
    if name in _PRODUCTS:
        return [Share(MACS, 2 * read(call).numel * _columns(call), "leaves out the batch of a right factor")]
    if name in _SUMS:
        return [Share(MACS, 2 * call.cost.macs), Share(BIAS, read(call).numel)]
    return [Share(MACS, 0, f"does not patch {short(name)}")]


def _recurrent(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge a recurrent module two for each MAC, less one add for each of a step's products."""
    macs, bias, other = recurrent.work(call)
    steps = recurrent.steps(call, survey)
    limit = recurrent.unfollowed(call)
    return [
        Share(MACS, 2 * macs * steps, recurrent.SIZES, recurrent.stopped(call, survey), limit),
        Share(BIAS, bias * steps),
        Share(call.op, (other - 2 * recurrent.rows(call)) * steps),
    ]


def _columns(call: Call) -> int:
    """Return the columns of a product: of the right factor, or of a linear layer's output."""
    return read(call, 1).shape[0 if call.op == "linear" else -1]


def _convolution(call: Call) -> Iterable[Share]:
    """Charge a convolution by the output size that it works out itself."""
    positions = _positions(call)
    true = math.prod(call.outputs[0].shape[-call.spatial :])
    amount, bias = 2 * call.cost.macs // true * positions, biased(call) // true * positions
    return [Share(MACS, amount, "pads an even kernel on one side only"), Share(BIAS, bias)]


def _transposed(call: Call) -> Iterable[Share]:
    """Charge a transposed convolution, dividing by its groups twice; its bias at a plain one's output."""
    groups = int(attribute(call, "groups") or 1)  # type: ignore[arg-type]
    width = read(call, 1).shape[1]
    sites = read(call).numel // read(call).shape[1]
    amount = 2 * sites * kernel_elements(call) * read(call).shape[1] * (width // groups)
    bias = width * read(call).shape[0] * _positions(call) if attribute(call, "bias") else 0
    return [Share(MACS, amount, "divides by the groups of a transposed convolution twice"), Share(BIAS, bias)]


def _positions(call: Call) -> int:
    """Return how many positions a convolution with these settings has, by the tool's own formula."""
    sizes = read(call).shape[-call.spatial :]
    settings = dict(call.attributes)
    kernel, stride, dilation = (settings[name] for name in ("kernel", "stride", "dilation"))
    padding = settings["padding"]
    assert isinstance(kernel, tuple) and isinstance(stride, tuple) and isinstance(dilation, tuple)
    if padding == "same":
        padding = tuple(int(d * (k - 1) // 2) for d, k in zip(dilation, kernel, strict=True))
    elif not isinstance(padding, tuple):
        padding = (0,) * len(sizes)
    return int(
        math.prod(
            (side + 2 * pad - d * (k - 1) - 1) // s + 1
            for side, pad, d, k, s in zip(sizes, padding, dilation, kernel, stride, strict=True)
        )
    )


def _interpolation(call: Call) -> Share:
    """Charge a resampling its target size without batch and channels, or the elements it reads."""
    size, scale = attribute(call, "size"), attribute(call, "scale")
    pooled = read(call).numel if attribute(call, "mode") == "area" else 0
    if isinstance(size, tuple):
        return Share(call.op, int(math.prod(size)) + pooled, "leaves out batch and channels of a resampling")
    if isinstance(size, int):
        return Share(call.op, size + pooled, "charges a resampling its side")
    if isinstance(scale, tuple) and len(scale) != read(call).shape[0]:
        return Share(call.op, 0, failure="a resampling by a tuple of factors stops it with a TypeError")
    return Share(call.op, read(call).numel + pooled, "charges a resampling its input")

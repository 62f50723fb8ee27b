"""``ptflops``: get_model_complexity_info with its default backend: hooks on modules and patched functions.

What a module's hook and the function that the module calls both charge is counted twice. The hooks' sum is
divided by the examples in the batch, the functions' is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from inception_profiler.analysis.conventions import recurrent
from inception_profiler.analysis.conventions.convention import BIAS, SHARED, Share, convention
from inception_profiler.analysis.conventions.patched import (
    POOLINGS,
    captured,
    elementwise,
    functions,
    local_response,
    short,
)
from inception_profiler.analysis.conventions.survey import Survey, attribute, biased, produced, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_NN = "torch.nn.modules."
_CONVOLUTIONS = frozenset(f"{_NN}conv.Conv{t}{d}d" for t in ("", "Transpose") for d in (1, 2, 3))
_LINEAR = f"{_NN}linear.Linear"
_ACTIVATIONS = frozenset(
    f"{_NN}activation.{name}" for name in ("ReLU", "PReLU", "ELU", "LeakyReLU", "ReLU6", "GELU")
)
_POOLINGS = frozenset(
    f"{_NN}pooling.{a}{kind}Pool{d}d" for a in ("", "Adaptive") for kind in ("Avg", "Max") for d in (1, 2, 3)
)
_NORMS = frozenset(
    [f"{_NN}batchnorm.BatchNorm{d}d" for d in (1, 2, 3)]
    + [f"{_NN}instancenorm.InstanceNorm{d}d" for d in (1, 2, 3)]
    + [f"{_NN}normalization.GroupNorm", f"{_NN}normalization.LayerNorm"]
)
_UPSAMPLE = f"{_NN}upsampling.Upsample"
_ATTENTIONS = frozenset({f"{_NN}activation.MultiheadAttention", "timm.layers.attention.Attention"})
_PATCHED = functions("relu", "prelu", "elu", "relu6", "gelu", "softmax", "silu") | POOLINGS
_PRODUCTS = frozenset(f"torch.{owner}{name}" for owner in ("", "Tensor.") for name in ("matmul", "mm", "bmm"))
_SUMS = frozenset({"torch.addmm", "torch.Tensor.addmm", "torch.baddbmm"})
_TWICE = "counts it twice: by the module's hook and by the function that it calls"
_PER_IMAGE = "divides what modules cost by the batch, and not what functions cost"


@convention(
    "ptflops",
    tool="ptflops.get_model_complexity_info",
    version="0.7.5",
    title="MACs",
    scope="one for each MAC and bias of modules of exactly a class it knows; two for each element of a batch "
    "norm with scale, one of a layer norm; one for each element of ReLU and its kin and of the input of a "
    "pooling, as modules and again as functions; torch.add and torch.mul; recurrent modules by their gates; "
    "no operator such as x + y, and no function that a model took over before it was patched "
    "(self.act = F.relu), which is charged here",
    evaluates=True,
)
def ptflops(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge a module by its hook, once for each parent and image, and then the function it calls."""
    hooked = [] if _inside_attention(call, survey) else list(_hook(call, survey))
    visits, images = survey.visits(call.path), survey.batch
    for share in hooked:
        fault = _PER_IMAGE if share.kind == MACS and images > 1 else share.fault
        yield Share(share.kind, share.amount // images, fault, share.failure, share.limit)
        if visits > 1:
            yield Share(call.op, share.amount // images * (visits - 1), SHARED)
    for share in [] if captured(call, survey) else _function(call):
        yield Share(call.op, share.amount, _TWICE, share.failure) if hooked else share
    if call.cost.macs and not hooked:
        yield Share(MACS, 0, f"sees neither a module of a class it knows nor {short(call.spelling)}")


def _inside_attention(call: Call, survey: Survey) -> bool:
    """Tell whether a module around the call speaks for all that is inside it."""
    path = call.path
    while path:
        path = path.rpartition(".")[0]
        if survey.kind(path) in _ATTENTIONS:
            return True
    return False


def _hook(call: Call, survey: Survey) -> Iterator[Share]:
    """Charge a call to the module that executes it."""
    kind = survey.kind(call.path)
    if recurrent.known(call, survey):
        macs, bias, other = recurrent.work(call)
        steps = recurrent.steps(call, survey)
        limit = recurrent.unfollowed(call)
        yield Share(MACS, macs * steps, recurrent.SIZES, recurrent.stopped(call, survey), limit)
        yield Share(BIAS, bias * steps)
        yield Share(call.op, other * steps)
    elif kind in _ATTENTIONS:
        yield from _attention(call)
    elif kind in _CONVOLUTIONS or kind == _LINEAR:
        yield Share(MACS, call.cost.macs)
        yield Share(BIAS, biased(call))
    elif kind in _ACTIVATIONS:
        yield Share(call.op, produced(call))
    elif kind in _POOLINGS:
        yield Share(call.op, read(call).numel)
    elif kind in _NORMS:
        scaled = attribute(call, "affine") and call.op != "layer_norm"
        yield Share(call.op, read(call).numel * (2 if scaled else 1))
    elif kind == _UPSAMPLE:
        yield Share(
            call.op, math.prod(call.outputs[0].shape[1:]), "counts only the first image of a resampling"
        )


def _attention(call: Call) -> Iterator[Share]:
    """Charge attention its projections, and with the scores a softmax and the scaling of the queries."""
    if call.cost.macs:
        yield Share(MACS, call.cost.macs)
        yield Share(BIAS, biased(call))
    if call.op == "softmax":
        yield Share("softmax", produced(call))
    elif call.op == "mul":
        yield Share("scaling", produced(call))
    elif call.op == "scaled_dot_product_attention":
        query = read(call)
        scores = query.numel // query.shape[-1] * read(call, 1).shape[-2]
        yield Share("softmax", scores)
        yield Share("scaling", query.numel)


def _function(call: Call) -> Iterator[Share]:
    """Charge a function that is replaced by a counting one."""
    name = call.spelling
    if name in _PATCHED:
        yield Share(call.op, read(call).numel)
    elif name == "torch.nn.functional.local_response_norm":
        yield Share(call.op, local_response(call))
    elif name == "torch.nn.functional.interpolate":
        yield _interpolation(call)
    elif name in _PRODUCTS:
        amount = read(call).numel * read(call, 1).shape[-1]
        yield Share(MACS, amount, "leaves out the batch of a right factor")
    elif name in _SUMS:
        yield Share(MACS, call.cost.macs)
        yield Share(BIAS, read(call).numel)
    else:
        yield Share(call.op, elementwise(call))


def _interpolation(call: Call) -> Share:
    """Charge a resampling its output, by the size or by the factor that it is given."""
    shape, size, scale = read(call).shape, attribute(call, "size"), attribute(call, "scale")
    sides, numel = len(shape) - 2, read(call).numel
    if isinstance(size, tuple):
        return Share(call.op, int(math.prod(size)) * math.prod(shape[:2]))
    if isinstance(size, int):
        return Share(call.op, size**sides * math.prod(shape[:2]))
    if isinstance(scale, tuple):
        return Share(call.op, numel * int(math.prod(scale)))
    return Share(call.op, int(numel * float(scale or 1) ** sides))

"""BatchNorms folded into the convolutions before them, found by what a trace shows and checked by running."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.nn.modules.conv import _ConvNd
from torch.nn.utils.fusion import fuse_conv_bn_eval

from inception_profiler.analysis.returned import returned_tensors
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import trace
from inception_profiler.errors import InputError
from inception_profiler.records.trace import Call, Trace

_TOLERANCE = 1e-2
"""By how much of its largest value an output may differ, at most: rounding over some hundred layers."""


class NothingToFuseError(InputError):
    """A model without a BatchNorm that could be folded."""


class Pair(NamedTuple):
    """Paths of a convolution and of the BatchNorm that alone reads its output."""

    convolution: str
    normalization: str


def folded(about: Subject, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[nn.Module, str]:
    """Fold every BatchNorm into the convolution before it, in place; return the network and what to know.

    In inference a BatchNorm is a factor and a shift of each channel, which the weights can take up::

        w' = w · γ / √(σ² + ε)        b' = (b − μ) · γ / √(σ² + ε) + β

    Its outputs on ``args`` are compared with those before.

    Raises:
        NothingToFuseError: there is no such pair.
        InputError: the network does something else after folding.
    """
    network = about.network
    found = pairs(trace(network, about.inputs, train=about.train, name=about.name), network)
    if not found:
        raise NothingToFuseError(f"{about.name} has no BatchNorm in inference right behind a convolution")
    with torch.no_grad():
        before = returned_tensors(network(*args, **kwargs))
        for pair in found:
            convolution: Any = network.get_submodule(pair.convolution)
            normalization: Any = network.get_submodule(pair.normalization)
            network.set_submodule(pair.convolution, fuse_conv_bn_eval(convolution, normalization))
            network.set_submodule(pair.normalization, nn.Identity())
        after = returned_tensors(network(*args, **kwargs))
    if not all(map(_close, before, after)):
        raise InputError(
            f"{about.name} computes something else once its BatchNorms are folded: do not fuse it"
        )
    left = sum(isinstance(module, _BatchNorm) for module in network.modules())
    return (
        network,
        f"{about.name}: {left} BatchNorms do not follow a convolution alone and stay" if left else "",
    )


def pairs(facts: Trace, network: nn.Module) -> list[Pair]:
    """Find the pairs: both run once and do nothing else, and nothing but the BatchNorm reads in between."""
    alone = Counter(call.path for call in facts.calls)
    readers = Counter(number for call in facts.calls for number in call.reads)
    readers.update(facts.returned)
    makers = {number: call for call in facts.calls for number in call.writes}
    identities = {spec.path: spec.identity for spec in facts.parameters}
    return list(_pairs(facts, network, alone, readers, makers, identities))


def _pairs(
    facts: Trace,
    network: nn.Module,
    alone: Counter[str],
    readers: Counter[int],
    makers: Mapping[int, Call],
    identities: Mapping[str, int],
) -> Iterator[Pair]:
    tied = Counter(spec.identity for spec in facts.parameters)
    for call in facts.calls:
        if call.op != "batch_norm" or not call.reads or alone[call.path] != 1:
            continue
        maker = makers.get(call.reads[0])
        if maker is None or readers[call.reads[0]] != 1 or not maker.op.startswith("conv"):
            continue
        inner, outer = network.get_submodule(maker.path), network.get_submodule(call.path)
        weight = identities.get(f"{maker.path}.weight")
        if (
            isinstance(inner, _ConvNd)
            and not inner.transposed
            and isinstance(outer, _BatchNorm)
            and outer.running_mean is not None
            and not outer.training
            and not list(outer.children())
            and weight in maker.parameters
            and tied[weight or 0] == 1
            and sum(other.path == maker.path and other.kind == maker.kind for other in facts.calls) == 1
            and not _hooked(inner)
            and not _hooked(outer)
        ):
            yield Pair(maker.path, call.path)


def _hooked(module: nn.Module) -> bool:
    return bool(module._forward_hooks or module._forward_pre_hooks)


def _close(before: Tensor, after: Tensor) -> bool:
    most = before.abs().max()
    return bool((before - after).abs().max() <= _TOLERANCE * most) or not bool(most.isfinite())

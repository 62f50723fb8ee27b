"""Fillings of weights that several networks share; weights without data are left alone."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Literal

from torch import nn

Weighted = nn.Conv2d | nn.Linear


def initialise_xavier(network: nn.Module, *, bias: float = 0.0) -> None:
    """Fill weights by Glorot and Bengio's uniform rule, and biases with ``bias``."""
    for _, module in _filled(network):
        nn.init.xavier_uniform_(module.weight)
        _fill_bias(module, bias)


def initialise_he(
    network: nn.Module, mode: Literal["fan_in", "fan_out"] = "fan_out", *, linear: float | None = None
) -> None:
    """Fill convolutions by He et al.'s normal rule for ReLU, and all biases with 0.

    The standard deviation is ``sqrt(2 / n)`` with ``n = K_h · K_w · C_out`` for ``fan_out`` and
    ``K_h · K_w · C_in`` for ``fan_in``. Batch normalizations keep PyTorch's scale 1 and shift 0. Linear
    layers have the standard deviation ``linear``, or keep PyTorch's weights.

    Source: He et al., Delving Deep into Rectifiers, ICCV 2015, arXiv:1502.01852, section 2.2.
    """
    for _, module in _filled(network):
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode=mode, nonlinearity="relu")
        elif linear is not None:
            nn.init.normal_(module.weight, std=linear)
        _fill_bias(module, 0.0)


def initialise_normal(
    network: nn.Module,
    deviation: float,
    *,
    ones: Collection[str] = (),
    others: Mapping[str, float] | None = None,
) -> None:
    """Fill convolutions and linear layers from a normal distribution around zero, and their biases with zero.

    Biases of the layers below the attributes ``ones`` are one; layers below the attributes ``others`` have a
    standard deviation of their own.
    """
    for path, module in _filled(network):
        layer = path.partition(".")[0]
        nn.init.normal_(module.weight, std=(others or {}).get(layer, deviation))
        _fill_bias(module, float(layer in ones))


def initialise_variance_scaling(network: nn.Module) -> None:
    """Fill convolutions and linear layers as TF-slim's ``variance_scaling_initializer``; biases become 0."""
    for _, module in _filled(network):
        variance_scaling(module)


def initialise_truncated_normal(
    network: nn.Module, deviation: float, *, cut: float, others: Mapping[str, float] | None = None
) -> None:
    """Fill convolutions and linear layers from N(0, deviation²) redrawn beyond ±cut; biases become 0.

    Layers whose path is in ``others`` have a standard deviation of their own.
    """
    for path, module in _filled(network):
        truncated_normal(module, (others or {}).get(path, deviation), cut=cut)


def truncated_normal(module: Weighted, std: float, *, cut: float | None = None) -> None:
    """Fill the weight from N(0, std²) redrawn beyond ±cut, two deviations by default; the bias becomes 0.

    The cut of two deviations is TensorFlow's. torchvision's originals cut at ±2 whatever the deviation.
    """
    if _has_data(module):
        limit = 2 * std if cut is None else cut
        nn.init.trunc_normal_(module.weight, std=std, a=-limit, b=limit)
        _fill_bias(module, 0.0)


def variance_scaling(module: Weighted) -> None:
    """Fill the weight as TF-slim's ``variance_scaling_initializer`` does by default; the bias becomes 0.

    A normal distribution truncated at two deviations, whose variance makes up for what the cut takes::

        std = √(1.3 · 2 / fan_in)
    """
    truncated_normal(module, math.sqrt(1.3 * 2 / module.weight[0].numel()))


def _filled(network: nn.Module) -> Iterator[tuple[str, Weighted]]:
    """Yield the convolutions and linear layers that there is something to fill in, with their paths."""
    for path, module in network.named_modules():
        if isinstance(module, Weighted) and _has_data(module):
            yield path, module


def _has_data(module: Weighted) -> bool:
    # On meta there is nothing to fill, and drawing there imports 900 modules.
    return not module.weight.is_meta


def _fill_bias(module: Weighted, value: float) -> None:
    if module.bias is not None:
        nn.init.constant_(module.bias, value)

"""The memory that rules say an operation needs beside its inputs and output, against what PyTorch allocates.

PyTorch runs on small CPU tensors under a mode that sees every operator, books each new storage, and takes it
off when PyTorch frees it. What the kernels themselves allocate inside one operator cannot be seen there.
"""

from __future__ import annotations

import weakref
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.profiler import ProfilerActivity
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

from inception_profiler.ops.rule import Outcome, load
from tests.ops.drawing import filled


class _Allocations(TorchDispatchMode):
    """Bytes that are alive, and the most that ever were, of storages made under this mode."""

    def __init__(self, given: list[Tensor]) -> None:
        super().__init__()
        self.live = self.peak = 0
        self._known = {tensor.untyped_storage()._cdata for tensor in given}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        output = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(output):
            if isinstance(leaf, Tensor):
                storage = leaf.untyped_storage()
                key, nbytes = storage._cdata, storage.nbytes()
                if key not in self._known:
                    self._known.add(key)
                    weakref.finalize(storage, self._free, key, nbytes)
                    self.live += nbytes
        self.peak = max(self.peak, self.live)
        return output

    def _free(self, key: int, nbytes: int) -> None:
        self._known.discard(key)
        self.live -= nbytes


def _allocated(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> int:
    """Bytes at the worst moment beyond the inputs and what is returned."""
    args, options = tree_map(lambda leaf: leaf.clone() if isinstance(leaf, Tensor) else leaf, (args, options))
    mode = _Allocations([leaf for leaf in tree_leaves((args, options)) if isinstance(leaf, Tensor)])
    with torch.no_grad(), mode:
        returned = function(*args, **options)
    beyond = mode.peak - mode.live
    del returned
    assert mode.live == 0, "everything that was booked has been freed"
    return beyond


_X = filled((2, 8, 6, 6))
_STATS = (torch.zeros(8), torch.ones(8))
_Q = filled((1, 2, 4, 8))

_CASES: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
    (F.max_pool2d, (_X, 2), {}),
    (F.max_pool2d_with_indices, (_X, 2), {}),
    (F.max_pool3d, (filled((1, 2, 4, 4, 4)), 2), {}),
    (F.avg_pool2d, (_X, 3), {}),
    (F.adaptive_max_pool2d, (_X, 3), {}),
    (F.adaptive_max_pool1d, (filled((2, 3, 8)), 3), {}),
    (F.adaptive_avg_pool2d, (_X, 3), {}),
    (F.adaptive_avg_pool2d, (_X, 1), {}),
    (F.local_response_norm, (_X, 5), {}),
    (F.local_response_norm, (_X, 3), {}),
    (F.local_response_norm, (filled((2, 4, 8)), 9), {}),
    (F.batch_norm, (_X, *_STATS, None, None, True), {}),
    (F.group_norm, (_X, 4), {}),
    (F.layer_norm, (_X, (6,)), {}),
    (F.instance_norm, (_X,), {}),
    (F.instance_norm, (_X, *_STATS), {}),
    (F.rms_norm, (_X, (6,)), {}),
    (F.rms_norm, (_X, (6,), torch.ones(6)), {}),
    (F.softmax, (_X, 1), {}),
    (F.softmax, (_X, 1), {"dtype": torch.float64}),
    (F.log_softmax, (_X, 1), {"dtype": torch.float64}),
    (F.dropout, (_X, 0.5, True), {}),
    (F.dropout, (_X, 0.5, True, True), {}),
    (torch.feature_dropout, (_X, 0.5, True), {}),
    (F.alpha_dropout, (_X, 0.5, True), {}),
    (F.feature_alpha_dropout, (_X, 0.5, True), {}),
    *[(getattr(F, name), (_X,), {}) for name in (
        "relu", "relu6", "leaky_relu", "rrelu", "elu", "celu", "selu", "sigmoid", "logsigmoid", "tanh",
        "softplus",
        "silu", "mish", "gelu", "hardsigmoid", "hardswish", "softshrink", "tanhshrink", "glu",
    )],
    (torch.isfinite, (_X,), {}),
    (torch.float_power, (_X, 2), {}),
    (torch.float_power, (_X, _X), {}),
    (Tensor.__rdiv__, (_X, 2.0), {}),
    (Tensor.__rpow__, (_X, 2.0), {}),
    (torch.add, (_X, _X), {}),
    (torch.lerp, (_X, _X, 0.5), {}),
    (torch.var, (_X, 1), {}),
    (torch.std, (_X,), {}),
    (torch.logsumexp, (_X, 1), {}),
    (torch.linalg.vector_norm, (_X, 2, 1), {}),
    (torch.mean, (_X, (2, 3)), {}),
    (F.interpolate, (_X, 12), {"mode": "nearest"}),
    (F.interpolate, (_X, 12), {"mode": "bilinear"}),
    (F.interpolate, (_X, 3), {"mode": "area"}),
    (F.pad, (_X, (1, 1, 1, 1)), {}),
    (torch.cat, ([_X, _X], 1), {}),
    (F.conv2d, (_X, filled((4, 8, 3, 3))), {}),
    (F.conv_transpose2d, (_X, filled((8, 4, 3, 3))), {}),
    (F.linear, (_X, filled((5, 6)), filled((5,))), {}),
    (F.bilinear, (filled((4, 3)), filled((4, 5)), filled((2, 3, 5))), {}),
    (F.embedding, (torch.zeros(3, dtype=torch.int64), filled((5, 4))), {}),
    (F.scaled_dot_product_attention, (_Q, _Q, _Q), {}),
    (F.scaled_dot_product_attention, (_Q[0], _Q[0], _Q[0]), {}),
    (F.scaled_dot_product_attention, (_Q, _Q, _Q[..., :6]), {}),
    (F.scaled_dot_product_attention, (_Q[0, 0], _Q[0, 0], _Q[0, 0]), {}),
    (F.scaled_dot_product_attention, (_Q, _Q, _Q, filled((4, 4))), {}),
    (torch.matmul, (filled((2, 3, 4)), filled((2, 4, 5))), {}),
    (torch.addmm, (filled((2, 4)), filled((2, 3)), filled((3, 4))), {}),
]  # fmt: skip


@pytest.mark.parametrize(("function", "args", "options"), _CASES)
def test_temporary_bytes(function: Any, args: tuple[Any, ...], options: dict[str, Any]) -> None:
    outcome: Outcome = load().get(function).price(*args, **options)
    assert outcome.temporary_bytes == _allocated(function, args, options)


def _taken_from_the_allocator(function: Any, args: tuple[Any, ...]) -> int:
    """Bytes at the worst moment beyond what is returned, as PyTorch's own profiler sees its CPU allocator."""
    with torch.no_grad():
        function(*args)
        with torch.profiler.profile(activities=[ProfilerActivity.CPU], profile_memory=True) as watched:
            returned = function(*args)
    events = [event for event in watched.profiler.kineto_results.events() if event.name() == "[memory]"]
    live = peak = 0
    for event in sorted(events, key=lambda event: event.start_ns()):
        live += event.nbytes()
        peak = max(peak, live)
    assert live == returned.nbytes
    return peak - live


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (F.max_pool1d, (filled((2, 3, 64)), 2)),  # takes another way under any mode
        (F.batch_norm, (_X, *_STATS)),  # scale and shift are made inside the kernel
        (F.instance_norm, (_X, *_STATS, None, None, False)),
        (F.group_norm, (_X, 4)),
        (F.layer_norm, (_X, (6,))),
        (F.softmax, (_X, 1)),
    ],
)
def test_temporary_bytes_of_the_allocator(function: Any, args: tuple[Any, ...]) -> None:
    assert load().get(function).price(*args).temporary_bytes == _taken_from_the_allocator(function, args)

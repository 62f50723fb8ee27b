"""Prices for PyTorch's own operators, where no rule stood above them.

Contractions are priced by the FLOP formulas that PyTorch registers, element-wise operators by the tables of this
package or, if PyTorch tags them as element-wise, as one operation per output element. What is left is unknown, and is
reported as such.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from inception_profiler.ops.activation import ACTIVATIONS
from inception_profiler.ops.creation import FACTORIES
from inception_profiler.ops.elementwise import BINARY, UNARY
from inception_profiler.ops.rule import ON_META, Outcome

_TABLES = {**UNARY, **BINARY, **ACTIVATIONS}
_COPIES = frozenset({
    *FACTORIES, "clone", "copy", "_to_copy", "cat", "stack", "index", "index_select", "gather", "scatter", "scatter_reduce",
    "index_put", "_index_put_impl", "embedding", "fill", "zero", "repeat", "roll", "flip", "constant_pad_nd", "lift_fresh",
    "reflection_pad1d", "reflection_pad2d", "reflection_pad3d", "replication_pad1d", "replication_pad2d",
    "replication_pad3d", "_unsafe_view", "_reshape_alias", "resize", "masked_select", "nonzero", "one_hot", "im2col",
    "col2im", "tril", "triu", "unfold_copy", "select_scatter", "slice_scatter", "new_empty_strided",
    "pixel_shuffle", "pixel_unshuffle", "scalar_tensor", "_local_scalar_dense", "bernoulli", "normal", "uniform",
    "rrelu_with_noise", "native_dropout", "detach", "set_", "set", "sym_size", "_pack_padded_sequence",
})  # fmt: skip
_REDUCTIONS = frozenset({
    "sum", "mean", "amax", "amin", "max", "min", "argmax", "argmin", "all", "any", "norm", "linalg_vector_norm", "cumsum",
    "var", "std", "var_mean", "logsumexp", "prod",
})  # fmt: skip


def aten_name(operator: Any) -> str:
    """Return the plain name of an ``OpOverload``: ``aten.add_.Tensor`` is ``add``."""
    name = str(operator._schema.name).partition("::")[2]
    return name if name.startswith("__") else name.removesuffix("_") or name


def price_aten(operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> Outcome | None:
    """Price one operator from its arguments and output, or return None where nothing is known of it.

    Contractions: ``macs = registered FLOPs / 2``. Element-wise operators: the counts of this package's tables per output
    element. Reductions: one add per input element less one per output element.
    """
    name = aten_name(operator)
    produced = sum(leaf.numel() for leaf in tree_leaves(output) if isinstance(leaf, Tensor))
    formula = flop_registry.get(operator._overloadpacket)
    if formula is not None:
        return Outcome(ON_META, macs=int(formula(*args, **kwargs, out_val=output)) // 2)
    if operator.is_view or name in _COPIES:
        return Outcome(ON_META)
    if name in _TABLES:
        return Outcome(ON_META, None, 0, *_TABLES[name].times(produced))
    if name in _REDUCTIONS:
        consumed = max((leaf.numel() for leaf in tree_leaves(args) if isinstance(leaf, Tensor)), default=0)
        return Outcome(ON_META, adds=max(consumed - produced, 0))
    if name in {"_softmax", "_log_softmax"}:
        return Outcome(ON_META, exponentials=produced, adds=2 * produced, divisions=produced)
    if torch.Tag.pointwise in operator.tags:
        return Outcome(ON_META, adds=produced)
    return None



"""Prices for PyTorch's own operators, where no rule stood above them.

Contractions are priced by the FLOP formulas that PyTorch registers, element-wise operators by the tables of
this package or, if PyTorch tags them as element-wise, as one operation per output element. What is left is
unknown, and is reported as such.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from inception_profiler.ops.activation import ACTIVATIONS, log_softmax, softmax
from inception_profiler.ops.creation import FACTORIES
from inception_profiler.ops.elementwise import BINARY, UNARY
from inception_profiler.ops.rule import ON_META, Outcome, Work
from inception_profiler.ops.vision import VISION

_LEAKY = Work(comparisons=1, multiplications=1)
_TABLES = {
    **UNARY,
    **BINARY,
    **ACTIVATIONS,
    "gelu": Work(adds=1, multiplications=3, exponentials=1),
    "_prelu_kernel": _LEAKY,
    "rrelu_with_noise": _LEAKY,
    "native_dropout": _LEAKY,
    "where": Work(comparisons=1),
    "masked_fill": Work(comparisons=1),
    "clamp": Work(comparisons=2),
    "clamp_min": Work(comparisons=1),
    "clamp_max": Work(comparisons=1),
    "lerp": Work(adds=2, multiplications=1),
    "addcmul": Work(adds=1, multiplications=1),
    "addcdiv": Work(adds=1, divisions=1),
}
_COPIES = frozenset({
    *FACTORIES,
    "clone", "copy", "_to_copy", "cat", "stack", "index", "index_select", "gather", "scatter",
    "scatter_reduce", "index_put", "_index_put_impl", "embedding", "fill", "zero", "repeat", "roll", "flip",
    "constant_pad_nd", "lift_fresh", "reflection_pad1d", "reflection_pad2d", "reflection_pad3d",
    "replication_pad1d", "replication_pad2d", "replication_pad3d", "_unsafe_view", "_reshape_alias",
    "resize", "masked_select", "nonzero", "one_hot", "im2col", "tril", "triu", "unfold_copy",
    "select_scatter", "slice_scatter", "new_empty_strided", "pixel_shuffle", "pixel_unshuffle",
    "scalar_tensor", "_local_scalar_dense", "bernoulli", "normal", "uniform", "detach", "set_", "set",
    "sym_size", "_pack_padded_sequence", "complex", "diag_embed", "empty_permuted", "masked_scatter",
    "max_unpool2d", "max_unpool3d", "nonzero_static", "put", "take", "resize_as", "squeeze", "transpose",
    "as_strided_scatter", "diagonal_scatter", "unsafe_split", "unsafe_chunk", "unsafe_split_with_sizes",
    "cauchy", "exponential", "geometric", "log_normal", "_chunk_cat", "_linalg_check_errors",
    *(f"{view}_copy" for view in (
        "alias", "as_strided", "diagonal", "expand", "narrow", "permute", "squeeze", "t", "transpose",
        "unbind", "unsqueeze", "view", "split", "split_with_sizes", "slice", "select",
    )),
})  # fmt: skip
_REDUCTIONS = frozenset({
    "sum", "mean", "amax", "amin", "max", "min", "argmax", "argmin", "all", "any", "norm",
    "linalg_vector_norm", "cumsum",
    "var", "std", "var_mean", "logsumexp", "prod",
})  # fmt: skip
_FACTORS = {"dot": 0, "vdot": 0, "mv": 0, "addmv": 1}  # the argument each element of which takes one MAC
_SCATTERED = {"index_add": 3, "scatter_add": 2}  # the argument each element of which is added to another
# ⌊(x − low) · bins / (high − low)⌋, whether it is a bin, and one more in it; or one more where x says
_BINS = {
    "histc": Work(adds=2, comparisons=2, multiplications=1, divisions=1),
    "bincount": Work(adds=1),
}
_SOFTMAXES = {"_softmax": softmax, "_log_softmax": log_softmax, "_safe_softmax": softmax}


_LOSSES = {
    "nll_loss_forward": Work(),
    "nll_loss2d_forward": Work(),
    "mse_loss": Work(adds=1, multiplications=1),
}
_WEIGHED = 4  # arguments of a loss that may weigh classes: values, targets, weights, reduction, …


def _loss(name: str, args: tuple[Any, ...]) -> Outcome:
    """Price a loss: work on each of its n terms, a multiplication each with class weights, and their mean.

    The mean is n − 1 adds and a division; a sum is the adds alone. Reductions are 0 for none, 1, and 2.
    """
    weighed = len(args) > _WEIGHED
    terms, reduction = args[1].numel(), args[3] if weighed else args[2] if len(args) > 2 else 1
    work = _LOSSES[name].times(terms)
    return Outcome(
        ON_META,
        adds=work.adds + (terms - 1 if reduction else 0),
        multiplications=work.multiplications + (terms if weighed and args[2] is not None else 0),
        divisions=int(reduction == 1),
    )


def aten_name(operator: Any) -> str:
    """Return the plain name of an ``OpOverload``: ``aten.add_.Tensor`` is ``add``."""
    name = str(operator._schema.name).partition("::")[2]
    return name if name.startswith("__") else name.removesuffix("_") or name


def price_aten(operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> Outcome | None:
    """Price one operator from its arguments and output, or return None where nothing is known of it.

    Contractions: ``macs = registered FLOPs / 2``. Element-wise operators: the counts of this package's tables
    per output element. Reductions: one add per input element less one per output element.
    """
    from torch.utils.flop_counter import flop_registry  # which imports triton: only where it is needed

    name = aten_name(operator)
    results = [leaf.numel() for leaf in tree_leaves(output) if isinstance(leaf, Tensor)]
    produced = sum(results)
    formula = flop_registry.get(operator._overloadpacket)
    named = VISION.get(str(operator._schema.name))
    if named is not None:
        return named(*args, **kwargs)
    if formula is not None:
        macs = int(formula(*args, **kwargs, out_val=output)) // 2
        return Outcome(ON_META, macs=macs, products=_products(name, args, macs))
    if name in _FACTORS:
        first = _FACTORS[name]
        macs = args[first].numel()
        products = ((macs, args[first], args[first + 1]),)
        return Outcome(ON_META, macs=macs, adds=produced if name == "addmv" else 0, products=products)
    if operator.is_view or name in _COPIES:
        return Outcome(ON_META)
    if name in _TABLES:
        return Outcome(ON_META, None, 0, *_TABLES[name].times(max(results, default=0)))
    if name in _REDUCTIONS:
        consumed = max((leaf.numel() for leaf in tree_leaves(args) if isinstance(leaf, Tensor)), default=0)
        return Outcome(ON_META, adds=max(consumed - produced, 0))
    if name in _SCATTERED:
        return Outcome(ON_META, adds=args[_SCATTERED[name]].numel())
    if name in _BINS:
        return Outcome(ON_META, None, 0, *_BINS[name].times(args[0].numel()))
    if name in _LOSSES:
        return _loss(name, args)
    if name in _SOFTMAXES:
        return _SOFTMAXES[name](*args[:2])._replace(shape=ON_META, attributes=())
    if torch.Tag.pointwise in operator.tags:
        return Outcome(ON_META, adds=produced)
    return None


_SECOND = frozenset({"addmm", "baddbmm"})  # their first argument is added


def _products(name: str, args: tuple[Any, ...], macs: int) -> tuple[tuple[int, Any, Any], ...]:
    """Return the products that a contraction with a registered formula consists of."""
    if name.startswith("_scaled_dot_product") or name.endswith("_attention_forward"):
        query, key, value = args[:3]
        width = query.shape[-1] + value.shape[-1]
        scores = macs * query.shape[-1] // width
        return (scores, query, key), (macs - scores, 0, value)
    first = 1 if name in _SECOND else 0
    factors = args[first : first + 2]
    return ((macs, *factors),) if all(isinstance(factor, Tensor) for factor in factors) else ()

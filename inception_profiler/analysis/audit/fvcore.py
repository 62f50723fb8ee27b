"""The third engine: fvcore, on real tensors, with its BatchNorm, pooling and resampling terms taken out."""

from __future__ import annotations

import logging
import math
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import torch

from inception_profiler.analysis.audit.complex_convolution import REAL, THREE, is_complex_convolution
from inception_profiler.analysis.audit.memory import refuse_if_larger_than_memory
from inception_profiler.analysis.audit.places import Place
from inception_profiler.analysis.audit.tally import Fault, Tally
from inception_profiler.analysis.copies import real_copy
from inception_profiler.analysis.inputs import input_tensor
from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.subject import Subject
from inception_profiler.analysis.trace import ALONE, uncompiled
from inception_profiler.analysis.walk import walk
from inception_profiler.errors import InputError
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Call

TITLE = "fvcore"
METHOD = "fvcore on real tensors in a copy, forward only, without its terms for what is no contraction"
UNKNOWN = "does not know"
_COMPOSITE = "scaled_dot_product_attention"
ROUNDED = "rounds the cost of an einsum to four digits"
BROADCAST = "prices a matrix product by its first factor"
_CONTRACTIONS = frozenset({"conv", "addmm", "addmv", "mm", "bmm", "baddbmm", "matmul", "linear", "einsum"})
_EXACT = "einsum without rounding"


def version() -> str:
    """Return the version of what counts.

    Raises:
        InputError: fvcore is not installed.
    """
    from importlib.metadata import version as installed

    try:
        return f"fvcore {installed('fvcore')}"
    except ImportError as error:
        raise InputError("fvcore is not installed: pip install fvcore") from error


def count(about: Subject, ours: Profile) -> Tally:
    """Count the forward pass of a subject.

    Raises:
        InputError: fvcore is not installed, the model is larger than the free memory, or it has named inputs.
    """
    if about.inputs.kwargs:
        raise InputError("fvcore takes no named inputs")
    refuse_if_larger_than_memory(ours)
    copied = real_copy(uncompiled(about.network))
    if about.train is not None:
        copied.train(about.train)
    scene = walk(copied)
    args, _, _ = about.inputs.made(lambda wanted: input_tensor(wanted, scene.dtype, torch.device("cpu")))
    with preserved(()), ALONE, torch.no_grad(), warnings.catch_warnings(), _Quiet():
        warnings.simplefilter("ignore")
        try:
            from fvcore.nn import FlopCountAnalysis
            from fvcore.nn.jit_handles import einsum_flop_jit
        except ImportError as error:
            raise InputError(f"fvcore cannot be imported ({error}): pip install fvcore") from error
        analysis: Any = FlopCountAnalysis(copied, args)
        analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False).tracer_warnings("none")
        analysis.set_op_handle("aten::einsum", partial(_einsum, einsum_flop_jit))
        counted = analysis.by_module_and_operator()
        unknown = {path: frozenset(analysis.unsupported_ops(path)) for path in counted}
    if scene.aliases or any(
        module._forward_hooks or module._forward_pre_hooks for module in copied.modules()
    ):
        # It books what a hook computes in another module than PyTorch does.
        counted, unknown = {"": counted[""]}, {"": frozenset().union(*unknown.values())}
        return _held(_own(counted, _price), ours, unknown, _own(counted, _rounding), modules=False)
    return _held(_own(counted, _price), ours, unknown, _own(counted, _rounding), modules=True)


def _einsum(handle: Callable[[Any, Any], float], inputs: Any, outputs: Any) -> Counter[str]:
    """Return what fvcore makes of an einsum, and beside it the same without its rounding.

    It reads the cost 2·MACs from a text with four digits. Of two factors the MACs are the product of the
    sizes of all letters; where the two are further apart than rounding leads, nothing is put right.
    """
    found = int(handle(inputs, outputs))
    terms = inputs[0].toIValue().replace(" ", "").partition("->")[0].split(",")
    shapes = [value.type().sizes() for value in inputs[1].node().inputs()]
    exact = found
    if len(terms) == 2:
        sizes: dict[str | int, int] = {}
        for term, shape in zip(terms, shapes, strict=True):
            for letter, size in zip(_letters(term, len(shape)), shape, strict=True):
                sizes[letter] = max(size, sizes.get(letter, 1))
        macs = math.prod(sizes.values())
        if found == math.floor(float(f"{2 * macs:.3e}") / 2):
            exact = macs
    return Counter({"einsum": found, _EXACT: exact})


def _letters(term: str, dims: int) -> list[str | int]:
    """Spell a factor of an einsum out; the dimensions of an ellipsis are numbered from its end."""
    before, _, after = term.partition("...")
    return [*before, *range(len(before) + len(after) - dims, 0), *after]


def _price(ops: Counter[str]) -> int:
    return int(sum(number for op, number in ops.items() if op in _CONTRACTIONS))


def _rounding(ops: Counter[str]) -> int:
    return int(ops["einsum"] - ops[_EXACT])


def _own(counted: Mapping[str, Counter[str]], number: Callable[[Counter[str]], int]) -> dict[str, int]:
    """Return a number of each module without those of the modules in it."""
    inclusive = {path: number(ops) for path, ops in counted.items()}
    own = dict(inclusive)
    for path, inside in inclusive.items():
        if path:
            own[path.rpartition(".")[0]] -= inside
    return own


def _held(
    found: Mapping[str, int],
    ours: Profile,
    unknown: Mapping[str, frozenset[str]],
    rounding: Mapping[str, int],
    *,
    modules: bool,
) -> Tally:
    """Book what was found, and what fvcore's declared faults make of our own calls."""
    tally = Tally(
        {Place(path, backward=False): macs for path, macs in found.items() if macs}, modules=modules
    )
    wrong: dict[str, int] = {}
    right: dict[str, int] = {}
    names: dict[str, dict[str, None]] = {}
    for layer in ours.layers:
        path = layer.path if modules else ""
        macs, name = _faulty(layer.call, unknown.get(path, unknown.get("", frozenset())))
        wrong[path] = wrong.get(path, 0) + macs
        right[path] = right.get(path, 0) + layer.macs
        if name:
            names.setdefault(path, {})[name] = None
    for path, rounded in rounding.items():
        if rounded:
            wrong[path] = wrong.get(path, 0) + rounded
            names.setdefault(path, {})[ROUNDED] = None
    for path, found_names in names.items():
        tally.faults[Place(path, backward=False)] = Fault(
            "; ".join(found_names), wrong[path], right.get(path, 0)
        )
    return tally


def _faulty(call: Call, unknown: frozenset[str]) -> tuple[int, str]:
    """Return what fvcore makes of one of our calls, and the fault that explains it."""
    macs = call.cost.macs
    if not macs:
        return 0, ""
    op = call.op.removeprefix("aten.")
    if f"aten::{op}" in unknown:
        return 0, f"{UNKNOWN} {op}"
    if is_complex_convolution(call):
        return REAL * macs, THREE
    if call.op.startswith("aten.") and f"aten::{_COMPOSITE}" in unknown:  # with dropout we price its products
        return 0, f"{UNKNOWN} {_COMPOSITE}"
    if call.op == "matmul":
        wrong = call.inputs[0].numel * call.inputs[-1].shape[-1]
        right = call.outputs[0].numel * call.inputs[0].shape[-1]
        if wrong != right:
            return wrong + macs - right, BROADCAST
    return macs, ""


class _Quiet:
    """Keeps fvcore's loggers silent, and puts their levels back."""

    def __enter__(self) -> None:
        self._loggers = [logging.getLogger(name) for name in ("fvcore", "fvcore.nn.jit_analysis")]
        self._levels = [logger.level for logger in self._loggers]
        for logger in self._loggers:
            logger.setLevel(logging.CRITICAL)

    def __exit__(self, *_: object) -> None:
        for logger, level in zip(self._loggers, self._levels, strict=True):
            logger.setLevel(level)

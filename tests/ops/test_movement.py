"""Operations that move data and compute nothing, and the bytes they move."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from inception_profiler.ops.rule import OPS
from inception_profiler.records.cost import Cost
from tests.ops.agreement import Form, agree, cost_of, counts, few, functions, registered, total
from tests.ops.drawing import DTYPES, filled, shapes, tensors

_X = filled((2, 3, 4))
_SQUARE = filled((3, 3))
_INDEX = torch.tensor([1, 0])
_PLACES = torch.zeros(2, 3, 4, dtype=torch.int64)
_COMPLEX = torch.zeros(2, 3, dtype=torch.complex64)

_FORMS: dict[str, tuple[tuple[Any, ...], ...]] = {
    "view": ((_X, 6, 4), (_X, (2, -1)), (_X, 5, 5)),
    "view_as": ((_X, filled((6, 4))), (_X, filled((5, 5)))),
    "reshape": ((_X, (4, 6)), (_X.transpose(0, 2), (-1,)), (_X, (5, 5))),
    "reshape_as": ((_X, filled((6, 4))),),
    "flatten": ((_X,), (_X, 1), (_SQUARE, 1), (_X, 1, 5)),
    "unflatten": ((_X, 2, (2, 2)),),
    "ravel": ((_X,),),
    "squeeze": ((filled((2, 1, 3)),), (filled((2, 1, 3)), 1), (_X, 7)),
    "unsqueeze": ((_X, 1), (_X, 9)),
    "permute": ((_X, (2, 0, 1)), (_X, (0, 0, 1))),
    "transpose": ((_X, 0, 2), (_X, 0, 9)),
    "t": ((_SQUARE,), (_X,)),
    "swapaxes": ((_X, 0, 1),), "swapdims": ((_X, 0, 1),),
    "movedim": ((_X, 0, 2),), "moveaxis": ((_X, 0, 2),),
    "expand": ((filled((1, 3)), (4, 3)), (_X, (9, 9, 9))),
    "expand_as": ((filled((1, 3)), filled((4, 3))),),
    "broadcast_to": ((filled((1, 3)), (4, 3)),),
    "narrow": ((_X, 2, 1, 2),),
    "select": ((_X, 1, 2), (_X, 1, 9)),
    "chunk": ((_X, 2, 2), (_X, 0)),
    "split": ((_X, 2, 1), (_X, [1, 2], 1)),
    "split_with_sizes": ((_X, [1, 2], 1), (_X, [1, 1], 1)),
    "tensor_split": ((_X, 2, 1),),
    "unbind": ((_X,), (_X, 1)),
    "diagonal": ((_SQUARE,),),
    "as_strided": ((_X, (2, 2), (1, 2)),),
    "unfold": ((_X, 2, 2, 1),),
    "detach": ((_X,),), "clone": ((_X,),), "contiguous": ((_X,), (_X.transpose(0, 1),)),
    "repeat": ((_X, (2, 1, 1)),), "tile": ((_X, (2,)),),
    "repeat_interleave": ((_X, 2, 1),),
    "roll": ((_X, 1, 0),), "flip": ((_X, (0,)),), "fliplr": ((_X,),), "flipud": ((_X,),), "rot90": ((_X,),),
    "stack": (([_X, _X],), ([_X, _SQUARE],)),
    "hstack": (([_X, _X],),), "vstack": (([_X, _X],),), "dstack": (([_X, _X],),),
    "index_select": ((_X, 1, _INDEX),),
    "gather": ((_X, 1, _PLACES), (_X, 7, _PLACES)),
    "take_along_dim": ((_X, _PLACES, 1),),
    "tril": ((_SQUARE,),), "triu": ((_SQUARE,),),
    "hsplit": ((_X, 3),), "vsplit": ((_X, 2),),
    "adjoint": ((_SQUARE,),), "real": ((_COMPLEX,), (_X,)), "imag": ((_COMPLEX,),),
    "scatter": ((_X, 1, _PLACES, _X),),
    "index_copy": ((_X, 0, _INDEX, _X),), "index_fill": ((_X, 0, _INDEX, 0.5),),
    "block_diag": ((_SQUARE, _SQUARE),), "meshgrid": ((filled((2,)), filled((3,))),),
    "broadcast_tensors": ((filled((1, 3)), filled((2, 1))),),
    "cartesian_prod": ((filled((2,)), filled((3,))),),
    "view_as_real": ((_COMPLEX,),), "view_as_complex": ((filled((3, 2)),),),
    "positive": ((_X,),),
    "getitem": ((_X, 0), (_X, (slice(None), 1)), (_X, (None, ..., slice(0, 2))), (_X, _INDEX), (_X, 9)),
    "T": ((_SQUARE,),), "mT": ((_X,),), "H": ((_SQUARE,),), "mH": ((_X,),), "data": ((_X,),),
}  # fmt: skip
_WRITES: dict[str, tuple[Any, ...]] = {
    "copy": (_X + 1,), "fill": (0.5,), "zero": (), "scatter": (1, _PLACES, _X), "index_copy": (0, _INDEX, _X),
    "index_fill": (0, _INDEX, 0.5), "masked_scatter": (_X > 0, _X), "uniform": (), "normal": (),
    "bernoulli": (),
    "tril": (), "triu": (),
}  # fmt: skip
_TYPES = {
    "float": torch.float32, "double": torch.float64, "half": torch.float16, "bfloat16": torch.bfloat16,
    "int": torch.int32, "long": torch.int64, "short": torch.int16, "bool": torch.bool, "char": torch.int8,
    "byte": torch.uint8,
}  # fmt: skip
_TURNS: dict[str, tuple[Any, ...]] = {
    "squeeze_": (1,), "unsqueeze_": (0,), "transpose_": (0, 1), "t_": (), "swapaxes_": (0, 1),
    "swapdims_": (0, 1),
    "as_strided_": ((2,), (1,)),
}  # fmt: skip


def test_every_rule_has_a_case() -> None:
    others = {"cat", "to", "transfer", "requires_grad", "embedding", "pad"}
    assert registered("movement") == {*_FORMS, *_WRITES, *_TYPES} | others


@pytest.mark.parametrize("name", _FORMS)
def test_moves_agree_and_compute_nothing(name: str) -> None:
    legal = 0
    for args in _FORMS[name]:
        for function in functions(name, "movement"):
            if OPS.get(function).in_place or getattr(function, "__name__", "") in _TURNS:
                continue
            cost = agree(function, *args)
            assert cost is None or counts(cost) == {}
            legal += cost is not None
    assert legal


@pytest.mark.parametrize("name", _FORMS)
def test_what_moves_is_what_is_new(name: str) -> None:
    """Bytes are written where PyTorch returns memory of its own, and only there: a view costs nothing."""
    function = next(function for function in functions(name, "movement") if not OPS.get(function).in_place)
    for args in _FORMS[name]:
        with suppress(RuntimeError, IndexError):
            _check_bytes(function, args)


def _check_bytes(function: Any, args: tuple[Any, ...]) -> None:
    with torch.no_grad():
        returned = function(*args)
    outputs = [returned] if isinstance(returned, Tensor) else list(returned)
    given = [
        leaf for arg in args for leaf in (arg if isinstance(arg, list) else [arg]) if isinstance(leaf, Tensor)
    ]
    known = {tensor.untyped_storage().data_ptr() for tensor in given}
    new = {out.untyped_storage().data_ptr(): out.untyped_storage().nbytes() for out in outputs}
    fresh = sum(nbytes for place, nbytes in new.items() if place not in known)
    _, _, facts = Form(function, args).traced(weights=True)
    assert total(facts).bytes_written == fresh


@pytest.mark.parametrize("name", _WRITES)
def test_writes_return_what_they_write_to(name: str) -> None:
    for function in functions(name, "movement"):
        if OPS.get(function).in_place:
            cost = cost_of(function, _X, *_WRITES[name])
            assert counts(cost) == {}
            assert cost.bytes_written == 4 * _X.numel()


@pytest.mark.parametrize("name", _TURNS)
def test_turning_a_tensor_in_place(name: str) -> None:
    x = filled((2, 1) if name == "squeeze_" else (2, 3))
    assert counts(cost_of(getattr(Tensor, name), x, *_TURNS[name])) == {}


@few(60)
@given(data=st.data())
def test_cat(data: st.DataObject) -> None:
    shape = list(data.draw(shapes(0, 3, smallest=1)))
    dim = data.draw(st.integers(-len(shape) - 1, len(shape)))
    parts = []
    for _ in range(data.draw(st.integers(0, 3))):
        own = list(shape)
        if own:
            own[data.draw(st.sampled_from([dim, dim, dim, 0])) % len(own)] = data.draw(st.integers(0, 3))
        parts.append(
            filled(data.draw(st.sampled_from([own] * 6 + [[0]])), data.draw(st.sampled_from(DTYPES)))
        )
    for function in (torch.cat, torch.concat, torch.concatenate):
        cost = agree(function, parts, dim)
        if cost is not None:
            assert counts(cost) == {}
            output = torch.cat(parts, dim)
            assert cost.bytes_written == output.numel() * output.itemsize
            agree(function, tuple(parts), dim=dim)


def test_parts_that_do_not_fit_together() -> None:
    for parts, dim in (
        ([_X, filled((2, 4, 4))], 0),
        ([_X, _SQUARE], 0),
        ([_X, _X], 3),
        ([], 0),
        ([filled(())], 0),
    ):
        assert agree(torch.cat, parts, dim) is None


@few(40)
@given(x=tensors(), dtype=st.sampled_from(DTYPES), copy=st.booleans())
def test_conversions(x: Tensor, dtype: torch.dtype, copy: bool) -> None:
    forms = [(Tensor.to, (x, dtype), {"copy": copy}), (Tensor.to, (x,), {"dtype": dtype}),
             (Tensor.to, (x, "cpu"), {}),
             (Tensor.to, (x, torch.device("cpu"), dtype), {}), (Tensor.to, (x, filled((1,), dtype)), {}),
             (Tensor.type_as, (x, filled((1,), dtype)), {}),
             (Tensor.to, (x, dtype, False, copy), {})]  # fmt: skip
    for function, args, options in forms:
        cost = agree(function, *args, **options)
        assert cost is not None
        assert counts(cost) == {}


@pytest.mark.parametrize("name", _TYPES)
@few(6)
@given(x=tensors())
def test_casts(name: str, x: Tensor) -> None:
    cost = cost_of(getattr(Tensor, name), x)
    same = x.dtype == _TYPES[name]
    assert cost == Cost(bytes_read=0 if same or not x.numel() else x.numel() * x.itemsize,
                        bytes_written=0 if same else x.numel() * _TYPES[name].itemsize)  # fmt: skip


def test_transfers_are_free() -> None:
    assert cost_of(Tensor.cpu, _X) == Cost.ZERO
    assert set(functions("transfer")) == {Tensor.cpu, Tensor.cuda, Tensor.xpu, Tensor.pin_memory}


@few(40)
@given(data=st.data())
def test_embedding(data: st.DataObject) -> None:
    index = data.draw(tensors(shapes(0, 3), (torch.int64, torch.int32, torch.float32))) * 0
    weight = filled(data.draw(st.sampled_from([(5, 3), (2, 4), (5,)])))
    cost = agree(F.embedding, index, weight)
    if cost is not None:
        assert counts(cost) == {}
    if weight.dim() == 2:
        agree(F.embedding, index, weight, 7)


@few(60)
@given(data=st.data())
def test_pad(data: st.DataObject) -> None:
    x = data.draw(tensors(shapes(0, 4)))
    amounts = data.draw(st.lists(st.integers(-2, 2), max_size=2 * x.dim() + 1))
    cost = agree(F.pad, x, amounts)
    assert cost is None or counts(cost) == {}
    if x.dim() == 4 and min(x.shape) > 0:
        for mode in ("reflect", "replicate", "circular", "mirror"):
            agree(F.pad, x.float().contiguous(), [abs(amount) for amount in amounts[:4]], mode)


def test_assigning_to_a_part_moves_that_part() -> None:
    form = Form(Tensor.__setitem__, (_X, (slice(None), 0), filled((2, 4))))
    _, _, facts = form.traced(weights=True)
    assert counts(total(facts)) == {}
    written = facts.calls[-1].cost
    assert written.bytes_written == 4 * 2 * 4
    assert written.bytes_read <= 2 * 4 * 2 * 4, "the value and the part that it replaces"
    assert agree(Tensor.__setitem__, _X, (slice(None), 9), filled((2, 4))) is None


@pytest.mark.parametrize("function", [Tensor.detach_, Tensor.requires_grad_])
def test_marks_for_autograd_move_nothing(function: Any) -> None:
    assert cost_of(function, _X) == Cost.ZERO

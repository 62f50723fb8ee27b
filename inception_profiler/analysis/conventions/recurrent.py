"""What tools share on recurrent modules: formulas of one step, taken at every step, layer and direction."""

from __future__ import annotations

import math
from typing import NamedTuple

from inception_profiler.analysis.conventions.survey import Survey, attribute, produced, read
from inception_profiler.records.trace import Call

LAYERS = frozenset({"lstm", "gru", "rnn_tanh", "rnn_relu"})
CELLS = frozenset(f"{name}_cell" for name in LAYERS)
_GATES = {"lstm": 4, "gru": 3}
_NN = "torch.nn.modules.rnn."
_MODULES = frozenset(_NN + name for name in ("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell"))

SIZES = "takes the first two sizes of the input for its steps, and leaves out projections"
UNFOLLOWED = (
    "it counts each weight of a recurrent module, of which the trace has those that share a tensor once"
)
FUSED = "an LSTM is one operator to it, for which it has no rule"
CUDNN = "on a GPU cuDNN runs the layer as one operator, for which it counts nothing"


class Matrices(NamedTuple):
    """One layer and direction: G gates of H units each, on inputs of some width."""

    rows: int
    width: int
    hidden: int
    state: int


def known(call: Call, survey: Survey) -> bool:
    """Tell whether a call is what one of PyTorch's own recurrent modules runs, of exactly its class."""
    return call.op in LAYERS | CELLS and survey.kind(call.path) in _MODULES


def is_cell(call: Call) -> bool:
    """Tell whether a call is one step, not a whole sequence."""
    return call.op in CELLS


def unit(call: Call) -> str:
    """Return what is recurrent: ``lstm``, ``gru`` or ``rnn``."""
    return call.op.partition("_")[0]


def matrices(call: Call) -> tuple[Matrices, ...]:
    """Return the weights of each layer, of the forward direction where there are two."""
    gates = _GATES.get(unit(call), 1)
    if _shared(call):
        return ()
    shapes = _weights(call)
    each = 2 if is_cell(call) else len(shapes) // _layers(call)
    pairs = [shapes[start : start + 2] for start in range(0, len(shapes), each * directions(call))]
    return tuple(Matrices(ih[0], ih[1], ih[0] // gates, math.prod(hh)) for ih, hh in pairs)


def directions(call: Call) -> int:
    """Return in how many directions a sequence is read."""
    return 1 + bool(attribute(call, "bidirectional"))


def biased_gates(call: Call) -> bool:
    """Tell whether a bias is added to both products."""
    if is_cell(call):
        return any(len(spec.shape) == 1 for spec in call.inputs)
    return bool(attribute(call, "bias"))


def steps(call: Call, survey: Survey) -> int:
    """Return what tools take for its steps: the first two sizes of its input, or the first of a cell's.

    They do not know that an example may come without a batch; a packed sequence is as long as its longest.
    """
    if _unbatched(call, survey):
        return read(call).numel
    if is_packed(call):
        state = next(spec.shape for spec in call.inputs if len(spec.shape) == 3)
        return read(call, 1).numel * state[1]
    return math.prod(read(call).shape[: 1 if is_cell(call) else 2])


def is_packed(call: Call) -> bool:
    """Tell whether a layer was given a packed sequence."""
    return call.op in LAYERS and len(read(call).shape) == 2


def stopped(call: Call, survey: Survey) -> str:
    """Return why ptflops and calflops stop here with an error, or nothing."""
    if is_packed(call):
        return "a packed sequence stops it with an AttributeError"
    if is_cell(call) and _unbatched(call, survey):
        return "a cell that is given one example without a batch stops it with an IndexError"
    return ""


def work(call: Call) -> tuple[int, int, int]:
    """Return MACs, biases and other operations of one step, as ptflops and calflops count them."""
    each = {"lstm": 10, "gru": 7}.get(unit(call), 1)
    layers, both = matrices(call), directions(call)
    macs = sum(layer.rows * layer.width + layer.state for layer in layers) * both
    bias = sum(2 * layer.rows for layer in layers) * both * biased_gates(call)
    return macs, bias, sum(each * layer.hidden for layer in layers) * both


def rows(call: Call) -> int:
    """Return the rows of all gates, of every layer and direction."""
    return sum(layer.rows for layer in matrices(call)) * directions(call)


def outputs(call: Call, survey: Survey) -> int:
    """Return the first two sizes of the module's output multiplied."""
    whole = is_cell(call) or _unbatched(call, survey)
    return produced(call) if whole else math.prod(call.outputs[0].shape[:2])


def unfollowed(call: Call) -> str:
    """Return why a tool's formula is not followed here, or nothing."""
    return UNFOLLOWED if _shared(call) else ""


def fused(call: Call) -> bool:
    """Tell an LSTM that is one operator on every device: of float32 and without a projection."""
    return call.op == "lstm" and read(call).dtype == "float32" and len(_weights(call)) == 2 * _layers(call)


def _weights(call: Call) -> list[tuple[int, int]]:
    shapes = [(spec.shape[0], spec.shape[1]) for spec in call.inputs[1:] if len(spec.shape) == 2]
    return shapes[-2:] if is_cell(call) else shapes


def _shared(call: Call) -> bool:
    """Tell whether a weight is missing, since another one is the same tensor."""
    if is_cell(call):
        return len([spec for spec in call.inputs if len(spec.shape) == 2]) < 4
    return len(_weights(call)) not in {2 * _layers(call), 3 * _layers(call)}


def _layers(call: Call) -> int:
    return int(attribute(call, "layers") or 1) * directions(call)  # type: ignore[arg-type]


def _unbatched(call: Call, survey: Survey) -> bool:
    """Tell whether the module was given one example, to which it added a dimension itself."""
    made = {other.writes[0] for other in survey.execution(call) if other.op == "unsqueeze"}
    return bool(call.reads) and call.reads[0] in made

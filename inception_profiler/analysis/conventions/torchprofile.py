"""``torchprofile``: profile_macs, which reads the graph of ``torch.jit``'s tracer."""

from __future__ import annotations

from collections.abc import Iterable

from inception_profiler.analysis.conventions.convention import Share, convention
from inception_profiler.analysis.conventions.survey import Survey, attribute, kernel_elements, produced, read
from inception_profiler.records.convention import MACS
from inception_profiler.records.trace import Call

_NORMS = frozenset({"batch_norm", "instance_norm", "layer_norm", "group_norm"})
_BY_OUTPUT = frozenset({
    "mul", "mean", "leaky_relu", "avg_pool1d", "avg_pool2d", "avg_pool3d", "adaptive_avg_pool1d",
    "adaptive_avg_pool2d", "adaptive_avg_pool3d",
})  # fmt: skip
_UNSEEN = frozenset({
    "mm", "mv", "dot", "bilinear", "aten.mm", "aten.mv", "aten.dot", "aten.vdot", "gru", "rnn_tanh",
    "rnn_relu",
})  # fmt: skip
_CELLS = {"lstm_cell": 3, "gru_cell": 2, "rnn_tanh_cell": 0, "rnn_relu_cell": 0}  # products a unit
_ATTENTION = "torch.nn.modules.activation.MultiheadAttention"
_SIZES = "it also charges a few products of sizes, which the module's Python code makes"


@convention(
    "torchprofile",
    tool="torchprofile.profile_macs",
    version="0.1.0",
    title="MACs",
    scope="one for each MAC; one for each output element of a norm with scale, a product, a mean, an average "
    "pooling or a leaky ReLU; no bias, no other activation or pooling, no GRU or RNN layer, nothing that is "
    "not returned. It also charges one for each product of tensor sizes in Python code, which no trace of "
    "tensors sees",
    prunes=True,
    named=True,
)
def torchprofile(call: Call, survey: Survey) -> Iterable[Share]:
    """Charge an operator of the traced graph by its output shape."""
    numel = produced(call)
    if call.op in _CELLS:
        return [Share(MACS, call.cost.macs), Share("mul", _CELLS[call.op] * numel)]
    if call.cost.macs:
        return [_contraction(call, survey)]
    if call.op in _NORMS:
        return [Share(call.op, numel if attribute(call, "affine") else 0)]
    if call.op in _BY_OUTPUT or call.op == "einsum":
        return [Share(call.op, numel)]
    if call.op == "local_response_norm":
        return [Share(call.op, 3 * numel)]  # two products and an average pooling
    if call.op == "interpolate":
        mode = attribute(call, "mode")
        return [Share(call.op, numel * (4 if mode == "bilinear" else 1 if mode == "area" else 0))]
    if call.op == "aten.grid_sampler_2d":
        return [Share(call.op, 4 * numel)]
    return []


def _contraction(call: Call, survey: Survey) -> Share:
    if call.op in _UNSEEN:
        return Share(MACS, 0, f"has no rule for {call.op}")
    if call.op == "lstm":
        return Share(MACS, _lstm(call), "takes the outputs of an LSTM for its units, and two sizes for steps")
    if call.kind == "convolution":
        if isinstance(attribute(call, "padding"), str):
            return Share(MACS, 0, "has no rule for a convolution whose padding is a word")
        return _convolution(call)
    sizes = _SIZES if survey.kind(call.path) == _ATTENTION else ""
    return Share(MACS, call.cost.macs, limit=sizes)


def _lstm(call: Call) -> int:
    """Charge 4 gates a step, by the shapes of the input and of the states."""
    shape, (count, _, units) = call.outputs[0].shape, call.outputs[1].shape
    both = shape[-1] // units
    widths = [read(call).shape[-1], *[units * both] * (count // both - 1)]
    return shape[0] * shape[1] * both * sum(4 * units * (width + units) for width in widths)


def _convolution(call: Call) -> Share:
    """Charge a convolution by its output, also a transposed one, whose work is set by its input.

    What stands second in the weight's shape is taken for its input channels if what stands first is the
    number of output channels, else the first.
    """
    weight, channels = read(call, 1).shape, call.outputs[0].shape[-call.spatial - 1]
    depth = weight[1] if channels == weight[0] else weight[0]
    fault = "counts a transposed convolution at its output size, and by its groups squared"
    return Share(MACS, produced(call) * depth * kernel_elements(call), fault)

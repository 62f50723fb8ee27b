"""What the backward pass of a training step costs, from the facts of the forward pass alone."""

from __future__ import annotations

from inception_profiler.ops.creation import FACTORIES
from inception_profiler.records.gradients import TRAINED_OUTSIDE, Product, Step, parameter_of
from inception_profiler.records.trace import Call, TensorSpec, Trace

_DETACHED = frozenset({"detach", "data"})
_STOPS = frozenset({"floor_divide", *FACTORIES}) | _DETACHED
_OF_FIRST = frozenset(
    {"view_as", "expand_as", "reshape_as", "to"}
)  # the other tensor only tells a shape or type
_DIFFERENTIABLE = ("float", "bfloat", "complex")


def backward_macs(trace: Trace) -> tuple[int, ...]:
    """Return the multiply-accumulates of each call's gradients; zeros where training was not traced.

    A product ``C = A · B`` of any kind (convolution, linear layer, matrix product) has two gradients,
    ``∂A = ∂C · Bᵀ`` and ``∂B = Aᵀ · ∂C``. Each sums over another index of the same loop and so takes exactly
    as many MACs as the product itself::

        backward_macs = macs · (number of factors that need a gradient)

    for grouped, depthwise, dilated and transposed convolutions too. A factor needs a gradient if it is a
    trainable parameter, or comes from one by differentiable operations that ran with gradients enabled; the
    input of the model needs none unless it was given as a tensor that requires one. Nothing is spent where no
    gradient arrives: every floating-point tensor that the forward pass returns is given one, and what none of
    them depends on gets none.

    Attention is two products, ``S = Q Kᵀ`` and ``softmax(S) V``: four in backward if all three inputs need a
    gradient. That fused kernels and ``torch.utils.checkpoint`` compute parts of the forward pass again is not
    counted, for the gradient does not need it. Sums over a batch or a broadcast dimension that the product
    does not include are adds. Only MACs are counted: the scalar operations of the backward pass (of ReLU,
    BatchNorm, pooling) are not.
    """
    gradients = trace.gradients
    if gradients is None:
        return (0,) * len(trace.calls)
    flow = _Flow(trace)
    needs = [flow.follow(call, step) for call, step in zip(trace.calls, gradients.steps, strict=True)]
    arrives = flow.reached(gradients.returned)
    return tuple(
        _products(step.products, needed) if step.products and reached else 0
        for step, needed, reached in zip(gradients.steps, needs, arrives, strict=True)
    )


def _products(products: tuple[Product, ...], needs: list[bool]) -> int:
    """Return the MACs of the gradients of a chain of products, whose outcome has a gradient."""
    made: list[bool] = []
    macs = 0
    for product in products:
        wanted = [made[~factor] if factor < 0 else needs[factor] for factor in product.factors]
        made.append(any(wanted))
        macs += product.macs * sum(wanted)
    return macs


class _Flow:
    """Which values need a gradient, and which calls one arrives at.

    A value is what a tensor holds until something is written to it. Tensors that share memory share their
    value, so that a write to a view is a write to its base; a detached tensor has a value of its own.
    """

    def __init__(self, trace: Trace) -> None:
        self._wanted = frozenset(trace.gradients.wanted if trace.gradients else ())
        self._trainable = frozenset(spec.identity for spec in trace.parameters if spec.trainable)
        self._needs: list[bool] = []
        self._holders: dict[int, list[int]] = {}  # of each tensor: the one cell it shares with its views
        self._edges: list[tuple[tuple[int, ...], tuple[int, ...]]] = []  # of each call: values made, and read
        for number, spec in enumerate(trace.inputs):
            self._make(number, number in self._wanted and _differentiable(spec))

    def _make(self, number: int, needs: bool) -> int:
        """Give a new tensor a value of its own."""
        self._needs.append(needs)
        self._holders[number] = [len(self._needs) - 1]
        return len(self._needs) - 1

    def _source_needs(self, source: int) -> bool:
        if source >= 0:
            return self._needs[self._holders[source][0]]
        return source == TRAINED_OUTSIDE or parameter_of(source) in self._trainable

    def follow(self, call: Call, step: Step) -> list[bool]:
        """Follow one call; return which of its inputs need a gradient."""
        for source in step.sources:
            if source >= 0 and source not in self._holders:  # made outside of any call, such as a constant
                self._make(source, source in self._wanted)
        needs = [self._source_needs(source) for source in step.sources]
        flows = step.enabled and call.op.removeprefix("aten.") not in _STOPS
        through = needs[:1] if call.op in _OF_FIRST else needs
        needed = flows and any(through)
        read = tuple(self._holders[source][0] for source in step.sources if source >= 0)
        made = []
        for number, spec in zip(call.writes, call.outputs, strict=True):
            holder = self._holders.get(number)
            if holder is not None:
                made += self._written(call, holder, needed)
            elif flows and self._is_view(call, step):
                self._holders[number] = self._holders[step.sources[0]]
            else:
                made.append(self._make(number, needed and _differentiable(spec)))
        self._edges.append((tuple(made), read) if flows else ((), ()))
        return needs

    def _is_view(self, call: Call, step: Step) -> bool:
        """Tell whether a call made no memory of its own, and shows that of its first input."""
        return not call.activations and bool(step.sources) and step.sources[0] >= 0

    def _written(self, call: Call, holder: list[int], needed: bool) -> list[int]:
        """Note that an argument is returned: as it was, with another value, or cut off from gradients."""
        if ("requires_grad", True) in call.attributes:
            needed = True
        elif call.op in _DETACHED:
            self._needs.append(False)
            holder[0] = len(self._needs) - 1
            return []
        elif not call.cost.bytes_written or not needed:
            return []
        self._needs.append(True)
        holder[0] = len(self._needs) - 1
        return [holder[0]]

    def reached(self, returned: tuple[int, ...]) -> list[bool]:
        """Tell of each call whether a gradient arrives at it; at all where what is returned is not known."""
        if returned and all(number in self._holders for number in returned):
            alive = {self._holders[number][0] for number in returned}
        else:
            alive = set(range(len(self._needs)))
        arrives = []
        for made, read in reversed(self._edges):
            here = any(value in alive and self._needs[value] for value in made)
            if here:
                alive.update(read)
            arrives.append(here)
        return arrives[::-1]


def _differentiable(spec: TensorSpec) -> bool:
    return spec.dtype.startswith(_DIFFERENTIABLE)

"""The facts of one forward pass: which tensors there were and which operations ran on them."""

from __future__ import annotations

import math

from inception_profiler.records.cost import Cost
from inception_profiler.records.frozen import record
from inception_profiler.records.gradients import Gradients

Attribute = int | float | bool | str | tuple[float, ...] | None


@record
class TensorSpec:
    """Shape and type of a tensor, without its data; ``itemsize`` is in bytes."""

    shape: tuple[int, ...]
    dtype: str
    itemsize: int

    @property
    def numel(self) -> int:
        """Number of elements: the product of the sizes."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """Bytes of a dense tensor: elements × bytes each."""
        return self.numel * self.itemsize


@record
class ParameterSpec:
    """A parameter or buffer of the model; two with equal ``identity`` are one tied tensor, counted once."""

    path: str
    tensor: TensorSpec
    trainable: bool
    identity: int


@record
class ModuleSpec:
    """A module of the model: where it stands, its class, and how often it executed.

    ``path`` is the first path under which it is found, ``aliases`` are the others; the submodules of an alias
    are not listed again. ``kind`` is the class with its package, ``torch.nn.modules.conv.Conv2d``.
    """

    path: str
    kind: str
    executions: int
    aliases: tuple[str, ...]


@record
class Call:
    """One execution of one operation; a module that is called twice appears twice.

    Attributes:
        index: position in the order of execution.
        path: the module that was executing, as an attribute path; empty for the model's own forward.
        op: name of the operation, ``conv2d``; ``aten.…`` where PyTorch's operator was priced itself.
        spelling: what was called, ``torch.nn.functional.relu``, ``torch.Tensor.add`` for ``x.add(y)`` or
            ``torch.Tensor.__add__`` for ``x + y``, on which some other tools' counts depend; the operator,
            ``aten.add.Tensor``, where that was priced itself.
        kind: the family of the operation, ``convolution``.
        inputs: the tensors read, parameters included, each once.
        outputs: the tensors returned.
        parameters: identities of the parameters and buffers read.
        attributes: what else determines the operation, as name and value.
        reads: numbers of the tensors read, the model's inputs first numbered from 0.
        writes: numbers of the tensors returned; an in-place operation writes the number it read.
        spatial: how many trailing dimensions of the output are a feature map's own; 0 where the operation
            does not set a resolution but keeps that of its input.
        activations: elements newly produced; 0 for views, in-place and identity operations.
        activation_bytes: bytes of the elements newly produced.
        live_bytes: bytes of all tensors made by the forward pass that are alive during this call.
        cost: operations and bytes moved.
        launches: kernels started in eager mode: one for each of PyTorch's operators that the call comes down
            to and that is neither a view nor a mere allocation. A library such as cuDNN may start several
            for one operator, which is not known here.
    """

    index: int
    path: str
    op: str
    spelling: str
    kind: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    parameters: tuple[int, ...]
    attributes: tuple[tuple[str, Attribute], ...]
    reads: tuple[int, ...]
    writes: tuple[int, ...]
    spatial: int
    activations: int
    activation_bytes: int
    live_bytes: int
    cost: Cost
    launches: int = 0


@record
class Unpriced:
    """An operation that ran but whose cost no rule and no registered formula knows."""

    op: str
    path: str
    calls: int


@record
class Trace:
    """Everything one forward pass showed.

    ``input_names`` has a name for each of ``inputs``, empty for a positional argument of the forward pass.
    ``fallback`` is empty, or says on what values the model had to be run in a copy, and why.
    ``mode`` says how the modules' flags stood: inference, training, or mixed. ``gradients`` is None unless
    training was traced. ``returned`` has the numbers of the tensors that the forward pass returned.
    """

    model: str
    mode: str
    inputs: tuple[TensorSpec, ...]
    input_names: tuple[str, ...]
    calls: tuple[Call, ...]
    parameters: tuple[ParameterSpec, ...]
    buffers: tuple[ParameterSpec, ...]
    modules: tuple[ModuleSpec, ...]
    unpriced: tuple[Unpriced, ...]
    fallback: str
    gradients: Gradients | None = None
    returned: tuple[int, ...] = ()

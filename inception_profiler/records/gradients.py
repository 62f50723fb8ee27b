"""What decides where gradients flow, written down during a forward pass that stands for training."""

from __future__ import annotations

from inception_profiler.records.frozen import record

OUTSIDE = -1
"""The source of a tensor that neither the model nor the forward pass owns."""

TRAINED_OUTSIDE = -2
"""The same of one that wants a gradient, such as a parameter of a module that the model does not register."""


@record
class Product:
    """One contraction inside a call.

    ``factors`` are positions in the call's ``inputs``; ``~k`` is the outcome of the call's k-th product. One
    factor alone stands for an operation whose other factor is not told.
    """

    macs: int
    factors: tuple[int, ...]


@record
class Step:
    """What a call means to autograd.

    Attributes:
        enabled: whether gradients were wanted when it ran: not under ``torch.no_grad()``.
        sources: where each of the call's ``inputs`` comes from: the number of a tensor, ``OUTSIDE``,
            ``TRAINED_OUTSIDE``, or a parameter as `of_parameter` writes it.
        products: the contractions that the call consists of.
    """

    enabled: bool
    sources: tuple[int, ...]
    products: tuple[Product, ...]


@record
class Gradients:
    """The steps of a forward pass, one for each call, and the two ends of the gradients' way.

    Attributes:
        steps: one for each call.
        wanted: numbers of the inputs, and of tensors made into parameters, whose own gradient is wanted.
        returned: numbers of the tensors that the forward pass returned, each of which is given a gradient.
    """

    steps: tuple[Step, ...]
    wanted: tuple[int, ...]
    returned: tuple[int, ...]


def of_parameter(identity: int) -> int:
    """Write the identity of a parameter so that it is told apart from the number of a tensor.

    >>> of_parameter(0), parameter_of(of_parameter(7))
    (-3, 7)
    """
    return -3 - identity


def parameter_of(source: int) -> int:
    """Return the identity that `of_parameter` wrote."""
    return -3 - source

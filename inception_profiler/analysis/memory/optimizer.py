"""The optimizers whose state and step are part of training."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn, optim
from torch.optim import Optimizer

from inception_profiler.registry import Registry

Maker = Callable[[Sequence[nn.Parameter], bool], Optimizer]

OPTIMIZERS: Registry[str, Maker] = Registry("optimizer")
"""Optimizers of ``torch.optim`` with their default settings, by the name that a user types.

=============  ============================  ===============================================================
name           state for each parameter      is
=============  ============================  ===============================================================
``sgd``        none                          ``SGD(lr)``
``momentum``   1 tensor like it              ``SGD(lr, momentum=0.9)``
``rmsprop``    1 tensor like it, a counter   ``RMSprop(lr)``
``adam``       2 tensors like it, a counter  ``Adam(lr)``
``adamw``      2 tensors like it, a counter  ``AdamW(lr)``
=============  ============================  ===============================================================

A counter is one float32 on the host.
"""

OPTIMIZERS.add("sgd", lambda parameters, foreach: optim.SGD(parameters, 0.1, foreach=foreach))
OPTIMIZERS.add(
    "momentum", lambda parameters, foreach: optim.SGD(parameters, 0.1, momentum=0.9, foreach=foreach)
)
OPTIMIZERS.add("rmsprop", lambda parameters, foreach: optim.RMSprop(parameters, 1e-3, foreach=foreach))
OPTIMIZERS.add("adam", lambda parameters, foreach: optim.Adam(parameters, 1e-3, foreach=foreach))
OPTIMIZERS.add("adamw", lambda parameters, foreach: optim.AdamW(parameters, 1e-3, foreach=foreach))

"""Whether a forward pass wants gradients at this moment, as its own code says."""

from __future__ import annotations

import torch

SET_GRAD_ENABLED = torch._C._set_grad_enabled
"""What ``torch.no_grad()``, ``torch.enable_grad()`` and ``torch.set_grad_enabled()`` call."""


class GradMode:
    """Follows ``torch.no_grad()`` and its like, but not the switch inside a custom ``autograd.Function``.

    PyTorch runs the forward of such a function with gradients off, since the function brings its own
    backward; the gradient flows through it all the same, and so it does through what a reentrant
    ``torch.utils.checkpoint`` runs. Whoever traces with this must let gradients be enabled at the start.
    """

    def __init__(self) -> None:
        self._off = False

    def set(self, enabled: bool) -> None:
        """Note that the forward pass is about to switch gradients on or off."""
        if enabled or torch.is_grad_enabled():  # else they are off already: inside a custom function
            self._off = not enabled

    @property
    def enabled(self) -> bool:
        """Whether a gradient flows through what runs now."""
        if torch.is_grad_enabled():
            self._off = False
        return not self._off and not torch.is_inference_mode_enabled()

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from inception_profiler.bench.accelerator import Accelerator
    from tests.virtual_device.backend import VirtualDevice


@pytest.fixture
def accelerator(virtual: VirtualDevice) -> Accelerator:
    """The virtual device as a measurement sees it, with its own clock in the place of the host's."""
    from inception_profiler.bench.accelerator import Accelerator

    made = Accelerator(virtual.device, clock=virtual.clock)
    virtual.reset()
    return made

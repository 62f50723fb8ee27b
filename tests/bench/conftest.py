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


@pytest.fixture
def no_roofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the roofs of the device, which take seconds to measure."""
    monkeypatch.setattr("inception_profiler.bench.latency.attainable", lambda *_, **__: None)

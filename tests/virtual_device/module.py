"""`torch.virtual`: what PyTorch and its users expect of a device's module, named as `torch.cuda` names it."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from tests.virtual_device.backend import VirtualDevice


def of(virtual: VirtualDevice) -> ModuleType:
    """Return the module of this device."""
    made = ModuleType("torch.virtual")
    general = (
        "current_stream",
        "empty_cache",
        "max_memory_allocated",
        "max_memory_reserved",
        "memory_allocated",
        "memory_reserved",
        "memory_stats",
        "reset_peak_memory_stats",
        "synchronize",
    )
    for name in general:
        setattr(made, name, getattr(torch.accelerator, name))
    made.Event, made.Stream = torch.Event, torch.Stream
    made.device_count = lambda: 1
    made.is_available = lambda: True
    made.is_initialized = lambda: True
    made.current_device = lambda: 0
    made.get_device_name = lambda device=None: "virtual device"
    made.get_amp_supported_dtype = lambda: [torch.float16, torch.bfloat16]
    made.manual_seed_all = lambda seed: None  # what draws numbers asks the CPU's generator
    made._is_in_bad_fork = lambda: False
    made._sleep = virtual.occupy  # `torch.cuda._sleep` counts cycles: here one is a nanosecond
    return made

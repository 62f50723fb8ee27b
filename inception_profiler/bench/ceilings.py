"""The roofs of a device, measured: products, a large copy, and a copy within the last cache."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from functools import partial
from random import Random
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from inception_profiler.bench.ahead import Ahead
from inception_profiler.bench.busy import Busy
from inception_profiler.bench.ceilings_cache import keep, kept
from inception_profiler.bench.device import Device
from inception_profiler.bench.rules import Rules
from inception_profiler.bench.sampling import Contestant, sample
from inception_profiler.bench.settings import DTYPES, applied, resolved
from inception_profiler.errors import InputError
from inception_profiler.records.latency import INTERRUPTED, Setting
from inception_profiler.records.roofline import Ceilings
from inception_profiler.records.statistics import median

RULES = Rules(least_seconds=0.2, time_limit=1.0, warm_seconds=0.02)
"""A roof is the fastest call, which a second of each finds."""

PRODUCT_SECONDS = 0.02
"""A product is large enough when it takes so long: what comes before and after it does not count then."""

SMALLEST, LARGEST = 256, 8192
"""Rows of the smallest and of the largest product."""

CONVOLVED = 1024
"""Rows that a product has to reach before a convolution is tried too: in a slow dtype it takes too long."""

COPY_BYTES = 2**27
"""Bytes of a large copy's source, where the last cache is not larger."""

OTHERS = 0.2
"""How many of the processors that it needs others may have meanwhile: a calm system does that by itself."""

MEMORY_SHARE = 8
"""No measurement takes more than this part of the device's memory."""

CALM = 1.25
"""Where a median is more than so many times the shortest, something else was at work; it is not kept."""

CACHED_COPIES = 20
"""Copies within the cache that are timed together: one is too short for a clock."""

_CHANNELS, _SIDE = 512, 14


class _Work(NamedTuple):
    """Something to repeat: ``amount`` FLOPs or bytes in each of ``times`` calls that are timed together."""

    run: Callable[[], object]
    amount: int
    times: int = 1


def ceilings(device: Device, dtype: str, threads: int, again: bool = False) -> Ceilings:
    """Return the roofs of a device in a dtype; measured, unless they were within the last day.

    =============================  =====================================================================
    ``flops_per_second``           of a square product that takes 20 ms; on a CPU also of a convolution of
                                   3×3, for which PyTorch asks another library: the faster of the two
    ``bytes_per_second``           of a copy between two tensors of four times the last cache each
                                   (bytes read + bytes written)
    ``cache_bytes_per_second``     of a copy between two tensors that fill half of the last cache together
    =============================  =====================================================================

    Each is that of the fastest call: a roof is what was reached once. With ``amp-…`` the product is in the
    type that autocast chooses. What was measured while others were at work is given, and not kept.

    Args:
        device: as `find_device` returns it.
        dtype: of a `Setting`.
        threads: that PyTorch computes with on the CPU; 0 for as many as now.
        again: measure although there is a result of today.

    Raises:
        UnknownNameError: no such dtype.
        InputError: the device cannot multiply in this dtype.
        KeyboardInterrupt: nothing is kept.
    """
    setting = resolved(Setting(dtype=dtype, threads=threads), device)
    found = None if again else kept(device, setting)
    if found is None:
        busy = Busy()
        with applied(setting, device), torch.inference_mode():
            found, calm = measured(device, setting)
        if calm and not _crowded(busy, device, threads):
            keep(found, device, setting)
    return found


def _crowded(busy: Busy, device: Device, threads: int) -> bool:
    """Whether the host is the device and others wanted what the threads needed.

    They slow every call alike, so that all looks calm. The load of the last minute would not do: this
    process is in it.
    """
    others, processors = busy.share(), os.cpu_count() or 1
    free = processors - min(threads, processors)
    return not device.asynchronous and others is not None and others * processors > free + OTHERS


def measured(device: Device, setting: Setting, rules: Rules = RULES) -> tuple[Ceilings, bool]:
    """Measure the roofs of a device that is in a setting; say whether nothing else was at work meanwhile.

    Raises:
        InputError: it cannot multiply in the dtype of the setting.
    """
    precision = DTYPES.get(setting.dtype)
    kind = precision.autocast or precision.weights
    most = (device.memory_bytes or 2**32) // MEMORY_SHARE
    cache = device.cache_bytes
    try:
        products = [_product(device, kind, most)]
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[0]
        raise InputError(f"{device.name} cannot multiply in {setting.dtype}: {reason}") from error
    if not device.asynchronous and products[0].amount >= 2 * CONVOLVED**3:
        products.append(_convolution(device, kind, products[0].amount))
    copies = [_copy(device, min(max(COPY_BYTES, 4 * (cache or 0)), most))]
    if cache:
        copies.append(_copy(device, cache // 4, CACHED_COPIES))
    rates, calm = _rates(device, [*products, *copies], rules)
    flops = max(rates[: len(products)])
    memory, *cached = rates[len(products) :]
    if not flops or not memory:
        raise InputError(f"{device.name} cannot multiply or copy in {setting.dtype}")
    found = Ceilings(
        device=device.name,
        dtype=setting.dtype,
        threads=setting.threads,
        flops_per_second=flops,
        bytes_per_second=memory,
        cache_bytes_per_second=max(memory, *cached) if cache else None,
        cache_bytes=cache,
        taken=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    )
    return found, calm


def _rates(device: Device, works: list[_Work], rules: Rules) -> tuple[list[float], bool]:
    """Return the FLOPs or bytes a second of the fastest call of each, and whether all went calmly.

    0 for what the device refuses.
    """
    shortest = [0.0] * len(works)
    ahead = Ahead(device)

    def attempt(work: _Work) -> tuple[float, bool]:
        ahead.begin()
        span = device.span()
        begun = device.clock()
        if span:
            span.start()
        for _ in range(work.times):
            work.run()
        if span:
            span.stop()
        held = ahead.held()
        device.synchronize()
        return span.seconds() if span else device.clock() - begun, held

    def run(place: int) -> float:
        seconds, _ = ahead.repeated(partial(attempt, works[place]))
        shortest[place] = min(shortest[place] or seconds, seconds)
        return seconds

    def before(work: _Work) -> None:
        work.run()  # brings into the cache what fits there
        device.synchronize()

    contestants = [Contestant(partial(run, place), partial(before, work)) for place, work in enumerate(works)]
    found = sample(contestants, clock=device.clock, random=Random(0), rules=rules)
    if any(samples.stopped == INTERRUPTED for samples in found):
        raise KeyboardInterrupt  # half of a roof is none, and nothing was asked of it for its own sake
    rates = [
        work.amount * work.times / seconds if seconds and not samples.error else 0.0
        for work, seconds, samples in zip(works, shortest, found, strict=True)
    ]
    calm = all(
        median(samples.device_seconds or samples.seconds) <= CALM * seconds
        for seconds, samples in zip(shortest, found, strict=True)
        if not samples.error
    )
    return rates, calm


def _product(device: Device, kind: torch.dtype, most: int) -> _Work:
    """Double the rows of a square product until it takes long enough."""
    size = SMALLEST
    while True:
        left, right, output = (_filled(device, (size, size), kind) for _ in range(3))
        run = partial(torch.mm, left, right, out=output)
        seconds = _once(device, run)
        following = 2 * size
        if seconds >= PRODUCT_SECONDS or following > LARGEST or 3 * following**2 * kind.itemsize > most:
            return _Work(run, 2 * size**3)
        size = following


def _convolution(device: Device, kind: torch.dtype, flops: int) -> _Work:
    """Convolve as many images as make about as many FLOPs."""
    each = 2 * _CHANNELS**2 * 9 * _SIDE**2
    image = _filled(device, (max(1, flops // each), _CHANNELS, _SIDE, _SIDE), kind)
    weight = _filled(device, (_CHANNELS, _CHANNELS, 3, 3), kind)
    return _Work(partial(F.conv2d, image, weight, padding=1), each * len(image))


def _copy(device: Device, nbytes: int, times: int = 1) -> _Work:
    source, target = (_filled(device, (nbytes // 4,), torch.float32) for _ in range(2))
    return _Work(partial(target.copy_, source), 2 * source.nbytes, times)


def _filled(device: Device, shape: tuple[int, ...], kind: torch.dtype) -> Tensor:
    """Return a tensor that has been written to: memory that was not is no memory yet."""
    return torch.ones(shape, dtype=kind, device=device.place)


def _once(device: Device, run: Callable[[], object]) -> float:
    """Return the seconds of the second call; the first makes what a library needs."""
    run()
    device.synchronize()
    begun = device.clock()
    run()
    device.synchronize()
    return device.clock() - begun

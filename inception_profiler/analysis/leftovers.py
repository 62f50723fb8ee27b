"""Tensors without data that a forward pass leaves outside of the model, as in a memoized function."""

from __future__ import annotations

import functools
import gc
import warnings
from typing import Any

from torch import Tensor

from inception_profiler.analysis.recorder import Recorder

_CACHES = functools._lru_cache_wrapper
_DEPTH = 4
"""From a cache over its table and its links and tuples to a tensor."""
_HOLDERS = frozenset({dict, list, tuple, set})


def forget_leftovers(recorder: Recorder) -> None:
    """Empty every ``functools`` cache that keeps a tensor without data; warn of what is kept elsewhere.

    A cache that was filled while nothing was computed would hand such a tensor to the model's next run. That
    it is empty changes nothing but the time of one call. Nothing is looked for where ``recorder``
    knows that no tensor of the forward pass is alive.
    """
    if not recorder.left():
        return
    gc.collect()
    if not recorder.left():
        return
    for cache in [found for found in gc.get_objects() if type(found) is _CACHES]:
        if cache.cache_info().currsize and _keeps_empty_tensor(cache):
            cache.cache_clear()
    gc.collect()
    if recorder.left():
        warnings.warn(
            "the forward pass put a tensor without data somewhere outside of the model, such as a list or a "
            "dict of the program: empty that before the model runs",
            stacklevel=4,
        )


def _keeps_empty_tensor(cache: Any) -> bool:
    """Tell whether a tensor without data can be reached from the results that a cache keeps."""
    function = cache.__wrapped__
    level: list[Any] = [cache]
    for _ in range(_DEPTH):
        level = [
            inside
            for holder in level
            for inside in gc.get_referents(holder)
            if isinstance(inside, Tensor) or type(inside) in _HOLDERS or "lru_list" in type(inside).__name__
        ]
        level = [inside for inside in level if inside is not function.__globals__]
        if any(isinstance(inside, Tensor) and inside.is_meta for inside in level):
            return True
    return False

from __future__ import annotations

import pytest

from inception_profiler.errors import DuplicateNameError, UnknownNameError
from inception_profiler.registry import Registry


def test_a_duplicate_is_refused_and_named() -> None:
    registry: Registry[str, int] = Registry("thing")
    registry.add("one", 1)
    with pytest.raises(DuplicateNameError, match="thing 'one'"):
        registry.add("one", 2)
    assert registry.get("one") == 1


def test_an_unknown_name_suggests_the_nearest() -> None:
    registry: Registry[str, int] = Registry("model")
    for number, name in enumerate(("inception_v1", "inception_v3", "vgg16")):
        registry.add(name, number)
    with pytest.raises(UnknownNameError) as caught:
        registry.get("inceptoin_v3")
    assert caught.value.suggestions[0] == "inception_v3"
    with pytest.raises(UnknownNameError, match="3 are known"):
        registry.get("zzz")


def test_order_is_kept() -> None:
    registry: Registry[str, int] = Registry("thing")
    for name in ("b", "a", "c"):
        registry.add(name, 0)
    assert list(registry) == ["b", "a", "c"]
    assert len(registry) == 3
    assert "a" in registry
    assert registry.find("z") is None

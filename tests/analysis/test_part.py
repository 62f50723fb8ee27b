"""A part of a profile is a profile of its own."""

from __future__ import annotations

import pytest

import inception_profiler as ip
from inception_profiler.analysis.part import inside, reductions, stem
from inception_profiler.errors import InputError
from inception_profiler.records.archive import dumps, loads
from tests.analysis.oracle import elements


def test_a_module_has_its_own_parameters_buffers_and_modules() -> None:
    network = ip.build("bn_inception", device="meta")
    module = network.get_submodule("inception_3b")
    part = inside(ip.profile("bn_inception"), "inception_3b")
    assert part.params == elements(module)
    assert {spec.path for spec in part.parameters} == {
        f"inception_3b.{name}" for name, _ in module.named_parameters()
    }
    running = [buffer for name, buffer in module.named_buffers() if "num_batches" not in name]
    assert part.buffer_elements == sum(buffer.numel() for buffer in running)
    assert part.inputs[0].shape == (1, 256, 28, 28)
    assert part.not_executed == ()
    assert loads(dumps(part)) == part


def test_a_name_that_another_begins_with_is_not_that_module() -> None:
    part = inside(ip.profile("bn_inception"), "conv2")
    assert all(layer.path.split(".")[0] == "conv2" for layer in part.layers)


def test_the_parts_are_the_whole() -> None:
    network = ip.profile("vgg11")
    modules = dict.fromkeys(layer.path.split(".")[0] for layer in network.layers if layer.path)
    assert sum(inside(network, name).macs for name in modules) == network.macs


def test_what_is_not_there_is_refused() -> None:
    network = ip.profile("inception_v1")
    with pytest.raises(InputError, match="inception_9z has no layers"):
        inside(network, "inception_9z")
    with pytest.raises(InputError, match="never shrinks a map to 27×27: it does to 112, 56, 28, 14, 7"):
        stem(network, 27)


def test_both_branches_that_shrink_a_map_are_in_the_stem() -> None:
    """Inception-v4 goes to 73×73 by a pooling and a convolution side by side."""
    network = ip.profile("inception_v4")
    assert reductions(network)[:3] == (149, 147, 73)
    makers = [layer.op for layer in stem(network, 73).layers if layer.resolution == (73, 73)]
    assert makers == ["max_pool2d", "conv2d", "batch_norm", "relu"]

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_profiler.records.cost import Cost
from inception_profiler.records.layer import Group
from inception_profiler.records.metrics import METRICS
from inception_profiler.records.naming import Naming
from inception_profiler.records.trace import TensorSpec
from tests.fixed import small

COSTS = st.builds(Cost, *[st.integers(0, 10**12)] * 8)


@given(COSTS, COSTS, COSTS)
def test_costs_add_up_in_any_order(a: Cost, b: Cost, c: Cost) -> None:
    assert (a + b) + c == a + (b + c) == Cost.sum((c, b, a))
    assert a + Cost.ZERO == a
    assert (a + b).flops == a.flops + b.flops


def test_nothing_costs_nothing() -> None:
    assert Cost.sum(()) == Cost.ZERO
    assert Cost.ZERO.intensity == 0.0


def test_flops_are_two_a_mac_and_one_an_operation() -> None:
    cost = Cost(
        macs=100,
        adds=1,
        comparisons=2,
        multiplications=3,
        divisions=4,
        exponentials=5,
        bytes_read=10,
        bytes_written=20,
    )
    assert cost.ops == 15
    assert cost.flops == 215
    assert cost.intensity == pytest.approx(215 / 30)


def test_a_record_is_frozen_slotted_and_behaves_as_a_dataclass() -> None:
    spec = TensorSpec((2, 3), "float32", 4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.dtype = "float16"
    with pytest.raises((AttributeError, TypeError)):
        spec.other = 1
    assert not hasattr(spec, "__dict__")
    assert spec == TensorSpec((2, 3), "float32", 4)
    assert hash(spec) == hash(TensorSpec((2, 3), "float32", 4))
    assert dataclasses.replace(spec, itemsize=2).nbytes == 12
    assert repr(spec) == "TensorSpec(shape=(2, 3), dtype='float32', itemsize=4)"
    assert pickle.loads(pickle.dumps(spec)) == spec == copy.deepcopy(spec)
    assert TensorSpec(itemsize=4, dtype="float32", shape=(2, 3)) == spec
    with pytest.raises(TypeError):
        TensorSpec((2, 3))


def test_totals_are_sums_over_layers() -> None:
    profile = small()
    assert profile.macs == 27_648 + 2_560
    assert profile.ops == 1_024 + 1_024 + 768 + 10
    assert profile.flops == 2 * profile.macs + profile.ops
    assert profile.activations == 16 * 64 + 16 * 64 + 16 * 16 + 10
    assert profile.contraction_activations == 16 * 64 + 10
    assert profile.peak_activation_bytes == 8_192


def test_tied_and_unused_parameters_are_counted_once_and_apart() -> None:
    profile = small()
    assert profile.params == 16 * 28 + 2_560 + 10 + 100
    assert profile.trainable_params == 16 * 28 + 2_560 + 100
    assert profile.not_executed_params == 100
    assert profile.weight_bytes == 4 * profile.params
    assert profile.buffer_elements == 16


def test_groups_cover_all_layers_once() -> None:
    profile = small()
    for groups in (
        profile.by_module(),
        profile.by_layer(),
        profile.by_op(),
        profile.by_stage(),
        profile.by_resolution(),
    ):
        assert sum(group.macs for group in groups) == profile.macs
        assert sum(group.calls for group in groups) == profile.calls
        assert Cost.sum(group.cost for group in groups) == profile.total.cost
        assert max(group.peak_activation_bytes for group in groups) == profile.peak_activation_bytes


def test_groups_are_titled_as_people_name_them() -> None:
    profile = small()
    assert [group.title for group in profile.by_resolution()] == ["8", "4", "head"]
    assert [group.title for group in profile.by_module(2)] == ["stem/3x3", "stem/relu", "pool", "fc"]
    assert profile.by_layer()[0].title == "stem/3x3 · conv2d"
    assert profile.at("8").macs == 27_648
    assert profile.at("64") == Group.of("64", ())


def test_every_metric_reads_a_profile_a_group_and_a_layer() -> None:
    profile = small()
    for metric in METRICS.values():
        parts = [metric.of(layer) for layer in profile.layers]
        assert metric.of(profile.total) >= 0
        if metric.additive:
            assert sum(parts) == metric.of(profile.total)
        assert metric.of(profile) >= metric.of(profile.total) or not metric.additive


def test_a_path_without_names_is_shown_as_it_is() -> None:
    assert Naming().name("layer1.0.conv1") == "layer1.0.conv1"
    assert Naming("/", (("conv", ""),)).name("a.conv") == "a"


def test_layers_become_a_frame_in_base_units() -> None:
    frame = small().to_frame()
    assert list(frame["layer"]) == ["stem/3x3", "stem/relu", "pool", "fc"]
    assert frame["macs"].sum() == small().macs
    assert set(METRICS) <= set(frame.columns)

"""One session of the profiler, whatever earlier ones have left behind."""

from __future__ import annotations

import gc
import os
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

import inception_profiler as ip
from inception_profiler.analysis.memory import allocator
from inception_profiler.analysis.memory import session as profiling
from inception_profiler.analysis.memory.measure import measured
from inception_profiler.analysis.memory.session import seen
from inception_profiler.analysis.subject import subject
from tests.analysis.memory import reality
from tests.analysis.memory.networks import Plain


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def session() -> profile:
    return profile(activities=[ProfilerActivity.CPU], profile_memory=True)


def still_alive() -> list[torch.Tensor]:
    """Return tensors that an earlier session saw being made."""
    with session():
        return [torch.empty(10_000) for _ in range(3)]


def test_only_what_a_session_saw_being_made_is_given_back_in_it() -> None:
    before = still_alive()
    with session() as profiler:
        before.clear()
        small = torch.empty(10)
        del small
        held = torch.empty(20)
    assert [event.change for event in seen(profiler) if event.change] == [40, -40, 80]
    del held


def test_the_reading_of_the_tests_themselves_is_not_taken_in() -> None:
    before = still_alive()

    def run() -> torch.Tensor:
        before.clear()
        return torch.empty(10)

    assert reality.allocated(run) == [(40, 40)]


@pytest.mark.parametrize("users", [None, "0"])
def test_a_session_leaves_the_environment_as_it_was(
    users: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KINETO_LOG_LEVEL", raising=False)
    if users is not None:
        monkeypatch.setenv("KINETO_LOG_LEVEL", users)
    with profiling.session():
        assert os.environ["KINETO_LOG_LEVEL"] == (users or "99")
    assert os.environ.get("KINETO_LOG_LEVEL") == users


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("train", [False, True])
def test_the_copy_that_was_run_goes_at_once(train: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    copies = []

    def realised(network: nn.Module, made: Any = allocator.realised) -> nn.Module:
        copied = made(network)
        copies.append(weakref.ref(copied))
        return copied

    monkeypatch.setattr(allocator, "realised", realised)
    for _ in range(2):  # what is imported on the way may keep the first
        measured(subject(Plain(), inputs=[Plain.shape], train=train), optimizer="adam" if train else "")
    assert copies[1]() is None


@pytest.mark.usefixtures("no_collector")
@pytest.mark.parametrize("look", [ip.profile, ip.memory])
@pytest.mark.parametrize("train", [False, True])
def test_a_model_is_not_kept(look: Any, train: bool) -> None:
    models = [Plain(), Plain()]
    watched = [weakref.ref(model) for model in models]
    for model in models:
        look(model, Plain.shape, train=train)
    del model
    models.clear()
    assert watched[1]() is None

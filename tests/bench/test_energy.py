from __future__ import annotations

from collections import deque
from collections.abc import Callable
from itertools import takewhile

import pytest
import torch
from torch import nn

from inception_profiler.analysis.subject import subject
from inception_profiler.bench.contest import Wishes
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.device import State
from inception_profiler.bench.energy import energy, idle_watts
from inception_profiler.bench.latency import timed
from inception_profiler.bench.rules import Rules
from tests.bench.fake_device import FakeDevice

IDLE, BUSY = 60.0, 400.0  # watts
TICK = 0.1  # seconds between two steps of the counter


class Metered(FakeDevice):
    """Draws so much with and without work, and counts what it has drawn in steps of `TICK`."""

    def __init__(self, *, counts: Callable[[float], float | None] = lambda joules: joules) -> None:
        super().__init__()
        self.worked: deque[tuple[float, float]] = deque()  # what the counter has not counted in full
        self.counted = 0.0
        self.counts = counts

    def work(self, seconds: float) -> None:
        begin = max(self.now, self.busy_until)
        self.run(device=seconds)
        self.worked.append((begin, begin + seconds))
        assert len(self.worked) < 20_000, "nothing waits for the device, so its time stands still"

    def drawn(self, until: float) -> float:
        while self.worked and self.worked[0][1] <= until:
            begin, end = self.worked.popleft()
            self.counted += end - begin
        begun = takewhile(lambda stretch: stretch[0] < until, self.worked)
        busy = self.counted + sum(until - begin for begin, _ in begun)
        return IDLE * until + (BUSY - IDLE) * busy

    def state(self) -> State:
        return State(joules=self.counts(1000 + self.drawn(self.now // TICK * TICK)))


@pytest.mark.parametrize("call", [0.0007, 0.013, 0.3, 7.0])
def test_energy_is_power_times_time(call: float) -> None:
    device = Metered()
    found = energy(device, lambda: device.work(call), images=8, idle=IDLE)
    assert found is not None
    assert found.seconds >= 5
    assert found.images == pytest.approx(8 * found.seconds / call, abs=8)
    # a step is seen one call late at most: a tenth of a second in five
    late = (TICK + min(call, TICK)) / found.seconds
    assert found.joules == pytest.approx(BUSY * found.seconds, rel=late)
    assert found.joules_per_image == pytest.approx(BUSY * call / 8, rel=late)
    assert found.idle_watts == IDLE


def test_short_calls_are_seen_to_the_step() -> None:
    device = Metered()
    found = energy(device, lambda: device.work(0.0007), images=1, idle=IDLE)
    assert found is not None
    assert found.joules_per_image == pytest.approx(BUSY * 0.0007, rel=0.001)


def test_a_longer_window_can_be_asked_for() -> None:
    device = Metered()
    found = energy(device, lambda: device.work(0.01), images=1, window=20, idle=IDLE)
    assert found is not None
    assert 20 <= found.seconds < 20.2


def test_what_was_queued_before_is_no_part_of_idling() -> None:
    device = Metered()
    device.work(30.0)
    device.worked.append((30.0, 30.9))  # the power of work stays a little longer than the work
    assert idle_watts(device, sleep=device.sleep) == pytest.approx(IDLE, rel=0.01)
    assert device.now < 30 + 4


def test_host_time_between_calls_is_part_of_the_window() -> None:
    device = Metered()

    def run() -> None:
        device.sleep(0.01)
        device.work(0.01)

    found = energy(device, run, images=1, idle=IDLE)
    assert found is not None
    assert found.joules_per_image == pytest.approx((BUSY + IDLE) * 0.01, rel=0.02)


@pytest.mark.parametrize(
    "counts",
    [
        lambda joules: None,  # no counter
        lambda joules: 5.0,  # one that stands still
        lambda joules: -joules,  # one that runs backwards
    ],
)
def test_without_a_counter_there_is_no_energy(counts: Callable[[float], float | None]) -> None:
    device = Metered(counts=counts)
    assert idle_watts(device, sleep=device.sleep) is None
    assert energy(device, lambda: device.work(0.01), images=1, idle=IDLE) is None


def test_a_counter_that_stops_meanwhile_gives_no_energy() -> None:
    device = Metered(counts=lambda joules: min(joules, 1600))
    assert energy(device, lambda: device.work(0.01), images=1, idle=IDLE) is None


def test_a_device_without_a_counter_is_not_waited_for() -> None:
    device = FakeDevice()

    def run() -> None:
        pytest.fail("nothing to measure, and it was run")

    assert idle_watts(device, sleep=device.sleep) is None
    assert energy(device, run, images=1, idle=IDLE) is None
    assert device.now == 0


class Ticking(Cpu):
    """A CPU on which a twentieth of a second passes between two looks at the clock, and 100 W are drawn."""

    def __init__(self) -> None:
        super().__init__(clock=self.tick)
        self.ticks = 0

    def tick(self) -> float:
        self.ticks += 1
        return self.ticks / 20

    def state(self) -> State:
        return State(joules=100 * self.ticks / 20)


@pytest.mark.parametrize("wanted", [True, False])
def test_a_contest_gives_every_model_its_energy(monkeypatch: pytest.MonkeyPatch, wanted: bool) -> None:
    monkeypatch.setattr("inception_profiler.bench.energy.SETTLE", 0)
    monkeypatch.setattr("inception_profiler.bench.energy.GLANCE", 0)
    calls = 0

    class Counted(nn.Linear):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            nonlocal calls
            calls += 1
            return super().forward(x)

    subjects = [subject(Counted(4, 4), (3, 4)), subject(nn.Linear(4, 2), (3, 4))]
    wishes = Wishes(rules=Rules(least_seconds=0.1), memory=False, energy=wanted)
    found = timed(subjects, device=Ticking(), wishes=wishes)
    rows = [measurement.energy for measurement in found.measurements]
    if not wanted:
        assert rows == [None, None]
        return
    for energy_ in rows:
        assert energy_ is not None
        assert energy_.seconds >= 5
        assert energy_.joules == pytest.approx(100 * energy_.seconds, rel=0.03)
        assert energy_.idle_watts == pytest.approx(100, rel=0.05)
        assert energy_.images % 3 == 0
    assert 0 < rows[0].images / 3 < calls

from __future__ import annotations

from collections.abc import Callable

import pytest

from inception_profiler.bench.device import State
from inception_profiler.bench.energy import energy
from tests.bench.fake_device import FakeDevice

IDLE, BUSY = 60.0, 400.0  # watts
TICK = 0.1  # seconds between two steps of the counter


class Metered(FakeDevice):
    """Draws so much with and without work, and counts what it has drawn in steps of `TICK`."""

    def __init__(self, *, counts: Callable[[float], float | None] = lambda joules: joules) -> None:
        super().__init__()
        self.worked: list[tuple[float, float]] = []
        self.counts = counts

    def work(self, seconds: float) -> None:
        begin = max(self.now, self.busy_until)
        self.run(device=seconds)
        self.worked.append((begin, begin + seconds))

    def drawn(self, until: float) -> float:
        busy = sum(max(0.0, min(end, until) - begin) for begin, end in self.worked)
        return IDLE * until + (BUSY - IDLE) * busy

    def state(self) -> State:
        return State(joules=self.counts(1000 + self.drawn(self.now // TICK * TICK)))


@pytest.mark.parametrize("call", [0.0007, 0.013, 0.3, 7.0])
def test_energy_is_power_times_time(call: float) -> None:
    device = Metered()
    found = energy(device, lambda: device.work(call), images=8, sleep=device.sleep)
    assert found is not None
    assert found.seconds >= 5
    assert found.images == pytest.approx(8 * found.seconds / call, abs=8)
    # a step is seen one call late at most: a tenth of a second in five
    late = (TICK + min(call, TICK)) / found.seconds
    assert found.joules == pytest.approx(BUSY * found.seconds, rel=late)
    assert found.joules_per_image == pytest.approx(BUSY * call / 8, rel=late)
    assert found.idle_watts == pytest.approx(IDLE, rel=0.01)


def test_short_calls_are_seen_to_the_step() -> None:
    device = Metered()
    found = energy(device, lambda: device.work(0.0007), images=1, sleep=device.sleep)
    assert found is not None
    assert found.joules_per_image == pytest.approx(BUSY * 0.0007, rel=0.001)


def test_a_longer_window_can_be_asked_for() -> None:
    device = Metered()
    found = energy(device, lambda: device.work(0.01), images=1, window=20, sleep=device.sleep)
    assert found is not None
    assert 20 <= found.seconds < 20.2


def test_what_was_queued_before_is_no_part_of_idling() -> None:
    device = Metered()
    device.work(30.0)
    found = energy(device, lambda: device.work(0.01), images=1, sleep=device.sleep)
    assert found is not None
    assert found.idle_watts == pytest.approx(IDLE, rel=0.01)


def test_host_time_between_calls_is_part_of_the_window() -> None:
    device = Metered()

    def run() -> None:
        device.sleep(0.01)
        device.work(0.01)

    found = energy(device, run, images=1, sleep=device.sleep)
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
    assert energy(device, lambda: device.work(0.01), images=1, sleep=device.sleep) is None


def test_a_counter_that_stops_meanwhile_gives_no_energy() -> None:
    device = Metered(counts=lambda joules: min(joules, 1600))
    assert energy(device, lambda: device.work(0.01), images=1, sleep=device.sleep) is None


def test_a_device_without_a_counter_is_not_kept_busy() -> None:
    device = FakeDevice()

    def run() -> None:
        pytest.fail("nothing to measure, and it was run")

    assert energy(device, run, images=1, sleep=device.sleep) is None
    assert device.now == 0

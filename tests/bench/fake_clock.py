"""Time that passes only when a test says so, and work that takes as much of it as a world lets it."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

Weather = Callable[[float], float]
"""By what factor everything is slower at a moment."""


class FakeClock:
    """A clock that stands still between calls."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def work(
        self,
        seconds: float,
        random: Random,
        *,
        noise: float = 0.025,
        spikes: float = 0.0,
        weather: Weather = lambda now: 1.0,
    ) -> Callable[[], None]:
        """Return a call that takes so long, log-normal noise, spikes of 3 to 30 times, weather included."""

        def run() -> None:
            taken = seconds * math.exp(random.gauss(0, noise)) * weather(self.now)
            if spikes and random.random() < spikes:
                taken *= random.uniform(3, 30)
            self.now += taken

        return run


def drift(per_second: float) -> Weather:
    """Return a machine that becomes slower, or faster, by a share of its first speed each second."""
    return lambda now: max(0.2, 1 + per_second * (now - 1000))


def bursts(random: Random, *, every: float, length: float, factor: float) -> Weather:
    """Return a machine that others load now and then; times between and lengths are exponential."""
    edges = [1000.0]
    loaded = [False]

    def weather(now: float) -> float:
        while edges[-1] <= now:
            loaded.append(not loaded[-1])
            edges.append(edges[-1] + random.expovariate(1 / (length if loaded[-1] else every)))
        place = len(edges) - 1
        while place and edges[place - 1] > now:
            place -= 1
        return factor if loaded[place] else 1.0

    return weather

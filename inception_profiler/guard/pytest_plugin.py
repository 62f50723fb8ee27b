"""The plugin of pytest: what a network costs, in a test of one line.

::

    def test_cost(model_cost):
        model_cost(build(), input_shape=(1, 3, 224, 224)).at_most(params=7_000_000).matches("name")

``matches`` holds every layer against ``model_cost.lock.json`` in the root folder of pytest, which
``pytest --update-costs`` writes. pytest imports this file whenever it starts, so nothing else is imported
before a test asks for the fixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from inception_profiler.guard.costing import CostOf
    from inception_profiler.records.lock import LockedModel

LOCK = "model_cost.lock.json"
"""What the lock file of the tests is called unless the configuration of pytest says otherwise."""

_taken = pytest.StashKey[dict[str, "LockedModel"]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that agrees to what is counted, and the setting that names the lock file."""
    group = parser.getgroup("inception-profiler", "cost of networks")
    group.addoption(
        "--update-costs",
        action="store_true",
        help="agree to what model_cost(...).matches(name) counts, and write it to the lock file",
    )
    parser.addini("model_cost_lock", "lock file of model_cost, relative to the root folder", default=LOCK)


@pytest.fixture
def model_cost(request: pytest.FixtureRequest) -> CostOf:
    """Count a network: ``model_cost(module, input_shape=...).at_most(params=...).matches(name)``."""
    from inception_profiler.guard.costing import CostOf, Keeper

    config = request.config
    lock = config.rootpath / str(config.getini("model_cost_lock"))
    taken = config.stash.setdefault(_taken, {})
    return CostOf(Keeper(lock, bool(config.getoption("update_costs")), taken), request.node.nodeid)

"""The fixture `virtual`: a test that asks for it runs where the virtual device is, and nowhere else.

PyTorch can be told of a new accelerator, and not be told to forget it: `torch.accelerator` would be another
one for every later test of that process. So such a test runs in a child process, with all its fixtures, and
its outcome is reported here. There is one child for a session, or for a worker of xdist.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.virtual_device.child import INSIDE, Child

if TYPE_CHECKING:
    from tests.virtual_device.backend import VirtualDevice

CHILD = pytest.StashKey[Child]()


@pytest.fixture
def virtual() -> VirtualDevice:
    """The virtual device, fresh: clocks at 0, nothing costs anything."""
    from tests.virtual_device.build import NoCompilerError

    try:
        from tests.virtual_device.backend import VirtualDevice

        device = VirtualDevice()
    except NoCompilerError as error:
        pytest.skip(str(error))
    device.reset()
    return device


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave such a test to the child, and its fixtures too."""
    if INSIDE in os.environ:
        return
    moved = [item for item in items if isinstance(item, pytest.Function) and "virtual" in item.fixturenames]
    config.stash[CHILD] = child = Child(config.rootpath, [item.nodeid for item in moved])
    for item in moved:
        item.fixturenames = []
        item.stash[CHILD] = child


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run such a test in the child."""
    child = pyfuncitem.stash.get(CHILD, None)
    if child is None:
        return None
    outcome = child.run(pyfuncitem.nodeid)
    if outcome.word == "skipped":
        pytest.skip(outcome.text)
    if outcome.word == "failed":
        pytest.fail(outcome.text, pytrace=False)
    return True


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the child, if there is one."""
    if CHILD in config.stash:
        config.stash[CHILD].stop()

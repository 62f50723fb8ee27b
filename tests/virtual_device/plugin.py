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
ELSEWHERE = pytest.StashKey[bool]()


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the fixtures of such a test to the child."""
    if INSIDE in os.environ:
        return
    for item in items:
        if isinstance(item, pytest.Function) and "virtual" in item.fixturenames:
            item.fixturenames = []
            item.stash[ELSEWHERE] = True


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run such a test in the child."""
    if not pyfuncitem.stash.get(ELSEWHERE, False):
        return None
    child = pyfuncitem.config.stash.setdefault(CHILD, Child(pyfuncitem.config.rootpath))
    outcome = child.run(pyfuncitem.nodeid)
    if outcome.word == "skipped":
        pytest.skip(outcome.text)
    if outcome.word == "failed":
        pytest.fail(outcome.text, pytrace=False)
    return True


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the child, if there is one."""
    child = session.config.stash.get(CHILD, None)
    if child is not None:
        child.stop()

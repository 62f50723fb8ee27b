from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ("tests.virtual_device.plugin",)

# Caps the threads of the real forward passes in the tests: several test processes share few cores.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# No test asserts a time: how fast examples are drawn depends on what else the machine does.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


GOLDEN = Path(__file__).parent / "golden"
SHARED = Path(__file__).parents[2] / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew, to be reviewed in the diff"
    )


@pytest.fixture(scope="session", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep what the tests measure out of the user's cache folder, in the processes that they start too.

    Roofs that were measured while other tests ran are none, and would be believed for a day.
    """
    folder = tmp_path_factory.getbasetemp() / "cache"
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parents[1] / "cache"  # one for all workers
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture
def golden(request: pytest.FixtureRequest):
    """Compare bytes with the golden file of that name."""

    def compare(name: str, data: bytes) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.write_bytes(data)
        assert data.decode() == path.read_bytes().decode()

    return compare


@pytest.fixture
def shared() -> Path:
    """The folder of reference documents beside a checkout; what needs it is skipped where it is not there."""
    if not SHARED.is_dir():
        pytest.skip("the folder of reference documents is not beside this checkout")
    return SHARED

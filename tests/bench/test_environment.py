from __future__ import annotations

import datetime
import shutil
import subprocess
from pathlib import Path

import pytest
import torch

from inception_profiler.bench.device import State
from inception_profiler.bench.environment import closed, commit, environment
from tests.bench.fake_device import FakeDevice

WARM = State(1980, 45, 120, ("SwPowerCap",), 1)
HOT = State(1700, 71, 650, ("SwPowerCap", "HwThermalSlowdown"), 3)


def test_an_environment_says_what_device_and_host_tell() -> None:
    device = FakeDevice()
    device.states = [WARM]
    found = environment(device)
    assert (found.device, found.kind, found.memory_bytes) == ("fake device", "fake", 1 << 30)
    assert (found.driver, found.capability) == ("driver 1.0", "fake")
    assert found.torch == torch.__version__
    assert found.threads == torch.get_num_threads()
    assert (found.clock_mhz, found.temperature, found.power_watts) == ((1980,), (45,), (120,))
    assert (found.throttled, found.others) == (("SwPowerCap",), 1)
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(found.taken)
    assert datetime.timedelta(seconds=-1) <= age < datetime.timedelta(hours=1)


def test_what_nobody_tells_is_empty_and_not_zero() -> None:
    found = environment(FakeDevice())
    assert (found.clock_mhz, found.temperature, found.power_watts) == ((), (), ())
    assert found.throttled == ()
    assert found.others is None


def test_at_its_end_it_holds_before_and_after() -> None:
    device = FakeDevice()
    device.states = [WARM]
    begun = environment(device)
    found = closed(begun, HOT)
    assert (found.clock_mhz, found.temperature, found.power_watts) == ((1980, 1700), (45, 71), (120, 650))
    assert found.throttled == ("SwPowerCap", "HwThermalSlowdown")
    assert found.others == 3
    assert found.taken == begun.taken
    assert closed(found, WARM).clock_mhz == (1980, 1980)


def test_half_a_pair_is_the_half_before() -> None:
    device = FakeDevice()
    device.states = [WARM]
    assert closed(environment(device), State()).clock_mhz == (1980,)
    assert closed(environment(FakeDevice()), HOT).clock_mhz == ()


def git(folder: Path, *command: str) -> str:
    identity = ("-c", "user.name=n", "-c", "user.email=e@x")
    done = subprocess.run(
        ["git", *identity, *command], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with a package in it."""
    if shutil.which("git") is None:
        pytest.skip("git is not here")
    package = tmp_path / "checkout" / "package"
    package.mkdir(parents=True)
    (package / "code.py").write_text("x = 1\n")
    (package.parent / "report.md").write_text("one\n")
    git(package.parent, "init", "-q")
    git(package.parent, "add", ".")
    git(package.parent, "commit", "-q", "-m", "m")
    commit.cache_clear()
    return package


def test_the_commit_is_that_of_the_checkout(checkout: Path) -> None:
    revision = git(checkout, "rev-parse", "HEAD")
    (checkout.parent / "report.md").write_text("a measurement was written\n")
    assert commit(checkout) == revision


def test_changed_code_is_said(checkout: Path) -> None:
    (checkout / "code.py").write_text("x = 2\n")
    assert commit(checkout) == f"{git(checkout, 'rev-parse', 'HEAD')}-dirty"


def test_new_code_is_said(checkout: Path) -> None:
    (checkout / "more.py").write_text("y = 1\n")
    assert commit(checkout).endswith("-dirty")


def test_the_repository_around_an_environment_is_not_the_packages(checkout: Path) -> None:
    installed = checkout.parent / "venv" / "site-packages" / "package"
    installed.mkdir(parents=True)
    assert commit(installed) == ""


def test_without_git_there_is_no_commit(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(checkout))
    assert commit(checkout) == ""


def test_a_repository_that_git_refuses_has_no_commit(checkout: Path) -> None:
    (checkout.parent / ".git" / "HEAD").write_text("nonsense\n")
    assert commit(checkout) == ""

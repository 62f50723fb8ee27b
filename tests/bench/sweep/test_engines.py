"""Fleets, against real ones: a Dask cluster of two workers of which one dies, and Ray on this machine."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from inception_profiler.bench.sweep.engines.dask import slot
from inception_profiler.bench.sweep.engines.engine import engine
from inception_profiler.bench.sweep.grid import plan
from inception_profiler.bench.sweep.journal import opened
from inception_profiler.bench.sweep.run import jobs, sweep
from inception_profiler.errors import InputError
from inception_profiler.records.sweep import CRASHED, MEASURED, Outcome, Point
from tests.bench.sweep.points import MEASURE, executions, pids


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log"
    monkeypatch.setenv("SWEEP_LOG", str(path))
    monkeypatch.setenv("PYTHONPATH", f"{Path.cwd()}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    return path


@pytest.fixture
def cluster(log: Path) -> Iterator[Any]:
    """Two Dask workers with a slot each."""
    distributed = pytest.importorskip("distributed")
    with (
        warnings.catch_warnings(),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, resources={"CPU": 1},
            host="127.0.0.1",
        ) as cluster,
    ):  # fmt: skip
        yield cluster


def run(names: list[str], spelling: str, path: Path) -> tuple[Outcome, ...]:
    with opened(path) as journal, engine(spelling) as fleet:
        asked = plan({"models": names, "device": "cpu"})
        # The name of the device is told beforehand: to find it out each process would import PyTorch.
        named = [job._replace(device="The Device") for job in jobs(asked, fleet.name, MEASURE)]
        return sweep(named, journal, fleet)


def test_a_dask_worker_that_dies_loses_no_point(cluster: Any, log: Path, tmp_path: Path) -> None:
    address = cluster.scheduler_address.removeprefix("tcp://")
    names = ["one", "waits", "two", "raises", "three"]

    def kill_who_waits() -> None:
        while "waits 1" not in executions(log):
            time.sleep(0.02)
        waiting = pids(log)[executions(log).index("waits 1")]
        status = Path(f"/proc/{waiting}/stat").read_text()
        os.kill(int(status.rpartition(")")[2].split()[1]), signal.SIGKILL)  # its parent, Dask's worker
        while executions(log).count("waits 1") < 2:
            time.sleep(0.02)
        Path(f"{log}.go").touch()

    killer = threading.Thread(target=kill_who_waits)
    killer.start()
    found = run(names, f"dask://{address}", tmp_path / "j")
    killer.join()
    assert [outcome.point.model for outcome in found] == names
    assert [outcome.kind for outcome in found] == [MEASURED, MEASURED, MEASURED, CRASHED, MEASURED]
    with opened(tmp_path / "j") as journal:
        assert len(journal.outcomes) == 5
    done = [name for name in executions(log) if name != "waits 1"]
    assert sorted(done) == ["one 1", "raises 1", "three 1", "two 1"]


def test_dask_without_a_slot_or_without_a_scheduler_says_what_to_start(log: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=0, dashboard_address=None, host="127.0.0.1") as cluster:
        address = cluster.scheduler_address.removeprefix("tcp://")
        with (
            pytest.raises(InputError, match=r"no Dask worker .* offers a slot.*--resources"),
            engine(f"dask://{address}"),
        ):
            pass


def test_a_scheduler_that_nobody_started_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr("inception_profiler.bench.sweep.engines.dask.ANSWER", 0.3)
    with pytest.raises(InputError, match="no Dask scheduler answers"), engine(f"dask://127.0.0.1:{port}"):
        pass


@pytest.mark.parametrize(
    ("device", "slots", "resource"),
    [
        ("", {"CPU": 1}, "CPU"),
        ("", {"CPU": 1, "GPU": 2}, "GPU"),
        ("cpu", {"GPU": 1}, "CPU"),
        ("cuda", {}, "GPU"),
    ],
)
def test_a_point_asks_for_the_slot_of_its_device(device: str, slots: dict[str, int], resource: str) -> None:
    assert slot(Point("a", device=device), slots) == resource


@pytest.mark.parametrize("module", ["distributed", "ray"])
def test_an_engine_that_is_not_installed_names_the_extra(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    spelling = "ray" if module == "ray" else "dask://127.0.0.1:1"
    extra = spelling.partition(":")[0]
    with pytest.raises(InputError, match=rf"pip install 'inception-profiler\[{extra}\]'"), engine(spelling):
        pass


@pytest.mark.filterwarnings(
    "ignore::FutureWarning:ray", "ignore::DeprecationWarning:ray", "ignore::ResourceWarning"
)
def test_ray_measures_each_point_once(log: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    names = ["one", "raises", "two"]
    found = run(names, "ray", tmp_path / "j")
    assert [outcome.kind for outcome in found] == [MEASURED, CRASHED, MEASURED]
    assert sorted(executions(log)) == ["one 1", "raises 1", "two 1"]

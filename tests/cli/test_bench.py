"""``inception-profiler bench`` and ``profile --latency``."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.bench import latency
from inception_profiler.cli.main import main, profile_command
from inception_profiler.records.latency import INTERRUPTED, Benchmark
from tests.fixed_latency import SHORT, measured

QUICK = ("--time-limit", "0.05", "--device", "cpu", "--threads", "1")


@pytest.fixture(autouse=True)
def no_roofs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inception_profiler.bench.latency.attainable", lambda *_, **__: None)


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(words)
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


def test_models_side_by_side_at_several_batches(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    words = ("bench", "lenet5", "--vs", "lenet5", "--batch", "1,2", *QUICK, "--out", str(path))
    status, text, err = called(capsys, *words)
    assert status == 0
    assert "Side by side" in text
    assert "lenet5 needs 1.00× the MACs of lenet5" in text
    assert err == f"wrote {path}\n"  # no display where there is no terminal
    found = ip.load(path)
    assert isinstance(found, Benchmark)
    assert [row.batch for row in found.measurements] == [1, 1, 2, 2]
    assert {row.macs for row in found.measurements if row.batch == 2} == {ip.profile("lenet5", batch=2).macs}


def test_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    paths = [tmp_path / f"found{suffix}" for suffix in (".csv", ".md", ".json")]
    outs = [word for path in paths for word in ("--out", str(path))]
    status, _, _ = called(capsys, "bench", "lenet5", *QUICK, *outs)
    assert status == 0
    assert all("latency" in path.read_text().lower() for path in paths)


def test_as_a_lens_of_profile(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}

    def timed(subjects: object, **others: object) -> Benchmark:
        asked.update(others, names=[about.name for about in subjects])  # type: ignore[attr-defined]
        return Benchmark((measured("small", 4, SHORT),))

    monkeypatch.setattr(latency, "timed", timed)
    with pytest.raises(SystemExit) as caught:
        profile_command(["lenet5", "--vs", "nin", "--latency", "--batch", "4", "--dtype", "bf16", "--train"])
    assert not caught.value.code
    assert asked["names"] == ["lenet5", "nin"]
    assert asked["batches"] == (4,)
    (setting,) = asked["settings"]  # type: ignore[misc]
    assert (setting.dtype, setting.train) == ("bf16", True)
    assert "Latency of small" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("rows", "status"),
    [
        ((measured("small", 1, SHORT, stopped=INTERRUPTED),), 130),
        ((measured("small", 1, (), device_seconds=(), failed="out of memory"),), 5),
        ((measured("small", 1, SHORT), measured("large", 1, (), device_seconds=(), failed="x")), 0),
    ],
)
def test_what_was_measured_is_shown_and_written_whatever_the_status(
    rows: tuple[ip.Measurement, ...],
    status: int,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(latency, "timed", lambda *_, **__: Benchmark(rows))
    path = tmp_path / "found.json"
    found, text, _ = called(capsys, "bench", "lenet5", *QUICK, "--out", str(path))
    assert found == status
    assert "Latency of small" in text
    assert ip.load(path) == Benchmark(rows)


def test_an_interrupt_before_anything_shows_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> Benchmark:
        raise KeyboardInterrupt

    monkeypatch.setattr(latency, "timed", stopped)
    assert called(capsys, "bench", "lenet5", *QUICK) == (130, "", "error: interrupted\n")


def test_an_interrupt_that_some_code_makes_another_error_of_is_still_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object, **__: object) -> Benchmark:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ImportError("cannot load module more than once") from None
        raise AssertionError

    monkeypatch.setattr(latency, "timed", stopped)
    assert called(capsys, "bench", "lenet5", *QUICK) == (130, "", "error: interrupted\n")
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--device", "tpu"), "there is no device 'tpu' here: choose one of cpu"),
        (("--device", "cpu", "--mode", "cuda-graph"), "cuda-graph needs CUDA"),
        (("--device", "cpu", "--dtype", "tf32"), "tf32 is a mode of NVIDIA's tensor cores"),
        (("--dtype", "fp23"), "unknown dtype of a setting 'fp23': did you mean"),
        (("--dtype", ","), "name at least one dtype and one mode"),
        (("--mode", "lazy"), "there is no mode 'lazy'"),
        (("--fuse-bn", "--train"), "fuse in inference"),
        (("--fuse-bn", "--device", "cpu"), "lenet5 has no BatchNorm in inference right behind a convolution"),
        (("--batch", "0"), "--batch: '0' is too small: points and steps are 1 or more"),
        (("--batch", "-4"), "--batch: '-4' is too small"),
        (("--batch", "many"), "--batch: cannot read 'many' as points"),
        (("--time-limit", "0"), "a time limit is more than 0 seconds"),
        (("--time-limit", "nan"), "a time limit is more than 0 seconds"),
        (("--time-limit", "inf"), "and not endless, not inf"),
        (("--threads", "100000"), "at most 1024 threads, not 100000"),
        (("--ceilings", "often"), "--ceilings takes the word again"),
        (("--out", "found.docx"), "cannot tell the format"),
    ],
)
def test_mistakes(words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = called(capsys, "bench", "lenet5", *words)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_compiler_that_is_not_there_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setenv("PATH", "")
    status, _, err = called(capsys, "bench", "lenet5", "--mode", "compile", "--device", "cpu")
    assert status == 2
    assert "compile needs a C++ compiler, and there is no no-such-compiler" in err


def test_the_display_is_quiet_at_first_and_then_says_how_far_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from inception_profiler.bench.latency import Step
    from inception_profiler.cli import progress
    from inception_profiler.records.latency import Setting

    now = iter([0.0, 0.5, 2.0, 2.1, 3.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress.live() as update:
        update(Step(1, 4, Setting(), 8))
        assert capsys.readouterr().err == ""
        update(Step(2, 4, Setting(), 8, 24, 0.013))
        shown = capsys.readouterr().err
        assert "2 of 4: batch 8, fp32, eager" in shown
        assert "24 rounds, ±1.3%" in shown
        update(Step(3, 4, Setting(), 8))
        assert "3 of 4" not in capsys.readouterr().err  # drawn a moment ago
        update(Step(4, 4, Setting(), 8))
        assert "warming up" in capsys.readouterr().err

"""``roofline`` and ``bench --layers`` on the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import inception_profiler as ip
from inception_profiler.bench import layers
from inception_profiler.cli.main import main
from inception_profiler.records.latency import INTERRUPTED
from inception_profiler.records.roofline import Roofline
from tests.fixed_roofline import timed


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = []

    def layered(about: Any, setting: Any, device: Any, **options: Any) -> Roofline:
        asked.append({"about": about, "setting": setting, "device": device, **options})
        return timed()

    monkeypatch.setattr(layers, "layered", layered)
    return asked


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(words)
    out, err = capsys.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.mark.parametrize("words", [("roofline", "inception_v1"), ("bench", "inception_v1", "--layers")])
def test_both_spellings_show_the_layers(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str], measured: list[dict[str, Any]], tmp_path: Path
) -> None:
    path = tmp_path / "layers.json"
    options = ("--batch", "4", "--dtype", "bf16", "--threads", "1", "--device", "cpu", "--top", "2")
    status, out, _ = run(
        capsys, *words, *options, "--ceilings", "again", "--time-limit", "3", "--out", str(path)
    )
    assert status == 0
    assert "Shown are the 2 of 7" in " ".join(out.split())
    assert ip.load(path) == timed()
    (asked,) = measured
    assert asked["about"].inputs.tensors[0].shape == (4, 3, 224, 224)
    assert (asked["setting"].dtype, asked["setting"].threads, asked["device"].kind) == ("bf16", 1, "cpu")
    assert asked["again"]
    assert asked["rules"].time_limit == 3


def test_after_an_interrupt_what_there_is_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "layered", lambda *_, **__: replace(timed(), stopped=INTERRUPTED))
    status, out, _ = run(capsys, "roofline", "inception_v1")
    assert status == 130
    assert "By layer" in out
    assert "warning: Interrupted" in out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("bench", "inception_v1", "--layers", "--train"), "leave out --train"),
        (("bench", "inception_v1", "--layers", "--vs", "vgg16"), "leave out --vs"),
        (("bench", "inception_v1", "--layers", "--batch", "1,2"), "give --batch one value"),
        (("bench", "inception_v1", "--layers", "--dtype", "fp32,bf16"), "give --dtype one value"),
        (("bench", "inception_v1", "--layers", "--mode", "compile"), "take eager"),
        (("bench", "inception_v1", "--top", "3"), "add --layers"),
        (("roofline", "inception_v1", "--ceilings", "yes"), "takes the word again"),
        (("roofline", "inception_v1", "--time-limit", "0"), "more than 0 seconds"),
        (("roofline", "inception_v1", "--device", "nowhere"), "no device 'nowhere'"),
    ],
)
def test_what_cannot_be_asked_is_one_line(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, *words)
    assert (status, out) == (2, "")
    assert told in err
    assert len(err.splitlines()) == 1

"""What the README shows is what the commands print, and what it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import inception_profiler as ip

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_is_what_is_printed() -> None:
    shown = re.search(r"\$ profile inception_v1 --vs vgg16\n(.*?)\n …", README, re.DOTALL)
    assert shown is not None
    script = str(Path(sys.executable).with_name("profile"))
    printed = subprocess.run(
        [script, "inception_v1", "--vs", "vgg16"], capture_output=True, text=True, check=True
    )
    assert printed.stdout.startswith(shown[1])


def test_the_python_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    from torch import nn

    monkeypatch.chdir(tmp_path)
    names = {"module": nn.Conv2d(3, 8, 3)}
    for code in re.findall(r"```python\n(.*?)```", README, re.DOTALL):
        exec(code, names)
    ip.remove_op(torch.fft.rfft)  # the example's


def test_the_budget_can_be_read(tmp_path: Path) -> None:
    from inception_profiler.guard.configuration import configured

    text = re.search(r"```toml\n(\[tool\.inception-profiler.*?)```", README, re.DOTALL)
    assert text is not None
    (tmp_path / "pyproject.toml").write_text(text[1])
    budgets = configured(str(tmp_path / "pyproject.toml")).budgets
    assert [budget.asked.model for budget in budgets] == ["lenet5", "timm:resnet18", "nets.py:Net"]
    assert len(budgets[-1].limits) == 5


def test_the_numbers_of_other_tools_are_what_is_counted() -> None:
    from inception_profiler.analysis.conventions.translate import translation
    from inception_profiler.document.blocks import Document
    from inception_profiler.document.conventions import translation_document
    from inception_profiler.render.markdown import render

    models = ("resnet50", "vgg16", "alexnet_torchvision")
    nine = (
        "paper",
        "flopcounter",
        "calflops",
        "fvcore",
        "torchprofile",
        "torchinfo",
        "ptflops-aten",
        "ptflops",
        "thop",
    )
    document = translation_document(translation(map(ip.profile, models), nine))
    table = next(table for table in document.tables() if table.title == "Numbers and ratios")
    shown = re.search(r"<!-- numbers -->\n(.*?)<!-- /numbers -->", README, re.DOTALL)
    assert shown is not None
    lines = [line for line in render(Document("", (table,))).decode().splitlines() if line.startswith("|")]
    assert shown[1].splitlines() == lines


def test_the_headline_is_what_is_counted() -> None:
    from inception_profiler.document.blocks import Document
    from inception_profiler.render.markdown import render
    from inception_profiler.report.parts.index import headline

    shown = re.search(r"<!-- headline -->\n(.*?)<!-- /headline -->", README, re.DOTALL)
    assert shown is not None
    lines = render(Document("", (headline("reports/"),))).decode().splitlines()
    assert shown[1].splitlines() == [line for line in lines if line.startswith("|")]


def test_sections_that_it_points_at_exist() -> None:
    titles = re.findall(r"^#+ (.+)$", README, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}
    asked = re.findall(r"\]\(#([^)]+)\)", README)
    assert asked
    assert set(asked) <= anchors


def test_links_and_targets_exist() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link
    rules = (ROOT / "Makefile").read_text()
    for target in re.findall(r"make ([a-z]+)", README):
        assert f"\n{target}:" in rules, target


def test_the_options_it_names_exist() -> None:
    from inception_profiler.document.view import GROUPINGS

    assert ip.METRICS.get("intensity")
    for grouping in GROUPINGS:
        assert f"`{grouping}`" in README or f"--by {grouping}" in README

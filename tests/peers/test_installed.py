"""In continuous integration no comparison with an original is left out because a package is missing."""

from __future__ import annotations

import importlib.util
import os

import pytest


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="a checkout may do without the originals")
@pytest.mark.parametrize(
    "package", ["fvcore", "torchinfo", "ptflops", "thop", "calflops", "transformers", "torchprofile"]
)
def test_the_tool_is_installed(package: str) -> None:
    assert importlib.util.find_spec(package)


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="a checkout may do without the originals")
@pytest.mark.parametrize("package", ["torchvision", "timm", "pretrainedmodels", "facenet_pytorch"])
def test_the_original_can_be_imported(package: str) -> None:
    importlib.import_module(package)

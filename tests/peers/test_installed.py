"""In continuous integration no comparison with an original is left out because a package is missing."""

from __future__ import annotations

import importlib
import os

import pytest


@pytest.mark.skipif(os.environ.get("CI") != "true", reason="a checkout may do without the originals")
@pytest.mark.parametrize("package", ["torchvision", "timm", "pretrainedmodels", "facenet_pytorch"])
def test_the_original_can_be_imported(package: str) -> None:
    importlib.import_module(package)

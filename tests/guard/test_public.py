"""``ip.check`` and ``ip.diff``: the commands as functions."""

from __future__ import annotations

from pathlib import Path

import pytest
from torch import nn

import inception_profiler as ip
from inception_profiler.errors import ArchiveError, InputError

NETS = "from torch import nn\ndef net():\n    return nn.Linear(4, {width})\n"
CONFIGURATION = """
[tool.inception-profiler]
models = [{{ name = "net", model = "nets.py:net", input = "1x4", limits = {{ params = "<= {most}" }} }}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    written(tmp_path, width=2)
    return tmp_path


def written(folder: Path, *, width: int, most: int = 99) -> None:
    (folder / "nets.py").write_text(NETS.format(width=width))
    (folder / "pyproject.toml").write_text(CONFIGURATION.format(most=most))


def test_what_is_agreed_to_passes_and_what_grew_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    config = folder / "pyproject.toml"
    assert ip.check(config=config).unlocked
    agreed = ip.check(config=config, update=True)
    assert agreed.passed
    assert agreed.updated
    assert ip.check(config=config).passed
    written(folder, width=3, most=14)
    found = ip.check("net", config=config)
    assert not found.passed
    (net,) = found.failing
    assert [entry.value for entry in net.over] == [4 * 3 + 3]
    assert repr(found).startswith("<Check ")
    assert "passed=False" in repr(found)
    page = found._repr_html_()
    assert "1 fails" in page
    assert "linear" in page
    before = folder / "profile.lock.json"
    (change,) = ip.diff(before, found).models[0].layers
    assert (change.kind, change.layer.params - change.old.params) == ("grew", 4 + 1)
    assert ip.diff(str(before), agreed).same


def test_two_results_or_files_are_held_against_each_other(tmp_path: Path) -> None:
    old, new = (ip.profile(nn.Sequential(nn.Linear(4, width)), (1, 4)) for width in (2, 3))
    found = ip.diff(old, new)
    assert (found.old, found.new, found.same) == ("old", "new", False)
    assert [(change.kind, change.layer.path) for change in found.models[0].layers] == [("grew", "0")]
    assert repr(found).endswith("same=False>")
    assert "old against new" in found._repr_html_()
    new.save(tmp_path / "new.json")
    saved = ip.diff(old, tmp_path / "new.json")
    assert saved.new == str(tmp_path / "new.json")
    assert saved.models == found.models
    assert ip.diff(new, tmp_path / "new.json").same


def test_what_holds_no_counts_is_refused(tmp_path: Path) -> None:
    profile = ip.profile(nn.Linear(4, 2), (1, 4))
    memory = ip.memory(nn.Linear(4, 2), (1, 4))
    with pytest.raises(InputError, match="a Memory holds no profile"):
        ip.diff(profile, memory)  # type: ignore[arg-type]
    memory.save(tmp_path / "m.json")
    with pytest.raises(InputError, match=r"m.json: a Memory holds no profile; give lock files"):
        ip.diff(profile, tmp_path / "m.json")
    with pytest.raises(InputError, match="No such file"):
        ip.diff(profile, tmp_path / "none.json")
    (tmp_path / "text").write_text("no")
    with pytest.raises(ArchiveError, match="this is not JSON"):
        ip.diff(tmp_path / "text", profile)

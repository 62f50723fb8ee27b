from __future__ import annotations

from pathlib import Path

import pytest

from inception_profiler.guard.counting import counted_for
from inception_profiler.guard.defining import defined
from inception_profiler.records.lock import Asked
from tests.guard.repository import CONFIGURATION, NETS

TOML = CONFIGURATION.replace("[\n", '[\n    "lenet5",\n')


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("root")
    (made / "places.py").write_text(NETS + "\nready = nn.Sequential(nn.Linear(4, 2))\n")
    (made / "pyproject.toml").write_text(TOML)
    return made


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))


@pytest.mark.parametrize(
    ("model", "start"),
    [("places.py:Net", "class Net"), ("places.py:tiny", "def tiny"), ("places.py:ready", "ready =")],
)
def test_a_model_of_ones_own_is_found_in_its_file(root: Path, model: str, start: str) -> None:
    asked = Asked("n", model, ("3x8x8",) if model.endswith("Net") else ("1x4",))
    counted_for(asked, root)
    expected = line_of((root / "places.py").read_text(), start)
    assert defined(asked, root, None) == ("places.py", expected)


def test_a_model_of_a_library_is_found_where_it_is_configured(root: Path) -> None:
    found = defined(Asked("lenet5", "lenet5"), root, root / "pyproject.toml")
    assert found == ("pyproject.toml", line_of(TOML, '"lenet5"'))
    assert defined(Asked("lenet5", "lenet5"), root, None) == ("", 0)


def test_a_file_that_cannot_be_imported_is_pointed_at(root: Path) -> None:
    (root / "broken.py").write_text("import nowhere_at_all\n\n\ndef build():\n    pass\n")
    assert defined(Asked("b", "broken.py:build"), root, None) == ("broken.py", 4)


def test_of_two_files_of_one_name_each_is_found_in_its_own(tmp_path: Path) -> None:
    for folder, above in (("one", 0), ("two", 3)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "twice.py").write_text("\n" * above + NETS)
    for folder in ("one", "two"):
        asked = Asked("n", f"{folder}/twice.py:Net", ("3x8x8",))
        counted_for(asked, tmp_path)
        text = (tmp_path / folder / "twice.py").read_text()
        assert defined(asked, tmp_path, None) == (f"{folder}/twice.py", line_of(text, "class Net"))

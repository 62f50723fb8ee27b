from __future__ import annotations

from pathlib import Path

import pytest

from inception_profiler.errors import InputError
from inception_profiler.guard.configuration import configured

GOOD = """
[tool.inception-profiler]
lock = "costs.json"
limits = { params = "<= 7M" }

[tool.inception-profiler.models.small]
model = "nets:small"
input = ["3x8x8", "mask=bool:1x4"]
batch = 2
dtype = "float16"
train = true
limits = { macs = "<= baseline + 1%" }
modules = { "body.0" = { macs = 100 } }

[tool.inception-profiler.models]
lenet5 = { change = "tell" }
other = "timm:resnet18"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(text)
    return path


def test_models_are_read_with_their_limits(tmp_path: Path) -> None:
    found = configured(str(written(tmp_path, GOOD)))
    assert found.lock == tmp_path / "costs.json"
    small, lenet, other = found.budgets
    assert small.asked.name == "small"
    assert small.asked.model == "nets:small"
    assert small.asked.inputs == ("3x8x8", "mask=bool:1x4")
    assert (small.asked.batch, small.asked.dtype, small.asked.train) == (2, "float16", True)
    assert [(limit.metric, limit.module) for limit in small.limits] == [
        ("params", ""), ("macs", ""), ("macs", "body.0"),
    ]  # fmt: skip
    assert [budget.exact for budget in found.budgets] == [False, False, True]
    assert (lenet.asked.model, other.asked.model) == ("lenet5", "timm:resnet18")


def test_a_list_of_models_is_read_too(tmp_path: Path) -> None:
    entries = '"lenet5", {model = "nets:a", input = "4"}, {name = "b", model = "nets:a"}'
    text = f"[tool.inception-profiler]\nmodels = [{entries}]"
    found = configured(str(written(tmp_path, text)))
    assert [(budget.asked.name, budget.asked.model) for budget in found.budgets] == [
        ("lenet5", "lenet5"), ("nets:a", "nets:a"), ("b", "nets:a"),
    ]  # fmt: skip


def test_the_nearest_file_with_the_section_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, '[tool.inception-profiler]\nmodels = ["lenet5"]')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    written(tmp_path / "a", "[tool.other]")
    monkeypatch.chdir(inner)
    found = configured()
    assert found.root == tmp_path
    assert found.lock == tmp_path / "profile.lock.json"
    assert configured(lock="here.json").lock == Path("here.json")


def test_a_misspelt_section_of_the_nearest_file_is_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, '[tool.Inception_Profiler]\nmodels = ["lenet5"]')
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"has \[tool.Inception_Profiler\]: write"):
        configured()


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_bytes(b'\xef\xbb\xbf[tool.inception-profiler]\r\nmodels = ["lenet5"]\r\n')
    (budget,) = configured(str(path)).budgets
    assert budget.asked.name == "lenet5"


def test_without_a_configuration_nothing_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = configured()
    assert found.budgets == ()
    assert found.file is None


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("modells = []", "did you mean 'models'"),
        ("models = 3", "list of names"),
        ("models = [3]", "cannot read 3 as a model"),
        ('models = [{name = "x"}]', "cannot read"),
        ('models = ["a", "a"]', "two models are called 'a'"),
        (
            'models = [{model = "a", inputs = "3"}]',
            "model 'a': unknown setting 'inputs': did you mean 'input'",
        ),
        ('models = [{model = "a", batch = 0}]', "batch is a whole number"),
        ('models = [{model = "a", train = 1}]', "train is true or false"),
        ('models = [{model = "a", change = "maybe"}]', '"fail" or "tell"'),
        ('models = [{model = "a", limits = "7M"}]', "limits is a table"),
        (
            'models = [{model = "a", limits = {macs = "few"}}]',
            "model 'a': cannot read 'few' as a limit of macs",
        ),
        ('models = [{model = "a", modules = {b = {mac = 1}}}]', "did you mean 'macs'"),
        ("lock = 3", "lock is a text"),
        ('lock = ""', "lock names a file"),
        ("limits = {params = 3}", "limits without models"),
        ('models = []\nchange = "tell"', "change without models"),
    ],
)
def test_a_mistake_is_one_line_that_names_the_setting(tmp_path: Path, section: str, says: str) -> None:
    path = written(tmp_path, f"[tool.inception-profiler]\n{section}")
    with pytest.raises(InputError) as caught:
        configured(str(path))
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "not TOML"),
        ("", "has no [tool.inception-profiler]"),
        ("tool = 3", "tool is a table"),
        ('[tool.inception_profiler]\nmodels = ["lenet5"]', "write [tool.inception-profiler]"),
        ("[tool.inception-profiler2]", "write [tool.inception-profiler]"),
    ],
)
def test_a_file_without_the_section_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        configured(str(written(tmp_path, text)))
    assert says in str(caught.value)
    with pytest.raises(InputError, match="No such file"):
        configured(str(tmp_path / "none.toml"))

"""``inception-profiler check`` in a user's repository: the installed command in a process of its own."""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main
from inception_profiler.records.check import Check
from tests.guard.repository import Repository, script

Called = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def agreed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The lock file of the untouched repository, as ``--update`` writes it."""
    repository = Repository(tmp_path_factory.mktemp("agreed"))
    done = repository.run("check", "--update")
    assert done.returncode == 0, done.stdout + done.stderr
    return repository.lock.read_text()


@pytest.fixture
def repository(tmp_path: Path, agreed: str) -> Repository:
    """The repository with its lock file committed."""
    made = Repository(tmp_path)
    made.lock.write_text(agreed)
    made.commit("locked")
    return made


@pytest.fixture
def called(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Called:
    """Run the command in the repository but in this process, which spares the import of torch."""
    monkeypatch.chdir(repository.folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*words: str) -> tuple[int, str, str]:
        sys.modules.pop("nets", None)
        with pytest.raises(SystemExit) as caught:
            main(("check", *words))
        out, err = capsys.readouterr()
        return int(caught.value.code or 0), out, err

    return run


def test_an_unchanged_network_passes(repository: Repository) -> None:
    done = repository.run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 models against profile.lock.json: all cost the same, layer by layer." in done.stdout
    assert repository.git("status", "--porcelain") == ""


def test_one_channel_more_fails_and_names_the_layers(repository: Repository) -> None:
    repository.change("nn.Conv2d(3, 8, 3, padding=1)", "nn.Conv2d(3, 9, 3, padding=1)")
    repository.change("nn.Conv2d(8, 16, 3)", "nn.Conv2d(9, 16, 3)")
    done = repository.run("check", "--out", "cost.md", "--out", "cost.json", "--out", "cost.csv")
    assert done.returncode == 1
    # a 3×3 kernel over 3 channels with a bias, and 16 kernels of 3×3 over one channel more
    assert re.search(r"stem · conv2d +grew", done.stdout)
    lines = {line.split("  ")[0].strip(): line.split() for line in done.stdout.splitlines()}
    assert lines["stem · conv2d"][-4:-2] == ["28", f"{27 * 64:,}"]
    assert lines["body.1 · conv2d"][-4:-2] == ["144", f"{16 * 9 * 36:,}"]
    assert lines["all"][1:3] == ["172", f"{27 * 64 + 16 * 9 * 36:,}"]
    assert "fc · linear" not in done.stdout
    assert "tiny" in done.stdout
    assert "| stem · conv2d | grew | 1×8×8×8 → 1×9×8×8 | 28 |" in (repository.folder / "cost.md").read_text()
    result = ip.load(repository.folder / "cost.json")
    assert isinstance(result, Check)
    assert [model.verdict for model in result.models] == ["changed", "same"]
    assert (result.models[0].file, result.models[0].line) == ("nets.py", 4)
    assert "net: layers,stem · conv2d" in (repository.folder / "cost.csv").read_text()


def test_a_renamed_layer_is_one_renamed_row(repository: Repository) -> None:
    repository.change("self.stem", "self.entry")
    done = repository.run("check", "net")
    assert done.returncode == 1
    rows = [line.split("  ")[0] for line in done.stdout.splitlines() if "conv2d" in line]
    assert rows == [" stem · conv2d → entry · conv2d"]
    assert "renamed" in done.stdout
    assert "went" not in done.stdout
    assert "appeared" not in done.stdout


def test_a_reordered_file_does_not_fail(repository: Repository) -> None:
    text = (repository.folder / "nets.py").read_text()
    head, _, tail = text.partition("def tiny")
    imports, _, network = head.partition("class Net")
    turned = network.replace("        self.fc = nn.Linear(16, 10)\n", "").replace(
        "        self.stem", "        self.fc = nn.Linear(16, 10)\n        self.stem", 1
    )
    repository.write("nets.py", f"{imports}def tiny{tail}\n\nclass Net{turned}")
    data = json.loads(repository.lock.read_text())
    data["models"] = dict(reversed(data["models"].items()))
    rows = data["models"]["net"]["layers"]
    data["models"]["net"]["layers"] = [rows[-1], *rows[:-1]]
    repository.lock.write_text(json.dumps(dict(reversed(data.items()))))
    done = repository.run("check")
    assert done.returncode == 0, done.stdout
    assert re.search(r"fc · linear +moved", done.stdout)
    assert "In net layers moved, at the same cost: that fails nothing." in done.stdout


def test_a_model_that_cannot_be_imported_is_one_row(repository: Repository, agreed: str) -> None:
    repository.write("broken.py", "import a_package_that_is_nowhere\n")
    repository.change(
        "[\n", '[\n    { name = "bad", model = "broken:Net", input = "3x8x8" },\n', "pyproject.toml"
    )
    repository.change("nn.Linear(4, 2)", "nn.Linear(4, 3)")
    checked = repository.run("check")
    assert checked.returncode == 1
    assert "bad could not be counted: cannot import broken: ModuleNotFoundError" in checked.stdout.replace(
        "\n", " "
    )
    rows = [
        line.split() for line in checked.stdout.splitlines() if line.startswith((" bad", " net", " tiny"))
    ]
    verdicts = {row[0]: row[1] for row in reversed(rows)}
    assert (verdicts["bad"], verdicts["net"], verdicts["tiny"]) == ("failed", "same", "changed")
    updated = repository.run("check", "--update")
    assert updated.returncode == 1
    before, after = json.loads(agreed)["models"], json.loads(repository.lock.read_text())["models"]
    assert after["net"] == before["net"]
    assert after["tiny"]["totals"]["params"] == before["tiny"]["totals"]["params"] + 5
    assert "bad" not in after


def test_an_interrupted_update_leaves_the_old_file_whole(repository: Repository, agreed: str) -> None:
    repository.change("nn.Linear(4, 2)", "nn.Linear(4, 3)")
    for number, status in (("signal.SIGINT", 130), ("signal.SIGKILL", -9)):
        text = (repository.folder / "nets.py").read_text()
        repository.write("stop.py", f"import os, signal\ndef now():\n    os.kill(os.getpid(), {number})\n")
        repository.change("def tiny():\n", "def tiny():\n    import stop; stop.now()\n")
        done = repository.run("check", "--update")
        assert done.returncode == status
        assert repository.lock.read_text() == agreed
        assert not [path for path in repository.folder.iterdir() if path.name.startswith(".profile")]
        repository.write("nets.py", text)


def test_two_updates_at_once_do_not_mix(repository: Repository, agreed: str) -> None:
    """The second one has read the file and counted before the first one writes, and still keeps its entry."""
    repository.change("return nn.Sequential", "open('counted', 'w').close(); return nn.Sequential")
    repository.change("nn.Linear(4, 2)", "nn.Linear(4, 3)")
    first = json.loads(agreed)
    first["models"]["net"]["totals"]["params"] = 1
    folder = os.open(repository.folder, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    second = repository.start("check", "--update", "tiny")
    deadline = time.monotonic() + 120
    while not (repository.folder / "counted").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert second.poll() is None
    repository.lock.write_text(json.dumps(first))
    os.close(folder)
    out, _ = second.communicate(timeout=120)
    assert second.returncode == 0, out
    models = json.loads(repository.lock.read_text())["models"]
    assert models["net"]["totals"]["params"] == 1
    assert models["tiny"]["totals"]["params"] == 15


def test_limits_decide_where_they_speak_of_the_baseline(repository: Repository, called: Called) -> None:
    repository.change(
        'input = "3x8x8" }',
        'input = "3x8x8", '
        'limits = { params = "<= baseline + 1%", macs = "<= 46_500", saved_bytes = "<= 1MiB" }, '
        'modules = { body = { macs = "<= 1k" } } }',
        "pyproject.toml",
    )
    repository.change("nn.Linear(16, 10)", "nn.Linear(16, 11)")
    status, _, _ = called("net", "--out", "c.json")
    assert status == 1
    result = ip.load(repository.folder / "c.json")
    assert isinstance(result, Check)
    (model,) = result.models
    assert model.verdict == "changed within its limits"
    # 3·8·9+8 + 8·16·9+16 + 32 + 16·10+10, and 17 more for one more class
    params = 224 + 1168 + 32 + 170
    assert [(entry.title, entry.bound, entry.value, entry.verdict) for entry in model.judgements] == [
        ("params", params * 1.01, params + 17, "over"),
        ("macs", 46_500, 27 * 8 * 64 + 72 * 16 * 36 + 16 * 11, "over"),
        ("saved_bytes", 2**20, model.counted.total("saved_bytes") if model.counted else None, "within"),
        ("macs of body", 1000, 72 * 16 * 36, "over"),
    ]


def test_unknown_operations_are_exit_status_3_until_they_are_agreed_to(
    repository: Repository, called: Called
) -> None:
    repository.change("return nn.Sequential(nn.Linear(4, 2))", "return Sorts()")
    repository.write(
        "nets.py",
        (repository.folder / "nets.py").read_text()
        + "\nimport torch\nclass Sorts(nn.Module):\n    def forward(self, x):\n"
        + "        return torch.fft.rfft(x)\n",
    )
    assert called("tiny")[0] == 1
    status, out, _ = called("--update", "tiny")
    assert status == 3
    assert "unknown operations" in out
    assert called("tiny")[0] == 0
    assert called("tiny", "--strict")[0] == 3


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda text: text[: len(text) // 2], "damaged or cut short"),
        (lambda text: "", "damaged or cut short"),
        (
            lambda text: text.replace(' "models": {', '<<<<<<< HEAD\n "models": {', 1),
            "conflict markers of a merge",
        ),
        (
            lambda text: text.replace('"schema": 1', '"schema": 7'),
            "has schema 7 and this version reads schema 1",
        ),
        (lambda text: text.replace('"conv2d"', "3", 1), "damaged"),
        (lambda text: "\0\1", "damaged"),
    ],
)
@pytest.mark.parametrize("words", [(), ("--update",)])
def test_a_lock_file_that_cannot_be_used_is_never_overwritten(
    repository: Repository,
    agreed: str,
    damage,
    says: str,
    words: tuple[str, ...],
    called: Called,
) -> None:
    broken = damage(agreed)
    assert broken != agreed
    repository.lock.write_text(broken)
    status, out, err = called(*words)
    assert (status, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
    assert repository.lock.read_text() == broken


def test_a_lock_file_that_git_could_not_merge_is_left_as_it_is(
    repository: Repository, called: Called
) -> None:
    agreed = repository.lock.read_text()
    params = re.search(r'"params": \d+', agreed)
    assert params is not None
    for branch, text in (("one", '"params": 1'), ("two", '"params": 2')):
        repository.git("checkout", "-q", "-b", branch, "main")
        repository.lock.write_text(agreed.replace(params[0], text, 1))
        repository.commit(branch)
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "one")
    merged = repository.lock.read_text()
    for words in ((), ("--update",)):
        status, _, err = called(*words)
        assert status == 2
        assert (
            "has the conflict markers of a merge: take one side (git checkout --ours profile.lock.json)"
            in err
        )
        assert repository.lock.read_text() == merged
    repository.git("checkout", "--ours", "profile.lock.json")
    assert called("--update")[0] == 0
    assert repository.lock.read_text() == agreed


@pytest.mark.parametrize(
    "body",
    ["raise SystemExit(0)", "raise RuntimeError('no luck')", "return x.no_such_method()", "return self(x)"],
)
def test_whatever_a_model_does_the_others_are_checked(
    repository: Repository, called: Called, body: str
) -> None:
    repository.change("return nn.Sequential(nn.Linear(4, 2))", "return Bad()")
    text = (repository.folder / "nets.py").read_text()
    repository.write("nets.py", f"{text}\nclass Bad(nn.Module):\n    def forward(self, x):\n        {body}\n")
    status, out, _ = called("--out", "c.json")
    assert status == 1
    result = ip.load(repository.folder / "c.json")
    assert isinstance(result, Check)
    assert [(model.name, model.verdict) for model in result.models] == [("net", "same"), ("tiny", "failed")]
    assert "tiny could not be counted: " in out


def test_a_misspelt_name_is_one_line_that_suggests_the_nearest(called: Called) -> None:
    for name, says in (
        ("nett", "unknown model 'nett': did you mean 'net'"),
        ("lenet6", "did you mean 'net' or 'lenet"),
        ("shop.vision.Two", "unknown model 'shop.vision.Two': did you mean 'shop.vision:Two'?"),
        ("nets.py", "unknown model 'nets.py': did you mean 'net' or 'nets.py:NAME'?"),
        ("qqqq", "unknown model 'qqqq': 2 are known and none is near it."),
    ):
        status, out, err = called(name)
        assert (status, out) == (2, "")
        assert says in err


def test_a_model_that_is_locked_only_is_checked_as_it_was_locked(
    repository: Repository, called: Called
) -> None:
    words = ("nets.py:tiny", "--lock", "other.json")
    status, out, _ = called(*words, "--input", "1x4", "--update")
    assert status == 0
    assert "nets.py:tiny is not configured" in out
    assert "[tool.inception-profiler] in pyproject.toml." in out
    status, out, _ = called(*words)
    assert status == 0
    assert "1 model against other.json: all cost the same, layer by layer." in out
    assert "is not configured" not in out


def test_an_update_says_how_many_were_counted(repository: Repository, called: Called) -> None:
    repository.change("def tiny", "def other")
    status, out, _ = called("--update")
    assert status == 1
    assert "1 model counted and written to profile.lock.json. 1 fails." in out


def test_the_command_that_is_named_writes_the_lock_file_that_was_asked_for(
    repository: Repository, called: Called
) -> None:
    status, _, err = called("--lock", "a b.json")
    assert status == 2
    assert "there is no a b.json: run inception-profiler check --update --lock 'a b.json'" in err
    (repository.folder / "a b.json").write_text("{")
    assert "run inception-profiler check --update --lock 'a b.json'" in called("--lock", "a b.json")[2]


def test_an_input_that_would_not_be_heeded_is_refused(called: Called) -> None:
    for words, says in (
        (("net", "--input", "3x9x9"), "net: what it takes is known"),
        (("--input", "3"), "name the model"),
    ):
        status, _, err = called(*words)
        assert status == 2
        assert says in err


def test_counts_of_other_rules_are_updated_and_not_compared(
    repository: Repository, agreed: str, called: Called
) -> None:
    repository.lock.write_text(agreed.replace('"rules": 1', '"rules": 0'))
    done = repository.run("check")
    assert done.returncode == 2
    assert "counted by rules 0 and this version counts by rules 1" in done.stderr
    assert "run inception-profiler check --update" in done.stderr
    status, _, err = called("--update", "tiny")
    assert status == 2
    assert "update all models at once" in err
    assert called("--update")[0] == 0
    assert repository.lock.read_text() == agreed


def test_without_a_lock_file_it_says_how_to_get_one(repository: Repository, called: Called) -> None:
    repository.lock.unlink()
    status, _, err = called()
    assert status == 2
    assert "there is no profile.lock.json: run inception-profiler check --update" in err
    (repository.folder / "pyproject.toml").unlink()
    status, _, err = called()
    assert status == 2
    assert "there is nothing to check" in err


def test_without_a_configuration_the_lock_file_says_what_is_checked(
    repository: Repository, called: Called
) -> None:
    (repository.folder / "pyproject.toml").unlink()
    assert called()[0] == 0
    repository.change("nn.Linear(4, 2)", "nn.Linear(4, 3)")
    assert called()[0] == 1
    assert called("--update", "nets.py:tiny", "--input", "1x4")[0] == 0
    assert sorted(json.loads(repository.lock.read_text())["models"]) == ["net", "nets.py:tiny", "tiny"]


def test_limits_alone_need_no_lock_file(repository: Repository, called: Called) -> None:
    repository.lock.unlink()
    text = '[tool.inception-profiler]\nmodels = ["lenet5"]\nlimits = { params = '
    repository.write("pyproject.toml", f'{text}"<= 60_000" }}')
    status, out, _ = called()
    assert status == 0
    assert "against limits alone: all are within their limits" in out
    repository.write("pyproject.toml", f'{text}"< 60_000" }}')
    assert called()[0] == 1


def test_a_model_that_is_asked_for_no_longer_fails_until_the_lock_is_updated(
    repository: Repository, called: Called
) -> None:
    repository.change('    { name = "tiny", model = "nets:tiny", input = "1x4" },\n', "", "pyproject.toml")
    status, out, _ = called()
    assert status == 1
    assert "locked, but not asked for" in out
    assert called("--update")[0] == 0
    assert list(json.loads(repository.lock.read_text())["models"]) == ["net"]


def test_the_script_is_the_installed_one() -> None:
    assert Path(script()).is_file()

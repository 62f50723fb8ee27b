"""The plugin as a user has it: small test files, run by a pytest of their own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from torch import nn

import inception_profiler as ip

pytest_plugins = ("pytester",)

PLUGIN = "inception_profiler.guard.pytest_plugin"
INSTALLED = any(entry.value == PLUGIN for entry in metadata.entry_points(group="pytest11"))
NAMED = () if INSTALLED else ("-p", PLUGIN)
"""How pytest is told of the plugin where the package was installed before it had one."""

NET = """
    import pytest
    from torch import nn

    def build(width):
        return nn.Sequential(nn.Conv2d(3, width, 3), nn.ReLU(), nn.Conv2d(width, 4, 3))

    def test_cost(model_cost):
        model_cost(build({width}), input_shape=(1, 3, 8, 8)).at_most(params={most}).matches("net")
"""
# width 8: 3·8·9+8 and 8·4·9+4 params; 27 and 36·8 MACs for each of 36·8 and 16·4 outputs
PARAMS = 3 * 8 * 9 + 8 + 8 * 4 * 9 + 4


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported() -> None:
    """A pytest in this process forgets what it imports, and torch cannot be imported twice."""
    import inception_profiler.guard.costing  # noqa: F401

    ip.profile(nn.Linear(1, 1), (1, 1))
    ip.memory(nn.Linear(1, 1), (1, 1), train=True, optimizer="sgd")


class User:
    """A user's folder with one test file."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.lock = pytester.path / "model_cost.lock.json"

    def run(self, source: str, *words: str) -> pytest.RunResult:
        self.pytester.makepyfile(test_it=source)
        sys.modules.pop("test_it", None)
        return self.pytester.runpytest_inprocess("-W", "error", "--import-mode=importlib", *NAMED, *words)

    def net(self, *words: str, width: int = 8, most: int = 10_000) -> pytest.RunResult:
        return self.run(NET.format(width=width, most=most), *words)

    def cost(self, code: str, *words: str) -> pytest.RunResult:
        return self.run(f"from torch import nn\ndef test_cost(model_cost):\n    {code}\n", *words)


@pytest.fixture
def user(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return User(pytester)


def test_what_is_agreed_to_passes_and_one_channel_more_names_the_layers(user: User) -> None:
    user.net("--update-costs").assert_outcomes(passed=1)
    agreed = user.lock.read_text()
    assert json.loads(agreed)["models"]["net"]["totals"]["params"] == PARAMS
    user.net().assert_outcomes(passed=1)
    found = user.net(width=9)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(
        [
            "E*AssertionError: net is not what model_cost.lock.json has:",
            f"E*params was {PARAMS} and is {PARAMS + 28 + 36} (+64, +12.4%)",
            # one kernel of 3×3×3 and its bias, at 36 places; and 4 kernels of 3×3 over it, at 16 places
            f"E*0 · conv2d grew: +28 params, +{27 * 36} MACs*",
            f"E*2 · conv2d grew: +36 params, +{36 * 16} MACs*",
            "E*If this is meant, run pytest --update-costs and commit model_cost.lock.json.",
        ]
    )
    assert user.lock.read_text() == agreed


def test_a_limit_holds_to_the_unit_and_names_the_largest_layers(user: User) -> None:
    user.net("--update-costs", most=PARAMS).assert_outcomes(passed=1)
    found = user.net(most=PARAMS - 1)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(
        [f"E*params is {PARAMS} and the limit is {PARAMS - 1} *", "E*2 · conv2d: 292", "E*0 · conv2d: 224"]
    )
    grown = user.net(width=9, most=PARAMS)
    grown.stdout.fnmatch_lines(["E*Since net was agreed to*", "E*0 · conv2d grew: +28 params*"])


def test_without_an_entry_it_says_how_to_agree_to_one(user: User) -> None:
    found = user.net()
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["E*there is no model_cost.lock.json: run pytest --update-costs*"])
    assert not user.lock.exists()
    user.cost('model_cost(nn.Linear(1, 1), (1, 1)).matches("other")', "--update-costs")
    user.net().stdout.fnmatch_lines(["E*'net' is not in model_cost.lock.json: run pytest --update-costs*"])


def test_a_change_within_limits_passes(user: User) -> None:
    code = 'model_cost(nn.Linear({n}, 10), (1, {n})).matches("a", params="baseline + 10%", depth="baseline")'
    user.cost(code.format(n=9), "--update-costs").assert_outcomes(passed=1)
    user.cost(code.format(n=10)).assert_outcomes(passed=1)
    found = user.cost(code.format(n=11))
    found.stdout.fnmatch_lines(["E*params is 120 and the limit is baseline + 10% (110)."])


def test_what_autograd_keeps_can_be_limited(user: User) -> None:
    # of relu(W x) the output is kept for its gradient, 6 numbers; x and W are the caller's own
    code = "model_cost(nn.Sequential(nn.Linear(5, 6), nn.ReLU()), (1, 5)).at_most(saved_bytes={n})"
    user.cost(code.format(n=24)).assert_outcomes(passed=1)
    user.cost(code.format(n=23)).stdout.fnmatch_lines(["E*saved for backward (bytes) is 24 and *"])


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (
            "model_cost(nn.Linear(2, 1), (1, 3))",
            "LayerError: the model's own forward: F.linear: cannot take*",
        ),
        ("model_cost(nn.Linear(2, 1))", "InputError: give the shape of the input*"),
        ("model_cost('lenett').at_most(params=1)", "UnknownNameError: unknown model 'lenett'*lenet*"),
        ("model_cost(nn.Linear(2, 1), (1, 2)).at_most(param=1)", "UnknownNameError: *did you mean 'params'*"),
        ("model_cost(nn.Linear(2, 1), (1, 2)).at_most(params='>= 1')", "InputError: *not the most that is*"),
        (
            "model_cost(nn.Linear(2, 1), (1, 2)).at_most(latency='<= 1 x')",
            "InputError: latency is limited by*",
        ),
        ("model_cost(nn.Linear(2, 1), (1, 2)).at_most(macs='baseline')", "InputError: *belongs to matches*"),
        ("model_cost(nn.Linear(2, 1), (1, 2)).at_most('x')", "InputError: at_most without a limit holds*"),
        ("model_cost(nn.Linear(2, 1), (1, 2)).matches('')", "InputError: a name is a text, not ''*"),
        ("model_cost(nn.Linear(2, 1), (1, 2)).matches(3)", "InputError: a name is a text, not 3*"),
        ("model_cost(nn.Linear(2, 1), (1, 2)).at_most('x', macs=1)", "AssertionError: *no module 'x'*"),
    ],
)
def test_a_mistake_is_one_line_at_the_line_of_the_test(user: User, code: str, says: str) -> None:
    found = user.cost(code)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines([f">   *{code}", f"E  *{says}", "test_it.py:3: *Error"])
    assert "tracer.py" not in found.stdout.str()
    assert len([line for line in found.outlines if line.startswith("E  ")]) == 1


def test_unknown_operations_fail_until_they_are_agreed_to(user: User) -> None:
    user.pytester.makepyfile(
        sorting="""
        import torch
        class Sorts(torch.nn.Module):
            def forward(self, x):
                return torch.fft.rfft(x)
        """
    )
    user.pytester.syspathinsert()
    count = "from sorting import Sorts; model_cost(Sorts(), (1, 8){})"
    found = user.cost(f"{count.format('')}.at_most(params=0)")
    found.assert_outcomes(failed=1)
    line = next(line for line in found.outlines if line.startswith("E  "))
    agreed = re.fullmatch(r"E .*the cost of .* is unknown and not counted.*(, unknown=\(.*\))\)", line)
    assert agreed
    user.cost(f"{count.format(agreed[1])}.at_most(params=0)").assert_outcomes(passed=1)
    user.cost(f"{count.format('')}.matches('s')", "--update-costs").assert_outcomes(passed=1)
    user.cost(f"{count.format('')}.matches('s')").assert_outcomes(passed=1)


def test_one_name_stands_for_one_network(user: User) -> None:
    found = user.run(
        """
        from torch import nn
        def test_a(model_cost):
            model_cost(nn.Linear(1, 1), (1, 1)).matches("x")
        def test_again(model_cost):
            model_cost(nn.Linear(1, 1), (1, 1)).matches("x")
        def test_b(model_cost):
            model_cost(nn.Linear(2, 1), (1, 2)).matches("x")
        """,
        "--update-costs",
    )
    found.assert_outcomes(passed=2, failed=1)
    found.stdout.fnmatch_lines(["E*two different networks are called 'x', in *::test_a and in *::test_b*"])


def test_the_lock_file_is_where_the_setting_says(user: User) -> None:
    user.pytester.makeini("[pytest]\nmodel_cost_lock = costs/agreed.json\n")
    user.pytester.mkdir("costs")
    user.net("--update-costs").assert_outcomes(passed=1)
    assert not user.lock.exists()
    assert "net" in json.loads((user.pytester.path / "costs" / "agreed.json").read_text())["models"]
    user.net().assert_outcomes(passed=1)


@pytest.mark.parametrize("words", [(), ("--update-costs",)])
@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda text: text[:-9], "*damaged or cut short*run pytest --update-costs"),
        (lambda text: text.replace('"rules": 1', '"rules": 0'), "*counted by rules 0*pytest --update-costs*"),
    ],
)
def test_a_lock_file_that_cannot_be_used_is_never_overwritten(
    user: User, damage, says: str, words: tuple[str, ...]
) -> None:
    user.net("--update-costs").assert_outcomes(passed=1)
    broken = damage(user.lock.read_text())
    user.lock.write_text(broken)
    user.net(*words).stdout.fnmatch_lines([f"E*LockError: {says}"])
    assert user.lock.read_text() == broken


def test_two_workers_that_update_at_once_lose_no_entry(user: User) -> None:
    """Both have counted before either writes, and each of them writes ten times."""
    user.pytester.makepyfile(
        test_it="""
        import time
        from pathlib import Path
        import pytest
        from torch import nn

        @pytest.mark.parametrize("own", ["a", "b"])
        def test_many(model_cost, own):
            costs = [model_cost(nn.Linear(n + 1, 1), (1, n + 1)) for n in range(10)]
            Path(own).touch()
            other = Path("b" if own == "a" else "a")
            until = time.monotonic() + 120
            while not other.exists():
                assert time.monotonic() < until, "the other worker did not come"
                time.sleep(0.001)
            for n, cost in enumerate(costs):
                cost.matches(f"{own}{n}")
        """
    )
    words = ("-n", "2", "-W", "error", "-p", "no:cacheprovider", *NAMED)
    user.pytester.runpytest_subprocess(*words, "--update-costs").assert_outcomes(passed=2)
    models = json.loads(user.lock.read_text())["models"]
    assert {name: model["totals"]["params"] for name, model in models.items()} == {
        f"{own}{n}": n + 2 for own in "ab" for n in range(10)
    }


def test_pytest_starts_as_fast_as_without_it() -> None:
    """The import of the plugin imports nothing of the package that costs anything, and no torch."""
    code = f"import sys, {PLUGIN}; print(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    modules = done.stdout.split()
    assert "torch" not in modules
    assert {name for name in modules if name.startswith("inception_profiler")} == {
        "inception_profiler", "inception_profiler.guard", PLUGIN, "inception_profiler.version",
        "inception_profiler.records", "inception_profiler.records.display",
    }  # fmt: skip


def test_the_package_names_its_plugin() -> None:
    data = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert data["project"]["entry-points"]["pytest11"] == {"inception_profiler": PLUGIN}

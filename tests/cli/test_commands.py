"""The commands as a user types them, in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import inception_profiler as ip
from inception_profiler.cli.main import main, profile_command

NETS = """
import torch
from torch import nn

class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(3, 8, 3), nn.ReLU())

class Asks(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, device="meta"))
    def forward(self, x):
        return x if (x * self.weight).sum().item() > 0 else -x

class Wants(nn.Module):
    def forward(self, x, y):
        return x

number = 3
def fails():
    raise RuntimeError("no luck")
def ends():
    raise SystemExit(4)
def gives_text():
    return "text"
"""


def typed(*words: str, command: str = "profile", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    script = str(Path(sys.executable).with_name(command))
    environment = os.environ | {"COLUMNS": "110"}
    return subprocess.run(
        [script, *words], capture_output=True, text=True, cwd=cwd, env=environment, check=False
    )


def called(capsys: pytest.CaptureFixture[str], *words: str, run=profile_command) -> tuple[int, str, str]:
    """Run a command in this process, which spares the import of torch."""
    with pytest.raises(SystemExit) as caught:
        run(words)
    out, err = capsys.readouterr()
    return int(caught.value.code or 0), out, err


@pytest.fixture
def nets(tmp_path: Path) -> Path:
    path = tmp_path / "nets_of_a_user.py"
    path.write_text(NETS)
    return path


def test_the_main_job() -> None:
    done = typed("inception_v1", "--vs", "vgg16")
    assert done.returncode == 0
    assert done.stderr == ""
    for text in ("6.999 M", "138.358 M", "1.583 G", "15.470 G", "inception_3a/5x5_reduce", "head", "0.0506×"):
        assert text in done.stdout
    for size in ("224", "112", "56", "28", "14", "7"):
        assert f"\n {size} " in done.stdout


def test_all_commands_have_the_profile_command(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = called(capsys, "profile", "vgg11", "--by", "stage", run=main)
    assert status == 0
    assert "132.863 M" in out


def test_the_module_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "inception_profiler", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"inception-profiler {ip.__version__}"


def test_more_than_one_reference(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = called(capsys, "inception_v1", "--vs", "vgg16", "--vs", "vgg19")
    assert status == 0
    assert "vgg16 and vgg19" in out


def test_the_options_change_the_view(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = called(
        capsys, "inception_v1", "--by", "op", "--columns", "flops,calls", "--sort", "flops", "--top", "2"
    )
    assert "conv" in out
    assert "params" not in out.split("by operation")[1]
    _, batch, _ = called(capsys, "inception_v1", "--batch", "8", "--by", "stage")
    assert "8×3×224×224" in batch
    assert "12.661 G" in batch
    _, larger, _ = called(capsys, "inception_v1", "--input", "3x299x299", "--by", "resolution")
    assert " 150 " in larger


def test_training_executes_the_auxiliary_heads(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = called(capsys, "inception_v1", "--train", "--by", "stage")
    assert "13.378 M" in out
    assert "auxiliary" in out


def test_out_writes_the_same_result_in_every_format(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    paths = [tmp_path / f"result{suffix}" for suffix in (".json", ".csv", ".md")]
    status, _, err = called(capsys, "vgg11", *(word for path in paths for word in ("--out", str(path))))
    assert status == 0
    assert err.count("wrote ") == 3
    assert ip.load(paths[0]) == ip.profile("vgg11")
    assert json.loads(paths[0].read_text())["tables"]
    assert paths[1].read_text().startswith("table,row,")
    assert paths[2].read_text().startswith("# vgg11")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["inception_v9"], "did you mean 'inception_v"),
        (["vgg16", "--vs", "vgg_net"], "vgg"),
        (["vgg16", "--input", "3x"], "3x224x224"),
        (["vgg16", "--input", "4x224x224"], "conv1_1.conv"),
        (["vgg16", "--input", "3x16x16"], "pool5"),
        (["vgg16", "--input", "3x64x64"], "fc6.linear"),
        (["vgg16", "--batch", "0"], "at least 1"),
        (["vgg16", "--by", "colour"], "stage, module"),
        (["vgg16", "--columns", "mac"], "did you mean 'macs'"),
        (["vgg16", "--out", "x.docx"], ".json"),
        (["vgg16", "--out", "no/such/folder/x.json"], "cannot write"),
        (["vgg16", "--depth", "zero"], "valid int"),
        (["--colour"], "No such option"),
        ([], "Missing argument"),
        (["timm:no_such_net"], "timm"),
        (["torchvision:no_such_net"], "torchvision has no model"),
        (["no_such_package_here:Net"], "cannot import no_such_package_here"),
        (["no_such_file.py:Net"], "there is no file"),
        (["json:nothing_there"], "has no 'nothing_there'"),
        ([":Net"], "file.py:NAME"),
    ],
)
def test_a_mistake_is_one_clear_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    status, _, err = called(capsys, *words)
    assert status == 2
    assert says in err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Asks", "real weights"),
        ("Wants", "TypeError"),
        ("number", "is a int"),
        ("fails", "no luck"),
        ("ends", "SystemExit: 4"),
        ("gives_text", "not a torch.nn.Module"),
        ("Nett", "it has"),
    ],
)
def test_a_mistake_in_the_users_code_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], nets: Path, name: str, says: str
) -> None:
    status, _, err = called(capsys, f"{nets}:{name}", "--input", "3x8x8")
    assert status == 2
    assert says in err
    assert err.count("\n") == 1


def test_a_users_own_code_is_counted(capsys: pytest.CaptureFixture[str], nets: Path) -> None:
    status, out, _ = called(capsys, f"{nets}:Net", "--input", "3x8x8")
    assert status == 0
    assert "7.776 k" in out  # 8 filters of 27 products at 6 by 6 positions
    status, _, err = called(capsys, f"{nets}:Net")
    assert status == 2
    assert "give the size of its input" in err


def test_code_that_cannot_be_imported_is_one_clear_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken_nets.py"
    broken.write_text("import no_such_library_anywhere\n")
    status, _, err = called(capsys, f"{broken}:Net", "--input", "3x8x8")
    assert status == 2
    assert "No module named 'no_such_library_anywhere'" in err
    assert err.count("\n") == 1


def test_debug_shows_the_traceback() -> None:
    done = typed("vgg16", "--input", "4x224x224", "--debug")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_a_file_that_cannot_be_replaced_stays_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "result.json"
    folder.mkdir()
    status, out, err = called(capsys, "vgg11", "--out", str(folder))
    assert status == 2
    assert "is a folder" in err
    assert out == ""  # told before anything is worked out
    assert list(tmp_path.iterdir()) == [folder]


def test_a_closed_pipe_is_no_error() -> None:
    script = str(Path(sys.executable).with_name("profile"))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{script}' inception_v1 --vs vgg16 | head -1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stderr == ""


def test_scaling_shows_a_table_for_each_axis(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "curves.json"
    axes = ["--scale", "batch=1..3", "--scale", "input=227,256", "--columns", "macs"]
    status, out, err = called(capsys, "alexnet", "--vs", "lenet5", *axes, "--out", str(path))
    assert status == 0
    assert "wrote" in err
    assert "· batch, exactly" in out
    assert "lenet5 cannot take input 227, 256: layer f6" in " ".join(out.split())
    assert ip.load(path).axes == ("batch", "input")


@pytest.mark.parametrize(
    ("axis", "says"), [("width=1,2", "input or batch"), ("input", "as an axis"), ("batch=4..1", "no points")]
)
def test_an_axis_that_is_none(capsys: pytest.CaptureFixture[str], axis: str, says: str) -> None:
    status, _, err = called(capsys, "lenet5", "--scale", axis)
    assert status == 2
    assert says in err
    assert err.count("\n") == 1


def test_help_is_complete() -> None:
    shown = typed("--help").stdout
    for option in (
        "--vs",
        "--by",
        "--depth",
        "--columns",
        "--sort",
        "--top",
        "--input",
        "--batch",
        "--train",
        "--scale",
        "--out",
        "--debug",
    ):
        assert option in shown


def test_training_shows_what_gradients_cost(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "training.json"
    status, out, _ = called(capsys, "inception_v1", "--train", "--out", str(path))
    assert status == 0
    assert "backward MACs" in out
    assert "step MACs" in out
    assert ip.load(path) == ip.profile("inception_v1", train=True)
    _, inference, _ = called(capsys, "inception_v1")
    assert "backward" not in inference


def test_the_command_alone_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = called(capsys, run=main)
    assert (status, err) == (2, "")
    assert len(out.splitlines()) > 10
    assert "explain" in out


def test_code_that_ends_the_program_is_named_and_no_status_of_ours(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "ends.py"
    file.write_text(
        "from torch import nn\n\n"
        "class Net(nn.Module):\n    def forward(self, x):\n        raise SystemExit(3)\n"
    )
    status, out, err = called(capsys, f"{file}:Net", "--input", "3x8x8")
    assert (status, out) == (2, "")
    assert err == "error: the code of a model ended the program, with exit status 3\n"

"""``slides`` as a user types it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from pptx import Presentation

from inception_profiler.cli.main import main


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as caught:
        main(words)
    return int(caught.value.code or 0), capsys.readouterr().err


def test_a_topic_becomes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "lecture.pptx"
    status, said = called(capsys, "slides", "--topic", "bottleneck", "--lang", "zh", "--out", str(out))
    assert (status, said) == (0, f"wrote {out}\n")
    shown = Presentation(io.BytesIO(out.read_bytes()))
    assert "瓶颈" in shown.slides[0].notes_slide.notes_text_frame.text + "".join(
        shape.text_frame.text for shape in shown.slides[0].shapes if shape.has_text_frame
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--out", "lecture.docx"), ".pptx"),
        (("--out", "missing/lecture.pptx"), "cannot write"),
        (("--topic", "botleneck", "--out", "lecture.pptx"), "did you mean 'bottleneck'"),
        (("--lang", "zz", "--out", "lecture.pptx"), "unknown language"),
        ((), "--out"),
    ],
)
def test_mistakes_are_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    status, error = called(capsys, "slides", *words)
    assert status == 2
    assert said in error
    assert error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom inception_profiler.cli.main import main\n"
        "try:\n    main(['slides', '--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'pptx', 'matplotlib', 'PIL', 'lxml'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""LaTeX that compiles, read by TeX itself where it is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from inception_profiler.document.blocks import Column, Document, Row, Table
from inception_profiler.render import formats
from inception_profiler.units import Unit
from tests.render import hostile
from tests.render.test_golden import DOCUMENTS

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no TeX: install pdflatex")
STRUCTURE = r"""
    \section \begin \end \noindent \par \textbf \displaystyle \centering \small \footnotesize \scriptsize
    \tiny \setlength \tabcolsep \belowcaptionskip \caption \label \toprule \midrule \bottomrule \hspace
    \phantom \raggedright \arraybackslash \linewidth \allowbreak \theEndOfThis \mathrm \mbox
"""
SIGNS = r"""
    \{ \} \$ \# \& \% \_ \textbackslash \textasciitilde \textasciicircum \textless \textgreater \textbar
    \textasciigrave \symbol \vert \sim \varepsilon \lambda \frac \times \cdot
"""
WIDE = 15.0
"""How far, in points, a line of a fixed document may reach into the margin."""


def written(document: Document) -> str:
    return formats.for_path("x.tex")(document).decode()


def compiled(folder: Path, name: str) -> str:
    """Compile a file, and return what TeX logs; fail with its complaint."""
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "-recorder"]
    run = subprocess.run([*command, name], cwd=folder, capture_output=True, check=False)
    assert run.returncode == 0, run.stdout.decode(errors="replace")[-2000:]
    return (folder / name).with_suffix(".log").read_text(errors="replace")


def said(folder: Path, name: str) -> str:
    """Return the words of the compiled pages; skip where nothing reads them."""
    if shutil.which("pdftotext") is None:
        pytest.skip("no pdftotext: install poppler-utils")
    run = subprocess.run(
        ["pdftotext", "-layout", f"{name}.pdf", "-"], cwd=folder, capture_output=True, check=True
    )
    return run.stdout.decode()


def tables(count: int, cells: tuple[str, ...] = ("a",)) -> Document:
    columns = (Column("row", "row", Unit.TEXT), Column("n", "many", Unit.EXACT))
    return Document(
        "x", (Table("Rows", columns, tuple(Row((cells[n % len(cells)], n)) for n in range(count))),)
    )


@needs_tex
def test_every_fixed_document_compiles_within_a_paper(tmp_path: Path) -> None:
    for name, document in DOCUMENTS.items():
        (tmp_path / f"{name.replace('.', '-').replace(' ', '-')}.tex").write_text(written(document))
    inputs = "\n".join(rf"\input{{{path.stem}}}\clearpage" for path in sorted(tmp_path.glob("*.tex")))
    packages = (
        r"\usepackage[T1]{fontenc}\usepackage{array,booktabs,longtable}\usepackage[margin=15mm]{geometry}"
    )
    paper = (
        rf"\documentclass[a4paper]{{article}}{packages}\begin{{document}}{inputs} The end.\end{{document}}"
    )
    (tmp_path / "paper.tex").write_text(paper)
    log = compiled(tmp_path, "paper.tex")
    assert "Missing character" not in log
    assert all(float(wide) < WIDE for wide in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log))
    assert "The end." in said(tmp_path, "paper")


@needs_tex
@pytest.mark.parametrize("name", ["comparison", "argument"])
def test_a_document_compiles_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "x.tex").write_text(written(DOCUMENTS[name]))
    compiled(tmp_path, "x.tex")
    assert DOCUMENTS[name].title in said(tmp_path, "x")


@needs_tex
def test_hostile_names_compile_and_nothing_else_is_read(tmp_path: Path) -> None:
    blocks = [block for name in hostile.NAMES.values() for block in hostile.document(name).blocks]
    blocks += tables(90, tuple(hostile.NAMES.values())).blocks
    (tmp_path / "x.tex").write_text(written(Document("".join(hostile.NAMES.values()), tuple(blocks))))
    log = compiled(tmp_path, "x.tex")
    assert "Missing character" not in log
    read = (tmp_path / "x.fls").read_text()
    assert "passwd" not in read
    text = said(tmp_path, "x")
    flat = "".join(text.split())
    assert r"\input{/etc/passwd}\end{document}" in flat
    assert "100%of$x_1$&#2~{}" in flat
    assert "[U+5377][U+79EF]" in flat
    assert "-27,648" in text.replace("−", "-")


@needs_tex
def test_one_table_can_be_taken_alone(tmp_path: Path) -> None:
    found = subprocess.run(["kpsewhich", "catchfilebetweentags.sty"], capture_output=True, check=False)
    if found.returncode:
        pytest.skip("catchfilebetweentags is not installed")
    (tmp_path / "x.tex").write_text(written(DOCUMENTS["comparison"]))
    packages = r"\usepackage{array,booktabs,longtable,catchfilebetweentags}"
    body = r"\ExecuteMetaData[x.tex]{totals} Alone."
    paper = rf"\documentclass{{article}}{packages}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "paper.tex").write_text(paper)
    compiled(tmp_path, "paper.tex")
    text = said(tmp_path, "paper")
    assert "9.154 k" in text
    assert "feature-map" not in text


@needs_tex
def test_a_long_table_goes_on_over_pages_under_its_header(tmp_path: Path) -> None:
    (tmp_path / "x.tex").write_text(written(tables(150)))
    compiled(tmp_path, "x.tex")
    pages = said(tmp_path, "x").split("\f")[:-1]
    assert len(pages) > 1
    assert all("many" in page for page in pages)
    assert "149" in pages[-1]


@pytest.mark.parametrize("name", hostile.NAMES.values(), ids=hostile.NAMES)
def test_a_name_adds_no_command(name: str) -> None:
    """Every command in the body is one of ours, and braces hold what they should."""
    body = written(hostile.document(name)).partition(r"\section*")[2]
    commands = set(re.findall(r"\\(?:[A-Za-z]+|.)", body.replace(r"\\", ""), re.DOTALL))
    assert commands <= set(f"{STRUCTURE}{SIGNS}".split())
    bare = re.sub(r"\\[{}\\%$#&_]", "", body)
    assert bare.count("{") == bare.count("}")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe]", body)
    assert body.count("\\input") == 0
    assert "%" not in re.sub(r"\\%|^%<[*/].*>$", "", body, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ((27_648, 0.5), [r"27{,}648\phantom{.5}", "0.5"]),
        ((-1_234_567, None), ["$-$1{,}234{,}567", "--"]),
    ],
)
def test_numbers_have_thousands_and_decimal_points_under_each_other(
    cells: tuple[float | None, ...], wanted: list[str]
) -> None:
    columns = (Column("row", "row", Unit.TEXT), Column("n", "n", Unit.EXACT))
    text = written(Document("x", (Table("t", columns, tuple(Row(("a", cell)) for cell in cells)),)))
    assert re.findall(r"^a & (.*) \\\\$", text, re.MULTILINE) == wanted

"""The floors of the house: imports go down only, and each heavy library is imported where it belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "inception_profiler"
FLOORS = {
    "cli": 6, "__main__": 6, "__init__": 6, "report": 5, "render": 5, "document": 4, "claims": 4, "guard": 4,
    "analysis": 3, "bench": 3, "zoo": 2, "ops": 2, "records": 1,
    "registry": 0, "units": 0, "errors": 0, "files": 0, "version": 0,
}  # fmt: skip
NEIGHBOURS = {frozenset({"zoo", "ops"})}
HOMES = {
    "torch": ("analysis", "bench", "ops", "zoo"),
    "pandas": ("records/frame.py",),
    "rich": ("render/terminal.py", "cli/output.py", "cli/progress.py", "cli/watch.py"),
    "typer": ("cli",),
    "timm": ("analysis/resolve.py",),
    "torchvision": ("analysis/resolve.py",),
    "fvcore": ("analysis/audit/fvcore.py",),
    "distributed": ("bench/sweep/engines/dask.py",),
    "ray": ("bench/sweep/engines/ray.py",),
    "pytest": ("guard/pytest_plugin.py",),
    "pynvml": ("bench/state.py",),
    "plotly": ("render/html",),
    "matplotlib": ("render/image", "render/slides/pdf.py"),
    "PIL": ("render/slides/metrics.py",),
    "pptx": ("render/slides",),
    "lxml": ("render/slides",),
}
FILES = sorted(ROOT.rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the floor"
            yield node.module or ""


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def typing_only(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import):
                    found |= {alias.name for alias in inner.names}
                elif isinstance(inner, ast.ImportFrom):
                    found.add(inner.module or "")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} has no floor: give it one"
    for name in imports(path):
        top, _, rest = name.partition(".")
        if top == "inception_profiler" and rest:
            there = rest.split(".")[0]
            assert FLOORS[there] <= FLOORS[here], f"{path}: {here} imports {there}, which is above it"
            assert frozenset({here, there}) not in NEIGHBOURS, (
                f"{path}: {here} and {there} do not know each other"
            )
        elif top in HOMES:
            where = str(path.relative_to(ROOT))
            allowed = where.startswith(tuple(HOMES[top])) or name in typing_only(path)
            assert allowed, f"{where} imports {top}, which belongs to {HOMES[top]}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_drawer_without_a_name(path: Path) -> None:
    assert path.stem not in {"utils", "helpers", "common", "misc"}


def test_every_room_is_there() -> None:
    assert {room(path) for path in FILES} == set(FLOORS)

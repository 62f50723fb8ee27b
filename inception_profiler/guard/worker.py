"""The process that counts one revision: it reads what is asked for, and writes what it counted.

It is started in the folder of the configuration as that stands in the revision, so that the code which is
imported there, and nothing of it, is what the starting process has.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inception_profiler.errors import InputError, ProfilerError
from inception_profiler.guard.configuration import Budget
from inception_profiler.guard.counting import Counted, spread
from inception_profiler.guard.lockfile import empty, lock_text
from inception_profiler.records.lock import Asked

START = "from inception_profiler.guard.worker import main; main()"
"""What a Python process is told to run."""


def question(budgets: Sequence[Budget], checkout: Path) -> str:
    """Return what is asked of a worker; ``checkout`` is where none of the code may come from."""
    asked = [
        {
            "name": budget.asked.name,
            "model": budget.asked.model,
            "inputs": budget.asked.inputs,
            "batch": budget.asked.batch,
            "train": budget.asked.train,
            "dtype": budget.asked.dtype,
        }
        for budget in budgets
    ]
    return json.dumps({"asked": asked, "checkout": str(checkout)})


def main() -> None:
    """Answer the question on the standard input, into the file that is named as the argument."""
    data = json.load(sys.stdin)
    try:
        answer = answered(data)
    except ProfilerError as error:
        answer = {"error": str(error)}
    Path(sys.argv[1]).write_text(json.dumps(answer), encoding="utf-8")


def answered(data: dict[str, Any]) -> dict[str, Any]:
    """Count what is asked for; a model that cannot be counted is listed with the reason.

    Raises:
        InputError: code of the models comes from the checkout itself, and not from the revision.
    """
    from inception_profiler.guard.checking import tried_for

    root = Path.cwd()
    budgets = spread(
        [Budget(Asked(**{**entry, "inputs": tuple(entry["inputs"])})) for entry in data["asked"]]
    )
    tried = [(budget.asked.name, tried_for(budget, root)) for budget in budgets]
    _refuse_code_of(Path(data["checkout"]), root)
    counted = tuple(result.locked for _, result in tried if isinstance(result, Counted))
    return {
        "lock": lock_text(empty().with_models(counted)),
        "failed": [[name, result] for name, result in tried if isinstance(result, str)],
    }


def _refuse_code_of(checkout: Path, root: Path) -> None:
    """Refuse to call a revision's what was imported from the checkout, where it is installed from."""
    if root.is_relative_to(checkout):
        return
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if not file or name.partition(".")[0] == __name__.partition(".")[0]:
            continue
        path = Path(file).resolve()
        if path.is_relative_to(checkout) and "site-packages" not in path.parts:
            raise InputError(
                f"{name} is imported from {path} and not from the revision: name models by files, "
                "path/to/file.py:NAME, or uninstall the package"
            )

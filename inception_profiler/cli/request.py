"""What a user asked for: the part of ``profile`` that every lens shares."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from inception_profiler.document.view import View
from inception_profiler.errors import InputError

if TYPE_CHECKING:
    from inception_profiler.analysis.subject import Subject
    from inception_profiler.records.profile import Profile

UNKNOWN_OPERATIONS = 3
"""Exit status of ``--strict`` where the cost of an operation is unknown."""


HEEDED = {
    "--as": frozenset({"--depth", "--top", "--strict"}),
    "--audit": frozenset({"--strict"}),
    "--latency": frozenset(),
    "--memory": frozenset({"--top"}),
    "--scale": frozenset({"--columns", "--strict"}),
}
"""The lenses, and which of the options that shape the default answer have a part in each."""


class Request(NamedTuple):
    """The models that are asked about, how they are run, how the answer is shown and where it goes.

    Every lens takes one and returns the exit status::

        def memory(request: Request, optimizer: str) -> int: ...
    """

    models: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    batch: int | None = None
    dtype: str = ""
    train: bool = False
    strict: bool = False
    paths: Sequence[str] = ()
    view: View = View()

    def subjects(self) -> tuple[Subject, ...]:
        """Build the models, the one asked about first; what ``--input`` says applies to all of them."""
        from inception_profiler.analysis.inputs import parse_inputs
        from inception_profiler.analysis.subject import subject

        given = parse_inputs(self.inputs) if self.inputs else None
        return tuple(
            subject(model, inputs=given, batch=self.batch, train=self.train, dtype=self.dtype)
            for model in self.models
        )

    def status(self, profiles: Iterable[Profile]) -> int:
        """Return the exit status: 3 where ``--strict`` meets an operation of unknown cost, else 0."""
        unknown = [entry.model for entry in profiles if entry.unpriced]
        if not self.strict or not unknown:
            return 0
        print(f"strict: {', '.join(unknown)}: the cost of some operations is unknown", file=sys.stderr)
        return UNKNOWN_OPERATIONS


def chosen_lens(asked: Mapping[str, object]) -> str:
    """Return the one lens option that was given, or nothing where none was.

    Raises:
        InputError: several were given; each would replace the whole answer by its own.
    """
    given = [option for option, value in asked.items() if value]
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} each ask a different question: choose one")
    return given[0] if given else ""


def refuse_unheeded(lens: str, options: Mapping[str, object]) -> None:
    """Refuse an option that the lens would pass over in silence.

    Raises:
        InputError: such an option was given; it is named.
    """
    heeded = HEEDED.get(lens, frozenset(options))
    idle = [option for option, value in options.items() if value and option not in heeded]
    if idle:
        them = "it" if len(idle) == 1 else "them"
        raise InputError(f"{' and '.join(idle)} would change nothing in what {lens} shows: leave {them} out")

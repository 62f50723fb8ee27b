"""What a counting convention is, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from inception_profiler.analysis.conventions.survey import Survey
from inception_profiler.records.frozen import record
from inception_profiler.records.trace import Call
from inception_profiler.registry import Registry, discover

BIAS = "bias"
SHARED = "counts a module with several parents again for each"


class Share(NamedTuple):
    """What a tool charges for one thing that a call does.

    ``kind`` is `MACS` for the contraction itself, in the tool's own unit; `translate` holds it against the
    true number and books the difference as a fault. ``failure`` is set where the real tool stops here,
    ``limit`` where it may charge something else and this cannot be told from the trace.
    """

    kind: str
    amount: int
    fault: str = ""
    failure: str = ""
    limit: str = ""


Count = Callable[[Call, Survey], Iterable[Share]]
Times = Callable[[Call, Survey], int]


def once(call: Call, survey: Survey) -> int:
    """Charge every call once."""
    return 1


@record
class Convention:
    """How one tool counts.

    Attributes:
        name: what is typed after ``--as``.
        tool: the function of the tool that shows the number.
        version: the version followed.
        title: what the tool calls its number.
        scope: what it counts and what it does not, in one line.
        count: what it charges for a call.
        times: how often it charges one and the same call, where modules are shared.
        per_mac: what it counts for one multiply-accumulate: 1 or 2; 0 where it counts something else.
        prunes: whether it leaves out what does not lead to the model's output.
        named: whether it charges functions by their names, and not what PyTorch makes of them.
        evaluates: whether it puts the model into eval mode first, whatever the caller wants.
        unit: ``count`` or ``bytes``.
        companions: other conventions of the same source, shown beside this one.
    """

    name: str
    tool: str
    version: str
    title: str
    scope: str
    count: Count
    times: Times = once
    per_mac: int = 1
    prunes: bool = False
    named: bool = False
    evaluates: bool = False
    unit: str = "count"
    companions: tuple[str, ...] = ()


CONVENTIONS: Registry[str, Convention] = Registry("counting convention")


def convention(
    name: str,
    *,
    tool: str,
    version: str,
    title: str,
    scope: str,
    times: Times = once,
    per_mac: int = 1,
    prunes: bool = False,
    named: bool = False,
    evaluates: bool = False,
    unit: str = "count",
    companions: tuple[str, ...] = (),
) -> Callable[[Count], Count]:
    """Register the decorated function as what a tool charges for a call."""

    def register(count: Count) -> Count:
        entry = Convention(
            name=name,
            tool=tool,
            version=version,
            title=title,
            scope=scope,
            count=count,
            times=times,
            per_mac=per_mac,
            prunes=prunes,
            named=named,
            evaluates=evaluates,
            unit=unit,
            companions=companions,
        )
        CONVENTIONS.add(name, entry)
        return count

    return register


def load() -> Registry[str, Convention]:
    """Import every convention and return the filled registry."""
    discover(__package__)
    return CONVENTIONS

"""What was counted, what is free, what is unknown, and whether the numbers can be published."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import Block, Callout, Column, Row, Table
from inception_profiler.records.comparison import quotient
from inception_profiler.records.coverage import Coverage, Unknown
from inception_profiler.records.idle import Idle
from inception_profiler.records.profile import Profile
from inception_profiler.units import Unit, scale_for

_PLACES = 3
_SORTS = (
    "By rule = by this package's rules; by operator = by PyTorch's own formulas and by tables of its "
    "operators; free = no arithmetic by definition (views, copies, dropout in inference)."
)


def coverage_table(coverages: Sequence[Coverage]) -> Table:
    """Show how the cost of every operation is known, one row a model."""
    own = any(entry.own_calls for entry in coverages)
    columns = [
        Column("model", "model", Unit.TEXT),
        Column("operations", "operations", Unit.COUNT, quantity="calls"),
        Column("rule_calls", "by rule", Unit.COUNT, quantity="calls"),
        *([Column("own_calls", "by your rules", Unit.COUNT, quantity="calls")] if own else []),
        Column("operator_calls", "by operator", Unit.COUNT, quantity="calls"),
        Column("free_calls", "free", Unit.COUNT, quantity="calls"),
        Column("unknown_calls", "unknown", Unit.COUNT, quantity="calls"),
        Column("rule_flops_share", "FLOPs by rule", Unit.SHARE),
    ]
    rows = tuple(
        Row(
            (
                entry.model,
                entry.calls,
                entry.rule_calls,
                *([entry.own_calls] if own else []),
                entry.operator_calls,
                entry.free_calls,
                entry.unknown_calls,
                quotient(entry.rule_flops, entry.flops) if entry.flops else 0.0,
            )
        )
        for entry in coverages
    )
    return Table("Coverage", tuple(columns), rows, f"{_verdict(coverages)} {_SORTS}")


def _verdict(coverages: Sequence[Coverage]) -> str:
    """Say in plain words whether the numbers can be published."""
    partial = dict.fromkeys(entry.model for entry in coverages if not entry.complete)
    ran = dict.fromkeys(entry.model for entry in coverages if entry.fallback)
    if partial:
        said = (
            f"MACs and FLOPs of {' and '.join(partial)} are lower bounds: publish them together with what is "
            "unknown, or give that a rule (ip.op). Parameters are complete."
        )
    else:
        said = "Nothing is unknown: the numbers above are complete and can be published."
    return f"{said} Those of {' and '.join(ran)} hold for the values it ran on." if ran else said


def coverage_callouts(entry: Coverage) -> Iterator[Block]:
    """Warn of what is unknown, one line an operation, and of counts that depend on the data."""
    if entry.fallback:
        yield Callout("note", f"{entry.model} was run for real in a copy, {entry.fallback}.")
    for unknown in entry.unknown:
        yield Callout(
            "warning",
            f"{entry.model}: the cost of {unknown.op} is unknown and not counted ({_where(unknown)}).",
        )


def _where(unknown: Unknown) -> str:
    shown = [path or "the model itself" for path in unknown.paths[:_PLACES]]
    more = ", …" if len(unknown.paths) > _PLACES else ""
    return f"{unknown.calls} call{'s' if unknown.calls > 1 else ''} in {', '.join(shown)}{more}"


def idle_table(profile: Profile) -> Table:
    """Show the modules whose parameters no call used, apart from the layers."""
    rows = [_idle_row(profile, entry) for entry in profile.idle]
    columns = (
        Column("module", "module", Unit.TEXT),
        Column("class", "class", Unit.TEXT),
        Column("params", "params", Unit.COUNT),
        Column("params_share", "share", Unit.SHARE),
        Column("weight_bytes", "weight bytes", Unit.BYTES),
    )
    total = scale_for((profile.not_executed_params,), Unit.COUNT).full(profile.not_executed_params)
    caption = (
        f"{total} params are in the model and in its total, but no operation used them: "
        "auxiliary heads in inference, and the like."
    )
    return Table(f"{profile.model}: not executed", columns, tuple(rows), caption)


def _idle_row(profile: Profile, entry: Idle) -> Row:
    name = profile.naming.name(entry.path) or f"({profile.model})"
    if not entry.whole:
        name = f"{name} · {', '.join(path.rpartition('.')[2] for path in entry.parameters)}"
    share = quotient(entry.params, profile.params) if profile.params else 0.0
    return Row((name, entry.kind.rpartition(".")[2], entry.params, share, entry.weight_bytes))

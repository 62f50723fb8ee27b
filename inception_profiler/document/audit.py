"""An audit as a document: the verdict, who counted, and every module with the numbers side by side."""

from __future__ import annotations

from collections.abc import Iterator

from inception_profiler.document.blocks import Block, Callout, Cell, Column, Document, Heading, Row, Table
from inception_profiler.records.audit import DIFFERS, FAULT, Audit, AuditRow, Count
from inception_profiler.units import Unit

_NAMED = 5
"""How many modules that disagree are named in the verdict; the table marks all of them."""
_QUANTITY = "macs"


def audit_document(audit: Audit) -> Document:
    """Show an audit: one line that says whether to trust the numbers, then what it rests on."""
    blocks: list[Block] = [
        Heading(f"Audit of {audit.model}", 1),
        Callout("note" if audit.agrees else "warning", verdict(audit)),
        *_unpriced(audit),
        _engines(audit),
        _modules(audit),
    ]
    return Document(f"audit of {audit.model}", tuple(blocks), audit)


def verdict(audit: Audit) -> str:
    """Say in one line whether the engines agree, and where they do not."""
    if not audit.opinions:
        return f"There is no second opinion on {audit.model}: no engine could count it."
    said = f"{audit.forward:,} MACs"
    if audit.backward is not None:
        said += f" forward and {audit.backward:,} backward"
    who = f"{audit.opinions} of {len(audit.engines)} engines"
    if audit.agrees:
        faults = sum(any(_verdicts(audit, row, FAULT)) for row in audit.rows)
        but = f", but for declared faults of an engine in {faults} of them" if faults else ""
        return f"{audit.model}: {said}; {who} counted and agree in all {len(audit.rows)} modules{but}."
    names = [row.name or f"({audit.model})" for row in audit.disagreeing]
    if not names:
        return f"{audit.model}: {said}; {who} counted, and a total differs."
    shown = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
    where = f"{len(names)} of {len(audit.rows)} modules"
    return f"{audit.model}: {said}; {who} counted and differ in {where}: {shown}."


def _verdicts(audit: Audit, row: AuditRow, wanted: str) -> Iterator[bool]:
    return (row.verdict(engine) == wanted for engine in range(len(audit.engines)))


def _unpriced(audit: Audit) -> Iterator[Block]:
    for entry in audit.unpriced:
        yield Callout(
            "warning",
            f"the cost of {entry.op} is unknown to us and counted by nobody here "
            f"({entry.calls} calls in {entry.path or 'the model itself'}).",
        )


def _engines(audit: Audit) -> Table:
    gradients = audit.backward is not None
    columns = [
        Column("engine", "engine", Unit.TEXT),
        Column("version", "version", Unit.TEXT),
        Column("forward", "MACs", Unit.EXACT),
        *([Column("backward", "backward MACs", Unit.EXACT)] if gradients else []),
        Column("result", "result", Unit.TEXT),
    ]
    rows = [Row(_line("this profiler", "", Count(audit.forward, audit.backward), "", gradients=gradients))]
    for position, engine in enumerate(audit.engines):
        rows.append(
            Row(
                _line(
                    engine.title,
                    engine.version,
                    engine.total,
                    _result(audit, position),
                    gradients=gradients,
                )
            )
        )
    methods = ". ".join(f"{engine.title} = {engine.method}" for engine in audit.engines)
    return Table(
        "Engines", tuple(columns), tuple(rows), f"{methods}. None of them shares code with our rules."
    )


def _line(title: str, version: str, count: Count | None, result: str, *, gradients: bool) -> tuple[Cell, ...]:
    forward = count.forward if count is not None else None
    backward = count.backward if count is not None else None
    return (title, version, forward, *([backward] if gradients else []), result)


def _result(audit: Audit, position: int) -> str:
    engine = audit.engines[position]
    if engine.failed:
        return f"could not count: {engine.failed}"
    if not engine.modules:
        total = engine.total
        if total is not None and total.fault:
            return f"known fault: {total.fault}"
        return "agrees in total" if audit.total_agrees(position) else "differs in total"
    verdicts = [row.verdict(position) for row in audit.rows]
    if differing := verdicts.count(DIFFERS):
        return f"differs in {differing} of {len(verdicts)} modules"
    faults = dict.fromkeys(
        count.fault
        for row in audit.rows
        if row.verdict(position) == FAULT and (count := row.counts[position]) is not None
    )
    if faults:
        some = f"{verdicts.count(FAULT)} of {len(verdicts)} modules"
        return f"agrees, but for a known fault in {some}: {'; '.join(faults)}"
    return f"agrees in all {len(verdicts)} modules"


def _modules(audit: Audit) -> Table:
    gradients = audit.backward is not None
    columns = [Column("module", "module", Unit.TEXT), Column("macs", "MACs", Unit.EXACT, _QUANTITY)]
    if gradients:
        columns.append(Column("backward_macs", "backward MACs", Unit.EXACT, _QUANTITY))
    engines = [
        position for position, engine in enumerate(audit.engines) if not engine.failed and engine.modules
    ]
    for position in engines:
        engine = audit.engines[position]
        columns.append(Column(engine.key, engine.title, Unit.EXACT, _QUANTITY))
        if gradients and engine.total is not None and engine.total.backward is not None:
            columns.append(
                Column(f"{engine.key}_backward", f"{engine.title} backward", Unit.EXACT, _QUANTITY)
            )
    columns.append(Column("agreement", "agreement", Unit.TEXT))
    rows = []
    for row in audit.rows:
        cells: list[Cell] = [row.name or f"({audit.model})", row.forward]
        if gradients:
            cells.append(row.backward)
        for position in engines:
            count, total = row.counts[position], audit.engines[position].total
            cells.append(None if count is None else count.forward)
            if gradients and total is not None and total.backward is not None:
                cells.append(None if count is None else count.backward)
        cells.append(_agreement(audit, row))
        rows.append(Row(tuple(cells), strong=not row.agrees))
    return Table(
        "Modules",
        tuple(columns),
        tuple(rows),
        "Each module with its own operations, without those of the modules in it; a shared one once.",
    )


def _agreement(audit: Audit, row: AuditRow) -> str:
    differing = [
        engine.title for position, engine in enumerate(audit.engines) if row.verdict(position) == DIFFERS
    ]
    if differing:
        return f"DIFFERS: {', '.join(differing)}"
    faulty = [engine.title for position, engine in enumerate(audit.engines) if row.verdict(position) == FAULT]
    return f"known fault: {', '.join(faulty)}" if faulty else "agrees"

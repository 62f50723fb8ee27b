"""Settings and environments in words: in full once, and of each row only what tells it from the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_profiler.document.blocks import Callout, Column
from inception_profiler.records.latency import Environment, Measurement
from inception_profiler.records.roofline import Roofline
from inception_profiler.units import Unit, scale_for

Ran = Measurement | Roofline
"""What was run in a setting."""


def parts(measurement: Ran) -> tuple[str, ...]:
    """Say how a model was run, one part after the other, always in the same places."""
    setting = measurement.setting
    search = {None: "", True: "cuDNN searches its algorithms", False: "cuDNN chooses by rule"}
    return (
        f"batch {measurement.batch}",
        " and ".join("×".join(map(str, spec.shape[1:])) for spec in measurement.inputs),
        setting.dtype,
        setting.mode,
        "channels last" if setting.channels_last else "channels first",
        "BatchNorm folded" if setting.fused else "BatchNorm not folded",
        "training step" if setting.train else "inference",
        "cold cache" if setting.cold else "hot cache",
        f"{setting.threads} thread{'s' * (setting.threads != 1)}",
        search[setting.cudnn_benchmark],
    )


_PLACES = ("batch", "input", "dtype", "mode", "layout", "BatchNorm", "run", "cache", "threads", "cuDNN")
"""What each of the `parts` says, as the title of a column."""


def common(measurements: Sequence[Ran]) -> str:
    """Say in full what all rows share."""
    shared = [part for part, *others in zip(*map(parts, measurements), strict=True) if {part} >= set(others)]
    return ", ".join(filter(None, shared))


def labels(measurements: Sequence[Measurement]) -> tuple[str, ...]:
    """Name each row by its model and by the parts in which it differs from any other."""
    columns = list(zip(*map(parts, measurements), strict=True))
    varying = [place for place, column in enumerate(columns) if len(set(column)) > 1]
    return tuple(
        " · ".join([row.model, *(told for place in varying if (told := parts(row)[place]))])
        for row in measurements
    )


def varying(measurements: Sequence[Measurement]) -> tuple[tuple[Column, tuple[str, ...]], ...]:
    """Return a column with its cells for each of the parts in which rows differ: narrower than `labels`."""
    return tuple(
        (
            Column(title, title, Unit.TEXT),
            tuple(_short(cell) for cell in cells),
        )
        for title, cells in zip(_PLACES, zip(*map(parts, measurements), strict=True), strict=True)
        if len(set(cells)) > 1
    )


def _short(part: str) -> str:
    """Leave out of a part what the title of its column says."""
    for said in ("batch ", "cuDNN ", " its algorithms", " step"):
        part = part.replace(said, "")
    return part


def environment_words(environment: Environment) -> str:
    """Say where and when; what is unknown is left out here."""
    memory = environment.memory_bytes
    device = [environment.kind]
    device += [environment.capability] if environment.capability else []
    device += [scale_for((memory,), Unit.BYTES).full(memory)] if memory else []
    text = f"Measured on {environment.device} ({', '.join(device)})"
    if environment.driver:
        text += f", {environment.driver}"
    if environment.kind != "cpu":
        text += f"; host {environment.processor}"
    cores = environment.cores
    text += f" with {cores} processor{'s' * (cores != 1)}, {environment.system}"
    text += f"; PyTorch {environment.torch}, Python {environment.python}; {environment.taken}"
    if environment.load is not None:
        text += f", load {environment.load:.1f}"
    for name, values, sign in (
        ("clock", environment.clock_mhz, "MHz"),
        ("temperature", environment.temperature, "°C"),
        ("power", environment.power_watts, "W"),
    ):
        if values:
            text += f", {name} {' → '.join(f'{value:.0f}' for value in values)} {sign}"
    revision = f", commit {environment.commit[:12]}" if environment.commit else ""
    return f"{text}; inception_profiler {environment.version}{revision}."


def environment_warnings(environments: Sequence[Environment]) -> Iterator[Callout]:
    """Warn of what makes times longer than the device needs."""
    busiest = max(environments, key=lambda entry: (entry.load or 0) / entry.cores)
    if (busiest.load or 0) > busiest.cores:
        yield Callout(
            "warning",
            f"The machine was busy: over the last minute {busiest.load:.1f} processes wanted its "
            f"{busiest.cores} processors. Ratios of paired calls bear that; single times may not.",
        )
    crowded = max(environments, key=lambda entry: entry.threads / entry.cores)
    if crowded.kind == "cpu" and crowded.threads > crowded.cores:
        yield Callout(
            "warning",
            f"{crowded.threads} threads shared {crowded.cores} processor{'s' * (crowded.cores != 1)} and "
            "waited for each other: take no more threads than processors.",
        )
    others = max((entry.others or 0 for entry in environments), default=0)
    if others:
        them = "another process" if others == 1 else f"{others} other processes"
        yield Callout("warning", f"{them[0].upper()}{them[1:]} had a part of the device.")
    reasons = sorted({reason for entry in environments for reason in entry.throttled})
    if reasons:
        yield Callout("warning", f"The device ran slower than it can: {', '.join(reasons)}.")

"""Hold our counts against those of other engines, module by module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from inception_profiler.analysis.audit import dispatch, flop_counter, fvcore
from inception_profiler.analysis.audit.places import Place
from inception_profiler.analysis.audit.tally import Tally
from inception_profiler.analysis.profile import counted
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.analysis.trace import told
from inception_profiler.errors import ProfilerError
from inception_profiler.records.audit import Audit, AuditRow, Count, Engine
from inception_profiler.records.profile import Profile
from inception_profiler.registry import Registry

if TYPE_CHECKING:
    from torch import nn


class _Method(NamedTuple):
    """How an engine is asked."""

    title: str
    method: str
    version: Callable[[], str]
    ask: Callable[[Subject, Profile], Tally]
    gradients: bool


ENGINES: Registry[str, _Method] = Registry("engine")
"""Who can be asked for a second opinion; none of them shares code with ``ops``."""

for _name, _module, _gradients in (
    ("operators", dispatch, True),
    ("flop_counter", flop_counter, True),
    ("fvcore", fvcore, False),
):
    ENGINES.add(_name, _Method(_module.TITLE, _module.METHOD, _module.version, _module.count, _gradients))


def audit(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    inputs: Any = None,
    batch: int | None = None,
    train: bool | None = False,
    engines: Iterable[str] = ("operators", "flop_counter", "fvcore"),
) -> Audit:
    """Count a model's multiply-accumulates again by independent engines and compare module by module.

    ================  ====================================================================================
    ``operators``     every operator that PyTorch dispatches, forward and backward, in a copy without data
    ``flop_counter``  PyTorch's ``FlopCounterMode`` on the same, FLOPs / 2
    ``fvcore``        fvcore on real tensors in a copy, forward only
    ================  ====================================================================================

    Args:
        model: a module or the spelling of one, as for `profile`; so are the other arguments.
        input_shape: N C H W.
        inputs: several inputs in place of ``input_shape``.
        batch: images in a batch.
        train: True counts gradients too.
        engines: who is asked.

    Returns:
        The audit; ``.agrees`` is the verdict. An engine that cannot count the model says why. A number that a
        declared fault of an engine explains to the unit is no disagreement, nor that we count a complex
        convolution in complex multiply-accumulates and the engines in real ones, three for each.

    Raises:
        UnknownNameError: no such model or engine.
        InputError: no or a bad input.
        LayerError: a layer cannot take its input.
    """
    chosen = tuple(engines)
    for name in chosen:
        ENGINES.get(name)
    return audited(subject(model, input_shape, inputs=inputs, batch=batch, train=train), chosen)


def audited(about: Subject, engines: Sequence[str] = ("operators", "flop_counter", "fvcore")) -> Audit:
    """Audit a subject."""
    ours = counted(about)
    training = ours.mode != "inference" and about.train is not False
    asked = [_asked(name, about, ours) for name in engines]
    own: dict[str, list[int]] = {}
    for layer in ours.layers:
        macs = own.setdefault(layer.path, [0, 0])
        macs[0] += layer.macs
        macs[1] += layer.backward_macs
    for _, tally in asked:
        for place in tally.macs if tally is not None else ():
            own.setdefault(place.path, [0, 0])
    rows = []
    for path, (forward, backward) in own.items():
        counts = tuple(
            _count(tally, path, forward, backward if training and engine.total.backward is not None else None)
            if tally is not None and engine.total is not None and tally.modules
            else None
            for engine, tally in asked
        )
        if forward or backward or any(count and (count.forward or count.backward) for count in counts):
            rows.append(
                AuditRow(path, ours.naming.name(path), forward, backward if training else None, counts)
            )
    return Audit(
        model=ours.model,
        mode=ours.mode,
        inputs=ours.inputs,
        engines=tuple(engine for engine, _ in asked),
        rows=tuple(rows),
        unpriced=ours.unpriced,
    )


def _asked(name: str, about: Subject, ours: Profile) -> tuple[Engine, Tally | None]:
    """Ask one engine; whatever keeps it from counting is its answer."""
    method = ENGINES.get(name)
    gradients = method.gradients and ours.mode != "inference" and about.train is not False
    version = ""
    try:
        version = method.version()
        tally = method.ask(about, ours)
    except ProfilerError as error:
        return Engine(name, method.title, version, method.method, str(error), None), None
    except Exception as error:
        return Engine(name, method.title, version, method.method, told(error), None), None
    total = Count(
        sum(macs for place, macs in tally.macs.items() if not place.backward),
        sum(macs for place, macs in tally.macs.items() if place.backward) if gradients else None,
        "" if tally.modules else _fault(tally, Place("", backward=False), ours.macs),
    )
    return Engine(name, method.title, version, method.method, "", total, tally.modules), tally


def _count(tally: Tally, path: str, forward: int, backward: int | None) -> Count:
    """Return what was counted in one module, and the faults if they explain all that is not as ours."""
    places = [(Place(path, backward=False), forward)]
    if backward is not None:
        places.append((Place(path, backward=True), backward))
    wrong = [(place, ours) for place, ours in places if tally.macs.get(place, 0) != ours]
    faults = [_fault(tally, place, ours) for place, ours in wrong]
    return Count(
        tally.macs.get(places[0][0], 0),
        tally.macs.get(places[1][0], 0) if backward is not None else None,
        "; ".join(dict.fromkeys("; ".join(faults).split("; "))) if all(faults) else "",
    )


def _fault(tally: Tally, place: Place, ours: int) -> str:
    """Name the declared fault that leads from our number to the one found at a place, if one does."""
    fault = tally.faults.get(place)
    return fault.name if fault is not None and fault.explains(tally.macs.get(place, 0), ours) else ""

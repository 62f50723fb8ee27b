"""Read a profile as another tool would: one number, or several and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inception_profiler.analysis.conventions.convention import SHARED, Convention, Share, load
from inception_profiler.analysis.conventions.einstein import behind
from inception_profiler.analysis.conventions.survey import Survey
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.convention import (
    MACS,
    SECOND,
    Charge,
    Explanation,
    Limit,
    Reading,
    Translation,
)
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Call

TOOLS = (
    "fvcore",
    "torchinfo",
    "ptflops",
    "ptflops-aten",
    "thop",
    "calflops",
    "torchprofile",
    "flopcounter",
)
"""The tools that people use, each counting in its own way."""

UNSEEN = "does not see it"
PRUNED = "leaves out what the model does not return"


def translate(profile: Profile, convention: str) -> Reading:
    """Return the number that another tool shows for the model of ``profile``, call by call.

    Args:
        profile: what was counted.
        convention: the name of a tool or of a document's convention, ``thop``.

    Raises:
        InputError: no convention of that name, or a tool that counts in eval mode only on a profile of
            training.
    """
    return explain(profile, (convention,)).readings[0]


def explain(profile: Profile, conventions: Sequence[str] = TOOLS) -> Explanation:
    """Return the numbers that several tools show for one model, with what each of them adds or leaves out.

    Args:
        profile: what was counted.
        conventions: names of tools or of documents' conventions; the tools that people use if left out.

    Raises:
        InputError: no convention of that name, or a tool that counts in eval mode only on a profile of
            training.
    """
    chosen = tuple(map(_known, dict.fromkeys(conventions)))
    if not chosen:
        raise InputError(f"name at least one convention: {', '.join(load())}")
    survey = Survey(profile)
    return Explanation(
        model=profile.model,
        mode=profile.mode,
        inputs=profile.inputs,
        macs=profile.macs,
        readings=tuple(_reading(entry, survey) for entry in chosen),
        naming=profile.naming,
    )


def translation(profiles: Iterable[Profile], conventions: Sequence[str]) -> Translation:
    """Return several models under the same conventions, the subject first."""
    return Translation(tuple(explain(profile, conventions) for profile in profiles))


def _known(name: str) -> Convention:
    try:
        return load().get(name)
    except UnknownNameError as error:
        raise InputError(f"{error} The conventions are {', '.join(load())}.") from None


def with_companions(conventions: Iterable[str]) -> tuple[str, ...]:
    """Return conventions with those of the same source that are shown beside them."""
    return tuple(dict.fromkeys(both for name in conventions for both in (name, *_known(name).companions)))


def _reading(entry: Convention, survey: Survey) -> Reading:
    profile = survey.profile
    if entry.evaluates and profile.mode != "inference":
        raise InputError(
            f"{entry.name} puts a model into eval mode before it counts, and this is {profile.mode}: "
            "count inference"
        )
    charges: list[Charge] = []
    failure = ""
    limits: dict[str, list[Call]] = {}
    for layer in profile.layers:
        call = layer.call
        shares = _charged(entry, call, survey)
        failure = failure or next((share.failure for share in shares if share.failure), "")
        for why in {share.limit for share in shares} | {behind(call) if entry.named else ""}:
            if why:
                limits.setdefault(why, []).append(call)
        times = entry.times(call, survey) if shares else 1
        charges += (
            Charge(call.index, call.path, share.kind, share.amount, share.fault)
            for share in _booked(entry, call, shares, times)
            if share.amount
        )
    return Reading(
        convention=entry.name,
        tool=entry.tool,
        version=entry.version,
        title=entry.title,
        unit=entry.unit,
        scope=entry.scope,
        charges=tuple(charges),
        failure=failure,
        limits=tuple(_limit(why, calls) for why, calls in limits.items()),
    )


def _limit(why: str, calls: Sequence[Call]) -> Limit:
    ops, paths = (tuple(dict.fromkeys(names)) for names in zip(*((c.op, c.path) for c in calls), strict=True))
    return Limit(why, ops, paths)


def _charged(entry: Convention, call: Call, survey: Survey) -> tuple[Share, ...]:
    """Return what a tool charges for a call: nothing where it leaves out that this is computed."""
    if entry.prunes and call.index in survey.dangling:
        return (Share(MACS, 0, PRUNED),) if call.cost.macs else ()
    return tuple(entry.count(call, survey))


def _booked(entry: Convention, call: Call, shares: Sequence[Share], times: int) -> Iterator[Share]:
    """Part what a tool charges for a call into the true MACs, what it adds to them, and its faults."""
    others = [share for share in shares if share.kind != MACS or not entry.per_mac]
    true = call.cost.macs if entry.per_mac else 0
    claims = [share for share in shares if share not in others]
    claimed = sum(share.amount for share in claims)
    if true:
        yield Share(MACS, true)
        if entry.per_mac > 1:
            yield Share(SECOND, true * (entry.per_mac - 1))
    fault = next((share.fault for share in claims if share.fault), UNSEEN)
    yield Share(call.op, claimed - true * entry.per_mac, fault)
    yield from others
    again = (claimed + sum(share.amount for share in others)) * (times - 1)
    yield Share(call.op, again, SHARED)

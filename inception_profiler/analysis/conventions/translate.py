"""Read a profile as another tool would: one number, or several and why they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from inception_profiler.analysis.conventions.convention import SHARED, Convention, Share, load
from inception_profiler.analysis.conventions.survey import Survey
from inception_profiler.errors import InputError
from inception_profiler.records.convention import MACS, SECOND, Charge, Explanation, Reading, Translation
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Call

UNSEEN = "does not see it"


def translate(profile: Profile, convention: str) -> Reading:
    """Return the number that another tool shows for the model of ``profile``, call by call.

    Args:
        profile: what was counted.
        convention: the name of a tool or of a document's convention, ``thop``.

    Raises:
        UnknownNameError: no convention of that name; the nearest are suggested.
        InputError: the tool counts in eval mode only, and the profile is of training.
    """
    return explain(profile, (convention,)).readings[0]


def explain(profile: Profile, conventions: Sequence[str]) -> Explanation:
    """Return the numbers that several tools show for one model, with what each of them adds or leaves out.

    Raises:
        UnknownNameError: no convention of that name; the nearest are suggested.
        InputError: no convention, or one that counts in eval mode only on a profile of training.
    """
    if not conventions:
        raise InputError(f"name at least one convention: {', '.join(load())}")
    chosen = tuple(map(load().get, dict.fromkeys(conventions)))
    survey = Survey(profile)
    return Explanation(
        model=profile.model,
        mode=profile.mode,
        inputs=profile.inputs,
        macs=profile.macs,
        readings=tuple(_reading(entry, survey) for entry in chosen),
    )


def translation(profiles: Iterable[Profile], conventions: Sequence[str]) -> Translation:
    """Return several models under the same conventions, the subject first."""
    return Translation(tuple(explain(profile, conventions) for profile in profiles))


def _reading(entry: Convention, survey: Survey) -> Reading:
    profile = survey.profile
    if entry.evaluates and profile.mode != "inference":
        raise InputError(
            f"{entry.name} puts a model into eval mode before it counts, and this is {profile.mode}: "
            "count inference"
        )
    charges: list[Charge] = []
    failure = ""
    for layer in profile.layers:
        call = layer.call
        shares = tuple(entry.count(call, survey))
        failure = failure or next((share.failure for share in shares if share.failure), "")
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
    )


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

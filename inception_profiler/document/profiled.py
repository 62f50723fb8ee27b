"""What was profiled, in words: the line that stands under a title and under a chart."""

from __future__ import annotations

from collections.abc import Sequence

from inception_profiler.records.layer import AUXILIARY
from inception_profiler.records.profile import Profile


def setting(profile: Profile) -> str:
    """Say what was profiled, and how."""
    return f"{profile.model}: {profile.mode}, {inputs(profile)}, {profile.calls} operations."


def inputs(profile: Profile) -> str:
    """Say what the model was given; a batch of images alone says in which order its sizes stand."""
    said = [
        f"{name} {'×'.join(map(str, spec.shape)) or 'scalar'} {spec.dtype}".lstrip()
        for name, spec in zip(profile.input_names, profile.inputs, strict=True)
    ]
    if len(said) == 1:
        images = len(profile.inputs[0].shape) == 4 and not profile.input_names[0]
        return f"input {said[0]}{' (N×C×H×W)' if images else ''}"
    return f"inputs {listed(said)}" if said else "no tensor as input"


def mapped(profiles: Sequence[Profile]) -> dict[str, str]:
    """Write the sizes of feature maps out, ``56×56`` for ``56``, by the titles that groups of layers have."""
    return {
        layer.resolution_title: layer.resolution_title
        if layer.resolution is None or layer.stage == AUXILIARY
        else "×".join(map(str, layer.resolution))
        for profile in profiles
        for layer in profile.layers
    }


def listed(names: Sequence[str]) -> str:
    """Write names one after the other, with *and* before the last."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def labels(profiles: Sequence[Profile]) -> list[str]:
    """Name the profiles, so that two of one model can be told apart."""
    names = [profile.model for profile in profiles]
    return [name if names.count(name) == 1 else f"{name} ({n})" for n, name in enumerate(names, start=1)]

"""Two or more profiles side by side."""

from __future__ import annotations

import math

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.layer import AUXILIARY, HEAD, Group
from inception_profiler.records.metrics import Metric
from inception_profiler.records.profile import Profile


@record
class Span:
    """One feature-map size: what each profile spends there, the subject first; zero where it has none."""

    title: str
    groups: tuple[Group, ...]


@record
class Comparison(Shown):
    """A subject held against one or more references.

    Attributes:
        subject: the profile in question.
        references: what it is compared with.
        spans: both sides by feature-map size, largest first, then the head, then auxiliary heads.
    """

    subject: Profile
    references: tuple[Profile, ...]
    spans: tuple[Span, ...]

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """The subject, then the references."""
        return (self.subject, *self.references)

    def ratio(self, metric: Metric, reference: int = 0) -> float:
        """Return subject / reference for one metric; not a number where both are 0."""
        return quotient(metric.of(self.subject), metric.of(self.references[reference]))


def quotient(subject: float | None, reference: float | None) -> float:
    """Divide, with infinity for something against nothing and not-a-number for nothing against nothing.

    Not a number either where one of the two does not exist, as the receptive field of tokens.
    """
    if subject is None or reference is None:
        return math.nan
    if reference:
        return subject / reference
    return math.inf if subject else math.nan


def align(profiles: tuple[Profile, ...]) -> tuple[Span, ...]:
    """Put the feature-map sizes of several profiles side by side."""
    by_title = [{group.title: group for group in profile.by_resolution()} for profile in profiles]
    areas: dict[str, float] = {HEAD: 0.0, AUXILIARY: -1.0}
    for profile in profiles:
        for layer in profile.layers:
            if layer.resolution is not None and layer.stage != AUXILIARY:
                areas[layer.resolution_title] = math.prod(layer.resolution)
    titles = [title for title in areas if any(title in groups for groups in by_title)]
    titles.sort(key=lambda title: -areas[title])
    return tuple(
        Span(title, tuple(groups.get(title) or Group.of(title, ()) for groups in by_title))
        for title in titles
    )

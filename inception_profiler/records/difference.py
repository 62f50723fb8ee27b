"""Two counts of one network held against each other: totals, and layer by layer."""

from __future__ import annotations

from os import PathLike

from inception_profiler.records.display import Shown
from inception_profiler.records.frozen import record
from inception_profiler.records.lock import COUNTED, LockedLayer

APPEARED = "appeared"
WENT = "went"
RENAMED = "renamed"
MOVED = "moved"
GREW = "grew"
SHRANK = "shrank"
CHANGED = "changed"


@record
class Amount:
    """One quantity before and after; None where it was not counted."""

    metric: str
    old: int | float | None
    new: int | float | None

    @property
    def delta(self) -> int | float | None:
        """New - old."""
        return None if self.old is None or self.new is None else self.new - self.old

    @property
    def share(self) -> float | None:
        """The difference as a share of the old; None where that is nothing."""
        return None if self.delta is None or not self.old else self.delta / self.old


@record
class LayerChange:
    """One layer that is not what it was: ``old`` is None where it appeared, ``new`` where it went.

    ``moved`` tells that it is executed elsewhere in the order of layers, which costs nothing.
    """

    old: LockedLayer | None
    new: LockedLayer | None
    moved: bool = False

    @property
    def layer(self) -> LockedLayer:
        """The layer as it is now, or as it was where it went."""
        layer = self.new or self.old
        assert layer is not None
        return layer

    @property
    def title(self) -> str:
        """Its name for people, both names where it was renamed."""
        if self.old is None or self.new is None or not self.renamed:
            return self.layer.title
        return f"{self.old.title} → {self.new.title}"

    @property
    def renamed(self) -> bool:
        """Whether the layer has another name than before."""
        return self.old is not None and self.new is not None and self.old.key != self.new.key

    @property
    def amounts(self) -> tuple[Amount, ...]:
        """The numbers before and after, 0 where there was or is no layer."""
        return tuple(
            Amount(
                metric,
                getattr(self.old, metric) if self.old is not None else 0,
                getattr(self.new, metric) if self.new is not None else 0,
            )
            for metric in COUNTED
        )

    @property
    def costs(self) -> bool:
        """Whether the layer costs, or makes, anything else than before."""
        return self.old is None or self.new is None or self.old.costs != self.new.costs

    @property
    def kind(self) -> str:
        """What happened: ``appeared``, ``went``, ``grew``, ``shrank``, ``changed``, ``renamed``, ``moved``.

        A layer grew where nothing became less, shrank where nothing became more, and changed where neither
        says it all; one that was renamed too is ``renamed, grew``.
        """
        if self.old is None:
            return APPEARED
        if self.new is None:
            return WENT
        words = [RENAMED] if self.renamed else []
        if self.costs:
            deltas = [amount.delta for amount in self.amounts if amount.delta]
            rising = [delta > 0 for delta in deltas]
            words.append(CHANGED if not rising or len(set(rising)) > 1 else GREW if rising[0] else SHRANK)
        return ", ".join(words) or MOVED

    @property
    def fails(self) -> bool:
        """Whether the layer is not the one that was agreed to; one that only moved is."""
        return self.costs or self.renamed


@record
class Setting:
    """How a model was counted, where that is not as before: its input, its mode, its type."""

    title: str
    old: str
    new: str


@record
class ModelDifference:
    """What is not the same in two counts of one model.

    Attributes:
        name: what the model is called.
        settings: what it was given and how it ran, where that differs; everything else then differs too.
        totals: every total that both counts have, equal ones included.
        layers: the layers that differ, in the order of execution.
    """

    name: str
    settings: tuple[Setting, ...]
    totals: tuple[Amount, ...]
    layers: tuple[LayerChange, ...]

    @property
    def changed(self) -> tuple[Amount, ...]:
        """The totals that are not what they were."""
        return tuple(amount for amount in self.totals if amount.old != amount.new)

    @property
    def same(self) -> bool:
        """Whether the model costs what it did, layer by layer; a layer that only moved changes nothing."""
        layers = any(change.fails for change in self.layers)
        return not self.settings and not self.changed and not layers


@record
class Lone:
    """A model that only one of two sides has; ``reason`` says why it could not be counted, if that is so."""

    name: str
    side: str
    totals: tuple[Amount, ...] = ()
    reason: str = ""


@record
class Difference(Shown):
    """Two sides held against each other, model by model.

    Attributes:
        old: what the old side is called: a file, a revision.
        new: what the new side is called.
        models: the models of both sides, equal ones included.
        lone: the models of one side only.
        notes: what a reader must know: other versions, other rules.
    """

    _told = ("same",)

    old: str
    new: str
    models: tuple[ModelDifference, ...]
    lone: tuple[Lone, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """Whether both sides have the same models at the same cost."""
        return not self.lone and all(model.same for model in self.models)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the difference as JSON; `load` reads it back."""
        from inception_profiler.records.archive import save

        save(self, path)

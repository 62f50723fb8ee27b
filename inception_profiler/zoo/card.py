"""What every shipped model states about itself, and how it is built by name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import nn

from inception_profiler.errors import DuplicateNameError, InputError, UnknownNameError
from inception_profiler.records.frozen import record
from inception_profiler.records.naming import Naming
from inception_profiler.registry import Registry, discover
from inception_profiler.zoo.weightless import Weightless

Builder = Callable[..., nn.Module]


@record
class Accuracy:
    """A published accuracy on the ILSVRC-2012 validation set, in percent; never computed here.

    Attributes:
        top1: share of images whose first guess is right, None where not published.
        top5: share of images with the right class among five guesses, None where not published.
        setting: crops and models it was measured with.
        source: who published it, and where.
    """

    top1: float | None
    top5: float | None
    setting: str
    source: str


@record
class ModelCard:
    """The facts of a registered model; a test holds the counters to them.

    Attributes:
        name: the registered name.
        title: the name people know it by.
        paper: authors, title, venue and identifier of the source.
        year: of the source.
        family: what the model is listed under, such as ``inception`` or ``vgg``.
        input: channels, height and width the paper's counts are for.
        params: parameters of the inference form.
        macs: multiply-accumulates of one image at ``input``.
        params_with_auxiliary: parameters with the auxiliary heads, None where the model has none.
        auxiliary: attribute names of the auxiliary heads.
        deviations: everything in which the model differs from its paper.
        naming: the paper's own names of its layers.
        accuracy: a published accuracy, None where there is none for this very network.
        aliases: other names that people type.
        classes: outputs of the classifier that the counts are for.
        predecessor: registered name of the network that it departs from, which reports hold it against; empty
            where none is registered.
    """

    name: str
    title: str
    paper: str
    year: int
    family: str
    input: tuple[int, ...]
    params: int
    macs: int
    params_with_auxiliary: int | None = None
    auxiliary: tuple[str, ...] = ()
    deviations: tuple[str, ...] = ()
    naming: Naming = Naming()
    accuracy: Accuracy | None = None
    aliases: tuple[str, ...] = ()
    classes: int = 1000
    predecessor: str = ""


class Entry(NamedTuple):
    """A registered model: its card and what builds it."""

    card: ModelCard
    builder: Builder


MODELS: Registry[str, Entry] = Registry("model")


def model(card: ModelCard) -> Callable[[Builder], Builder]:
    """Register the decorated class or function under its card.

    It is called with ``num_classes`` and ``in_channels``, and with ``aux`` where there are auxiliary heads.
    """

    def register(builder: Builder) -> Builder:
        MODELS.add(card.name, Entry(card, builder))
        return builder

    return register


def load() -> Registry[str, Entry]:
    """Import every model file and return the filled registry."""
    discover(__package__)
    return MODELS


def models() -> tuple[str, ...]:
    """Return the names of all registered models."""
    return tuple(load())


def canonical(name: str) -> str:
    """Return the registered name that ``name`` stands for.

    That is the name itself, else a card's alias, else a name or an alias in another spelling: upper or lower
    case, with or without ``-``, ``_`` and spaces.

    Raises:
        UnknownNameError: no such model; the nearest names and aliases are suggested.
    """
    registry = load()
    known = spellings(registry)
    found = known.get(name) or known.get(_normalised(name))
    if found is None:
        typed = [*registry, *(alias for card, _ in registry.values() for alias in card.aliases)]
        near = difflib.get_close_matches(name.lower(), typed, n=2, cutoff=0.5)
        raise UnknownNameError(registry.what, name, near, known=len(registry))
    return found


def spellings(registry: Registry[str, Entry]) -> dict[str, str]:
    """Return the registered name for every name, alias and normalised spelling of either.

    Raises:
        DuplicateNameError: one spelling stands for two models.
    """
    found: dict[str, str] = {}
    for name, (card, _) in registry.items():
        for typed in (name, *card.aliases):
            for spelling in (typed, _normalised(typed)):
                other = found.setdefault(spelling, name)
                if other != name:
                    raise DuplicateNameError(f"{typed!r} would stand for both {other!r} and {name!r}")
    return found


def _normalised(name: str) -> str:
    return name.lower().translate(str.maketrans("", "", "-_ "))


def build(
    name: str,
    *,
    aux: bool = False,
    num_classes: int | None = None,
    in_channels: int | None = None,
    device: torch.device | str | None = None,
    **options: Any,
) -> nn.Module:
    """Build a registered model, initialised as its paper or original says.

    Args:
        name: a name of `models`, or what `canonical` makes one of.
        aux: whether the auxiliary heads are built, which run in training only.
        num_classes: outputs of the classifier; the card's ``classes`` when not given.
        in_channels: channels of the input image; those of the card's ``input`` when not given.
        device: where the weights are made; ``"meta"`` makes none, which is all that counting needs.
        options: further arguments that this model takes.

    Raises:
        UnknownNameError: no such model; the nearest names are suggested.
        InputError: auxiliary heads asked of a model without any, or a width that is not positive.
    """
    card, builder = load().get(canonical(name))
    if aux and card.params_with_auxiliary is None:
        raise InputError(f"{name} has no auxiliary heads: build it without aux")
    num_classes = card.classes if num_classes is None else num_classes
    in_channels = card.input[0] if in_channels is None else in_channels
    for title, value in (("num_classes", num_classes), ("in_channels", in_channels)):
        if value < 1:
            raise InputError(f"{title} must be at least 1, not {value}")
    heads = {} if card.params_with_auxiliary is None else {"aux": aux}
    place = torch.device(device or torch.get_default_device())
    with Weightless() if place.type == "meta" else place:
        return builder(num_classes=num_classes, in_channels=in_channels, **heads, **options)

"""What every shipped model states about itself, and how it is built by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import nn

from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record
from inception_profiler.records.naming import Naming
from inception_profiler.registry import Registry, discover

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


def build(
    name: str,
    *,
    aux: bool = False,
    num_classes: int = 1000,
    in_channels: int = 3,
    device: torch.device | str | None = None,
    **options: Any,
) -> nn.Module:
    """Build a registered model, initialised as its paper or original says.

    Args:
        name: a name of `models`.
        aux: whether the auxiliary heads are built, which run in training only.
        num_classes: outputs of the classifier.
        in_channels: channels of the input image.
        device: where the weights are made; ``"meta"`` makes none, which is all that counting needs.
        options: further arguments that this model takes.

    Raises:
        UnknownNameError: no such model; the nearest names are suggested.
        InputError: auxiliary heads asked of a model without any, or a width that is not positive.
    """
    card, builder = load().get(name)
    if aux and card.params_with_auxiliary is None:
        raise InputError(f"{name} has no auxiliary heads: build it without aux")
    for title, value in (("num_classes", num_classes), ("in_channels", in_channels)):
        if value < 1:
            raise InputError(f"{title} must be at least 1, not {value}")
    heads = {} if card.params_with_auxiliary is None else {"aux": aux}
    with torch.device(device or torch.get_default_device()):
        return builder(num_classes=num_classes, in_channels=in_channels, **heads, **options)

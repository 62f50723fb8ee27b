"""From what a user types to a module: a registered name, another library's model, or the user's own code."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import torch
from torch import nn

from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.naming import Naming
from inception_profiler.records.sketch import parse_sketch
from inception_profiler.zoo.card import ModelCard, build, canonical, load
from inception_profiler.zoo.sketch import draw

_SPELLINGS = (
    "a registered name, timm:NAME, torchvision:NAME, sketch:64x28x28/3x3/3x3, package.module:NAME or "
    "file.py:NAME"
)


class Resolved(NamedTuple):
    """A model with its usual input (C H W, None if unknown) and its names.

    ``built`` is False where the name stood for a module that the user's own code holds.
    """

    name: str
    network: nn.Module
    input: tuple[int, ...] | None
    naming: Naming = Naming()
    auxiliary: tuple[str, ...] = ()
    built: bool = True


def resolve(spelling: str, *, train: bool) -> Resolved:
    """Build the model that ``spelling`` names; without weights where its builder is known to need none.

    ============================  ==========================================================================
    ``inception_v1``              a registered model or an alias of one; ``train`` builds its auxiliary heads
    ``timm:resnet50``             a model of timm
    ``torchvision:resnet50``      a model of torchvision
    ``sketch:64x28x28/3x3/3x3``   convolutions with a ReLU each, on such a map; ``3x3-96`` gives 96 filters
    ``package.module:NAME``       a module, class or function of importable code, called without arguments;
                                  ``NAME`` may go deeper: ``Net.small``
    ``path/to/file.py:NAME``      the same from a file
    ============================  ==========================================================================

    Raises:
        UnknownNameError: no registered model of that name, as `registered` says.
        InputError: the code cannot be imported, has no such name, or does not give a module.
    """
    source, separator, name = spelling.rpartition(":")
    if not separator:
        card = registered(spelling)
        network = build(card.name, aux=train and card.params_with_auxiliary is not None, device="meta")
        return Resolved(card.name, network, card.input, card.naming, card.auxiliary)
    if not source or not name:
        raise InputError(f"cannot read {spelling!r} as a model: write {_SPELLINGS}")
    if source == "timm":
        return _timm(name)
    if source == "torchvision":
        return _torchvision(name)
    if source == "sketch":
        sketch = parse_sketch(name)
        return Resolved(spelling, draw(sketch), (sketch.in_channels, *sketch.size))
    network, built = _from_code(_imported(source), name, spelling)
    return Resolved(name, network, None, built=built)


def registered(name: str) -> ModelCard:
    """Return the card of a registered model.

    Raises:
        UnknownNameError: there is none; the nearest names are suggested, or how code is spelled that the
            name looks like.
    """
    try:
        card, _ = load().get(canonical(name))
    except UnknownNameError as error:
        module, dot, last = name.rpartition(".")
        if last == "py":
            raise UnknownNameError("model", name, [f"{name}:NAME"]) from None
        if error.suggestions or not dot:
            raise
        raise UnknownNameError("model", name, [f"{module}:{last}"]) from None
    return card


def _timm(name: str) -> Resolved:
    timm = _library("timm")
    if not timm.is_model(name):
        near = timm.list_models(f"*{name}*")[:3]
        raise InputError(
            f"timm has no model {name!r}" + (f": did you mean {' or '.join(near)}?" if near else "")
        )
    network: Any = _without_weights(lambda: timm.create_model(name, pretrained=False))
    return Resolved(f"timm:{name}", network, tuple(network.default_cfg["input_size"]))


def _torchvision(name: str) -> Resolved:
    models = _library("torchvision.models")
    try:
        weights = models.get_model_weights(name)
    except ValueError:
        raise InputError(
            f"torchvision has no model {name!r}; torchvision.models.list_models() has their names"
        ) from None
    quick = {"init_weights": False} if name in {"googlenet", "inception_v3"} else {}
    network = _without_weights(lambda: models.get_model(name, weights=None, **quick))
    settings: dict[str, Any] = next((entry.transforms.keywords for entry in weights), {})
    side = settings.get("crop_size")
    return Resolved(f"torchvision:{name}", network, (3, side, side) if isinstance(side, int) else None)


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise InputError(f"{package} is not installed ({error}): pip install {package}") from error


def _without_weights(create: Callable[[], nn.Module]) -> nn.Module:
    """Build a network on the meta device, or for real if its constructor looks at the values of tensors."""
    try:
        with torch.device("meta"):
            return create()
    except (NotImplementedError, RuntimeError):
        return create()


def _imported(source: str) -> ModuleType:
    """Import the code that ``source`` names: a file ending in .py, or a dotted module."""
    try:
        if not source.endswith(".py"):
            if "" not in sys.path:
                sys.path.insert(0, "")
            return importlib.import_module(source)
        return _executed(Path(source))
    except InputError:
        raise
    except (Exception, SystemExit) as error:  # a script without a guard ends the program when imported
        raise InputError(f"cannot import {source}: {type(error).__name__}: {error}") from error


def _executed(path: Path) -> ModuleType:
    """Run a Python file as a module of a name of its own; its directory is searched for what it imports."""
    if not path.is_file():
        raise InputError(f"there is no file {path}")
    name = module_name(path)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError(f"cannot import {path}")
    module = importlib.util.module_from_spec(spec)
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def module_name(path: Path) -> str:
    """Return the name under which a file of models is imported.

    No other file has it: under the bare name of the file, a second one of that name, or a library of that
    name that is imported later, would be taken for the first.
    """
    return f"{path.stem}_{hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]}"


def _from_code(module: ModuleType, name: str, spelling: str) -> tuple[nn.Module, bool]:
    """Return the module that ``name`` is or builds, and whether it was built just now."""
    target: Any = module
    for part in name.split("."):
        holder, target = target, getattr(target, part, None)
        if target is None:
            public = [
                entry for entry in vars(holder) if entry[:1] != "_" and callable(getattr(holder, entry, None))
            ]
            said = ", ".join(public[:5]) or "nothing to call"
            source = spelling.rpartition(":")[0]
            where = source if holder is module else getattr(holder, "__name__", spelling)
            raise InputError(f"{where} has no {part!r}; it has {said}")
    if isinstance(target, nn.Module):
        return target, False
    if not callable(target):
        raise InputError(
            f"{spelling} is a {type(target).__name__}: name a module, or what builds one without arguments"
        )
    needed = _needed(target)
    if needed:
        raise InputError(
            f"{spelling} needs arguments ({', '.join(needed)}): write a function without any that builds it, "
            f"def build(): return {name}({needed[0]}=…), and name that one"
        )
    try:
        network = target()
    except (Exception, SystemExit) as error:
        raise InputError(f"{spelling}() failed: {type(error).__name__}: {error}") from error
    if not isinstance(network, nn.Module):
        raise InputError(f"{spelling}() gave a {type(network).__name__}, not a torch.nn.Module")
    return network, True


def _needed(target: Any) -> list[str]:
    """Return the names of the arguments without which ``target`` cannot be called."""
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):  # what is not written in Python does not say
        return []
    optional = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return [entry.name for entry in parameters if entry.default is entry.empty and entry.kind not in optional]

"""The registry of calculators: each works a cost argument out for the numbers that it is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeAlias, get_args, get_origin, get_type_hints

from inception_profiler.errors import InputError
from inception_profiler.records.argument import Argument
from inception_profiler.records.frozen import record
from inception_profiler.registry import Registry, discover

Worked: TypeAlias = Callable[..., Argument]
Sizes: TypeAlias = tuple[int, ...]


@record
class Asked:
    """What a calculator asks for: one line of help, an option of another name, what stands between sizes."""

    help: str
    option: str = ""
    between: str = "x"


@record
class Parameter:
    """One argument of a calculator.

    Attributes:
        name: in Python.
        option: on the command line, without its dashes.
        kind: int, bool, str, or tuple for sizes such as 28×28.
        help: one line.
        default: what it is when left out.
        positional: whether the command line takes it without an option.
        between: what stands between sizes, as in 28x28 or 3,3.
    """

    name: str
    option: str
    kind: type
    help: str
    default: Any
    positional: bool
    between: str


@record
class Calculator:
    """A calculator: its name, what it answers in one line, what it asks, and the function itself."""

    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    work: Worked


ARGUMENTS: Registry[str, Calculator] = Registry("argument")


def calculator(name: str) -> Callable[[Worked], Worked]:
    """Register the decorated function under ``name``; its first line of documentation is its summary.

    Every parameter has a default and is annotated with what it `Asked`; those that are not keyword-only are
    taken by position on the command line too. What it was given goes into the argument that it returns.
    """

    def register(work: Worked) -> Worked:
        signature = inspect.signature(work)

        @wraps(work)
        def worked(*args: Any, **given: Any) -> Argument:
            bound = signature.bind(*args, **given)
            bound.apply_defaults()
            asked = {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in bound.arguments.items()
            }
            return replace(work(*args, **given), name=name, given=tuple(asked.items()))

        summary = (work.__doc__ or "").strip().splitlines()[0]
        ARGUMENTS.add(name, Calculator(name, summary, _parameters(work), worked))
        return worked

    return register


def _parameters(work: Worked) -> tuple[Parameter, ...]:
    hints = get_type_hints(work, include_extras=True)
    found = []
    for given in inspect.signature(work).parameters.values():
        plain, asked = get_args(hints[given.name])
        found.append(
            Parameter(
                given.name,
                asked.option or given.name.replace("_", "-"),
                get_origin(plain) or plain,
                asked.help,
                given.default,
                given.kind is not inspect.Parameter.KEYWORD_ONLY,
                asked.between,
            )
        )
    return tuple(found)


def load() -> Registry[str, Calculator]:
    """Import every calculator and return the filled registry."""
    discover("inception_profiler.claims.arguments")
    return ARGUMENTS


def arguments() -> tuple[str, ...]:
    """Return the names of the cost arguments that `argue` works out."""
    return tuple(load())


def argue(name: str, *args: Any, **given: Any) -> Argument:
    """Work a cost argument out: two networks profiled side by side, with the formula of every number.

    Args:
        name: one of `arguments`, such as ``bottleneck``.
        args: what that calculator takes by position, such as the name of a module.
        given: its other numbers, ``in_channels=256, reduce=64``; ``inception-profiler argue NAME --help``
            lists them.

    Raises:
        UnknownNameError: no argument of that name; the nearest are suggested.
        InputError: numbers that the calculator does not take, or that cannot be.
    """
    found = load().get(name)
    taken = [parameter.name for parameter in found.parameters]
    for key in given:
        if key not in taken:
            raise InputError(f"{name} does not ask for {key!r}: it asks for {', '.join(taken)}")
    places = [parameter.name for parameter in found.parameters if parameter.positional]
    if len(args) > len(places):
        raise InputError(
            f"{name} takes {' and '.join(places) or 'nothing'} by position: "
            f"name the others of {', '.join(taken)}"
        )
    return found.work(**(dict(zip(places, args, strict=False)) | given))

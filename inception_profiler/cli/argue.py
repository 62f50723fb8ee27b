"""``argue``: the documents' cost arguments with one's own numbers, a command for each calculator."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inception_profiler.cli.options import Version
from inception_profiler.cli.profile import FORMATS, Out

if TYPE_CHECKING:
    from inception_profiler.claims.calculator import Calculator, Parameter

Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")]


def argue_app(*, filled: bool) -> typer.Typer:
    """Return ``argue``, ``filled`` with one command for each calculator; others import none."""
    app = typer.Typer(rich_markup_mode=None)
    app.callback(invoke_without_command=True)(_list)
    if filled:
        from inception_profiler.claims.calculator import load

        for entry in load().values():
            app.command(entry.name, help=entry.summary)(_command(entry))
    return app


def _list(context: typer.Context, out: Out = None, debug: Debug = False, version: Version = False) -> None:
    """Work out a cost argument: two networks profiled side by side, with the formula of every number."""
    if context.invoked_subcommand is not None:
        return
    from inception_profiler.claims.calculator import load
    from inception_profiler.cli.output import checked_paths, deliver
    from inception_profiler.document.argument import arguments_document

    deliver(arguments_document(load().values()), checked_paths(out or []))


def _command(entry: Calculator) -> Callable[..., None]:
    """Return a function whose signature makes typer ask what the calculator asks."""

    def command(*, out: list[str] | None, debug: bool, version: bool, **given: Any) -> None:
        from inception_profiler.cli.output import checked_paths, deliver
        from inception_profiler.document.argument import argument_document
        from inception_profiler.units import parse_shape

        words = out or []
        if shared:
            given[shared.name] = next((int(word) for word in words if word.isdecimal()), shared.default)
            words = [word for word in words if not word.isdecimal()]
        paths = checked_paths(words)
        for parameter in entry.parameters:
            if parameter.kind is tuple:
                given[parameter.name] = parse_shape(given[parameter.name])
        deliver(argument_document(entry.work(**given)), paths)

    # a calculator's own --out is a number, which no file to write to can be: no format has its suffix
    shared = next((parameter for parameter in entry.parameters if parameter.option == "out"), None)
    options = {parameter.name: _asked(parameter) for parameter in entry.parameters if parameter != shared}
    options |= {
        "out": (_outs(shared) if shared else Out, None),
        "debug": (Debug, False),
        "version": (Version, False),
    }
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]  # what typer reads
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)
            for name, (kind, default) in options.items()
        ]
    )
    command.__annotations__ = {name: kind for name, (kind, _) in options.items()}
    return command


def _outs(parameter: Parameter) -> Any:
    """Return how typer asks for a parameter that shares ``--out`` with the files to write."""
    text = (
        f"A number: {parameter.help}, {parameter.default} if left out. A file: also write the result there; "
        f"the suffix tells the format ({FORMATS}). May be repeated."
    )
    return Annotated[list[str] | None, typer.Option("--out", help=text, metavar="INTEGER|FILE")]


def _asked(parameter: Parameter) -> tuple[Any, Any]:
    """Return how typer asks for a parameter, and its default; sizes are typed as text, like 28x28."""
    text = f"{parameter.help[0].upper()}{parameter.help[1:]}."
    sizes = parameter.kind is tuple
    kind = str if sizes else parameter.kind
    default = parameter.between.join(map(str, parameter.default)) if sizes else parameter.default
    if parameter.positional:
        return Annotated[kind, typer.Argument(help=text, metavar=parameter.name.upper())], default
    metavar = "SIZES" if sizes else None
    names = f"--{parameter.option}"
    if parameter.kind is bool:
        names = names if not default else f"{names}/--no-{parameter.option}"
    return Annotated[kind, typer.Option(names, help=text, metavar=metavar)], default

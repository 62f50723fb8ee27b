"""The errors a user can meet: each is one clear line that says what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Iterable


class ProfilerError(Exception):
    """Any mistake that the user can mend; the command line prints it as one line and exits with 2."""


class UnknownNameError(ProfilerError, LookupError):
    """A name that no registry holds.

    Attributes:
        name: what was asked for.
        suggestions: the nearest names that exist, best first.
    """

    def __init__(self, what: str, name: object, suggestions: Iterable[object] = (), known: int = 0) -> None:
        self.name = name
        self.suggestions = tuple(suggestions)
        hint = " or ".join(repr(str(near)) for near in self.suggestions)
        hint = f"did you mean {hint}?" if hint else f"{known} are known and none is near it."
        super().__init__(f"unknown {what} {str(name)!r}: {hint}")


class DuplicateNameError(ProfilerError, ValueError):
    """A second entry under a name that a registry already holds."""


class InputError(ProfilerError, ValueError):
    """An argument that cannot be understood: a shape, a size, a column, a file suffix, a model spelling."""


class ArchiveError(ProfilerError, ValueError):
    """A saved result that cannot be read: broken, of another schema, or not one of ours."""


class LockError(ProfilerError, ValueError):
    """A lock file that cannot be used: broken, half merged, of another schema, or of other counting rules."""


class WriteError(ProfilerError, OSError):
    """A file that cannot be written; whatever stood at its path before is whole."""


class OverfullError(ProfilerError, ValueError):
    """A slide that does not hold what is to stand on it; type is never made smaller for it."""


class LayerError(ProfilerError, RuntimeError):
    """A layer that cannot take what it was given; ``__cause__`` is PyTorch's own error.

    Attributes:
        layer: path of the module that was executing, empty for the model itself.
        operation: the function that refused.
        reason: what it says.
    """

    def __init__(self, layer: str, operation: str, reason: str, *, model: str = "") -> None:
        self.layer = layer
        self.operation = operation
        self.reason = reason
        where = f"layer {layer}" if layer else "the model's own forward"
        super().__init__(f"{f'{model}: ' if model else ''}{where}: {operation}: {reason}")


class Terminated(SystemExit):
    """The request of another process to end, after what was begun has been cleaned up."""

"""What calflops and ptflops share: while a model runs, both replace PyTorch's functions by counting ones."""

from __future__ import annotations

from inception_profiler.analysis.conventions.survey import Survey, produced, read
from inception_profiler.records.trace import Call

_F = "torch.nn.functional."
_ELEMENTWISE = frozenset({"torch.add", "torch.mul", "torch.Tensor.add", "torch.Tensor.mul"})

_KEEPERS = frozenset(
    f"torch.nn.modules.transformer.Transformer{name}Layer" for name in ("Encoder", "Decoder")
)

POOLINGS = frozenset(
    f"{_F}{adaptive}{kind}_pool{d}d{indices}"
    for adaptive in ("", "adaptive_")
    for kind in ("avg", "max")
    for d in (1, 2, 3)
    for indices in ("", "_with_indices")
)
"""Poolings, which both charge by their input; what also returns positions is the same function to them."""


def functions(*names: str) -> frozenset[str]:
    """Return the full spelling of functions of ``torch.nn.functional``."""
    return frozenset(_F + name for name in names)


def captured(call: Call, survey: Survey) -> bool:
    """Tell whether a module calls a function that it took over before the tool could replace it."""
    return call.op in {"relu", "gelu"} and survey.kind(call.path) in _KEEPERS


def elementwise(call: Call) -> int:
    """Charge a sum or product that is called by its name one operation an element, and no operator."""
    return produced(call) if call.spelling in _ELEMENTWISE else 0


def local_response(call: Call) -> int:
    """Charge what a local response normalization calls: two products, a pooling of padded channels, a sum."""
    shape = read(call).shape
    size = int(dict(call.attributes)["size"])  # type: ignore[arg-type]  # a rule always writes a number
    return 3 * read(call).numel + read(call).numel // shape[1] * (shape[1] + size - 1)


def short(name: str) -> str:
    """Return a spelling as it stands in most code: ``F.conv2d``, ``x @ y``."""
    operator = {"torch.Tensor.__matmul__": "x @ y"}.get(name)
    return operator or name.replace(_F, "F.").replace("torch.Tensor.", "Tensor.")

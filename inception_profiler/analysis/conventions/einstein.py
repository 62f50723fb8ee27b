"""What tools charge for an einsum, and for products of which the trace does not name the function."""

from __future__ import annotations

from inception_profiler.analysis.conventions.survey import attribute, produced
from inception_profiler.records.trace import Call

ROUNDED = "rounds an einsum to four digits"
BEHIND = (
    "it counts the function that was called, an einsum for one, of which the trace has the operators alone"
)


def reported(call: Call) -> int:
    """Return the operations that NumPy's ``einsum_path`` prints, to four digits: one more than there are."""
    exact = (2 * call.cost.macs if call.cost.macs else produced(call)) + 1
    return int(float(f"{exact:.3e}"))


def canonical(call: Call) -> str:
    """Return the equation with its labels renamed to a, b, c … in the order in which they occur."""
    equation = str(attribute(call, "equation"))
    labels = dict.fromkeys(filter(str.isalpha, equation))
    return equation.translate({ord(label): chr(97 + place) for place, label in enumerate(labels)})


def behind(call: Call) -> str:
    """Return why a product is not followed whose function the trace does not name, or nothing."""
    product = call.cost.macs or call.op == "aten.mul"
    return BEHIND if product and call.spelling.startswith("aten.") else ""

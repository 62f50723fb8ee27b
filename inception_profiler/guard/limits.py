"""Limits as people write them: ``<= 7M``, ``<= 1.6G ± 0``, ``<= baseline + 1%``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from fractions import Fraction

from inception_profiler.errors import InputError
from inception_profiler.records.frozen import record
from inception_profiler.records.metrics import METRICS
from inception_profiler.units import Unit, parse_bytes, parse_quantity

SAVED = "saved_bytes"
"""What autograd keeps for the backward pass of a training step; worked out only where it is limited."""

LATENCY = "latency"
"""Latency of a model / latency of a control, measured side by side in one run."""

_RATIO = re.compile(
    r"\s*(?P<sign><=|<)\s*(?P<amount>[0-9]+(?:\.[0-9]+)?)\s*[×x]?\s+(?:of\s+)?(?P<control>[^\s±]+)\s*"
)
_COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
_NUMBER = r"[0-9][0-9_]*(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?"
_AMOUNT = rf"{_NUMBER}\s*[a-zA-Z%×]*"
_OF_BYTES = re.compile(r"[kmgtp]i?b$", re.IGNORECASE)
_LIMIT = re.compile(
    rf"\s*(?P<sign><=|>=|==|<|>|)\s*(?:(?P<amount>{_AMOUNT})|(?P<baseline>baseline)"
    rf"(?:\s*(?P<step>[+-])\s*(?P<by>{_AMOUNT}))?)\s*(?:(?:±|\+-|\+/-)\s*(?P<tolerance>{_AMOUNT}))?\s*"
)
_EXAMPLES = '"<= 7M", "<= 1.6G ± 0", "<= 16MiB", "<= baseline + 1%"'


@record
class Limit:
    """One limit on one quantity of a model, or of one of its modules.

    ``bound = amount`` or ``baseline · (1 + share) + amount``; the tolerance moves the bound outwards.

    Attributes:
        metric: key of the quantity: one of `METRICS`, or `SAVED`.
        module: path of the module, or the paper's name of it; empty for the whole model.
        text: as it was written.
        sign: ``<=``, ``<``, ``>=``, ``>`` or ``==``.
        relative: whether it is relative to the baseline, which is what the lock says.
        share: what is added to the baseline, as a share of it.
        amount: what is added to the baseline, or the bound itself.
        tolerance_share: how far beyond the bound is still within, as a share of the bound.
        tolerance: how far beyond the bound is still within.
        control: the model whose latency is 1; empty for everything that is counted.
    """

    metric: str
    module: str
    text: str
    sign: str
    relative: bool
    share: Fraction
    amount: Fraction
    tolerance_share: Fraction
    tolerance: Fraction
    control: str = ""

    def bound(self, baseline: int | float | None) -> Fraction | None:
        """Return the bound without its tolerance; None where it needs a baseline and there is none."""
        if not self.relative:
            return self.amount
        return None if baseline is None else Fraction(baseline) * (1 + self.share) + self.amount

    def holds(self, value: int | float, bound: Fraction) -> bool:
        """Tell whether ``value`` keeps to ``bound``, in exact arithmetic."""
        room = self.tolerance + bound * self.tolerance_share
        counted = Fraction(value)
        if self.sign == "==":
            return abs(counted - bound) <= room
        return _COMPARED[self.sign](counted, bound + room if self.sign in {"<=", "<"} else bound - room)


def parse_limit(metric: str, written: object, module: str = "") -> Limit:
    """Read a limit; a bare number is the most that is allowed.

    >>> parse_limit("macs", "<= 1.6G ± 0").bound(None)
    Fraction(1600000000, 1)
    >>> parse_limit("params", "<= baseline + 1%").bound(200)
    Fraction(202, 1)

    Raises:
        UnknownNameError: no such quantity; the nearest are suggested.
        InputError: a limit that cannot be read.
    """
    if metric == LATENCY:
        return _latency(written, module)
    unit = unit_of(metric)
    text = str(written) if type(written) in {int, float} else written
    match = _LIMIT.fullmatch(text.replace("≤", "<=").replace("≥", ">=")) if isinstance(text, str) else None
    if match is None or not isinstance(text, str):
        raise InputError(f"cannot read {written!r} as a limit of {metric}: write {_EXAMPLES}")
    step = -1 if match["step"] == "-" else 1
    share, amount = _amount(match["by"] or match["amount"] or "0", metric, unit)
    if share and match["amount"]:
        raise InputError(f"cannot read {text!r} as a limit of {metric}: a share of what? Write baseline + 1%")
    tolerance_share, tolerance = _amount(match["tolerance"] or "0", metric, unit)
    return Limit(
        metric,
        module,
        " ".join(text.split()),
        match["sign"] or "<=",
        bool(match["baseline"]),
        step * share,
        step * amount,
        tolerance_share,
        tolerance,
    )


def _latency(written: object, module: str) -> Limit:
    """Read a limit on a ratio of latencies: ``<= 0.6× resnet18``."""
    match = _RATIO.fullmatch(written.replace("≤", "<=")) if isinstance(written, str) else None
    if match is None or not isinstance(written, str):
        raise InputError(
            f"cannot read {written!r} as a limit of latency: times are compared with those of a control, "
            'as in "<= 0.6× resnet18"'
        )
    if module:
        raise InputError("latency is limited for a whole model: a module does not run alone")
    none = Fraction(0)
    amount = Fraction(match["amount"])
    text = " ".join(written.split())
    return Limit(LATENCY, "", text, match["sign"], False, none, amount, none, none, match["control"])


def unit_of(metric: str) -> Unit:
    """Return what a limited quantity is counted in.

    Raises:
        UnknownNameError: no such quantity.
    """
    return Unit.BYTES if metric == SAVED else METRICS.get(metric).unit


def _amount(text: str, metric: str, unit: Unit) -> tuple[Fraction, Fraction]:
    """Read a number as a share (``1%``) or as an amount: ``7M``, ``16MiB``, ``7_000_000``, ``1.5e6``."""
    plain = text.replace("_", "").strip()
    if plain.endswith("%"):
        return Fraction(plain[:-1].strip()) / 100, Fraction(0)
    number = plain.removesuffix("×").strip() if unit is Unit.RATIO else plain
    if re.fullmatch(_NUMBER, number):
        return Fraction(0), Fraction(number)
    if unit is not Unit.BYTES and _OF_BYTES.search(number):
        raise InputError(f"cannot read {text!r} as a limit of {metric}, which is not in bytes: write 7M")
    try:
        return Fraction(0), Fraction(parse_bytes(number) if unit is Unit.BYTES else parse_quantity(number))
    except InputError as error:
        raise InputError(f"limit of {metric}: {error}") from error

"""The price of one of PyTorch's own operators, and of those that libraries and users add to them."""

from __future__ import annotations

from typing import Any

from inception_profiler.ops.aten import aten_name, price_aten
from inception_profiler.ops.rule import OPS, NoRule, Outcome

_FAMILY = "operator"


def operator_title(operator: Any) -> str:
    """Return what an operator is called: ``aten.add`` for ``aten.add_.Tensor``."""
    return f"{operator.namespace}.{aten_name(operator)}"


def operator_price(
    operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
) -> tuple[str, str, Outcome | None]:
    """Return the name, family and price of a call: by a rule of the user's own, else by what is known of it.

    Raises:
        RuleFault: the user's rule failed.
    """
    rule = OPS.find(operator)
    if rule is not None:
        try:
            return rule.name, rule.kind, rule.price(*args, **kwargs)
        except NoRule:  # of another form of the operator
            pass
    outcome = price_aten(operator, args, kwargs, output)
    family = "linear" if outcome is not None and outcome.macs else _FAMILY
    return operator_title(operator), family, outcome

"""The mode under which a forward pass is traced: every call is seen, priced, and answered unexecuted."""

from __future__ import annotations

import sys
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any

import torch
from torch import Tensor, nn
from torch._C import _is_any_autocast_enabled as is_autocast_on
from torch._C._functorch import is_functorch_wrapped_tensor as is_wrapped
from torch.overrides import TorchFunctionMode
from torch.utils.hooks import RemovableHandle

from inception_profiler.analysis.arguments import OPERATORS, by_name, short_name, spelling, tensors_in
from inception_profiler.analysis.composite import CONSTANTS, DATA, HOOKS, METADATA, SET_DATA, SETTERS, opened
from inception_profiler.analysis.grad_mode import SET_GRAD_ENABLED
from inception_profiler.analysis.plans import keep, kept, made, read_call
from inception_profiler.analysis.recorder import Recorder
from inception_profiler.analysis.refusal import NeedsDataError, refuse, tried
from inception_profiler.analysis.twins import Twins
from inception_profiler.analysis.walk import Mark, Scene
from inception_profiler.errors import LayerError
from inception_profiler.ops.rule import (
    ON_META,
    SAME,
    IllegalArguments,
    NoRule,
    Outcome,
    Rule,
    RuleFault,
    load,
)
from inception_profiler.records.trace import Unpriced

_META = torch.device("meta")
_UNSEEN = "unseen operation"  # one of TorchScript or of another thread, of which only the output is seen
_KERNELS = frozenset({"torch._meta_registrations", "torch._refs", "torch._decomp.decompositions"})
_ABOUT_DATA = frozenset({"pin_memory", "generator"})  # what a factory is told that means nothing without data
_RULES = load().entries  # those that users add later too


class WrappedTensorError(Exception):
    """A tensor inside ``torch.vmap`` or another transform, whose shape is not all of its shape."""


class Tracer(TorchFunctionMode):
    """Record one `Call` for each operation of a forward pass.

    With ``real`` False nothing is computed: rules read shapes from whatever tensors they get and answer with
    meta tensors, and an operation without a rule runs on meta twins, one for each tensor. With ``real`` True
    the operations are executed too. With ``asked`` PyTorch itself is always asked what an operation returns,
    also where a rule knows.
    """

    def __init__(self, scene: Scene, *, real: bool, asked: bool = False) -> None:
        super().__init__()
        self.recorder = Recorder(scene, self._meet)
        self.unpriced: dict[tuple[str, str], int] = {}
        self._paths = scene.paths
        self._real = real
        self._asked = real or asked
        self._stack = [""]
        self._twins = Twins(self.recorder)
        self.executions: dict[nn.Module, int] = {}
        self.autocast = False
        self._attributes: frozenset[int] | None = None
        self._opened: set[Callable[..., Any]] = set()
        self._thread = threading.get_ident()
        if real:
            for tensor in scene.tensors:
                self.recorder.own(tensor)

    # -- where we are ----------------------------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Path of the module that is executing."""
        return self._stack[-1]

    def enter(self, module: nn.Module, _: Any) -> None:
        """Note that ``module`` begins to execute."""
        if threading.get_ident() == self._thread:
            path = self._paths.get(module)
            if path is None:
                path = f"{self._stack[-1]}.{type(module).__name__}".lstrip(".")
            else:
                self.executions[module] = self.executions.get(module, 0) + 1
            self._stack.append(path)
            self.autocast = self.autocast or is_autocast_on()

    def leave(self, module: nn.Module, _: Any, __: Any) -> None:
        """Note that ``module`` has executed; what an exception left above it on the stack goes with it."""
        if threading.get_ident() == self._thread:
            path = self._paths.get(module)
            while len(self._stack) > 1:
                if self._stack.pop() == path or path is None:
                    break

    # -- what is called --------------------------------------------------------------------------------------

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Answer one call of a PyTorch function."""
        rule = _RULES.get(func)
        options = kwargs or {}
        if rule is None or (options and options.get("out") is not None):
            return func(*args, **options) if func in METADATA else self._without_rule(func, args, options)
        try:
            tensors, marks, key = read_call(self.recorder.known, func, args, options)
        except WrappedTensorError:
            return self._below(func, args, options)
        operator = func in OPERATORS and not by_name(func, sys._getframe(1))
        if operator:
            key = (OPERATORS, *key)
        elif rule.layout and tensors:
            key = (tensors[0].is_contiguous(), *key)
        plan = kept(key)
        if plan is None or self._asked:
            try:
                outcome = rule.price(*args, **options)
            except IllegalArguments:
                refuse(self._stack[-1], func, rule, args, options)
                return self._without_rule(func, args, options)
            except (NoRule, TypeError):
                return self._without_rule(func, args, options)
            except RuleFault as fault:
                raise self._faulty(func, fault) from fault.__cause__
            except RuntimeError as error:  # PyTorch's, of a size or a setting that stands in a tensor
                if "meta tensors" in str(error):
                    raise NeedsDataError(self._stack[-1], short_name(func)) from error
                raise
            plan = (
                None
                if self._asked or not tensors
                else self.recorder.plan(rule, spelling(func, operator), outcome, tensors, marks)
            )
            if plan is None:
                output = self._execute(func, rule, outcome, args, options)
                returned = tensors_in((output,), {})
                spelled = spelling(func, operator)
                self.recorder.observe(
                    self._stack[-1], rule.name, spelled, rule.kind, outcome, tensors, returned
                )
                return output
            if not plan.fresh and outcome.shape is not SAME and outcome.shape != tensors[0].shape:
                refuse(self._stack[-1], func, rule, args, options)
            if rule.kept:
                keep(key, plan)
        output = made(plan, tensors[0])
        if not plan.fresh and not output.is_meta and plan.cost.bytes_written:
            self._twins.of(output)  # its values are no longer those of the tensor that was not written to
        self.recorder.write(self._stack[-1], plan, marks, output)
        return output

    def _execute(
        self,
        func: Callable[..., Any],
        rule: Rule,
        outcome: Outcome,
        args: tuple[Any, ...],
        options: dict[str, Any],
    ) -> Any:
        """Let PyTorch say what is returned: on real tensors in a copy, else on tensors without data."""
        if self._real:
            return func(*args, **options)
        if outcome.several and not self._asked:
            dtype = outcome.dtype or tensors_in(args, options)[0].dtype
            return tuple([torch.empty(shape, dtype=dtype, device=_META) for shape in outcome.several])
        create = rule.kind == "creation"
        if create and sys._getframe(2).f_globals["__name__"] in _KERNELS:
            self._note_unpriced(_UNSEEN)
        return self._on_meta(func, args, options, create=create)

    def _without_rule(self, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Answer a function without a rule: ask it, look inside it, or run the operators below it."""
        if func in DATA:
            if not self._real and any(
                tensor.is_meta or self._twins.has(tensor) for tensor in tensors_in(args, options)
            ):
                raise NeedsDataError(self.path, short_name(func))
            return func(*args, **options)
        if func in SETTERS and not self._real:
            return self._assign(func, *args)
        if func is SET_GRAD_ENABLED:
            self.recorder.grad_mode.set(*args)
            return func(*args)
        if func in HOOKS:
            return RemovableHandle(OrderedDict())
        if func in CONSTANTS:
            constant = func(*args, **options)
            if not any(constant is tensor for tensor in tensors_in(args, options)):
                self.recorder.adopt(constant)
            return constant
        if isinstance(func, FunctionType) and func not in self._opened:
            self._opened.add(func)
            try:
                with self:
                    return opened(func)(*args, **options)
            finally:
                self._opened.discard(func)
        return self._below(func, args, options)

    def _assign(self, func: Callable[..., Any], tensor: Tensor, value: Any) -> None:
        """Assign ``tensor.data`` where the forward pass made the tensor; leave the model's alone."""
        if func == SET_DATA and tensor.is_meta and not self.recorder.holds(tensor):
            func(tensor, self._twins.of(value))
            self.recorder.number(tensor)

    def _below(self, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Run the operators below ``func`` and price each of them."""
        from inception_profiler.analysis.dispatch import OperatorMode

        if self._real:
            with OperatorMode(self._operator):
                return func(*args, **options)
        arguments, named = self._twins.arguments(args, options)
        with OperatorMode(self._operator):
            output = self._tried(func, arguments, named)
        return self._twins.original(output)

    def _operator(self, operator: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        """Record one of PyTorch's own operators, unless it touches no tensor, as a profiler's marks."""
        from inception_profiler.analysis.operators import operator_price, operator_title

        tensors, returned = tensors_in(args, kwargs), tensors_in((output,), {})
        if operator is torch.ops.aten.lift_fresh.default and self._real:
            self.recorder.adopt(tensors[0])  # a constant that PyTorch made of a number
            return
        if not tensors and not returned:
            return
        try:
            name, kind, outcome = operator_price(operator, args, kwargs, output)
        except RuleFault as fault:
            raise self._faulty(operator, fault) from fault.__cause__
        if outcome is None:
            self._note_unpriced(operator_title(operator).replace(".", "::", 1))
            outcome = Outcome(ON_META)
        self.recorder.observe(self.path, name, str(operator), kind, outcome, tensors, returned)

    def _faulty(self, func: Callable[..., Any], fault: RuleFault) -> LayerError:
        return LayerError(self.path, short_name(func), str(fault))

    # -- tensors without data --------------------------------------------------------------------------------

    def _on_meta(
        self,
        func: Callable[..., Any],
        args: tuple[Any, ...],
        options: dict[str, Any],
        *,
        create: bool = False,
    ) -> Any:
        """Run ``func`` on meta twins of its tensors."""
        arguments, named = self._twins.arguments(args, options)
        if create:
            named = {key: value for key, value in named.items() if key not in _ABOUT_DATA}
            named["device"] = _META
        output = self._tried(func, arguments, named)
        return self._twins.original(output)

    def _tried(self, func: Callable[..., Any], args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Call ``func`` on tensors without data; see `tried`."""
        return tried(self.path, func, args, options)

    def _meet(self, tensor: Tensor) -> Mark:
        """Say what a tensor is that no call of this forward pass has returned.

        Raises:
            WrappedTensorError: ``torch.func`` hides part of its shape.
        """
        if is_wrapped(tensor):
            raise WrappedTensorError
        if self.recorder.shares(
            tensor
        ):  # another object for the same memory, such as a parameter made of an activation
            return self.recorder.number(tensor)
        if tensor.is_meta != self._real and not self._is_attribute(tensor):
            self._note_unpriced(_UNSEEN)
            return self.recorder.adopt(tensor)
        return self.recorder.hold(tensor)

    def _is_attribute(self, tensor: Tensor) -> bool:
        """Tell whether some module holds ``tensor`` as a plain attribute."""
        if self._attributes is None:
            values = [value for module in self._paths for value in module.__dict__.values()]
            nested = [value.values() if isinstance(value, dict) else value for value in values]
            found = [leaf for value in nested if isinstance(value, Iterable) for leaf in value]
            self._attributes = frozenset(map(id, tensors_in((*values, found), {})))
        return id(tensor) in self._attributes

    def _note_unpriced(self, operation: str) -> None:
        key = (operation, self.path)
        self.unpriced[key] = self.unpriced.get(key, 0) + 1

    def unpriced_operations(self) -> tuple[Unpriced, ...]:
        """Return what ran without a price."""
        return tuple(Unpriced(op, path, calls) for (op, path), calls in self.unpriced.items())

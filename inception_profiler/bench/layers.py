"""Where the time of a model goes, call by call, beside what the device could do at most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from inception_profiler.analysis.preserve import preserved
from inception_profiler.analysis.subject import Subject, subject
from inception_profiler.analysis.trace import told
from inception_profiler.analysis.walk import described
from inception_profiler.bench.ahead import Ahead
from inception_profiler.bench.ceilings import ceilings
from inception_profiler.bench.contest import flushing
from inception_profiler.bench.device import Device, find_device
from inception_profiler.bench.environment import closed, environment
from inception_profiler.bench.rules import Rules, limited
from inception_profiler.bench.runner import Runner, prepare
from inception_profiler.bench.sampling import Contestant, Samples, sample
from inception_profiler.bench.script import Script, script
from inception_profiler.bench.settings import applied, combinations, float_type, own_dtype, refusal, resolved
from inception_profiler.bench.stopwatch import Stopwatch
from inception_profiler.bench.watches import HostWatch, SpanWatch, Watch
from inception_profiler.errors import InputError, LayerError, ProfilerError
from inception_profiler.records.latency import Setting
from inception_profiler.records.roofline import LayerTime, Roofline
from inception_profiler.records.statistics import median
from inception_profiler.records.trace import Call, TensorSpec

if TYPE_CHECKING:
    from torch import nn

RULES = Rules(half_width=0.02, practical=0.0, time_limit=10.0)
"""Layers are timed until the whole, with and without instruments, is known within 2 %."""


def roofline(
    model: str | nn.Module,
    input_shape: Sequence[int] | None = None,
    *,
    inputs: Any = None,
    batch: int | None = None,
    dtype: str = "",
    channels_last: bool = False,
    fuse_bn: bool = False,
    train: bool = False,
    threads: int | None = None,
    cold: bool = False,
    cudnn_benchmark: bool | None = None,
    device: str = "",
    time_limit: float | None = None,
    again: bool = False,
) -> Roofline:
    """Time every call of an inference and hold it against the roofs of the device.

    Each call is timed at the level at which `profile` counts it, in a run with instruments; the whole in runs
    without, in the same rounds. On an accelerator the times are the device's own: something that occupies it
    is queued first, so that the host is ahead of it.

    Args:
        model: what `profile` takes; a copy runs, and the model is left alone.
        input_shape: N C H W, as `profile` takes it.
        inputs: several, named or typed inputs in place of ``input_shape``.
        batch: images in a batch, in place of N.
        dtype: one of `DTYPES`, ``fp16``; the model's own if left out.
        channels_last: lay tensors of four dimensions out as N H W C.
        fuse_bn: fold each BatchNorm into the convolution before it.
        train: refused: a step of training has calls that no profile lists.
        threads: for the CPU; as many as PyTorch has now if left out.
        cold: overwrite the last cache before each run, not before each call.
        cudnn_benchmark: whether cuDNN tries its algorithms first; as PyTorch has it now if left out.
        device: ``cpu``, ``cuda``, ``cuda:1``, …; the best there is if left out.
        time_limit: seconds for the runs with and for those without instruments.
        again: measure the roofs anew, although they were measured today.

    Raises:
        UnknownNameError: no model, dtype of that name.
        InputError: no or a bad input, or something this device cannot do.
        LayerError: a layer cannot take its input, or the model does other operations each time it runs.
    """
    about = subject(model, input_shape, inputs=inputs, batch=batch, train=train)
    (setting,) = combinations(
        dtypes=(dtype or own_dtype(about.network),),
        channels_last=channels_last,
        fused=fuse_bn,
        train=train,
        cold=cold,
        threads=threads or 0,
        cudnn_benchmark=cudnn_benchmark,
    )
    return layered(about, setting, find_device(device), rules=limited(RULES, time_limit), again=again)


def layered(
    about: Subject,
    setting: Setting,
    device: Device,
    *,
    rules: Rules = RULES,
    again: bool = False,
    seed: int = 0,
    progress: Callable[[int, float], None] | None = None,
) -> Roofline:
    """Time every call of a subject in a setting on a device.

    Args:
        about: the model is left alone.
        setting: as `combinations` makes it.
        device: where it runs.
        rules: how long.
        again: measure the roofs anew.
        seed: of the order in each round.
        progress: told after each round, as by `sample`.

    Raises:
        InputError: the device cannot run in the setting, or it is none whose layers have times.
        LayerError: the model does not run, or does other operations each time.
    """
    refused = _refused(setting) or refusal(setting, device)
    if refused:
        raise InputError(refused)
    setting = resolved(setting, device)
    with preserved((), device=device.place), applied(setting, device):
        begun = environment(device)
        roofs = ceilings(device, setting.dtype, setting.threads, again)
        runner = _prepared(about, setting, device)
        session = _Session(runner, setting, device)
        whole, _ = found = sample(
            session.contestants(), clock=device.clock, random=Random(seed), rules=rules, progress=progress
        )
        _raise(found)
        ended = closed(begun, device.state())
    times = whole.device_seconds or whole.seconds
    rounds = len(times)
    columns = list(zip(*session.rounds[-rounds:], strict=True))
    layers = tuple(
        _row(runner, call, median(column)) for call, column in zip(session.calls, columns, strict=True)
    )
    return Roofline(
        model=runner.about.name,
        inputs=_inputs(runner),
        setting=setting,
        environment=ended,
        ceilings=roofs,
        layers=layers,
        whole_seconds=median(times),
        rounds=rounds,
        blocked=session.blocked if device.asynchronous else None,
        stopped=whole.stopped,
        notes=runner.notes,
    )


def _refused(setting: Setting) -> str:
    if setting.train:
        return "layers are timed in inference: leave out train"
    if setting.mode != "eager":
        return f"what runs as {setting.mode} has no layers to be timed: take eager"
    return ""


def _prepared(about: Subject, setting: Setting, device: Device) -> Runner:
    try:
        return prepare(about, setting, device)
    except ProfilerError:
        raise
    except Exception as error:
        raise LayerError("", "forward", told(error)) from error


def _raise(found: Sequence[Samples]) -> None:
    """Raise what ended the sampling before there was a round.

    Raises:
        KeyboardInterrupt: the user.
        LayerError: the model.
    """
    for samples in found:
        if isinstance(samples.error, ProfilerError):
            raise samples.error
        if samples.error:
            raise LayerError("", "forward", told(samples.error)) from samples.error
    if not found[0].seconds:
        raise KeyboardInterrupt


def _inputs(runner: Runner) -> tuple[TensorSpec, ...]:
    own = float_type(runner.about.network)
    return tuple(described(wanted.shape, wanted.dtype or own)[0] for wanted in runner.about.inputs.tensors)


def _row(runner: Runner, call: Call, seconds: float) -> LayerTime:
    return LayerTime(
        index=call.index,
        path=call.path,
        name=runner.about.naming.name(call.path),
        op=call.op,
        output=call.outputs[0] if call.outputs else None,
        seconds=seconds,
        macs=call.cost.macs,
        flops=call.cost.flops,
        bytes=call.cost.bytes_read + call.cost.bytes_written,
    )


class _Session:
    """A model that is run with and without instruments.

    Attributes:
        rounds: the seconds of every call, one list for each run with instruments.
    """

    def __init__(self, runner: Runner, setting: Setting, device: Device) -> None:
        self.rounds: list[list[float]] = []
        self._runner = runner
        self._device = device
        self._script: Script = script(runner.about.network, runner.call)
        self._spans = device.span() is not None
        self._whole, self._layers = Ahead(device), Ahead(device)
        self._flush = flushing(device) if setting.cold else None

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls of a run, in order."""
        return self._script.calls

    @property
    def blocked(self) -> bool:
        """Whether the host was ahead of the device in every round."""
        return self._spans and self._whole.able and self._layers.able

    def contestants(self) -> tuple[Contestant, Contestant]:
        """Return the run without instruments, and the one with."""
        return Contestant(self._run_whole, self._before), Contestant(self._run_layers, self._before)

    def _before(self) -> None:
        if self._flush:
            self._flush()
        self._device.synchronize()

    def _run_whole(self) -> float | None:
        if not self._spans:
            self._runner.call()
            self._device.synchronize()
            return None
        seconds, _ = self._whole.repeated(self._blocked)
        return seconds

    def _blocked(self) -> tuple[float, bool]:
        """Run once behind something that blocks the device; say whether the host was ahead to the end."""
        self._whole.begin()
        span = self._device.span()
        assert span is not None, "the device has events"
        span.start()
        self._runner.call()
        span.stop()
        held = self._whole.held()
        self._device.synchronize()
        return span.seconds(), held

    def _run_layers(self) -> float | None:
        if self._spans:
            taken, _ = self._layers.repeated(partial(self._timed, self._span_watch))
        else:
            taken, _ = self._timed(self._host_watch)
        self.rounds.append(taken)
        return sum(taken) if self._spans else None

    def _timed(self, watch: Callable[[], Watch]) -> tuple[list[float], bool]:
        made = watch()
        stopwatch = Stopwatch(self._script, made)
        with stopwatch:
            self._runner.call()
        stopwatch.finish()
        return made.taken()

    def _span_watch(self) -> Watch:
        return SpanWatch(self._device, len(self.calls), self._layers)

    def _host_watch(self) -> Watch:
        wait = self._device.synchronize if self._device.asynchronous else None
        return HostWatch(self._device.clock, len(self.calls), wait)

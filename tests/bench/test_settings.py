"""What a setting means, what a device cannot do of it, and that it is really set."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

import inception_profiler as ip
from inception_profiler.analysis.subject import subject
from inception_profiler.bench.cpu import Cpu
from inception_profiler.bench.device import find_device
from inception_profiler.bench.runner import Runner, prepare
from inception_profiler.bench.settings import applied, combinations, own_dtype, refusal, resolved
from inception_profiler.errors import InputError, UnknownNameError
from inception_profiler.records.latency import Setting
from tests.bench.fake_device import FakeDevice


def ready(model: nn.Module, shape: tuple[int, ...], **others: Any) -> Runner:
    device = Cpu()
    setting = resolved(Setting(**{"threads": 1, **others}), device)
    with applied(setting, device):
        return prepare(subject(model, shape, train=setting.train), setting, device)


def convolution() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))


@pytest.mark.parametrize(
    ("dtype", "weights", "outputs"),
    [
        ("fp32", torch.float32, torch.float32),
        ("fp64", torch.float64, torch.float64),
        ("bf16", torch.bfloat16, torch.bfloat16),
        ("amp-bf16", torch.float32, torch.bfloat16),
    ],
)
def test_a_dtype_is_that_of_weights_and_outputs(
    dtype: str, weights: torch.dtype, outputs: torch.dtype
) -> None:
    runner = ready(nn.Linear(4, 4), (2, 4), dtype=dtype)
    assert {parameter.dtype for parameter in runner.about.network.parameters()} == {weights}
    assert runner.call().dtype == outputs


def test_channels_last_is_the_layout_of_weights_and_images() -> None:
    seen: list[bool] = []
    model = convolution()
    model.register_forward_pre_hook(
        lambda _, args: seen.append(args[0].is_contiguous(memory_format=torch.channels_last))
    )
    runner = ready(model, (2, 3, 8, 8), channels_last=True)
    weight = runner.about.network.get_parameter("0.weight")
    assert weight.is_contiguous(memory_format=torch.channels_last)
    assert not weight.is_contiguous()
    assert seen[-1]


def test_an_inference_keeps_nothing_for_backward_and_a_step_updates_nothing() -> None:
    inference = ready(convolution(), (2, 3, 8, 8))
    assert inference.call().is_inference()
    step = ready(convolution(), (2, 3, 8, 8), train=True)
    network = step.about.network
    before = {name: tensor.clone() for name, tensor in network.named_parameters()}
    arrived: list[str] = []
    for name, parameter in network.named_parameters():
        parameter.register_post_accumulate_grad_hook(lambda _, name=name: arrived.append(name))
    statistics = network.get_buffer("1.running_mean").clone()
    with FlopCounterMode(display=False) as counter:
        step.call()
    products = counter.get_flop_counts()["Global"]
    assert {str(operator) for operator in products} == {"aten.convolution", "aten.convolution_backward"}
    assert set(arrived) == set(before)
    assert all(torch.equal(before[name], tensor) for name, tensor in network.named_parameters())
    assert all(parameter.grad is None for parameter in network.parameters())
    assert not torch.equal(statistics, network.get_buffer("1.running_mean"))  # modules are in training mode


def test_made_up_weights_make_ordinary_numbers() -> None:
    device = Cpu()
    setting = resolved(Setting(threads=1), device)
    about = subject("resnet18", (3, 64, 64))
    with applied(setting, device):
        runner = prepare(about, setting, device)
    outputs = runner.call()
    assert outputs.isfinite().all()
    assert 1e-3 < outputs.abs().mean() < 1e3
    numbers = torch.cat([parameter.flatten() for parameter in runner.about.network.parameters()])
    smallest = numbers[numbers != 0].abs().min()
    assert smallest > torch.finfo(torch.float32).tiny  # no denormal ones, which processors are slow with
    assert all(parameter.is_meta for parameter in about.network.parameters())


def test_threads_and_precision_are_set_within_only() -> None:
    device = Cpu()
    before = torch.get_num_threads()
    with applied(Setting(threads=before + 1), device), torch.no_grad():
        assert torch.get_num_threads() == before + 1
        assert torch.backends.mkldnn.matmul.fp32_precision == "ieee"
    assert torch.get_num_threads() == before
    assert resolved(Setting(threads=0), device).threads == before
    assert resolved(Setting(), device).cudnn_benchmark is None


def test_what_this_device_cannot_do_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    device = Cpu()
    assert refusal(Setting(), device) == ""
    assert "tf32 is a mode of NVIDIA's tensor cores" in refusal(Setting("tf32"), device)
    assert "cuda-graph needs CUDA" in refusal(Setting(mode="cuda-graph"), device)
    assert "cudnn_benchmark is for CUDA" in refusal(Setting(cudnn_benchmark=True), device)
    monkeypatch.setenv("CXX", "no-such-compiler")
    monkeypatch.setenv("PATH", "")
    assert refusal(Setting(mode="compile"), device) == (
        "compile needs a C++ compiler, and there is no no-such-compiler: install it, or take eager"
    )
    uncached = FakeDevice()
    uncached.cache_bytes = None
    assert "cannot be overwritten" in refusal(Setting(cold=True), uncached)


def test_channels_last_where_nothing_has_them_is_refused() -> None:
    with pytest.raises(InputError, match=r"Linear has no images and no kernels .*: leave channels last out"):
        ip.bench(nn.Linear(4, 4), (1, 4), channels_last=True, device="cpu")


def test_a_device_that_is_not_here_is_one_line() -> None:
    if torch.cuda.is_available():
        pytest.skip("it is here")
    with pytest.raises(InputError, match="there is no device 'cuda' here: choose one of cpu"):
        find_device("cuda")


def test_mistakes() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'bf16'"):
        combinations(dtypes=("bf61",))
    with pytest.raises(InputError, match="there is no mode 'lazy': choose eager, cuda-graph, compile"):
        combinations(modes=("lazy",))
    with pytest.raises(InputError, match="nothing to measure"):
        combinations(dtypes=())
    with pytest.raises(InputError, match="at least 1 thread"):
        combinations(threads=-1)
    with pytest.raises(InputError, match="none of fp32"):
        own_dtype(nn.Linear(2, 2).to(torch.float8_e4m3fn))


def test_every_dtype_in_every_mode() -> None:
    made = combinations(dtypes=("fp32", "bf16", "fp32"), modes=("eager", "compile"))
    assert [(setting.dtype, setting.mode) for setting in made] == [
        ("fp32", "eager"), ("fp32", "compile"), ("bf16", "eager"), ("bf16", "compile"),
    ]  # fmt: skip
    assert own_dtype(nn.Linear(2, 2).half()) == "fp16"

"""Every convention against the tool itself, to the unit, from our one trace."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import inception_profiler as ip
from inception_profiler.analysis.conventions.translate import TOOLS
from inception_profiler.errors import ProfilerError
from inception_profiler.records.convention import Explanation
from tests.analysis.conventions.networks import (
    FAULTS,
    NETWORKS,
    OPERATIONS,
    OTHERS,
    PRODUCTS,
    RECURRENT,
    SHAPE,
    UNFOLLOWED,
)

PACKAGES = ("fvcore", "torchinfo", "ptflops", "thop", "calflops", "transformers", "torchprofile", "timm")
pytestmark = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, PACKAGES)), reason="the counting tools are not installed"
)

SIDES = (
    32,
    64,
    75,
    96,
    128,
    224,
    227,
)  # any size proves as much as the usual one: the smallest legal is taken
TIMM = (
    "mobilenetv3_small_100", "efficientnet_b0", "regnety_004", "convnext_atto", "vit_tiny_patch16_224",
    "resnext50_32x4d", "mixer_s32_224", "ghostnet_100", "edgenext_xx_small", "poolformer_s12",
    "tf_efficientnet_lite0",
)  # fmt: skip
REAL = (
    "swin_tiny_patch4_window7_224",
    "mobilevit_xxs",
)  # index by a buffer, or resample: no meta, real weights

# siblings of a model that all tools are run on: here only those that need no data, unless ALL_TOOLS is set
SIBLINGS = frozenset({
    "resnet34", "resnet101", "resnet152", "wide_resnet50_2", "vgg11", "vgg13", "vgg16_c", "vgg19", "vgg11_bn",
    "vgg13_bn", "vgg19_bn", "inception_resnet_v2_paper", "inception_resnet_v1_facenet", "zfnet_enlarged",
})  # fmt: skip
WITHOUT_DATA = ("torchinfo", "thop", "calflops", "flopcounter")

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Ask the real tools, which run in a process of their own."""
    server = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("tools.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdin is not None and server.stdout is not None

    def asked(
        build: str, shape: tuple[int, ...], tools: tuple[str, ...] = TOOLS, **more: Any
    ) -> dict[str, Any]:
        request = {"build": build, "shape": shape, "tools": tools, "real": False, **more}
        print(json.dumps(request), file=server.stdin, flush=True)
        answer: dict[str, Any] = json.loads(server.stdout.readline())
        if isinstance(
            answer.get("torchprofile"), list
        ):  # it also counts products of sizes, which no tensor is
            total, sizes = answer["torchprofile"]
            answer["torchprofile"] = total - sizes * (not more.get("sizes"))
        return answer

    yield asked
    server.stdin.close()
    server.wait()
    server.stdout.close()


def smallest(name: str) -> ip.Profile:
    """Profile a model at the smallest of `SIDES` that it takes."""
    for side in SIDES:
        for channels in (3, 1):
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    return ip.profile(name, (channels, side, side))
            except ProfilerError as error:
                refused = error
    raise refused


def totals(explanation: Explanation) -> dict[str, int]:
    return {reading.convention: reading.total for reading in explanation.readings}


@pytest.mark.parametrize("name", ip.models())
def test_a_registered_model(name: str, ask: Ask) -> None:
    profile = smallest(name)
    tools = WITHOUT_DATA if name in SIBLINGS and "ALL_TOOLS" not in os.environ else TOOLS
    answer = ask(f"registered:{name}", profile.inputs[0].shape, tools)
    assert set(answer) == set(tools)
    assert totals(ip.explain(profile, tools)) == answer


@pytest.mark.parametrize("name", [*TIMM, *REAL])
def test_a_network_of_timm(name: str, ask: Ask) -> None:
    profile = smallest(f"timm:{name}")
    assert totals(ip.explain(profile)) == ask(f"timm:{name}", profile.inputs[0].shape, real=name in REAL)


@cache
def small(name: str) -> Explanation:
    return ip.explain(ip.profile(NETWORKS[name](), SHAPE))


@pytest.mark.parametrize("name", OPERATIONS | FAULTS | OTHERS | RECURRENT | PRODUCTS)
def test_one_operation_or_fault(name: str, ask: Ask) -> None:
    answer = ask(f"networks:{name}", SHAPE, real=True, all_real=name in RECURRENT)
    for reading in small(name).readings:
        counted = answer[reading.convention]
        if isinstance(counted, str):
            assert reading.failure
            assert re.findall(r"\w+Error|StopIteration", counted)[-1] in reading.failure
        else:
            assert not reading.failure
            assert (reading.convention, reading.total) == (reading.convention, counted)


@pytest.mark.parametrize("name", UNFOLLOWED)
def test_where_a_tool_is_not_followed_it_is_said_so(name: str, ask: Ask) -> None:
    answer = ask(f"networks:{name}", SHAPE, real=True, all_real=True, sizes=True)
    expected = UNFOLLOWED[name][1]
    for reading in small(name).readings:
        said = " ".join(limit.why for limit in reading.limits)
        if reading.convention in expected:
            assert expected[reading.convention] in said
            assert reading.total != answer[reading.convention]
        else:
            assert said or (reading.convention, reading.total) == (
                reading.convention,
                answer[reading.convention],
            )


# what each tool charges for an operation on 2,048 elements beyond the convolution before it, as measured
CHARGED = {  # fvcore, torchinfo, ptflops-aten, ptflops, thop, calflops, torchprofile, flopcounter
    "batch norm": (4096, 16, 0, 4096, 8192, 4096, 2048, 0),
    "nn.ReLU": (0, 0, 0, 4096, 0, 2048, 0, 0),
    "F.relu": (0, 0, 0, 2048, 0, 2048, 0, 0),
    "torch.relu": (0, 0, 0, 0, 0, 0, 0, 0),
    "nn.MaxPool2d": (0, 0, 0, 4096, 0, 2048, 0, 0),
    "F.max_pool2d": (0, 0, 0, 2048, 0, 2048, 0, 0),
    "nn.AvgPool2d": (0, 0, 0, 4096, 2048, 2048, 2048, 0),
    "F.avg_pool2d": (0, 0, 0, 2048, 0, 2048, 2048, 0),
    "nn.AdaptiveAvgPool2d": (2048, 0, 0, 4096, 2056, 2048, 8, 0),
    "x + x": (0, 0, 0, 0, 0, 0, 0, 0),
    "torch.add": (0, 0, 0, 2048, 0, 2048, 0, 0),
    "cat": (0, 0, 0, 0, 0, 0, 0, 0),
    "sigmoid": (0, 0, 0, 0, 0, 0, 0, 0),
    "x.softmax": (0, 0, 0, 0, 0, 0, 0, 0),
    "nn.Softmax": (0, 0, 0, 2048, 5888, 2048, 0, 0),
    "nn.LocalResponseNorm": (0, 0, 0, 9216, 0, 9216, 6144, 0),
}
COLUMNS = (
    "fvcore",
    "torchinfo",
    "ptflops-aten",
    "ptflops",
    "thop",
    "calflops",
    "torchprofile",
    "flopcounter",
)


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_charged_for_one_operation(name: str) -> None:
    counted = totals(ip.explain(ip.profile(OPERATIONS[name](), SHAPE), COLUMNS))
    convolution = totals(ip.explain(ip.profile(NETWORKS["cat"](), SHAPE), COLUMNS))
    assert tuple(counted[tool] - convolution[tool] for tool in COLUMNS) == CHARGED[name]


def reading(name: str, tool: str) -> Any:
    return next(entry for entry in small(name).readings if entry.convention == tool)


LARGER = (34 / 16) ** 2  # positions of a transposed convolution's output over those of its input


@pytest.mark.parametrize(
    ("name", "tool", "factor", "says"),
    [
        ("transposed", "torchinfo", LARGER, "output size"),
        ("transposed", "thop", LARGER, "output size"),
        ("transposed", "torchprofile", LARGER, "output size"),
        ("transposed, grouped, with bias", "calflops", 1 / 4, "divides"),
        ("transposed, grouped, with bias", "torchprofile", 16, "groups"),
    ],
)
def test_a_wrong_count_is_named_and_is_as_wrong_as_it_was_measured(
    name: str, tool: str, factor: float, says: str
) -> None:
    macs = small(name).macs * (2 if tool == "calflops" else 1)
    (fault,) = (charge for charge in reading(name, tool).charges if charge.fault)
    assert says in fault.fault
    assert macs + fault.amount == macs * factor


@pytest.mark.parametrize(("tool", "factor"), [("thop", 4), ("calflops", 2), ("ptflops", 2)])
def test_a_module_with_two_parents_is_named_and_counted_as_often_as_it_was_measured(
    tool: str, factor: int
) -> None:
    charges = [charge for charge in reading("shared", tool).charges if charge.path.startswith("left.0")]
    again = sum(
        charge.amount for charge in charges if charge.fault.startswith("counts a module with several parents")
    )
    functions = [
        charge for charge in charges if tool == "ptflops" and charge.fault.startswith("counts it twice")
    ]
    once = sum(charge.amount for charge in charges) - again - sum(charge.amount for charge in functions)
    assert again == once * (factor - 1)


def test_what_a_tool_does_not_see_is_named() -> None:
    faults = {charge.fault for charge in reading("functional", "thop").charges if charge.fault}
    assert faults == {"sees only modules of exactly a class it knows"}
    assert reading("functional", "thop").total == 0
    assert reading("attention", "fvcore").total < small("attention").macs
    assert any("Conv2d" in spec.kind for spec in ip.profile(FAULTS["subclassed"](), SHAPE).modules)

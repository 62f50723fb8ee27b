"""One small profile, written by hand: what the renderers are tested on does not depend on the tracer."""

from __future__ import annotations

from inception_profiler.records.argument import Argument, Curve, Part, Point, Side, Step
from inception_profiler.records.audit import Audit, AuditRow, Count, Engine
from inception_profiler.records.cost import Cost
from inception_profiler.records.geometry import Geometry
from inception_profiler.records.layer import LayerCost
from inception_profiler.records.naming import Naming
from inception_profiler.records.profile import Profile
from inception_profiler.records.trace import Call, ModuleSpec, ParameterSpec, TensorSpec, Unpriced


def spec(*shape: int) -> TensorSpec:
    return TensorSpec(shape, "float32", 4)


def call(index: int, path: str, op: str, kind: str, output: TensorSpec, cost: Cost, live: int) -> Call:
    return Call(
        index=index,
        path=path,
        op=op,
        spelling=f"torch.nn.functional.{op}",
        kind=kind,
        inputs=(spec(1, 3, 8, 8),),
        outputs=(output,),
        parameters=(),
        attributes=(("kernel", (3, 3)), ("bias", True), ("mode", "same"), ("scale", 0.5), ("none", None)),
        reads=(index,),
        writes=(index + 1,),
        spatial=2 if kind == "convolution" else 0,
        activations=output.numel,
        activation_bytes=output.nbytes,
        live_bytes=live,
        cost=cost,
    )


def small(model: str = "small", *, scale: int = 1) -> Profile:
    """A stem with two layers, a second size, and a head; every number is chosen, none is counted."""
    layers = (
        LayerCost(
            call(
                0, "stem.conv_3x3", "conv2d", "convolution", spec(1, 16, 8, 8),
                Cost(27_648 * scale, adds=1_024), 4_096,
            ),
            "stem/3x3", (8, 8), "8", 448 * scale, 448 * scale, 1_792 * scale,
            geometry=Geometry((3, 3), (3, 3), (1, 1), 1, 1),
        ),
        LayerCost(
            call(1, "stem.relu", "relu", "activation", spec(1, 16, 8, 8), Cost(comparisons=1_024), 8_192),
            "stem/relu", (8, 8), "8", 0, 0, 0, geometry=Geometry((3, 3), (3, 3), (1, 1), 1, 1),
        ),
        LayerCost(
            call(2, "pool", "max_pool2d", "pooling", spec(1, 16, 4, 4), Cost(comparisons=768), 6_000),
            "pool", (4, 4), "4", 0, 0, 0, geometry=Geometry((4, 5), (4, 4), (2, 2), 1, 2),
        ),
        LayerCost(
            call(3, "fc", "linear", "linear", spec(1, 10), Cost(2_560 * scale, adds=10), 1_064),
            "fc", None, "head", 2_570 * scale, 2_560 * scale, 10_280 * scale,
            geometry=Geometry((8, 8), (8, 8), (8, 8), 2, 3),
        ),
    )  # fmt: skip
    parameters = (
        ParameterSpec("stem.conv_3x3.weight", spec(16 * scale, 28), True, 0),
        ParameterSpec("fc.weight", spec(10 * scale, 256), True, 1),
        ParameterSpec("fc.bias", spec(10 * scale), False, 2),
        ParameterSpec("tied", spec(10 * scale, 256), True, 1),
        ParameterSpec("aux.weight", spec(100), True, 3),
    )
    return Profile(
        model=model,
        mode="inference",
        inputs=(spec(1, 3, 8, 8),),
        input_names=("",),
        layers=layers,
        parameters=parameters,
        buffers=(ParameterSpec("mean", spec(16), False, 4),),
        modules=(ModuleSpec("", "nets.Small", 1, ()), ModuleSpec("fc", "torch.nn.Linear", 1, ("tied",))),
        not_executed=("aux.weight",),
        unpriced=(Unpriced("aten::_fft_r2c", "stem", 2),),
        naming=Naming("/", (("conv_3x3", "3x3"),)),
        fallback="",
    )


def weighed(*, parts: bool = False) -> Argument:
    """Two of the small profiles as an argument, with a derivation of no meaning."""
    pair = (small("large", scale=3), small())
    steps = (
        Step("conv1", "macs", "K²·C_in·C_out", "3²·16·192", 27_648),
        Step("fc", "macs", "C_in·C_out", "256·10", 2_560),
        Step("sum", "macs", "Σ", "27,648 + 2,560", 30_208),
    )
    return Argument(
        title="large against small",
        question="What does the large one cost?",
        rule="It costs three times as much.",
        sides=tuple(Side(profile.model, profile, steps) for profile in pair),
        steps=(Step("ratio", "macs", "S·C_in / C_in", "3·16 / 16", 3),),
        curve=Curve("scale", "macs", (Point(1, (30_208, 30_208)), Point(2.5, (60_416, 0)))),
        parts=tuple(Part(title, tuple(profile.at(title) for profile in pair)) for title in ("8", "head"))
        if parts
        else (),
        notes=("Nothing here was counted.",),
        name="example",
        given=(("channels", 16), ("size", (8, 8)), ("bias", False), ("model", "small")),
    )


def audited(*, wrong: bool = False) -> Audit:
    """Two engines on three modules: one agrees or differs in a module, the other has a known fault there."""
    return Audit(
        model="small",
        mode="training",
        inputs=(spec(1, 3, 8, 8),),
        engines=(
            Engine("operators", "operators", "torch 2", "by formulas", "", Count(30_208 + wrong, 32_768)),
            Engine("flop_counter", "FlopCounterMode", "torch 2", "by halves", "", Count(30_208, 87_000)),
            Engine("fvcore", "fvcore", "", "for real", "fvcore is not installed: pip install fvcore", None),
        ),
        rows=(
            AuditRow(
                "stem.conv_3x3", "stem/3x3", 27_648, 27_648,
                (Count(27_648, 27_648), Count(27_648, 81_880, "weight gradients × groups"), None),
            ),
            AuditRow("fc", "fc", 2_560, 5_120, (Count(2_560 + wrong, 5_120), Count(2_560, 5_120), None)),
        ),
        unpriced=(Unpriced("aten::_fft_r2c", "stem", 2),),
    )  # fmt: skip

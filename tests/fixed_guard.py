"""A check and a difference, written by hand: what documents and renderers are tested on."""

from __future__ import annotations

from dataclasses import replace

from inception_profiler.records.check import Check, Judgement, ModelCheck
from inception_profiler.records.difference import (
    Amount,
    Difference,
    LayerChange,
    Lone,
    ModelDifference,
    Setting,
)
from inception_profiler.records.lock import Asked, LockedLayer, LockedModel
from inception_profiler.records.trace import Unpriced


def layer(path: str, op: str = "conv2d", output: str = "1x8x4x4", size: int = 8) -> LockedLayer:
    return LockedLayer(path, op, output, 1, 10 * size, 100 * size, 200 * size, 64 * size)


def changes() -> tuple[LayerChange, ...]:
    """One of each kind, and two layers of one module that was renamed."""
    return (
        LayerChange(layer("stem"), layer("stem", output="1x9x4x4", size=9)),
        LayerChange(layer("body.0"), layer("body.0", size=7)),
        LayerChange(layer("mixed"), replace(layer("mixed"), params=90, macs=700)),
        LayerChange(layer("layer1.a"), layer("stage1.a")),
        LayerChange(layer("layer1.b"), layer("stage1.b")),
        LayerChange(layer("old"), layer("new")),
        LayerChange(layer("grown"), layer("risen", size=12)),
        LayerChange(layer("gone", "add"), None),
        LayerChange(None, layer("added", "relu")),
        LayerChange(layer("fc"), layer("fc"), moved=True),
    )


def differing(name: str = "net") -> ModelDifference:
    return ModelDifference(
        name,
        (Setting("input", "float32:1x3x4x4", "float32:1x3x5x5"),),
        (
            Amount("params", 1_000_000, 1_000_012),
            Amount("macs", 5_000, 4_000),
            Amount("flops", 0, 100),
            Amount("activations", 7, 7),
            Amount("peak_activation_bytes", 4096, 8192),
        ),
        changes(),
    )


def counted(name: str) -> LockedModel:
    return LockedModel(
        Asked(name, f"nets.py:{name}", ("3x4x4",), 2, True, "float16"),
        ("float16:2x3x4x4",),
        "training",
        (("params", 1_000_012), ("macs", 4_000), ("peak_activation_bytes", 8192)),
        (Unpriced("aten::topk", "head", 2),),
        (layer("stem"),),
    )


def check(*, updated: bool = False, unlocked: bool = False, passing: bool = False) -> Check:
    """A model of every verdict; ``passing`` leaves those out that fail."""
    same = ModelDifference("same", (), (Amount("params", 5, 5), Amount("macs", 6, 6)), ())
    judgements = (
        Judgement("params", "", "<= baseline + 1%", 1_010_000, 1_000_012, "within"),
        Judgement("macs", "body.0", "<= 3k", 3000, 3200, "over"),
        Judgement(
            "macs", "nowhere", "<= 3k", None, None, "no such module", note="net has no module 'nowhere'"
        ),
        Judgement("saved_bytes", "", "<= 1MiB", 2**20, 5000, "within"),
        Judgement(
            "latency",
            "",
            "<= 0.5× big",
            0.5,
            0.4812,
            "unclear",
            0.4701,
            0.5103,
            "40 rounds side by side on X",
        ),
    )
    good = ModelCheck("same", "lenet5", "", counted("same"), same, (judgements[0],), exact=True)
    told = replace(good, name="told", difference=differing("told"), exact=False)
    bad = ModelCheck(
        "net", "nets.py:Net", "", counted("net"), differing(), judgements, exact=True, file="nets.py", line=7
    )
    failed = ModelCheck("broken", "nets.py:Broken", "there is no file nets.py", None, None, (), exact=True)
    new = ModelCheck("new", "vgg11", "", counted("new"), None, (), exact=True, unknown=("aten::topk",))
    gone = ModelCheck("gone", "vgg13", "", None, None, (), exact=True)
    models = (good, told) if passing else (new,) if unlocked else (good, told, bad, failed, new, gone)
    return Check(
        "profile.lock.json",
        updated,
        models,
        ("The old counts are by torch 1.",),
        unlocked,
    )


def difference() -> Difference:
    return Difference(
        "main (1234567)",
        "the working tree",
        (replace(differing("same"), settings=(), totals=(), layers=()), differing()),
        (
            Lone("added", "the working tree", (Amount("params", None, 1_000), Amount("macs", None, 7))),
            Lone("broken", "main (1234567)", (), "cannot import nets: ImportError: no luck"),
        ),
        ("The old counts are by rules 1, the new ones by rules 2.",),
    )

from __future__ import annotations

from inception_profiler.zoo.card import build
from tests.zoo.exercise import sizes, trains

STAGES = ("conv2_x", "conv3_x", "conv4_x", "conv5_x")


def test_only_the_inner_convolutions_are_wider_than_resnet50_s() -> None:
    assert sizes("wide_resnet50_2", STAGES) == sizes("resnet50", STAGES)
    wide, plain = (build(name, device="meta") for name in ("wide_resnet50_2", "resnet50"))
    for (path, ours), (same, theirs) in zip(wide.named_parameters(), plain.named_parameters(), strict=True):
        assert path == same
        inner = ".reduce." in path or ".conv_3x3." in path
        assert ours.shape[0] == theirs.shape[0] * (2 if inner else 1)


def test_it_trains() -> None:
    trains(build("wide_resnet50_2", num_classes=3), (2, 3, 32, 32))

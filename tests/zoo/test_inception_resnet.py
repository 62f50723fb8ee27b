from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from inception_profiler.zoo.card import MODELS, build
from inception_profiler.zoo.inception_resnet import Scales
from inception_profiler.zoo.mixed import Residual, ScaledAdd
from tests.zoo.exercise import auxiliary_widths, sizes, trains

STAGES = (
    "stem", "inception_resnet_a", "reduction_a", "inception_resnet_b", "reduction_b", "inception_resnet_c",
    "pool",
)  # fmt: skip
GRIDS = (35, 35, 17, 17, 8, 8, 1)


@pytest.mark.parametrize(
    ("name", "widths"),
    [
        ("inception_resnet_v1", (256, 896, 1792, 1792)),
        ("inception_resnet_v1_facenet", (256, 896, 1792, 1792)),
        ("inception_resnet_v2_paper", (384, 1152, 2144, 2144)),
        ("inception_resnet_v2", (320, 1088, 2080, 1536)),
    ],
)
def test_the_grids_are_those_of_figure_15(name: str, widths: tuple[int, ...]) -> None:
    a, b, c, top = widths
    expected = zip((a, a, b, b, c, c, top), GRIDS, strict=True)
    assert sizes(name, STAGES) == {
        stage: (width, grid, grid) for stage, (width, grid) in zip(STAGES, expected, strict=True)
    }


@pytest.mark.parametrize(
    ("name", "repeats"),
    [
        ("inception_resnet_v1", (5, 10, 5)),
        ("inception_resnet_v1_facenet", (5, 10, 5)),
        ("inception_resnet_v2_paper", (5, 10, 5)),
        ("inception_resnet_v2", (10, 20, 9)),
    ],
)
def test_blocks_repeat_as_stated(name: str, repeats: tuple[int, int, int]) -> None:
    network = build(name, device="meta")
    assert (
        tuple(len(list(network.get_submodule(f"inception_resnet_{kind}").children())) for kind in "abc")
        == repeats
    )
    assert (network.last is not None) == (name in {"inception_resnet_v2", "inception_resnet_v1_facenet"})


def test_the_released_network_has_244_convolutions() -> None:
    network = build("inception_resnet_v2", device="meta")
    assert sum(isinstance(module, torch.nn.Conv2d) for module in network.modules()) == 244


def normed(*chain: int, kernels: tuple[int, ...]) -> int:
    """Weights of convolutions in a row, with two parameters of batch normalization for each filter."""
    return sum(n * m * k + 2 * m for n, m, k in zip(chain, chain[1:], kernels, strict=False))


def figures_of_v2() -> Iterator[int]:
    """The parameters of the mended figures, summed by hand figure by figure."""
    yield normed(3, 32, 32, 64, kernels=(9, 9, 9)) + normed(64, 96, kernels=(9,))  # figure 3
    yield normed(160, 64, 96, kernels=(1, 9)) + normed(160, 64, 64, 64, 96, kernels=(1, 7, 7, 9))
    yield normed(192, 192, kernels=(9,))
    a = (
        normed(384, 32, kernels=(1,))
        + normed(384, 32, 32, kernels=(1, 9))
        + normed(384, 32, 48, 64, kernels=(1, 9, 9))
    )
    yield 5 * (a + 128 * 384 + 384)  # figure 16
    yield normed(384, 384, kernels=(9,)) + normed(384, 256, 256, 384, kernels=(1, 9, 9))  # figure 7
    b = normed(1152, 192, kernels=(1,)) + normed(1152, 128, 160, 192, kernels=(1, 7, 7))
    yield 10 * (b + 384 * 1152 + 1152)  # figure 17
    yield normed(1152, 256, 384, kernels=(1, 9)) + normed(1152, 256, 288, kernels=(1, 9))  # figure 18
    yield normed(1152, 256, 288, 320, kernels=(1, 9, 9))
    c = normed(2144, 192, kernels=(1,)) + normed(2144, 192, 224, 256, kernels=(1, 3, 3))
    yield 5 * (c + 448 * 2144 + 2144)  # figure 19
    yield 2144 * 1000 + 1000


def test_the_mended_figures_sum_to_the_card() -> None:
    network = build("inception_resnet_v2_paper", device="meta")
    assert sum(weight.numel() for weight in network.parameters()) == sum(figures_of_v2())


def test_the_facenet_variant_is_the_figures_with_one_more_block_and_another_head() -> None:
    figures, facenet = (
        sum(weight.numel() for weight in build(name, device="meta").parameters())
        for name in ("inception_resnet_v1", "inception_resnet_v1_facenet")
    )
    block = 2 * normed(1792, 192, kernels=(1,)) + normed(192, 192, 192, kernels=(3, 3)) + 384 * 1792 + 1792
    heads = (1792 * 512 + 2 * 512 + 512 * 1000 + 1000) - (1792 * 1000 + 1000)
    assert facenet == figures + block + heads


@pytest.mark.parametrize(
    "name", ["inception_resnet_v1", "inception_resnet_v2_paper", "inception_resnet_v1_facenet"]
)
def test_it_trains_at_its_smallest_input_and_refuses_less(name: str) -> None:
    network = build(name, num_classes=3)
    trains(network, (2, 3, 75, 75))
    with pytest.raises(RuntimeError, match=r"Kernel size can't be greater|Output size is too small"):
        network(torch.zeros(2, 3, 74, 74))


def test_the_released_network_trains() -> None:
    trains(build("inception_resnet_v2", num_classes=3), (2, 3, 75, 75))


def test_it_returns_logits_and_in_training_with_its_head_both() -> None:
    assert auxiliary_widths("inception_resnet_v2") == {"logits": (2, 7), "aux_logits": (2, 7)}
    assert MODELS.get("inception_resnet_v1")[0].params_with_auxiliary is None


def scales(name: str, **options: Scales) -> list[float]:
    network = build(name, device="meta", **options)
    return [module.scale for module in network.modules() if isinstance(module, ScaledAdd)]


def test_residuals_are_scaled_as_released_or_as_asked() -> None:
    assert scales("inception_resnet_v2") == [0.17] * 10 + [0.10] * 20 + [0.20] * 9 + [1.0]
    assert scales("inception_resnet_v1_facenet") == [0.17] * 5 + [0.10] * 10 + [0.20] * 5 + [1.0]
    assert scales("inception_resnet_v1") == [1.0] * 20
    assert scales("inception_resnet_v1", scales=Scales(0.3, 0.2, 0.1)) == [0.3] * 5 + [0.2] * 10 + [0.1] * 5


@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_a_block_adds_its_scaled_residual(scale: float) -> None:
    block = Residual(8, {"branch": ()}, scale, activation=False)
    x = torch.rand(1, 8, 2, 2)
    with torch.no_grad():
        assert torch.allclose(block(x), x + scale * block.expansion(x))
        assert bool((Residual(8, {"branch": ()}, scale)(x - 2) >= 0).all())

"""The VGG networks against torchvision's and the paper."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from inception_profiler import build, profile
from inception_profiler.errors import LayerError
from tests.analysis.oracle import elements
from tests.zoo.exercise import sizes, trains

DEPTHS = {"vgg11": 11, "vgg13": 13, "vgg16": 16, "vgg19": 19}
MILLIONS = {"vgg11": 133, "vgg13": 133, "vgg16": 138, "vgg19": 144}  # Table 2 of the paper
MAPS = {
    "pool1": (64, 112, 112),
    "pool2": (128, 56, 56),
    "pool3": (256, 28, 28),
    "pool4": (512, 14, 14),
    "pool5": (512, 7, 7),
}


@pytest.mark.parametrize(
    ("name", "convolutions"),
    [
        ("vgg11", 8), ("vgg13", 10), ("vgg16", 13), ("vgg19", 16), ("vgg16_c", 13),
        ("vgg11_bn", 8), ("vgg13_bn", 10), ("vgg16_bn", 13), ("vgg19_bn", 16),
    ],
)  # fmt: skip
def test_stages_and_weight_layers_are_those_of_table_1(name: str, convolutions: int) -> None:
    assert sizes(name, MAPS) == MAPS
    network = build(name, device="meta")
    found = [module for module in network.modules() if isinstance(module, nn.Conv2d)]
    assert len(found) == convolutions
    assert all(module.bias is not None for module in found)
    normed = sum(isinstance(module, nn.BatchNorm2d) for module in network.modules())
    assert normed == (convolutions if name.endswith("_bn") else 0)


def test_configuration_c_has_a_1x1_at_the_end_of_its_last_three_stages() -> None:
    network = build("vgg16_c", device="meta")
    kernels = {
        name: module.kernel_size[0]
        for name, module in (
            (n, network.get_submodule(f"{n}.conv")) for n, _ in network.named_children() if "conv" in n
        )
        if isinstance(module, nn.Conv2d)
    }
    assert [name for name, kernel in kernels.items() if kernel == 1] == ["conv3_3", "conv4_3", "conv5_3"]
    assert {kernel for name, kernel in kernels.items() if not name.endswith("_3")} == {3}


@pytest.mark.parametrize("name", ["vgg16_c", "vgg11_bn"])
def test_a_step_of_training_is_finite_and_other_inputs_are_refused(name: str) -> None:
    network = build(name, num_classes=3, in_channels=1)
    assert profile(network, (1, 1, 224, 224)).layers[-1].call.outputs[0].shape == (1, 3)
    with pytest.raises(LayerError, match=r"fc6\.linear"):
        profile(network, (1, 1, 256, 256))
    # the linear layers fix the input at 224; a map of 1×1 spread over theirs makes the step affordable
    network.pool5 = nn.Sequential(network.get_submodule("pool5"), nn.AdaptiveAvgPool2d(7))
    trains(network, (2, 1, 64, 64))


@pytest.mark.parametrize("name", DEPTHS)
def test_it_is_torchvisions_network(name: str) -> None:
    models = pytest.importorskip("torchvision.models")
    with torch.device("meta"):
        reference = models.get_model(name)
    ours = build(name, device="meta")
    assert [tuple(parameter.shape) for parameter in ours.parameters()] == [
        tuple(parameter.shape) for parameter in reference.parameters()
    ]
    counted, expected = profile(ours, (2, 3, 224, 224)), profile(reference, (2, 3, 224, 224))
    assert counted.total.cost.macs == expected.total.cost.macs
    assert counted.activations == expected.activations - 2 * 512 * 7 * 7  # its average pooling of 7×7 to 7×7


@pytest.mark.parametrize("name", DEPTHS)
def test_the_paper(name: str) -> None:
    result = profile(name)
    assert round(result.params / 1e6) == MILLIONS[name]
    assert sum(layer.macs > 0 for layer in result.layers) == DEPTHS[name]
    assert [group.title for group in result.by_resolution()] == ["224", "112", "56", "28", "14", "7", "head"]


def test_it_runs() -> None:
    model = build("vgg11", num_classes=5)
    with torch.no_grad():
        logits = model.eval()(torch.rand(1, 3, 224, 224))
    assert logits.shape == (1, 5)
    assert logits.isfinite().all()
    assert elements(model) == profile("vgg11").params - 995 * 4097


@pytest.mark.parametrize("size", [192, 256])
def test_its_classifier_takes_one_size_only(size: int) -> None:
    with pytest.raises(LayerError) as caught:
        profile("vgg16", (1, 3, size, size))
    assert caught.value.layer == "fc6.linear"


def test_an_input_smaller_than_its_poolings() -> None:
    with pytest.raises(LayerError) as caught:
        profile("vgg16", (1, 3, 16, 16))
    assert caught.value.layer == "pool5"

"""The Keras code of documents 000 and 002, re-typed and run, computes the same function as ours."""

from __future__ import annotations

import os
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from inception_profiler.zoo.card import build
from tests.peers.transplant import randomised, tensors

CLASSES = 10


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    os.environ["KERAS_BACKEND"] = "torch"
    return pytest.importorskip("keras")


def printed(keras: ModuleType, five: int, *, fixed: bool) -> tuple[Any, list[Any]]:
    """Build the post's network, and return it with its layers in the order of the code's lines."""
    layers = keras.layers
    order: list[Any] = []

    def conv2d_bn(x: Any, filters: int, size: int, strides: int = 1) -> Any:
        conv = layers.Conv2D(
            filters, (size, size), padding="same", strides=(strides, strides), activation="relu"
        )
        order.extend((conv, layers.BatchNormalization(axis=3)))
        return order[-1](conv(x))

    def inception(x: Any, filters: int) -> Any:
        one = conv2d_bn(x, filters, 1)
        three = conv2d_bn(conv2d_bn(x, filters, 1), filters, 3)
        second = conv2d_bn(conv2d_bn(x, filters, 1), filters, five)
        pool = layers.MaxPooling2D((3, 3), strides=(1, 1), padding="same")(x)
        return layers.concatenate([one, three, second, conv2d_bn(pool, filters, 1)], axis=3)

    def halve(x: Any) -> Any:
        return layers.MaxPooling2D((3, 3), strides=(2, 2), padding="same")(x)

    def dense(x: Any, activation: str | None) -> Any:
        order.append(layers.Dense(CLASSES, activation=activation))
        return order[-1](x)

    given = layers.Input((224, 224, 3))
    x = halve(conv2d_bn(given, 64, 7, 2))
    x = halve(conv2d_bn(x, 192, 3))
    for widths in ((64, 120), (128, 128, 128, 132, 208), (208, 256)):
        if widths[0] != 64:
            x = halve(x)
        for width in widths:
            x = inception(x, width)
    x = layers.AveragePooling2D((7, 7), strides=(7, 7), padding="same")(x)
    x = layers.Dropout(0.4)(x)
    x = dense(layers.Flatten()(x), None) if fixed else dense(dense(x, "relu"), "softmax")
    return keras.Model(given, x), order


def give(ours: nn.Module, order: list[Any]) -> None:
    """Copy our tensors into Keras' layers, each once: kernels H W I O, dense I O."""
    waiting = [tensor.detach().numpy() for tensor in tensors(ours).values()]
    for layer in order:
        values = []
        for weight in layer.weights:
            value = waiting.pop(0)
            axes = {4: (2, 3, 1, 0), 2: (1, 0)}.get(value.ndim)
            values.append(value if axes is None else value.transpose(axes))
            assert tuple(weight.shape) == values[-1].shape
        layer.set_weights(values)
    assert not waiting


@pytest.mark.parametrize(("name", "five"), [("inception_v1_blog", 1), ("inception_v1_blog_fixed", 5)])
def test_same_function(keras: ModuleType, name: str, five: int) -> None:
    theirs, order = printed(keras, five, fixed=name.endswith("fixed"))
    ours = randomised(build(name, num_classes=CLASSES)).eval()
    with torch.no_grad():
        list(ours.parameters())[-2].mul_(0.05)  # keeps the softmax from saturating, where nothing shows
    give(ours, order)
    trainable = sum(int(np.prod(weight.shape)) for weight in theirs.trainable_weights)
    assert trainable == sum(parameter.numel() for parameter in ours.parameters())
    x = torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        own = ours(x)
        other = theirs(x.permute(0, 2, 3, 1), training=False)
    assert own.shape == tuple(other.shape)
    assert (other[0] - other[1]).abs().max() > 1e-3 * other.abs().max()  # each image has its own answer
    assert other.abs().max() < 0.9 or name.endswith("fixed")
    torch.testing.assert_close(own, other, rtol=0, atol=1e-5 * other.abs().max().item())

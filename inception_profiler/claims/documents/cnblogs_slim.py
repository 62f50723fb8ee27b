"""Document 004's code: TF-slim's inception_v1, end point by end point, against the registered network."""

from __future__ import annotations

from typing import NamedTuple

from inception_profiler.claims.bibliography import CNBLOGS_GOOGLENET
from inception_profiler.claims.derive import counted, fact
from inception_profiler.claims.layers import attribute, channels, of_kind, under
from inception_profiler.claims.ledger import Lens, enter
from inception_profiler.records.claim import Quantity, Reading
from inception_profiler.records.layer import LayerCost

SLIM = "inception_v1_slim"


def _layer(name: str) -> LayerCost:
    """Return the convolution or pooling of that name; padding may come before it."""
    return of_kind(under(counted(SLIM), name), "convolution", "pooling")[0]


def _channels(name: str) -> Lens:
    """Return the lens that reads the channels of a layer's output."""

    def lens() -> tuple[Reading, ...]:
        layer = _layer(name)
        shape = "×".join(map(str, layer.call.outputs[0].shape))
        return (fact(channels(layer), "channels", f"output of {name}", shape, formula="N×C×H×W"),)

    return lens


def _attribute(name: str, key: str) -> Lens:
    """Return the lens that reads the kernel or the stride of a layer."""

    def lens() -> tuple[Reading, ...]:
        value = attribute(_layer(name), key)
        return (fact(value, "pixels", f"{key} of {name}", str(dict(_layer(name).call.attributes)[key])),)

    return lens


def _input() -> tuple[Reading, ...]:
    shape = counted(SLIM).inputs[0].shape
    return (fact(shape[-1], "pixels", "the input", "×".join(map(str, shape)), formula="N×C×H×W"),)


enter(
    "slim-input",
    CNBLOGS_GOOGLENET,
    "The default image size used to train this network is 224x224.",
    "The default image size used to train this network is 224x224",
    (
        Quantity("side", "224x224", "height and width of the input of TF-slim's inception_v1", bound="224"),
        _input,
    ),
)

enter(
    "slim-conv2d-1a",
    CNBLOGS_GOOGLENET,
    "net = slim.conv2d(inputs, 64, [7, 7], stride=2, scope=end_point)",
    "the first convolution has 64 filters of 7×7 at stride 2",
    (Quantity("filters", "64, [7, 7]", "filters of Conv2d_1a_7x7"), _channels("Conv2d_1a_7x7")),
    (Quantity("kernel", "[7, 7]", "height and width of its kernel"), _attribute("Conv2d_1a_7x7", "kernel")),
    (Quantity("stride", "stride=2", "its stride"), _attribute("Conv2d_1a_7x7", "stride")),
)

enter(
    "slim-conv2d-2c",
    CNBLOGS_GOOGLENET,
    "net = slim.conv2d(net, 192, [3, 3], scope=end_point)",
    "the convolution before the modules has 192 filters of 3×3",
    (Quantity("filters", "192, [3, 3]", "filters of Conv2d_2c_3x3"), _channels("Conv2d_2c_3x3")),
    (Quantity("kernel", "[3, 3]", "height and width of its kernel"), _attribute("Conv2d_2c_3x3", "kernel")),
)

enter(
    "slim-last-pooling",
    CNBLOGS_GOOGLENET,
    "net = slim.max_pool2d(net, [2, 2], stride=2, scope=end_point)",
    "the last max pooling is 2×2 at stride 2, where the paper has 3×3",
    (Quantity("kernel", "[2, 2]", "height and width of the window of MaxPool_5a_2x2"),
     _attribute("MaxPool_5a_2x2", "kernel")),
    (Quantity("stride", "stride=2", "its stride"), _attribute("MaxPool_5a_2x2", "stride")),
)  # fmt: skip


def _pooled() -> tuple[Reading, ...]:
    layer = _layer("Logits/AvgPool_0a_7x7")
    shape = layer.call.inputs[0].shape
    return (
        fact(shape[-1], "pixels", "map that the last average pooling takes whole", "×".join(map(str, shape)),
             formula="N×C×H×W"),
    )  # fmt: skip


enter(
    "slim-average-pooling",
    CNBLOGS_GOOGLENET,
    "net = slim.avg_pool2d(net, [7, 7], stride=1, scope=‘AvgPool_0a_7x7‘)",
    "the map is averaged by a window of 7×7, which is all of it",
    (Quantity("window", "[7, 7]", "height and width of the last map of TF-slim's inception_v1"), _pooled),
)


class Widths(NamedTuple):
    """The filters that the code prints for one module, and how it names the 3×3 of its third branch."""

    conv_1x1: int
    reduce_3x3: int
    conv_3x3: int
    reduce_second: int
    conv_second: int
    pool_proj: int
    second: str = "Conv2d_0b_3x3"


PRINTED = {
    "Mixed_3b": Widths(64, 96, 128, 16, 32, 32),
    "Mixed_3c": Widths(128, 128, 192, 32, 96, 64),
    "Mixed_4b": Widths(192, 96, 208, 16, 48, 64),
    "Mixed_4c": Widths(160, 112, 224, 24, 64, 64),
    "Mixed_4d": Widths(128, 128, 256, 24, 64, 64),
    "Mixed_4e": Widths(112, 144, 288, 32, 64, 64),
    "Mixed_4f": Widths(256, 160, 320, 32, 128, 128),
    "Mixed_5b": Widths(256, 160, 320, 32, 128, 128, "Conv2d_0a_3x3"),
    "Mixed_5c": Widths(384, 192, 384, 48, 128, 128),
}
"""The quotes of the modules, told apart from the numbers that stand in all of them alike."""

QUOTE = """end_point = ‘{name}‘
        with tf.variable_scope(end_point):
          with tf.variable_scope(‘Branch_0‘):
            branch_0 = slim.conv2d(net, {conv_1x1}, [1, 1], scope=‘Conv2d_0a_1x1‘)
          with tf.variable_scope(‘Branch_1‘):
            branch_1 = slim.conv2d(net, {reduce_3x3}, [1, 1], scope=‘Conv2d_0a_1x1‘)
            branch_1 = slim.conv2d(branch_1, {conv_3x3}, [3, 3], scope=‘Conv2d_0b_3x3‘)
          with tf.variable_scope(‘Branch_2‘):
            branch_2 = slim.conv2d(net, {reduce_second}, [1, 1], scope=‘Conv2d_0a_1x1‘)
            branch_2 = slim.conv2d(branch_2, {conv_second}, [3, 3], scope=‘{second}‘)
          with tf.variable_scope(‘Branch_3‘):
            branch_3 = slim.max_pool2d(net, [3, 3], scope=‘MaxPool_0a_3x3‘)
            branch_3 = slim.conv2d(branch_3, {pool_proj}, [1, 1], scope=‘Conv2d_0b_1x1‘)"""


def _module(name: str, widths: Widths) -> None:
    """Enter the claim of one module: the filters of its six convolutions, in the order of the code."""
    stated = (
        ("branch 0, 1×1", "(net, {}, [1, 1]", widths.conv_1x1, "Branch_0/Conv2d_0a_1x1"),
        ("branch 1, reduction", "(net, {}, [1, 1]", widths.reduce_3x3, "Branch_1/Conv2d_0a_1x1"),
        ("branch 1, 3×3", "(branch_1, {}, [3, 3]", widths.conv_3x3, "Branch_1/Conv2d_0b_3x3"),
        ("branch 2, reduction", "(net, {}, [1, 1]", widths.reduce_second, "Branch_2/Conv2d_0a_1x1"),
        ("branch 2, 3×3", "(branch_2, {}, [3, 3]", widths.conv_second, "Branch_2/Conv2d_0b_3x3"),
        ("branch 3, projection", "(branch_3, {}, [1, 1]", widths.pool_proj, "Branch_3/Conv2d_0b_1x1"),
    )
    enter(
        f"slim-{name.lower().replace('_', '-')}",
        CNBLOGS_GOOGLENET,
        QUOTE.format(name=name, **widths._asdict()),
        f"the code of the module {name}: the filters of its four branches",
        *(
            (
                Quantity(
                    title,
                    form.format(filters),
                    f"filters of {name}/{layer} in the registered network",
                    bound=str(filters),
                ),
                _channels(f"{name}/{layer}"),
            )
            for title, form, filters, layer in stated
        ),
    )


for _name, _widths in PRINTED.items():
    _module(_name, _widths)

"""A convolution with batch normalization, the unit of every network since BN-Inception."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.nn import functional as F

Size = int | tuple[int, int]
Conv = Callable[..., nn.Module]
"""What makes a normalized convolution from its maps of input and output and its kernel size."""


class ShiftBatchNorm2d(nn.BatchNorm2d):
    """A batch normalization that learns the shift β only, as with TF-slim's default ``scale=False``.

    The scale γ may go because a ReLU and then a convolution follow, which take up any positive factor::

        y = (x − μ) / √(σ² + ε) + β
    """

    def __init__(self, num_features: int, eps: float = 1e-5, momentum: float = 0.1) -> None:
        super().__init__(num_features, eps, momentum)
        self.register_parameter("weight", None)

    def reset_parameters(self) -> None:
        """Reset the running statistics, and the shift to 0."""
        self.reset_running_stats()
        nn.init.zeros_(self.bias)


class SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding, which is found from the size of each input.

    H_out = ⌈H / stride⌉, and of an odd number of zeros the last stands after the image: a 7×7 at stride 2
    on 224 pads 2 before and 3 after, where ``padding=3`` gives the same size on a shifted grid.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×⌈H/stride⌉×⌈W/stride⌉."""
        (top, bottom), (left, right) = (
            same_padding(size, kernel, stride)
            for size, kernel, stride in zip(x.shape[2:], self.kernel_size, self.stride, strict=True)
        )
        if (top, left) != (bottom, right):
            x = F.pad(x, (left, right, top, bottom))
            top = left = 0
        return F.conv2d(x, self.weight, self.bias, self.stride, (top, left), self.dilation, self.groups)


class SameMaxPool2d(nn.MaxPool2d):
    """A max pooling with TensorFlow's SAME padding, which is found from the size of each input."""

    kernel_size: int
    stride: int

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to N×C×⌈H/stride⌉×⌈W/stride⌉."""
        # One cell of padding after the image is what rounding up means; two are one on each side.
        before = [same_padding(size, self.kernel_size, self.stride)[0] for size in x.shape[2:]]
        return F.max_pool2d(x, self.kernel_size, self.stride, before, ceil_mode=True)


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return the zeros before and after an image side of ``size`` under TensorFlow's SAME padding.

    >>> same_padding(224, 7, 2)
    (2, 3)
    """
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


class ConvBN(nn.Module):
    """A convolution and the batch normalization of its maps.

    Args:
        in_channels: maps of the input.
        out_channels: maps of the output.
        kernel_size: of the convolution.
        eps: what the normalization adds to the variance.
        momentum: weight of a new batch in the running statistics; TensorFlow's decay is 1 − momentum.
        scale: whether the normalization learns a scale γ beside its shift β.
        bias: whether the convolution has a bias, which the normalization makes idle.
        same: whether the padding is TensorFlow's SAME.
        options: further arguments of the convolution.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        *,
        eps: float = 1e-5,
        momentum: float = 0.1,
        scale: bool = True,
        bias: bool = False,
        same: bool = False,
        **options: Any,
    ) -> None:
        super().__init__()
        convolution = SameConv2d if same else nn.Conv2d
        normalization = nn.BatchNorm2d if scale else ShiftBatchNorm2d
        self.conv = convolution(in_channels, out_channels, kernel_size, bias=bias, **options)
        self.bn = normalization(out_channels, eps=eps, momentum=momentum)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×H_out×W_out."""
        return self.bn(self.conv(x))


class ConvBNReLU(ConvBN):
    """A convolution, the batch normalization of its maps and a ReLU; the arguments are those of `ConvBN`."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: Size, **options: Any) -> None:
        super().__init__(in_channels, out_channels, kernel_size, **options)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C_in×H×W to N×C_out×H_out×W_out."""
        return self.relu(super().forward(x))

"""The residual network of 50 layers with squeeze-and-excitation."""

from __future__ import annotations

from functools import partial

from torch import Tensor, nn

from inception_profiler.zoo.card import Accuracy, ModelCard, model
from inception_profiler.zoo.resnet import INITIALISATION, NAMING, Bottleneck, Plan, ResNet, Widths

REDUCTION = 16


class Product(nn.Module):
    """The scaling of a feature map by a factor for each channel, a module so that reports can name it."""

    def forward(self, x: Tensor, factors: Tensor) -> Tensor:
        """Map N×C×H×W and N×C×1×1 to N×C×H×W."""
        return x * factors


class SqueezeExcitation(nn.Module):
    """Weights the channels of a feature map by what all of it holds (the paper's section 3).

    The squeeze averages each channel, the excitation makes a factor in (0, 1) of the averages::

        z = mean(x, H, W)
        s = sigmoid(W_2 · relu(W_1 · z + b_1) + b_2)
        output = s · x
    """

    def __init__(self, channels: int, reduction: int = REDUCTION) -> None:
        super().__init__()
        self.squeeze = nn.AdaptiveAvgPool2d(1)
        self.reduce = nn.Conv2d(channels, channels // reduction, 1)
        self.relu = nn.ReLU(inplace=True)
        self.restore = nn.Conv2d(channels // reduction, channels, 1)
        self.sigmoid = nn.Sigmoid()
        self.scale = Product()

    def forward(self, x: Tensor) -> Tensor:
        """Map N×C×H×W to the same shape."""
        s = self.squeeze(x)  # N×C×1×1
        s = self.relu(self.reduce(s))  # N×(C/16)×1×1
        s = self.sigmoid(self.restore(s))  # N×C×1×1
        return self.scale(x, s)


class SEBottleneck(Bottleneck):
    """A bottleneck whose residual is weighted before it is added to the shortcut (Figure 3)."""

    def build(self, widths: Widths, stride: int) -> None:
        """Make the three convolutions and the weighting."""
        super().build(widths, stride)
        self.se = SqueezeExcitation(widths.output)

    def residual(self, x: Tensor) -> Tensor:
        """Compute F(x)."""
        return self.se(super().residual(x))


SE_RESNET_50 = Plan(SEBottleneck, (3, 4, 6, 3))

model(
    ModelCard(
        name="se_resnet50",
        title="SE-ResNet-50",
        paper="Hu et al., Squeeze-and-Excitation Networks, CVPR 2018, arXiv:1709.01507",
        year=2017,
        family="resnet",
        input=(3, 224, 224),
        params=28_088_024,
        macs=4_091_699_200,
        deviations=(
            "Where a stage begins, the 3×3 convolution has the stride, and the max pooling is padded, as in "
            "timm. The authors' network for Caffe has the stride on the 1×1 before and pools unpadded, "
            "rounding up: the same params, and 3,860,488,192 MACs.",
            "The two fully connected layers of a block are 1×1 convolutions, as in the authors' network; "
            "the function is the same.",
            INITIALISATION,
        ),
        naming=NAMING,
        accuracy=Accuracy(81.284, 95.652, "one crop of 288, timm's training", "timm, seresnet50.ra2_in1k"),
        aliases=("senet50",),
    )
)(partial(ResNet, SE_RESNET_50))

"""Small networks that cost what a test says, or do what a test wants to see survived."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ACTIONS: dict[str, Callable[[Tensor], None]] = {}
"""What `Acting` does in a forward pass on data, by its name; copies of a network find it here too."""


class Acting(nn.Module):
    """A linear layer that does something else too whenever it runs for real."""

    def __init__(self, action: str = "") -> None:
        super().__init__()
        self.action = action
        self.fc = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        out = self.fc(x)
        if self.action and out.device.type != "meta":
            ACTIONS[self.action](x)
        return out


class Eventful(nn.Module):
    """Statistics, dropout, a counter, a list and a tie: all that a forward pass can leave behind."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.bn = nn.BatchNorm2d(8)
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(8, 2)
        self.tied = self.fc.weight
        self.calls = 0
        self.seen: list[int] = []

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        self.seen.append(self.calls)
        x = self.drop(self.bn(self.conv(x)))
        return self.fc(F.relu(x).mean((2, 3)))


class Normed(nn.BatchNorm2d):
    """A BatchNorm that is an activation too, as timm's are."""

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(super().forward(x))


class Standardised(nn.Conv2d):
    """A convolution that changes its weight before it is used: folding into the weight would be wrong."""

    def forward(self, x: Tensor) -> Tensor:
        weight = self.weight - self.weight.mean((1, 2, 3), keepdim=True)
        return F.conv2d(x, weight, self.bias)


class Foldable(nn.Module):
    """Pairs that can be folded, and every sort that cannot."""

    def __init__(self) -> None:
        super().__init__()
        self.plain, self.plain_bn = nn.Conv2d(3, 6, 3, bias=False), nn.BatchNorm2d(6)
        self.grouped, self.grouped_bn = nn.Conv2d(6, 6, 3, groups=3), nn.BatchNorm2d(6, affine=False)
        self.read_twice, self.read_twice_bn = nn.Conv2d(6, 6, 1), nn.BatchNorm2d(6)
        self.twice, self.twice_bn = nn.Conv2d(6, 6, 1), nn.BatchNorm2d(6)
        self.standard, self.standard_bn = Standardised(6, 6, 1), nn.BatchNorm2d(6)
        self.normed, self.normed_bn = nn.Conv2d(6, 6, 1), Normed(6)
        self.hooked, self.hooked_bn = nn.Conv2d(6, 6, 1), nn.BatchNorm2d(6)
        self.first_bn = nn.BatchNorm2d(3)
        self.hooked.register_forward_hook(lambda module, args, out: out * 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.plain_bn(self.plain(self.first_bn(x)))
        x = self.grouped_bn(self.grouped(x))
        y = self.read_twice(x)
        x = self.read_twice_bn(y) + y
        x = self.twice_bn(self.twice(x)) + self.twice_bn(self.twice(2 * x))
        x = self.standard_bn(self.standard(x))
        x = self.normed_bn(self.normed(x))
        return self.hooked_bn(self.hooked(x))


def lived_in(network: nn.Module) -> nn.Module:
    """Give every BatchNorm statistics and factors that are not those of nothing."""
    generator = torch.Generator().manual_seed(3)
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            for name, tensor in (*module.named_parameters(), *module.named_buffers()):
                if tensor.dtype.is_floating_point:
                    drawn = torch.rand(tensor.shape, generator=generator)
                    tensor.data.copy_(drawn + 0.5 if name != "bias" else drawn - 0.5)
    return network.eval()

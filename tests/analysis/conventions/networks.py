"""Small networks, each of which shows one habit or one fault of the counting tools."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SHAPE = (1, 8, 16, 16)  # 2,048 elements


class Calling(nn.Module):
    """A 1×1 convolution, then a function of its output."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 1, bias=False)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.conv(x))


class Having(nn.Module):
    """A 1×1 convolution, then a module."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 1, bias=False)
        self.module = module

    def forward(self, x: Tensor) -> Tensor:
        return self.module(self.conv(x))


class Shared(nn.Module):
    """One module under two parents, both of which run it."""

    def __init__(self) -> None:
        super().__init__()
        inner = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU())
        self.left, self.right = nn.Sequential(inner), nn.Sequential(inner, nn.ReLU())

    def forward(self, x: Tensor) -> Tensor:
        return self.left(x) + self.right(x)


class Functional(nn.Module):
    """Weights that no module of PyTorch's own holds."""

    def __init__(self) -> None:
        super().__init__()
        self.kernel = nn.Parameter(torch.ones(8, 8, 3, 3))
        self.weight = nn.Parameter(torch.ones(16, 16))

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(F.conv2d(x, self.kernel, padding=1), self.weight) @ self.weight


class Attentive(nn.Module):
    def __init__(self, *, weights: bool) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(16, 4, batch_first=True)
        self.weights = weights

    def forward(self, x: Tensor) -> Tensor:
        tokens = x.flatten(1, 2)
        found, weights = self.attention(tokens, tokens, tokens, need_weights=self.weights)
        return found if weights is None else (found, weights)


class Subclassed(nn.Module):
    """Classes derived from PyTorch's own, which tables of exact classes do not know."""

    def __init__(self) -> None:
        super().__init__()
        conv = type("Conv2dSame", (nn.Conv2d,), {})
        norm = type("BatchNormAct2d", (nn.BatchNorm2d,), {})
        self.conv, self.norm = conv(8, 8, 3, padding=1), norm(8)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


class Named(nn.Module):
    """Sums and products called by their names and written as operators."""

    def forward(self, x: Tensor) -> Tensor:
        x = torch.add(x, x) + x.add(1)
        return torch.mul(x, 2) * x.mul(x) + torch.matmul(x, x) @ x.matmul(x)


OPERATIONS: dict[str, Callable[[], nn.Module]] = {
    "batch norm": lambda: Having(nn.BatchNorm2d(8)),
    "nn.ReLU": lambda: Having(nn.ReLU()),
    "F.relu": lambda: Calling(lambda x: F.relu(x)),  # noqa: PLW0108 - the tools patch the name, which is looked up late
    "torch.relu": lambda: Calling(torch.relu),
    "nn.MaxPool2d": lambda: Having(nn.MaxPool2d(3, 2)),
    "F.max_pool2d": lambda: Calling(lambda x: F.max_pool2d(x, 3, 2)),
    "nn.AvgPool2d": lambda: Having(nn.AvgPool2d(3, 1, 1)),
    "F.avg_pool2d": lambda: Calling(lambda x: F.avg_pool2d(x, 3, 1, 1)),
    "nn.AdaptiveAvgPool2d": lambda: Having(nn.AdaptiveAvgPool2d(1)),
    "x + x": lambda: Calling(lambda x: x + x),
    "torch.add": lambda: Calling(lambda x: torch.add(x, x)),
    "cat": lambda: Calling(lambda x: torch.cat([x, x], 1)),
    "sigmoid": lambda: Calling(torch.sigmoid),
    "x.softmax": lambda: Calling(lambda x: x.softmax(1)),
    "nn.Softmax": lambda: Having(nn.Softmax(1)),
    "nn.LocalResponseNorm": lambda: Having(nn.LocalResponseNorm(5)),
}
FAULTS: dict[str, Callable[[], nn.Module]] = {
    "transposed": lambda: nn.ConvTranspose2d(8, 8, 4, 2, bias=False),
    "transposed, grouped, with bias": lambda: nn.ConvTranspose2d(8, 16, 4, 2, 1, groups=4),
    "shared": Shared,
    "functional": Functional,
    "attention": lambda: Attentive(weights=False),
    "attention with weights": lambda: Attentive(weights=True),
    "subclassed": Subclassed,
    "named": Named,
}
OTHERS: dict[str, Callable[[], nn.Module]] = {
    "grouped": lambda: nn.Conv2d(8, 16, 3, groups=4),
    "depthwise": lambda: nn.Conv2d(8, 8, 3, groups=8),
    "padded by a word": lambda: nn.Conv2d(8, 8, 3, padding="same"),
    "padded by a word, even": lambda: nn.Conv2d(8, 8, 4, padding="same"),
    "norm without scale": lambda: nn.BatchNorm2d(8, affine=False),
    "norm of its own": lambda: nn.BatchNorm2d(8, track_running_stats=False),
    "layer norm": lambda: nn.LayerNorm(16),
    "group norm": lambda: nn.GroupNorm(2, 8),
    "instance norm": lambda: nn.InstanceNorm2d(8, affine=True),
    "upsample bilinear": lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
    "upsample nearest": lambda: nn.Upsample((32, 32)),
    "interpolate": lambda: Calling(lambda x: F.interpolate(x, size=(20, 24), mode="bilinear")),
    "linear over positions": lambda: nn.Linear(16, 4),
    "linear, transposed": lambda: Calling(
        lambda x: F.linear(x.transpose(1, 2), torch.ones(4, 16, device=x.device))
    ),
    "mean": lambda: Calling(lambda x: x.mean((2, 3))),
    "leaky ReLU": lambda: Having(nn.LeakyReLU()),
    "PReLU": lambda: Having(nn.PReLU()),
    "GELU": lambda: Having(nn.GELU()),
    "SiLU": lambda: Having(nn.SiLU()),
    "ReLU6": lambda: Having(nn.ReLU6()),
    "hardswish": lambda: Having(nn.Hardswish()),
    "adaptive pooling, uneven": lambda: Having(nn.AdaptiveAvgPool2d((5, 7))),
    "batched matrix products": lambda: Calling(lambda x: torch.bmm(x.flatten(0, 1), x.flatten(0, 1))),
    "product with a vector": lambda: Calling(lambda x: torch.matmul(x, x[0, 0, 0])),
}


def sequence(module: Callable[[], nn.Module], order: tuple[int, ...] = (0, 2, 1)) -> Callable[[], nn.Module]:
    """Give a recurrent layer 256 steps of 8 numbers, the batch first or, by another order, second."""
    return lambda: Around(module(), lambda inner, x: inner(x.flatten(2).permute(order))[0])


def twice(module: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    """Give a cell two steps of 16 examples of 16 numbers."""
    return lambda: Around(module(), lambda inner, x: inner(x[0, 1], inner(x[0, 0])))


class Around(nn.Module):
    """A module, and how it is called."""

    def __init__(self, inner: nn.Module, call: Callable[[nn.Module, Tensor], object]) -> None:
        super().__init__()
        self.inner, self.call = inner, call

    def forward(self, x: Tensor) -> object:
        return self.call(self.inner, x)


def packed(inner: nn.Module, x: Tensor) -> Tensor:
    steps = nn.utils.rnn.pack_padded_sequence(x.flatten(2).mT, [200], batch_first=True)
    return inner(steps)[0].data


def tied(layers: nn.GRU) -> nn.Module:
    layers.weight_ih_l1 = layers.weight_ih_l0
    return layers


TIME_FIRST = (2, 0, 1)
RECURRENT: dict[str, Callable[[], nn.Module]] = {
    "LSTM": sequence(lambda: nn.LSTM(8, 6, 2, bidirectional=True, batch_first=True)),
    "LSTM without bias": sequence(lambda: nn.LSTM(8, 6, 2, bias=False), TIME_FIRST),
    "LSTM with a projection": sequence(lambda: nn.LSTM(8, 6, 2, proj_size=3, bias=False), TIME_FIRST),
    "GRU": sequence(lambda: nn.GRU(8, 6, 2, bidirectional=True, bias=False, batch_first=True)),
    "GRU of one example": lambda: Around(nn.GRU(16, 6), lambda inner, x: inner(x[0, 0])[0]),
    "RNN": sequence(lambda: nn.RNN(8, 6, bias=False), TIME_FIRST),
    "RNN with ReLU": sequence(lambda: nn.RNN(8, 6, 2, nonlinearity="relu", bias=False), TIME_FIRST),
    "LSTM, packed": lambda: Around(nn.LSTM(8, 6, batch_first=True), packed),
    "GRU cell of one example": lambda: Around(nn.GRUCell(16, 8), lambda inner, x: inner(x[0, 0, 0])),
    "LSTM cell": twice(lambda: nn.LSTMCell(16, 8)),
    "LSTM cell without bias": twice(lambda: nn.LSTMCell(16, 8, bias=False)),
    "GRU cell": twice(lambda: nn.GRUCell(16, 8)),
    "RNN cell": twice(lambda: nn.RNNCell(16, 8)),
    "RNN cell with ReLU": twice(lambda: nn.RNNCell(16, 8, bias=False, nonlinearity="relu")),
}
PRODUCTS: dict[str, Callable[[], nn.Module]] = {
    "einsum": lambda: Calling(lambda x: torch.einsum("chw, ck -> khw", x[0], torch.ones(8, 6))),
    "einsum that fvcore knows": lambda: Calling(lambda x: torch.einsum("xyz,xyd->xzd", x[0], x[0])),
    "einsum of an outer product": lambda: Calling(lambda x: torch.einsum("i,j->ij", x[0, 0, 0], x[0, 0, 1])),
    "what is not returned": lambda: Around(
        nn.Conv2d(8, 8, 3), lambda inner, x: (x * 2, inner(x).add(1).mean())[0]
    ),
    "what comes last and is not returned": lambda: Around(
        nn.Conv2d(8, 8, 3, padding=1), lambda inner, x: (found := inner(x), inner(found).mean())[0]
    ),
}

# what each tool is not followed in: the tools whose number is another than ours, and what they are said to do
UNFOLLOWED: dict[str, tuple[Callable[[], nn.Module], dict[str, str]]] = {
    "GRU with a weight twice": (
        sequence(lambda: tied(nn.GRU(8, 8, 2))),
        dict.fromkeys(("thop", "ptflops", "calflops"), "share a tensor"),
    ),
    "GRU, input strided": (
        sequence(lambda: nn.GRU(8, 6), TIME_FIRST),
        {"ptflops-aten": "lies in memory"},
    ),
    "einsum over a batch of one": (
        lambda: Calling(lambda x: torch.einsum("bchw,ck->bkhw", x, torch.ones(8, 6))),
        dict.fromkeys(("fvcore", "calflops"), "an einsum for one"),
    ),
    "attention, weights not returned": (
        lambda: Around(
            nn.MultiheadAttention(8, 2, batch_first=True),
            lambda inner, x: inner(*[x.flatten(2).mT] * 3)[0],
        ),
        {"torchprofile": "products of sizes", "flopcounter": "one operator"},
    ),
    "encoder layer": (
        lambda: Around(
            nn.TransformerEncoderLayer(8, 2, 16, activation="gelu", batch_first=True),
            lambda inner, x: inner(x.flatten(2).mT),
        ),
        {"torchprofile": "products of sizes", "flopcounter": "one operator"},
    ),
}
NETWORKS = OPERATIONS | FAULTS | OTHERS | RECURRENT | PRODUCTS
NETWORKS |= {name: build for name, (build, _) in UNFOLLOWED.items()}

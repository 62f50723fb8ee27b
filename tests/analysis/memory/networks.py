"""Small networks, each with one thing that memory depends on; none takes workspace of a library."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint, checkpoint_sequential


class Plain(nn.Sequential):
    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 5))


class InPlace(nn.Module):
    """A ReLU in place saves nothing of its own; one after an addition neither, the addition saves nothing."""

    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(32, 64), nn.Linear(64, 64)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.first(x), inplace=True)
        y = self.second(x)
        y += x
        return y.relu_()


class Branches(nn.Module):
    shape = (8, 32)

    def __init__(self) -> None:
        super().__init__()
        self.branches = nn.ModuleList(nn.Linear(32, 16 * n) for n in (1, 2, 3))
        self.head = nn.Linear(96, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.tanh(x * x)
        return self.head(torch.cat([F.gelu(branch(x)) for branch in self.branches], 1))


class Shared(nn.Module):
    """One module three times, and a head whose weight is tied to it."""

    shape = (16, 24)

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(24, 24), nn.Linear(24, 24)
        self.head.weight = self.body.weight

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(3):
            x = torch.sigmoid(self.body(x))
        return self.head(x)


class Frozen(nn.Module):
    """Nothing is saved for a stem that is not trained, no gradient and no state is made for it."""

    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 48), nn.ReLU())
        self.head = nn.Linear(48, 8)
        self.stem.requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.stem(x))


class NoGrad(nn.Module):
    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.teacher, self.student = nn.Linear(32, 64), nn.Linear(32, 64)

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            target = torch.softmax(self.teacher(x), 1)
        return torch.log_softmax(self.student(x), 1) * target


class SeveralOutputs(nn.Module):
    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.body, self.left, self.right = nn.Linear(32, 64), nn.Linear(64, 3), nn.Linear(64, 7)

    def forward(self, x: Tensor) -> dict[str, Any]:
        hidden = F.silu(self.body(x))
        return {"logits": self.left(hidden), "more": [self.right(hidden)], "state": hidden, "none": None}


class Checkpointed(nn.Module):
    shape = (16, 32)

    def __init__(self, *, reentrant: bool = False) -> None:
        super().__init__()
        self.reentrant = reentrant
        self.stem = nn.Linear(32, 64)
        self.body = nn.Sequential(*(nn.Sequential(nn.Linear(64, 64), nn.ReLU()) for _ in range(4)))
        self.head = nn.Linear(64, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stem(x)
        if not self.training:
            return self.head(self.body(x))
        for block in self.body:
            x = checkpoint(block, x, use_reentrant=self.reentrant, preserve_rng_state=False)
        return self.head(x)


class Reentrant(Checkpointed):
    def __init__(self) -> None:
        super().__init__(reentrant=True)


class Segments(nn.Module):
    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(*(nn.Sequential(nn.Linear(32, 32), nn.Tanh()) for _ in range(6)))

    def forward(self, x: Tensor) -> Tensor:
        return checkpoint_sequential(self.body, 3, x * 2, use_reentrant=False, preserve_rng_state=False)


class _Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        square = x * x
        ctx.save_for_backward(x, square)
        return square * x

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        _, square = ctx.saved_tensors
        return gradient * (square + square + square)


class OwnFunction(nn.Module):
    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(32, 64), nn.Linear(64, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(_Cube.apply(self.body(x)))


class Hooked(nn.Module):
    """A hook that keeps an activation, one on a gradient, and a gradient that is retained."""

    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(32, 64), nn.Linear(64, 4)
        self.kept: list[Tensor] = []
        self.body.register_forward_hook(lambda module, args, output: output * 2)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.body(x)
        if hidden.requires_grad:
            hidden.retain_grad()
        self.kept = [hidden]
        doubled = hidden + hidden
        if doubled.requires_grad:
            doubled.register_hook(lambda gradient: gradient + gradient)
        return self.head(doubled)


class Normalized(nn.Module):
    shape = (4, 12, 32)

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.body, self.head = nn.LayerNorm(32), nn.Linear(32, 64), nn.Linear(64, 32)
        self.scale = nn.Parameter(torch.ones(32))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.scale * self.head(F.gelu(self.body(self.norm(x))))
        return F.softmax(x, -1).mean(1).transpose(0, 1).reshape(-1, 4)


class Pooled(nn.Module):
    shape = (2, 6, 16, 16)

    def __init__(self) -> None:
        super().__init__()
        self.norm, self.head = nn.BatchNorm2d(6), nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.norm(x)), 2)
        x = F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0)
        return self.head(F.adaptive_avg_pool2d(F.hardtanh(x), 1).flatten(1))


class Dropped(nn.Module):
    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(32, 64), nn.Linear(64, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.head(F.dropout(F.leaky_relu(self.body(x)), 0.3, self.training))
        return x * x


class Sliced(nn.Module):
    """Views keep the whole of what they are views of."""

    shape = (16, 32)

    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.Linear(32, 96), nn.Linear(32, 4)

    def forward(self, x: Tensor) -> Tensor:
        first, second, third = self.body(x).chunk(3, 1)
        return self.head(first * second.exp() + third.permute(1, 0).t())


class Attentive(nn.Module):
    """Fused attention saves its inputs, its output and one number a row, never the scores."""

    shape = (2, 24, 32)

    def __init__(self) -> None:
        super().__init__()
        self.project, self.head = nn.Linear(32, 96), nn.Linear(32, 4)

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.project(x).reshape(2, 24, 3, 4, 8).permute(2, 0, 3, 1, 4)
        x = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(2, 24, 32)
        x = self.head(x)
        return x * x


NETWORKS: tuple[type[nn.Module], ...] = (
    Plain, InPlace, Branches, Shared, Frozen, NoGrad, SeveralOutputs, Checkpointed, Reentrant, Segments,
    OwnFunction, Hooked, Normalized, Pooled, Dropped, Sliced,
)  # fmt: skip

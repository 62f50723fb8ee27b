"""What executing something costs, in counted operations and moved bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from inception_profiler.records.frozen import record


@record
class Cost:
    """Operations by kind, and the bytes they move; all whole numbers.

    ``macs`` are the multiply-accumulates of contractions (convolution, linear, matmul): what papers call
    multiply-adds. The others are scalar operations that are not MACs: ``comparisons`` (ReLU, max pooling),
    ``exponentials`` (exp, log, powers, roots and other transcendental functions), and so on. Then::

        ops   = adds + comparisons + multiplications + divisions + exponentials
        flops = 2 · macs + ops
    """

    macs: int = 0
    adds: int = 0
    comparisons: int = 0
    multiplications: int = 0
    divisions: int = 0
    exponentials: int = 0
    bytes_read: int = 0
    bytes_written: int = 0

    ZERO: ClassVar[Cost]

    @property
    def ops(self) -> int:
        """Scalar operations that are not MACs."""
        return self.adds + self.comparisons + self.multiplications + self.divisions + self.exponentials

    @property
    def flops(self) -> int:
        """Floating-point operations: ``2 · macs + ops``."""
        return 2 * self.macs + self.ops

    @property
    def intensity(self) -> float:
        """FLOPs per byte moved; 0 where nothing moves."""
        moved = self.bytes_read + self.bytes_written
        return self.flops / moved if moved else 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost.sum((self, other))

    @classmethod
    def sum(cls, costs: Iterable[Cost]) -> Cost:
        """Add up any number of costs."""
        rows = [
            (
                cost.macs,
                cost.adds,
                cost.comparisons,
                cost.multiplications,
                cost.divisions,
                cost.exponentials,
                cost.bytes_read,
                cost.bytes_written,
            )
            for cost in costs
        ]
        return cls(*map(sum, zip(*rows, strict=True)))


Cost.ZERO = Cost()

"""What other processes have of this machine's processors, while something is measured on them."""

from __future__ import annotations

import os
import time
from pathlib import Path

ROOT = Path("/")


class Busy:
    """How much others have had of the processors since this was made.

    By the system's own count (``/proc/stat``) less the time of this process; a hypervisor's share is in it.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self._root = root
        self._before = self._now()

    def share(self) -> float | None:
        """Return the share of all processors that others had, 0 to 1; None where the system does not tell."""
        now = self._now()
        if now is None or self._before is None or now[1] <= self._before[1]:
            return None
        used, total, own = (after - before for after, before in zip(now, self._before, strict=True))
        return min(1.0, max(0.0, used - own) / total)

    def _now(self) -> tuple[float, float, float] | None:
        try:
            words = (self._root / "proc/stat").read_text().splitlines()[0].split()[1:9]
            ticks = [int(word) for word in words]
            second = os.sysconf("SC_CLK_TCK")
            idle = ticks[3] + ticks[4]
        except (OSError, ValueError, IndexError):
            return None
        return (sum(ticks) - idle) / second, sum(ticks) / second, time.process_time()

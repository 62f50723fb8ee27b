"""Options that the commands which measure share: ``bench`` and ``roofline``."""

from __future__ import annotations

from typing import Annotated

import typer

ChannelsLast = Annotated[bool, typer.Option("--channels-last", help="Lay images out as N H W C in memory.")]
FuseBn = Annotated[
    bool, typer.Option("--fuse-bn", help="Fold each BatchNorm into the convolution before it.")
]
Threads = Annotated[int, typer.Option(help="Threads on the CPU; PyTorch's own number if left out.")]
Inputs = Annotated[
    list[str] | None,
    typer.Option(help="Size of an input, as in `profile`.", metavar="[NAME=][TYPE:]SIZES"),
]
Device = Annotated[
    str, typer.Option(help="cpu, cuda, cuda:1, …; the best there is if left out.", metavar="DEVICE")
]
Ceilings = Annotated[
    str, typer.Option(help="again: measure anew what the device can do at most.", metavar="again")
]

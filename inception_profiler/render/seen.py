"""Signs that cannot be seen and change what follows: commands to a terminal, turns of direction."""

from __future__ import annotations

import re

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def seen(text: str) -> str:
    r"""Put � for every sign that cannot be seen, and a space for tabs and returns.

    >>> seen("\x1b[31mred\tname")
    '�[31mred name'
    """
    return UNSEEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", " ").replace("\r", " "))

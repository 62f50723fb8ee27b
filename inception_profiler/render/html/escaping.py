"""Names become text, wherever in a page they stand: between tags, in attributes, in data, in a drawing."""

from __future__ import annotations

import json
import re
from html import escape
from typing import Any

from inception_profiler.render.seen import UNSEEN

_IN_SCRIPT = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_MARKUP = re.compile("[<>&\u2028\u2029]")


def text(string: str) -> str:
    """Make any text inert between tags and within a quoted attribute.

    Signs that cannot stand in a page, and those that turn the direction of what follows, become �.

    >>> text("<b title='x'>&")
    '&lt;b title=&#x27;x&#x27;&gt;&amp;'
    """
    return escape(UNSEEN.sub("\ufffd", string))


def data(value: Any) -> str:
    r"""Write a value as JSON that can stand within a ``script`` element.

    >>> print(data({"name": "</script><!--"}))
    {"name":"\u003c/script\u003e\u003c!--"}
    """
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _MARKUP.sub(lambda sign: _IN_SCRIPT[sign[0]], UNSEEN.sub("\ufffd", written))


def drawn(string: str, most: int = 0) -> str:
    """Make any text inert in a drawing of plotly's, which reads tags and TeX: one line of ``most`` signs.

    >>> drawn("<a href='x'>a name that is long</a>", most=14)
    "&lt;a href='x'&gt;a…"
    """
    line = " ".join(UNSEEN.sub("\ufffd", string).split())
    if most and len(line) > most:
        line = f"{line[: most - 1]}…"
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("$", "&#36;")

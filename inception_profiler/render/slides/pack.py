"""Office files as the same bytes whenever they are written: no dates in them."""

from __future__ import annotations

import io
import re
import zipfile

_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can name."""
_MOMENT = b"2000-01-01T00:00:00Z"
_DATED = re.compile(rb"(<dcterms:(created|modified)\b[^>]*>)[^<]*(</dcterms:\2>)")


def fixed(data: bytes) -> bytes:
    """Return an Office file with all dates replaced, those of the workbooks inside it too."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            content = given.read(entry)
            if entry.filename.endswith(".xlsx"):
                content = fixed(content)
            elif entry.filename == "docProps/core.xml":
                content = _DATED.sub(rb"\g<1>" + _MOMENT + rb"\g<3>", content)
            plain = zipfile.ZipInfo(entry.filename, _BEGINNING)
            plain.compress_type = zipfile.ZIP_DEFLATED
            plain.external_attr = 0o600 << 16
            plain.create_system = 3
            made.writestr(plain, content)
    return out.getvalue()

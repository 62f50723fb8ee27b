"""The documents whose claims are in the ledger."""

from __future__ import annotations

from inception_profiler.records.claim import Source
from inception_profiler.registry import Registry

SOURCES: Registry[str, Source] = Registry("document")


def _add(source: Source) -> Source:
    SOURCES.add(source.name, source)
    return source


CSDN_GOOGLENET = _add(
    Source("csdn-googlenet", "000", "卷积神经网络(四)-GoogLeNet", "", "zh-Hans", "a post on CSDN")
)
LECTURE8_NOTES = _add(
    Source(
        "lecture8-notes", "001", "计算机视觉中的深度学*8: 卷积神经网络的结构", "", "zh-Hans",
        "notes on lecture 8 of a university course on deep learning for vision; the asterisk is the page's",
    )
)  # fmt: skip
GITBOOK_GOOGLENET = _add(
    Source("gitbook-googlenet", "002", "GoogLeNet", "", "zh-Hans", "a chapter of a GitBook")
)
CSDN_INCEPTION_V4 = _add(
    Source(
        "csdn-inception-v4", "003", "深度学习经典网络: Inception系列网络(Inception v4 和Inception-ResNet)",
        "", "zh-Hans", "a post on CSDN",
    )
)  # fmt: skip
CNBLOGS_GOOGLENET = _add(
    Source(
        "cnblogs-googlenet", "004", "深度学习面试题20:GoogLeNet(Inception V1)",
        "https://www.cnblogs.com/mfryf/p/11381352.html", "zh-Hans", "a post on cnblogs, as mirrored",
    )
)  # fmt: skip


def document(name: str) -> Source:
    """Return the document of that name or number: ``lecture8-notes``, ``001``.

    Raises:
        UnknownNameError: no such document; the nearest names are suggested.
    """
    for source in SOURCES.values():
        if source.number and name == source.number:
            return source
    return SOURCES.get(name)

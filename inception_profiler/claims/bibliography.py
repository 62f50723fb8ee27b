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

_FROM_MEMORY = "{}; transcribed from memory, not re-read: the counters judge the transcript"


def _table(name: str, title: str, address: str, which: str) -> Source:
    return _add(Source(name, "", title, address, "en", _FROM_MEMORY.format(which)))


GOING_DEEPER = _table("going-deeper", "Going Deeper with Convolutions", "arXiv:1409.4842", "Table 1 and text")
VGG_PAPER = _table(
    "vgg-paper",
    "Very Deep Convolutional Networks for Large-Scale Image Recognition",
    "arXiv:1409.1556",
    "Table 2",
)
RETHINKING = _table(
    "rethinking",
    "Rethinking the Inception Architecture for Computer Vision",
    "arXiv:1512.00567",
    "Table 3 and text",
)
RESNET_PAPER = _table(
    "resnet-paper", "Deep Residual Learning for Image Recognition", "arXiv:1512.03385", "Table 1"
)
INCEPTION_V4_PAPER = _table(
    "inception-v4-paper",
    "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning",
    "arXiv:1602.07261",
    "Table 1 and text",
)
SQUEEZE = _table(
    "squeeze-and-excitation", "Squeeze-and-Excitation Networks", "arXiv:1709.01507", "cost in the text"
)
XCEPTION_PAPER = _table(
    "xception-paper",
    "Xception: Deep Learning with Depthwise Separable Convolutions",
    "arXiv:1610.02357",
    "Table 3",
)
LECTURE8 = _table(
    "lecture8",
    "Lecture 8 of a 2019 university course on deep learning for vision",
    "",
    "the slides behind document 001",
)


def document(name: str) -> Source:
    """Return the document of that name or number: ``lecture8-notes``, ``001``.

    Raises:
        UnknownNameError: no such document; the nearest names are suggested.
    """
    for source in SOURCES.values():
        if source.number and name == source.number:
            return source
    return SOURCES.get(name)

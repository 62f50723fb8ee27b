"""What oneDNN, PyTorch's convolution library on the CPU, takes besides tensors.

Seen in the allocator's events inside of single convolutions (torch 2.14, oneDNN 3.12, AVX2): a float32
convolution on plain N C H W tensors makes a copy of the input, of the weight and of the output in a layout
with the channels in blocks of 8 (16 with AVX-512), rounded up to whole blocks, computes there, frees the
first two, and only then makes the plain output and copies the result into it::

    forward:         max(x' + w' + y' + s,  y' + y) − y
    input gradient:  max(g' + w' + d',  d' + d),  with d the gradient of x, g that of y
    weight gradient: max(d + g' + x' + v' + b,  d + v' + b + v + b),  v and b those of weight and bias
    backward:        the largest of these − (d + v + b)

where x' is the blocked copy of x, and s the pixels that are read of it, one image a thread, where a kernel of
one pixel has a stride. An input of up to 3 channels is read as it is, without a copy, and a pool,
a normalization or a matrix product has no such copies. The copies are why the allocator of the CPU gives up
to twice what the tensors need where one large convolution is the peak (the first layers of AlexNet and VGG),
and hardly more where a concatenation is, as in the Inception networks.

Not in the formula: scratchpads of single implementations (0.1–10 % of a convolution), the im2col columns that
PyTorch's own convolution makes where oneDNN is not asked, and what cuDNN takes on a GPU, which depends on the
algorithm it chooses.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from inception_profiler.records.memory import BACKWARD, FORWARD
from inception_profiler.records.trace import Call, TensorSpec

BLOCKS = {"AVX2": 8, "AVX512": 16}
"""Channels in a block, by ``torch.backends.cpu.get_cpu_capability()``."""

_PLAIN_CHANNELS = 3
_SMALL = 20_480
_ALIGNMENT = 128


def workspace_bytes(call: Call, phase: str, block: int, threads: int, *, propagates: bool) -> int:
    """Return what a convolution is expected to take besides tensors; 0 where that is not known.

    ``propagates`` says whether a gradient of its input is made.
    """
    if not block or call.op not in {"conv1d", "conv2d", "conv3d"} or not _blocked(call, threads):
        return 0
    image, weight, output = call.inputs[0], call.inputs[1], call.outputs[0]
    bias = call.inputs[2].nbytes if len(call.inputs) > 2 else 0
    x = 0 if image.shape[1] <= _PLAIN_CHANNELS else _padded(image, block, (1,))
    y = _padded(output, block, (1,))
    groups = _attributes(call).get("groups", 1)
    w = weight.nbytes
    if groups == 1:
        w = _padded(weight, block, (0, 1) if x else (0,))
    if phase == FORWARD:
        return max(x + w + y + _thinned(call, threads), y + output.nbytes) - output.nbytes
    if phase != BACKWARD:
        return 0
    d = image.nbytes if propagates else 0
    return max(
        (y + w + x if propagates else 0),
        x + d if propagates else 0,
        d + y + x + w + bias,
        d + w + bias + weight.nbytes + bias,
    ) - (d + weight.nbytes + bias)


def _blocked(call: Call, threads: int) -> bool:
    """Tell whether PyTorch gives this convolution of plain tensors to oneDNN, as its own code decides."""
    image, weight, output = call.inputs[0], call.inputs[1], call.outputs[0]
    single = math.prod(weight.shape[2:]) == 1 and image.shape[2:] == output.shape[2:] and image.shape[0] < 16
    return (
        image.dtype == "float32"
        and not (single and threads == 1)
        and (
            image.shape[0] > 1
            or math.prod(image.shape) > _SMALL
            or min(weight.shape[2:]) > 3
            or _attributes(call).get("groups", 1) != 1
        )
    )


def _thinned(call: Call, threads: int) -> int:
    """Return the bytes of the pixels that a 1×1 convolution with a stride reads: one image a thread."""
    image, weight, output = call.inputs[0], call.inputs[1], call.outputs[0]
    if math.prod(weight.shape[2:]) > 1 or image.shape[2:] == output.shape[2:]:
        return 0
    sites = math.prod(output.shape[2:])
    return threads * image.shape[1] * sites * image.itemsize + _ALIGNMENT


def _attributes(call: Call) -> Mapping[str, object]:
    return dict(call.attributes)


def _padded(tensor: TensorSpec, block: int, dimensions: tuple[int, ...]) -> int:
    """Return the bytes of a tensor with some of its dimensions rounded up to whole blocks."""
    sizes = [
        -(-size // block) * block if dimension in dimensions else size
        for dimension, size in enumerate(tensor.shape)
    ]
    return math.prod(sizes) * tensor.itemsize

"""NVIDIA's management library with answers that a test gives, under the real names and signatures."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pynvml

UNSUPPORTED = pynvml.NVMLError(pynvml.NVML_ERROR_NOT_SUPPORTED)


class FakeNvml:
    """Has every name that nvidia-ml-py has, and none besides.

    A question is answered by what stands under its name in ``answers``: a value, a function of its arguments
    after the handle, or an error to raise; without an answer the device does not support it.
    """

    def __init__(self, uuid: str = "GPU-1234", **answers: Any) -> None:
        self.uuid = uuid
        self.answers: Mapping[str, Any] = answers
        self.started = 0

    def __dir__(self) -> list[str]:
        return dir(pynvml)

    def __getattr__(self, name: str) -> Any:
        real = getattr(pynvml, name)
        return self._asked(name, real) if inspect.isfunction(real) else real

    def _asked(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def answer(*args: Any) -> Any:
            inspect.signature(real).bind(*args)
            found = self.answers.get(name, UNSUPPORTED)
            if isinstance(found, Exception):
                raise found
            return found(*args[1:]) if callable(found) else found

        return answer

    def nvmlInit(self) -> None:
        self.started += 1

    def nvmlDeviceGetHandleByUUID(self, uuid: str) -> str:
        if uuid != self.uuid:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_NOT_FOUND)
        return f"handle of {uuid}"

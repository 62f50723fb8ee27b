"""What every lens of ``profile`` shares."""

from __future__ import annotations

import pytest

from inception_profiler.cli.request import Request, chosen_lens
from inception_profiler.errors import InputError


def test_one_lens_at_a_time() -> None:
    assert chosen_lens({}) == chosen_lens({"--memory": False, "--as": ""}) == ""
    assert chosen_lens({"--memory": True, "--as": ""}) == "--memory"
    with pytest.raises(InputError, match="--memory and --as each ask a different question: choose one"):
        chosen_lens({"--memory": True, "--audit": False, "--as": "fvcore"})


def test_subjects_are_the_models_in_their_order_with_the_same_inputs() -> None:
    first, second = Request(("vgg11", "vgg13"), inputs=("3x64x64",), batch=2, train=True).subjects()
    assert (first.name, second.name) == ("vgg11", "vgg13")
    assert {wanted.shape for about in (first, second) for wanted in about.inputs.tensors} == {(2, 3, 64, 64)}
    assert first.train
    assert Request(("vgg11",)).subjects()[0].inputs.tensors[0].shape == (1, 3, 224, 224)

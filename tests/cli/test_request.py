"""What every lens of ``profile`` shares."""

from __future__ import annotations

import pytest

from inception_profiler.cli.main import main
from inception_profiler.cli.request import HEEDED, Request, chosen_lens, refuse_unheeded
from inception_profiler.errors import InputError


def test_one_lens_at_a_time() -> None:
    assert chosen_lens({}) == chosen_lens({"--memory": False, "--as": ""}) == ""
    assert chosen_lens({"--memory": True, "--as": ""}) == "--memory"
    with pytest.raises(InputError, match="--memory and --as each ask a different question: choose one"):
        chosen_lens({"--memory": True, "--audit": False, "--as": "fvcore"})


def test_an_option_that_a_lens_would_pass_over_is_refused() -> None:
    given = {"--sort": "macs", "--top": 3, "--by": False}
    refuse_unheeded("", given)
    refuse_unheeded("--memory", {"--sort": "", "--top": 3})
    with pytest.raises(InputError, match="--sort and --top would change nothing in what --audit shows"):
        refuse_unheeded("--audit", given)


@pytest.mark.parametrize("lens", HEEDED)
def test_every_lens_refuses_what_it_does_not_heed(lens: str, capsys: pytest.CaptureFixture[str]) -> None:
    value = {"--as": ["paper"], "--scale": ["batch=1,2"]}.get(lens, [])
    with pytest.raises(SystemExit) as exit_:
        main(["profile", "lenet5", lens, *value, "--by", "op"])
    assert exit_.value.code == 2
    assert f"--by would change nothing in what {lens} shows" in capsys.readouterr().err


def test_subjects_are_the_models_in_their_order_with_the_same_inputs() -> None:
    first, second = Request(("vgg11", "vgg13"), inputs=("3x64x64",), batch=2, train=True).subjects()
    assert (first.name, second.name) == ("vgg11", "vgg13")
    assert {wanted.shape for about in (first, second) for wanted in about.inputs.tensors} == {(2, 3, 64, 64)}
    assert first.train
    assert Request(("vgg11",)).subjects()[0].inputs.tensors[0].shape == (1, 3, 224, 224)

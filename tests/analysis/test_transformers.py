"""Modules of Hugging Face, small and of random weights, against PyTorch's counter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import inception_profiler as ip

pytestmark = pytest.mark.filterwarnings("ignore")  # of transformers' own making

WORDS = {"vocab_size": 64, "max_position_embeddings": 64, "hidden_size": 32, "intermediate_size": 48}
BLOCKS = {"num_hidden_layers": 2, "num_attention_heads": 4}
IMAGES = {"hidden_size": 32, "intermediate_size": 48, "image_size": 32, "patch_size": 8, **BLOCKS}
PAIR = {
    "d_model": 32, "encoder_layers": 2, "decoder_layers": 2, "encoder_attention_heads": 4,
    "decoder_attention_heads": 4, "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "vocab_size": 64,
}  # fmt: skip


def ids(length: int) -> Tensor:
    return torch.randint(4, 60, (2, length), generator=torch.Generator().manual_seed(0))


TOKENS: dict[str, Any] = {"input_ids": ids(16)}
PICTURES: dict[str, Any] = {"pixel_values": torch.zeros(2, 3, 32, 32)}
SOUND: dict[str, Any] = {"input_features": torch.zeros(2, 16, 100), "decoder_input_ids": ids(8)}
MODELS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "BertForMaskedLM": ("BertConfig", {**WORDS, **BLOCKS}, TOKENS),
    "GPT2LMHeadModel": ("GPT2Config", {"vocab_size": 64, "n_embd": 32, "n_layer": 2, "n_head": 4}, TOKENS),
    "LlamaForCausalLM": ("LlamaConfig", {**WORDS, **BLOCKS, "num_key_value_heads": 2}, TOKENS),
    "T5ForConditionalGeneration": (
        "T5Config",
        {"vocab_size": 64, "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 2, "num_heads": 4},
        {**TOKENS, "decoder_input_ids": ids(8)},
    ),
    "ViTForImageClassification": ("ViTConfig", IMAGES, PICTURES),
    "ResNetForImageClassification": (
        "ResNetConfig",
        {"embedding_size": 8, "hidden_sizes": [8, 16], "depths": [1, 1]},
        PICTURES,
    ),
    "CLIPModel": (
        "CLIPConfig",
        {
            "text_config": {**WORDS, **BLOCKS, "projection_dim": 16},
            "vision_config": {**IMAGES, "projection_dim": 16},
            "projection_dim": 16,
        },
        {**TOKENS, **PICTURES},
    ),
    "WhisperForConditionalGeneration": (
        "WhisperConfig",
        {
            **PAIR, "num_mel_bins": 16, "max_source_positions": 50, "max_target_positions": 20,
            "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1,
        },
        SOUND,
    ),
}  # fmt: skip


def built(name: str, attention: str = "") -> nn.Module:
    transformers = pytest.importorskip("transformers")
    config, settings, _ = MODELS[name]
    chosen = {"attn_implementation": attention} if attention else {}
    model: nn.Module = getattr(transformers, name)(getattr(transformers, config)(**settings, **chosen))
    return model.eval()


def counted(model: nn.Module, inputs: dict[str, Any]) -> int:
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), counter:
        model(**inputs)
    return counter.get_total_flops()


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
@pytest.mark.parametrize("name", MODELS)
def test_the_same_as_pytorch_counts(name: str, attention: str) -> None:
    if attention == "sdpa" and name.startswith("ResNet"):
        pytest.skip("a ResNet has no attention")
    inputs = MODELS[name][2]
    model = built(name, attention)
    before = {key: (value.clone(), value._version) for key, value in model.state_dict().items()}
    state = torch.get_rng_state()
    specs = {
        key: f"{str(x.dtype)[6:]}:N{''.join(f'x{side}' for side in x.shape[1:])}" for key, x in inputs.items()
    }
    result = ip.profile(model, inputs=specs, batch=2)
    assert result == ip.profile(model, inputs=inputs)
    assert (result.unpriced, result.fallback) == ((), "")
    assert result.input_names == tuple(inputs)
    assert torch.equal(state, torch.get_rng_state())
    after = model.state_dict()
    assert all(torch.equal(after[key], x) and after[key]._version == v for key, (x, v) in before.items())
    assert not any(hasattr(entry, "_inception_profiler_mark") for entry in model.parameters())
    assert result.params == sum(parameter.numel() for parameter in model.parameters())
    assert 2 * result.macs == counted(model, inputs)


def test_a_mask_whose_values_are_asked_for() -> None:
    mask = torch.ones(2, 16, dtype=torch.int64)
    mask[1, 10:] = 0
    inputs = {**TOKENS, "attention_mask": mask}
    model = built("BertForMaskedLM", "sdpa")
    result = ip.profile(model, inputs=inputs)
    assert 2 * result.macs == counted(model, inputs)
    assert result.unpriced == ()
    assert result.fallback.startswith("on the values that were given, because Tensor.")


def test_labels_and_their_loss() -> None:
    model = built("GPT2LMHeadModel")
    result = ip.profile(model, inputs={**TOKENS, "labels": ids(16)})
    assert result.unpriced == ()
    assert 2 * result.macs == counted(model, TOKENS)


def test_weights_need_not_be_there() -> None:
    real = ip.profile(built("LlamaForCausalLM"), inputs=TOKENS)
    with torch.device("meta"):
        model = built("LlamaForCausalLM")
    assert ip.profile(model, inputs={"input_ids": "int64:2x16"}).macs == real.macs


def test_a_tokenizers_output_is_named_inputs() -> None:
    transformers = pytest.importorskip("transformers")
    encoded: Callable[..., Any] = transformers.BatchEncoding
    result = ip.profile(built("GPT2LMHeadModel"), inputs=encoded(TOKENS))
    assert result.input_names == ("input_ids",)

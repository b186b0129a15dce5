"""Writes tests/golden/tokens/<case>.json: what the language models of transformers answer, with their own tensors' names.

Usage: python tools/golden/language_models.py [CASE..]                 (needs torch, transformers)
       python tools/golden/language_models.py --sensitivity [CASE..]   shows that each parameter matters

Weights are filled as zoo.py fills them, by the names that a saved file has; tests/parity/language_models_test.cpp makes
the same folder, loads it as a user's and holds its outputs against these. Numbers from networks in float64; the second
text is shorter, and padded.
"""
import json
import pathlib
import re
import sys

import torch
import transformers as t

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import zoo  # noqa: E402
from vision_transformers import compact  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "tokens"
WORDS, STRIDE = 50, 5
MASK = [[1] * 7, [1] * 4 + [0] * 3]
TYPES = [[0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 0]]
SIZES = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=4, intermediate_size=40, vocab_size=WORDS)
ROBERTA = dict(**SIZES, max_position_embeddings=34, type_vocab_size=1, layer_norm_eps=1e-5)
LLAMA3 = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=32, rope_theta=500000.0)
# What of a config.json the reader looks at.
KEYS = ("model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
        "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "hidden_act", "pad_token_id", "dim", "n_layers",
        "n_heads", "hidden_dim", "activation", "n_embd", "n_layer", "n_head", "n_positions", "activation_function",
        "layer_norm_epsilon", "num_key_value_heads", "head_dim", "rms_norm_eps", "rope_parameters", "attention_bias",
        "mlp_bias", "use_parallel_residual")


def cases():
    return {
        "bert": (t.BertModel, t.BertConfig(**SIZES, max_position_embeddings=32)),
        "bert_masked": (t.BertForMaskedLM, t.BertConfig(**SIZES, max_position_embeddings=32, hidden_act="gelu_new")),
        "roberta": (t.RobertaModel, t.RobertaConfig(**ROBERTA)),
        "xlm_roberta_classifier": (t.XLMRobertaForSequenceClassification, t.XLMRobertaConfig(**ROBERTA)),
        "camembert": (t.CamembertModel, t.CamembertConfig(**{**ROBERTA, "type_vocab_size": 2})),
        "distilbert": (t.DistilBertModel, t.DistilBertConfig(
            dim=24, n_layers=2, n_heads=4, hidden_dim=40, vocab_size=WORDS, max_position_embeddings=32)),
        "gpt2": (t.GPT2LMHeadModel, t.GPT2Config(n_embd=24, n_layer=2, n_head=4, vocab_size=WORDS, n_positions=32)),
        "gpt_neox": (t.GPTNeoXForCausalLM, t.GPTNeoXConfig(**SIZES, max_position_embeddings=32, rotary_pct=1 / 3)),
        "gpt_neox_serial": (t.GPTNeoXModel, t.GPTNeoXConfig(
            **SIZES, max_position_embeddings=32, rotary_pct=1.0, use_parallel_residual=False, attention_bias=False)),
        "llama": (t.LlamaForCausalLM, t.LlamaConfig(**SIZES, num_key_value_heads=2, max_position_embeddings=32)),
        "llama3": (t.LlamaModel, t.LlamaConfig(
            **SIZES, num_key_value_heads=1, head_dim=8, max_position_embeddings=64, rope_parameters=LLAMA3,
            attention_bias=True, mlp_bias=True)),
        "qwen2": (t.Qwen2ForCausalLM, t.Qwen2Config(**SIZES, num_key_value_heads=2, max_position_embeddings=32)),
    }


def ids():
    """Never 0 or 1, which are padding to some."""
    return [[2 + (7 * row + 5 * column * column + column) % (WORDS - 2) for column in range(7)] for row in range(2)]


def fill(network):
    """A tensor that two names share is saved, and filled, by the first."""
    state, seen = {}, set()
    for name, value in network.state_dict().items():
        if value.is_floating_point() and value.data_ptr() not in seen:
            state[name] = value
            seen.add(value.data_ptr())
    with torch.no_grad():
        for name, tensor in state.items():
            tensor.copy_(torch.from_numpy(zoo.filled(name, tuple(tensor.shape))))
    return state


def states(network, config):
    body = getattr(network, network.base_model_prefix, network)
    inputs = dict(input_ids=torch.tensor(ids()), attention_mask=torch.tensor(MASK))
    if config.model_type == "bert":
        inputs["token_type_ids"] = torch.tensor(TYPES)
    with torch.no_grad():
        return body.double().eval()(**inputs).last_hidden_state


def make_golden(name, network_class, config):
    config._attn_implementation = "eager"
    network = network_class(config)
    tensors = {key: list(value.shape) for key, value in fill(network).items()}
    found = states(network, config)
    counted = found[torch.tensor(MASK).bool()].flatten()
    saved = json.loads(config.to_json_string(use_diff=False))
    return {
        "case": name,
        "reference": f"transformers {t.__version__}",
        "config": {key: saved[key] for key in KEYS if saved.get(key) is not None},
        "tensors": tensors,
        "input_ids": ids(),
        "attention_mask": MASK,
        "token_type_ids": TYPES,
        "scale": float(counted.abs().max()),
        "stride": STRIDE,
        "states": [float(f"{value:.9g}") for value in counted[::STRIDE]],
    }


def without_effect(name):
    """A bias of the keys moves all scores of a query alike; poolers and heads are not in the answer."""
    return re.search(r"(key|k_lin|k_proj)\.bias$|pooler\.|lm_head|embed_out|cls\.|classifier", name) is not None


def show_sensitivity(name, network_class, config):
    config._attn_implementation = "eager"
    network = network_class(config)
    state = fill(network)
    first = states(network, config)
    changes = {}
    for key, tensor in network.state_dict().items():
        if key not in state or without_effect(key):
            continue
        before = tensor.clone()
        tensor.mul_(1.03125)
        difference = (states(network, config) - first)[torch.tensor(MASK).bool()]
        changes[key] = float(difference.abs().max() / first.abs().max())
        tensor.copy_(before)
    least = min(changes.items(), key=lambda item: item[1])
    print(f"{name}: {least[0]} matters least: {least[1]:.2e} of the largest output")
    assert least[1] > 2e-4, "a parameter that the parity test would not see"


if __name__ == "__main__":
    words = sys.argv[1:]
    sensitivity = words[:1] == ["--sensitivity"]
    chosen = words[1 if sensitivity else 0 :]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for case_name, (network_class, config) in cases().items():
        if chosen and case_name not in chosen:
            continue
        if sensitivity:
            show_sensitivity(case_name, network_class, config)
            continue
        text = compact(make_golden(case_name, network_class, config))
        (FOLDER / f"{case_name}.json").write_text(text)
        print(case_name, len(text), "bytes")

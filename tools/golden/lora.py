"""Writes tests/golden/lora/<case>.json: the losses of 20 steps of PEFT's LoRA on a small network, with its own tensors' names.

Usage: python tools/golden/lora.py        (needs torch, transformers, peft)

Weights, and the A of each adapter, are filled as language_models.py fills them; B begins at 0, of GPT-NeoX filled too, because
there its rows lie in another order than here. AdamW on one batch of
three texts, the mean of the surprise over all tokens but the first of each. tests/parity/training_lora_test.cpp does the same steps.
"""
import json
import pathlib
import sys

import peft
import torch
import transformers as t

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import language_models as lm  # noqa: E402
import zoo  # noqa: E402

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "lora"
RANK, ALPHA, STEPS = 3, 6, 20
RATES = {"llama": 0.02, "gpt_neox": 0.002}  # where B is not 0, a step of 0.02 makes of rounding what is no longer 1e-4
CASES = {
    "llama": (t.LlamaForCausalLM, t.LlamaConfig(
        **lm.SIZES, num_key_value_heads=2, max_position_embeddings=32, tie_word_embeddings=True),
        ["q_proj", "v_proj", "down_proj"], ["lora_A"]),
    "gpt_neox": (t.GPTNeoXForCausalLM, t.GPTNeoXConfig(
        **lm.SIZES, max_position_embeddings=32, rotary_pct=1 / 3, tie_word_embeddings=True),
        ["query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h"], ["lora_A", "lora_B"]),
}


def write(case):
    kind, config, targets, filled = CASES[case]
    config._attn_implementation = "eager"
    network = kind(config)
    tensors = {key: list(value.shape) for key, value in lm.fill(network).items()}
    network = peft.get_peft_model(network.double(), peft.LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=targets))
    adapters = {}
    with torch.no_grad():
        for name, value in network.named_parameters():
            if any(part in name for part in filled):
                saved = name.replace(".default", "")
                value.copy_(torch.from_numpy(zoo.filled(saved, tuple(value.shape))))
                adapters[saved] = list(value.shape)
    learn = [value for value in network.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learn, lr=RATES[case], weight_decay=0.0)
    ids = torch.tensor([[2 + (7 * row + 5 * column * column + column) % 48 for column in range(9)] for row in range(3)])
    losses = []
    for _ in range(STEPS):
        loss = network(input_ids=ids, labels=ids).loss
        losses.append(float(f"{float(loss):.9g}"))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    saved = json.loads(config.to_json_string(use_diff=False))
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{case}.json").write_text(lm.compact({
        "reference": f"peft {peft.__version__}", "config": {k: saved[k] for k in lm.KEYS if saved.get(k) is not None},
        "tensors": tensors, "adapters": adapters, "rank": RANK, "alpha": ALPHA, "rate": RATES[case], "input_ids": ids.tolist(),
        "losses": losses}) + "\n")
    print(case, losses[0], losses[-1])


def main():
    for case in CASES:
        write(case)


if __name__ == "__main__":
    main()

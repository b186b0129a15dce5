"""Writes tests/golden/generation/textgenrnn.json: what a network built as textgenrnn 2.0.0 builds its own says and writes.

Usage: python tools/golden/textgenrnn.py     (needs torch, timm, torchvision)

Keras's layout of an LSTM (gates i f c o, one bias) in torch's, the end as textgenrnn's `textgenrnn_model` and
`AttentionWeightedAverage` have it: word vectors and both layers side by side, exp(x W) over their sum along all steps,
those that fill up included, the weighted sum, a dense layer. Weights as zoo.py fills them; numbers in float64.
"""
import json
import math
import pathlib
import sys

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import zoo  # noqa: E402
from vision_transformers import compact  # noqa: E402

LETTERS = [chr(ord("a") + i) for i in range(24)] + [" ", "."]
VOCABULARY = {letter: number for number, letter in enumerate(LETTERS, 1)} | {"<s>": len(LETTERS) + 1}
WINDOW, WORDS, WIDTH, UNITS = 8, len(VOCABULARY) + 1, 6, 5
JOINED = WIDTH + 2 * UNITS
TENSORS = {
    "embedding/embeddings": [WORDS, WIDTH],
    "rnn_1/kernel": [WIDTH, 4 * UNITS],
    "rnn_1/recurrent_kernel": [UNITS, 4 * UNITS],
    "rnn_1/bias": [4 * UNITS],
    "rnn_2/kernel": [UNITS, 4 * UNITS],
    "rnn_2/recurrent_kernel": [UNITS, 4 * UNITS],
    "rnn_2/bias": [4 * UNITS],
    "attention/attention_W": [JOINED, 1],
    "output/kernel": [JOINED, WORDS],
    "output/bias": [WORDS],
}
PROMPTS = ["", "a", "the cab", "a longer beginning than a window."]
TOKENS = 12


def weights():
    limits = {name: (0, 4 * zoo.range_of(name, shape)[1]) if name == "output/kernel" else None
              for name, shape in TENSORS.items()}
    return {name: torch.from_numpy(zoo.filled(name, tuple(shape), limits[name])).double() for name, shape in TENSORS.items()}


def layer(values, name, x):
    cell = torch.nn.LSTM(x.shape[-1], UNITS, batch_first=True).double()
    with torch.no_grad():
        cell.weight_ih_l0.copy_(values[f"{name}/kernel"].T)
        cell.weight_hh_l0.copy_(values[f"{name}/recurrent_kernel"].T)
        cell.bias_ih_l0.copy_(values[f"{name}/bias"])
        cell.bias_hh_l0.zero_()
        return cell(x)[0]


def scores(values, ids):
    seen = ([0] * WINDOW + ids)[-WINDOW:]
    vectors = values["embedding/embeddings"][torch.tensor([seen])]
    first = layer(values, "rnn_1", vectors)
    second = layer(values, "rnn_2", first)
    x = torch.cat([vectors, first, second], 2)
    shares = torch.softmax(x @ values["attention/attention_W"], 1)
    return ((x * shares).sum(1) @ values["output/kernel"] + values["output/bias"])[0]


def written(values, ids):
    ids, chosen, lead = list(ids), [], math.inf
    for _ in range(TOKENS):
        row = scores(values, ids)
        best = torch.topk(row, 2).values
        lead = min(lead, float(best[0] - best[1]))
        chosen.append(int(row.argmax()))
        ids.append(chosen[-1])
        if chosen[-1] == VOCABULARY["<s>"]:
            break
    return chosen, lead


if __name__ == "__main__":
    values = weights()
    cases = []
    for prompt in PROMPTS:
        ids = [VOCABULARY["<s>"]] + [VOCABULARY[letter] for letter in prompt]
        row = scores(values, ids)
        chosen, lead = written(values, ids)
        assert lead > 1e-3, (prompt, lead)
        cases.append({"prompt": prompt, "ids": ids, "scores": [float(f"{value:.9g}") for value in row.tolist()],
                      "written": chosen})
    golden = {"reference": f"torch {torch.__version__}, textgenrnn 2.0.0's definition", "window": WINDOW,
              "vocabulary": VOCABULARY, "tensors": TENSORS, "strong": {"output/kernel": 4}, "cases": cases}
    folder = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "generation"
    (folder / "textgenrnn.json").write_text(compact(golden))
    print([case["written"] for case in cases])

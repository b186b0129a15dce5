"""Writes tests/golden/engine/ctc_loss.safetensors and tests/golden/tasks/ctc_decoding.json.

Usage: python tools/golden/ctc.py     (needs torch, numpy; pyctcdecode 0.5 with pygtrie)

CTC losses and their gradients by torch.nn.functional.ctc_loss in float64, with labels that repeat, that are none, and that
need more frames than there are; the texts that pyctcdecode finds in random probabilities without a language model.
"""
import json
import pathlib
import struct

import numpy as np
import torch
import torch.nn.functional as F
from pyctcdecode import build_ctcdecoder

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden"
FRAMES, EXAMPLES, CLASSES, MOST = 11, 6, 5, 7
LABELS = [[1, 2, 3], [4, 4, 4, 1], [], [2, 2, 2, 2, 2, 2, 2], [3], [1, 2, 1, 2, 1, 2, 1]]
LENGTHS = [11, 9, 4, 11, 1, 7]  # the fourth would need 13


def save(path, tensors):
    header, data = {}, b""
    for name, value in tensors.items():
        value = np.ascontiguousarray(value, dtype=np.float64)
        header[name] = {"dtype": "F64", "shape": list(value.shape),
                        "data_offsets": [len(data), len(data) + value.nbytes]}
        data += value.tobytes()
    text = json.dumps(header).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def losses():
    rng = np.random.default_rng(3)
    logits = torch.tensor(rng.normal(size=(EXAMPLES, FRAMES, CLASSES)) * 2, requires_grad=True)
    labels = torch.full((EXAMPLES, MOST), -1)
    for i, row in enumerate(LABELS):
        labels[i, :len(row)] = torch.tensor(row, dtype=torch.long)
    out = {"logits": logits.detach().numpy(), "labels": labels.numpy(), "lengths": LENGTHS}
    counts = torch.tensor([len(row) for row in LABELS])
    for name, zero in (("infinite", False), ("zero", True)):
        found = F.ctc_loss(logits.log_softmax(2).transpose(0, 1), labels.clamp_min(0), torch.tensor(LENGTHS), counts,
                           reduction="none", zero_infinity=zero)
        out[name] = found.detach().numpy()
    mean = F.ctc_loss(logits.log_softmax(2).transpose(0, 1), labels.clamp_min(0), torch.tensor(LENGTHS), counts,
                      reduction="mean", zero_infinity=True)
    mean.backward()
    out["mean"], out["gradient"] = [mean.item()], logits.grad.numpy()
    save(FOLDER / "engine" / "ctc_loss.safetensors", out)


def decoding():
    rng = np.random.default_rng(8)
    alphabet = ["", " ", "a", "b", "c"]
    decoder = build_ctcdecoder(alphabet)
    cases = []
    for number in range(24):
        frames, sharpness = int(rng.integers(1, 14)), [0.5, 1.5, 3.0][number % 3]
        logits = rng.normal(size=(frames, len(alphabet))) * sharpness
        probabilities = np.exp(logits - logits.max(1, keepdims=True))
        probabilities = (probabilities / probabilities.sum(1, keepdims=True)).astype(np.float32)
        width = [100, 5, 2][number % 3]
        beams = decoder.decode_beams(np.log(probabilities.astype(np.float64)), beam_width=width)
        cases.append({"probabilities": [float(f"{p:.9g}") for p in probabilities.ravel()], "beams": width,
                      "texts": [beam[0] for beam in beams[:3]],
                      "logarithms": [float(f"{beam[-2]:.9g}") for beam in beams[:3]]})
    path = FOLDER / "tasks" / "ctc_decoding.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[" + ",\n".join(json.dumps(case) for case in cases) + "]\n")


losses()
decoding()

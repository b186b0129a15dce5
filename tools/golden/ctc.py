"""Writes tests/golden/engine/ctc_loss.safetensors and tests/golden/tasks/{ctc_decoding,ctc_words}.json and words.arpa.

Usage: python tools/golden/ctc.py [CASES]     (needs torch, numpy; pyctcdecode 0.5 with pygtrie and kenlm)

CASES: so many searches with a language model in place of 40, for a longer comparison that is not checked in.
CTC losses and their gradients by torch.nn.functional.ctc_loss in float64, with labels that repeat, that are none, and that
need more frames than there are; the texts that pyctcdecode finds in random probabilities without a language model, and with one; what KenLM says of sentences by it. To
pyctcdecode a space at the end makes a word of no letters, which costs an unknown one; here it costs nothing.
"""
import json
import pathlib
import struct
import sys

import kenlm
import numpy as np
import torch
import torch.nn.functional as F
from pyctcdecode import LanguageModel, build_ctcdecoder

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



def arpa(path):
    """A trigram model of two dozen words of a, b and c, whose numbers are random: nothing in the search asks that they add up."""
    rng = np.random.default_rng(5)
    words = sorted({"".join(rng.choice(list("abc"), size=int(rng.integers(1, 5)))) for _ in range(24)})
    sentences = [["<s>", *(words[int(i)] for i in rng.integers(0, len(words), size=int(rng.integers(1, 7)))), "</s>"]
                 for _ in range(60)]
    found = [{tuple(one[i:i + n]) for one in sentences for i in range(len(one) - n + 1)} for n in (1, 2, 3)]
    pairs = sorted(one for one in found[1] if rng.random() < 0.6)
    grams = [[("<unk>",), *sorted(found[0])], pairs,
             sorted(one for one in found[2] if one[:2] in pairs and one[1:] in pairs)]
    lines = ["\\data\\", *(f"ngram {n}={len(part)}" for n, part in enumerate(grams, 1))]
    for n, part in enumerate(grams, 1):
        lines += ["", f"\\{n}-grams:"]
        for gram in part:
            backoff = "" if n == 3 or gram[-1] == "</s>" else f"\t{-rng.uniform(0, 1):.4f}"
            lines.append(f"{-99 if gram == ('<s>',) else -rng.uniform(0.1, 3):.4f}\t{' '.join(gram)}{backoff}")
    path.write_text("\n".join([*lines, "", "\\end\\", ""]))
    return words


def spaces_at_the_end_cost_nothing():
    score = LanguageModel.score

    def scored(self, state, word, is_last_word=False):
        if word:
            return score(self, state, word, is_last_word)
        end = self._get_raw_end_score(state) if is_last_word else 0.0
        return self.alpha * end * np.log(10), state

    LanguageModel.score = scored


def decoding_with_words(count):
    spaces_at_the_end_cost_nothing()
    path = FOLDER / "tasks" / "words.arpa"
    words = arpa(path)
    rng = np.random.default_rng(9)
    model = kenlm.Model(str(path))
    sentences = [" ".join(words[int(i)] if i < len(words) else "xyz" for i in rng.integers(0, len(words) + 2, size=n))
                 for n in (1, 2, 3, 4, 5, 6, 9)]
    out = {"sentences": [[one, round(model.score(one), 6)] for one in sentences], "searches": []}
    alphabet = ["", " ", "a", "b", "c"]
    while len(out["searches"]) < count:
        number = len(out["searches"])
        weight, bonus = [(0.5, 1.5), (1.0, 0.0), (0.2, 3.0)][number % 3]
        decoder = build_ctcdecoder(alphabet, str(path), alpha=weight, beta=bonus)
        frames, sharpness = int(rng.integers(2, 24)), [1.5, 3.0][number % 2]
        logits = rng.normal(size=(frames, len(alphabet))) * sharpness
        probabilities = np.exp(logits - logits.max(1, keepdims=True))
        probabilities = (probabilities / probabilities.sum(1, keepdims=True)).astype(np.float32)
        width = [100, 12][number % 2]
        beams = decoder.decode_beams(np.log(probabilities.astype(np.float64)), beam_width=width)
        out["searches"].append({"probabilities": [float(f"{p:.7g}") for p in probabilities.ravel()], "beams": width,
                                "weight": weight, "bonus": bonus, "text": beams[0][0],
                                "logarithm": float(f"{beams[0][-2]:.8g}"), "weighed": float(f"{beams[0][-1]:.8g}")})
    return out


def save_words(count):
    out = decoding_with_words(count)
    searches = ",\n".join(json.dumps(one) for one in out["searches"])
    text = f'{{"sentences": {json.dumps(out["sentences"])},\n"searches": [{searches}]}}\n'
    (FOLDER / "tasks" / "ctc_words.json").write_text(text)


losses()
decoding()
save_words(int(sys.argv[1]) if len(sys.argv) > 1 else 40)

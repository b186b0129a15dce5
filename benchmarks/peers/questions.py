#!/usr/bin/env python3
"""Answers to questions: Enxerto beside transformers, on one split of XQuAD by paragraph a seed, with the same windows and steps.

    python3 benchmarks/peers/questions.py ENXERTO --data xquad.en.json --backbone MINILM [--seeds 3] [--threads 2] [--sides enxerto transformers]

Both follow recipes/questions-xquad.toml: a span head on frozen states for an epoch at 1e-3, then the upper blocks with it, four
epochs at 2e-4 with warm-up and linear decay, gradients clipped at 1; no dropout, fp32, windows of 384 with a stride of 128.
transformers runs the frozen blocks in each step, as run_qa.py with frozen parameters does. Exact match and F1 are SQuAD 1.1's.
Needs a Python with torch, transformers and numpy.
"""
import argparse
import collections
import json
import pathlib
import re
import resource
import string
import subprocess
import sys
import tempfile
import time

import numpy as np

RECIPE = pathlib.Path(__file__).resolve().parents[2] / "recipes/questions-xquad.toml"
LENGTH, STRIDE, BATCH, LONGEST, FROM_BLOCK = 384, 128, 12, 30, 3


def split(source, folder, seed):
    """Three files of SQuAD's form: 60, 20 and 20 % of the paragraphs."""
    data = json.load(open(source, encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    np.random.default_rng(seed).shuffle(paragraphs)
    ends = [0, int(0.6 * len(paragraphs)), int(0.8 * len(paragraphs)), len(paragraphs)]
    for name, begin, end in zip(("train", "validation", "test"), ends, ends[1:]):
        part = {"version": "1.1", "data": [{"title": name, "paragraphs": paragraphs[begin:end]}]}
        (folder / f"{name}.json").write_text(json.dumps(part), encoding="utf-8")


def questions_of(path):
    for paragraph in json.load(open(path, encoding="utf-8"))["data"][0]["paragraphs"]:
        for qa in paragraph["qas"]:
            yield paragraph["context"], qa


def words(text):
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def f1(found, truth):
    found, truth = words(found), words(truth)
    same = sum((collections.Counter(found) & collections.Counter(truth)).values())
    return 0.0 if same == 0 else 2 * same / (len(found) + len(truth))


class Peer:
    def __init__(self, options, seed):
        import torch
        import transformers

        transformers.logging.set_verbosity_error()
        torch.set_num_threads(options.threads)
        torch.manual_seed(seed)
        self.torch = torch
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(options.backbone)
        self.network = transformers.AutoModelForQuestionAnswering.from_pretrained(
            options.backbone, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, dtype=torch.float32)

    def windows(self, path):
        rows = []
        for number, (context, qa) in enumerate(questions_of(path)):
            each = self.tokenizer(qa["question"].lstrip(), context, truncation="only_second", max_length=LENGTH, stride=STRIDE,
                                  return_overflowing_tokens=True, return_offsets_mapping=True)
            for i, ids in enumerate(each["input_ids"]):
                parts, offsets = each.sequence_ids(i), each["offset_mapping"][i]
                rows.append({"question": number, "ids": ids, "types": each["token_type_ids"][i], "context": context, "qa": qa,
                             "offsets": [o if p == 1 else None for o, p in zip(offsets, parts)]})
                rows[-1]["span"] = self.span(rows[-1])
        return rows

    @staticmethod
    def span(row):
        answer = row["qa"]["answers"][0]
        begin, end = answer["answer_start"], answer["answer_start"] + len(answer["text"])
        places = [i for i, offset in enumerate(row["offsets"]) if offset is not None]
        if row["offsets"][places[0]][0] > begin or row["offsets"][places[-1]][1] < end:
            return 0, 0
        first = max(i for i in places if row["offsets"][i][0] <= begin)
        return first, min(i for i in places if row["offsets"][i][1] >= end)

    def batch(self, rows):
        longest = max(len(row["ids"]) for row in rows)
        fill = lambda key, value: self.torch.tensor([row[key] + [value] * (longest - len(row[key])) for row in rows])
        mask = self.torch.tensor([[1] * len(row["ids"]) + [0] * (longest - len(row["ids"])) for row in rows])
        return {"input_ids": fill("ids", self.tokenizer.pad_token_id), "token_type_ids": fill("types", 0), "attention_mask": mask}

    def learn(self, rows, parameters, rate, epochs, batch_size, warm_up):
        parameters = list(parameters)
        for parameter in self.network.parameters():
            parameter.requires_grad = False
        for parameter in parameters:
            parameter.requires_grad = True
        decays, others = [p for p in parameters if p.ndim > 1], [p for p in parameters if p.ndim <= 1]
        optimizer = self.torch.optim.AdamW([{"params": decays, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=rate)
        steps = epochs * -(-len(rows) // batch_size)
        factor = (lambda step: min((step + 1) / (warm_up * steps), (steps - step) / ((1 - warm_up) * steps))) if warm_up else (lambda step: 1)
        schedule = self.torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        for _ in range(epochs):
            order = self.torch.randperm(len(rows)).tolist()
            for begin in range(0, len(order), batch_size):
                some = [rows[i] for i in order[begin:begin + batch_size]]
                spans = self.torch.tensor([row["span"] for row in some])
                loss = self.network(**self.batch(some), start_positions=spans[:, 0], end_positions=spans[:, 1]).loss
                optimizer.zero_grad()
                loss.backward()
                self.torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                schedule.step()

    def train(self, path):
        rows = self.windows(path)
        head = list(self.network.qa_outputs.parameters())
        self.learn(rows, head, 1e-3, 1, 16, 0)
        upper = [p for layer in self.network.bert.encoder.layer[FROM_BLOCK:] for p in layer.parameters()]
        self.learn(rows, head + upper, 2e-4, 4, BATCH, 0.1)

    def evaluate(self, path):
        best = {}
        rows = self.windows(path)
        with self.torch.inference_mode():
            for begin in range(0, len(rows), 16):
                some = rows[begin:begin + 16]
                out = self.network(**self.batch(some))
                for row, starts, ends in zip(some, out.start_logits.numpy(), out.end_logits.numpy()):
                    for score, first, last in self.candidates(row, starts, ends):
                        if score > best.get(row["question"], (-np.inf,))[0]:
                            begin_at, end_at = row["offsets"][first][0], row["offsets"][last][1]
                            best[row["question"]] = score, row["context"][begin_at:end_at]
        scores = [(found == 1.0 and exact, found) for found, exact in self.judged(path, best)]
        return 100 * np.mean([s[0] for s in scores]), 100 * np.mean([s[1] for s in scores])

    @staticmethod
    def judged(path, best):
        for number, (_, qa) in enumerate(questions_of(path)):
            found = best.get(number, (0, ""))[1]
            yield (max(f1(found, answer["text"]) for answer in qa["answers"]),
                   any(words(found) == words(answer["text"]) for answer in qa["answers"]))

    @staticmethod
    def candidates(row, starts, ends):
        for first in np.argsort(-starts)[:20]:
            for last in np.argsort(-ends)[:20]:
                if first >= len(row["ids"]) or last >= len(row["ids"]) or row["offsets"][first] is None or row["offsets"][last] is None:
                    continue
                if first <= last < first + LONGEST:
                    yield starts[first] + ends[last], first, last


def ours(options, folder, seed):
    command = [options.program, "train", folder / "train.json", "--validation", folder / "validation.json", "--test", folder / "test.json",
               "--recipe", folder / "recipe.toml", "--backbone", options.backbone, "--no-cache", "--no-examples", "--seed", seed,
               "--precision", "fp32", "--train-precision", "fp32", "--threads", options.threads, "--output", folder / "model", "--json",
               "--quiet"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--backbone", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--sides", nargs="+", choices=["enxerto", "transformers"], default=["enxerto", "transformers"])
    options = parser.parse_args()
    options.program = str(pathlib.Path(options.program).resolve())
    options.backbone = options.backbone.resolve()
    figures = collections.defaultdict(list)
    for seed in range(options.seeds):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            split(options.data, folder, seed)
            lines = [line for line in RECIPE.read_text().splitlines() if "_split" not in line]
            (folder / "recipe.toml").write_text("\n".join(lines) + "\n[training]\nrefit = false\n")
            for side in options.sides:
                who = resource.RUSAGE_CHILDREN if side == "enxerto" else resource.RUSAGE_SELF
                before, start = resource.getrusage(who), time.perf_counter()
                if side == "enxerto":
                    report = ours(options, folder, seed)["test"]
                    exact, overlap = (100 * report[key]["value"] if isinstance(report[key], dict) else 100 * report[key]
                                      for key in ("exact_match", "f1"))
                else:
                    peer = Peer(options, seed)
                    peer.train(folder / "train.json")
                    exact, overlap = peer.evaluate(folder / "test.json")
                after = resource.getrusage(who)
                cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                figures[side].append(overlap)
                print(f"{side:13} seed {seed}: F1 {overlap:.2f} exact match {exact:.2f} wall {time.perf_counter() - start:.1f} s cpu {cpu:.1f} s",
                      flush=True)
    for side, values in figures.items():
        print(f"{side:13} mean F1 {np.mean(values):.2f} of {len(values)} seeds")


if __name__ == "__main__":
    main()

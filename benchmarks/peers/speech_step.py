#!/usr/bin/env python3
"""A step of wav2vec 2.0 with CTC: Enxerto beside transformers, random weights of wav2vec2-base's size.

    python3 benchmarks/peers/speech_step.py BUILD [--batch 4] [--seconds 5] [--steps 3] [--rounds 3] [--threads 2]

Both get the same weights, recordings and labels, fp32, no dropout, AdamW; transformers (sdpa) freezes its feature encoder, as
everybody does. From "projection" on all but that is trained; from "block10" on the last two blocks and the head. Enxerto
computes what is frozen once ("cached") or in each step ("live"). The two take turns; printed are the median seconds of a
step, those that the processors worked, and how far the losses of the same steps are apart. Needs torch, transformers.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch
import transformers

UNITS, LABELS, RATE = 32, 40, 1e-4


def made(folder):
    torch.manual_seed(0)
    config = transformers.Wav2Vec2Config(
        vocab_size=UNITS, pad_token_id=0, hidden_dropout=0.0, attention_dropout=0.0, activation_dropout=0.0,
        feat_proj_dropout=0.0, final_dropout=0.0, layerdrop=0.0, apply_spec_augment=False, ctc_loss_reduction="mean",
        ctc_zero_infinity=True)
    transformers.Wav2Vec2ForCTC(config).save_pretrained(folder)
    transformers.Wav2Vec2FeatureExtractor().save_pretrained(folder)
    tokens = ["<pad>", *[chr(ord("a") + number) for number in range(UNITS - 1)]]
    (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(tokens)}))


class Peer:
    def __init__(self, folder, samples, labels, first):
        self.network = transformers.Wav2Vec2ForCTC.from_pretrained(folder).train()
        self.network.freeze_feature_encoder()
        if first is not None:
            for name, value in self.network.named_parameters():
                part = name.split(".")
                block = int(part[3]) if name.startswith("wav2vec2.encoder.layers.") else -1
                value.requires_grad = block >= first or name.startswith("lm_head.")
        learning = [value for value in self.network.parameters() if value.requires_grad]
        self.optimizer = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.0)
        self.samples, self.labels, self.place = torch.tensor(samples), torch.tensor(labels), 0

    def run(self, steps):
        start, worked, losses = time.perf_counter(), time.process_time(), []
        for _ in range(steps):
            self.optimizer.zero_grad()
            loss = self.network(self.samples[self.place], labels=self.labels[self.place]).loss
            loss.backward()
            self.optimizer.step()
            losses.append(loss.item())
            self.place = (self.place + 1) % len(self.samples)
        return time.perf_counter() - start, time.process_time() - worked, losses


class Ours:
    def __init__(self, command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.before = self.process.stdout.readline()
        if not self.before:
            sys.exit("benchmark_speech_step has ended")

    def run(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        seconds, worked, *losses = map(float, self.process.stdout.readline().split())
        return seconds, worked, losses

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    for name, value in (("batch", 4), ("seconds", 5), ("steps", 3), ("rounds", 3), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    generator = np.random.default_rng(0)
    length = options.seconds * 16_000
    samples = generator.standard_normal((options.steps, options.batch, length)).astype(np.float32)
    labels = generator.integers(1, UNITS, (options.steps, options.batch, LABELS))
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        made(work)
        samples.tofile(work / "samples"), labels.tofile(work / "labels")
        print(f"batches of {options.batch} recordings of {options.seconds} s, {options.threads} threads, fp32")
        for stage, first in (("projection", None), ("block10", 10)):
            def ours(how):
                return Ours([options.build / "benchmarks/benchmark_speech_step", work, work / "samples", work / "labels",
                             options.batch, length, options.threads, RATE, stage, how])
            runs = {"transformers": Peer(work, samples, labels, first), "cached": ours("cached"), "live": ours("live")}
            found = {name: [] for name in runs}
            for _ in range(options.rounds + 1):
                for name, run in runs.items():
                    found[name].append(run.run(options.steps))
            apart = max(abs(a - b) for a, b in zip(found["transformers"][1][2], found["cached"][1][2]))
            median = {name: [statistics.median(one[part] for one in rounds[1:]) / options.steps for part in (0, 1)]
                      for name, rounds in found.items()}
            for name, (seconds, worked) in median.items():
                times = [median["transformers"][part] / median[name][part] for part in (0, 1)]
                print(f"from {stage}, {name}: {seconds:.3f} s, {worked:.3f} s of processors a step; "
                      f"{times[0]:.2f} x, {times[1]:.2f} x", flush=True)
            print(f"from {stage}: losses of steps {options.steps + 1} to {2 * options.steps} at most {apart:.1e} apart "
                  f"of {found['cached'][1][2][0]:.3f}")
            for name in ("cached", "live"):
                runs[name].end()
            del runs


main()

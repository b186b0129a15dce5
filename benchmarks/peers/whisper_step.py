#!/usr/bin/env python3
"""Whisper fine-tuned beside transformers: the same strings, steps, rate and labels; seconds and word error rates of both.

    python3 benchmarks/peers/whisper_step.py ENXERTO WHISPER TRAIN.jsonl TEST.jsonl [--take 50] [--epochs 5] [--batch 8]
        [--rate 5e-5] [--threads 2] [--only ours | peer]

WHISPER is a folder as transformers saves it, of English alone; the lines have "audio_filepath" and "text". Both freeze the encoder,
fp32, AdamW with a constant rate, no dropout. transformers: log-mel features computed once before, the encoder without gradients
in each step, as `freeze_encoder` does; labels of its tokenizer. Enxerto: the whole command `train` with its cache empty, whose
own seconds by part are told, and of these the steps. Word error rates are of the whole test file, by jiwer. Needs torch,
transformers, scipy, jiwer.
"""
import argparse
import json
import pathlib
import resource
import subprocess
import tempfile
import time

import numpy as np


def lines_of(file, count=None):
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    return [(file.parent / row["audio_filepath"], row["text"]) for row in rows[:count]]


def samples_of(file):
    from scipy.io import wavfile
    from scipy.signal import resample_poly

    rate, samples = wavfile.read(file)
    samples = samples.astype(np.float32) / 32768
    return samples if rate == 16000 else resample_poly(samples, 16000 // rate, 1).astype(np.float32)


def error_rate(said, right):
    import jiwer

    return jiwer.wer(right, said)


class Clock:
    def __init__(self, who):
        self.who = who
        self.start, self.worked = time.perf_counter(), self.processors()

    def processors(self):
        use = resource.getrusage(self.who)
        return use.ru_utime + use.ru_stime

    def __str__(self):
        return f"{time.perf_counter() - self.start:.1f} s, {self.processors() - self.worked:.1f} s of processors"


def peer(options, train, test):
    import torch
    from transformers import WhisperForConditionalGeneration, WhisperProcessor

    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    processor = WhisperProcessor.from_pretrained(options.whisper)
    network = WhisperForConditionalGeneration.from_pretrained(options.whisper, dtype=torch.float32).train()
    network.model.encoder.requires_grad_(False)

    def features(rows):
        return processor([samples_of(file) for file, _ in rows], sampling_rate=16000, return_tensors="pt").input_features

    def transcripts(rows):
        network.eval()
        said = []
        with torch.no_grad():
            for begin in range(0, len(rows), 8):
                ids = network.generate(features(rows[begin:begin + 8]), return_timestamps=False)
                said += [text.strip() for text in processor.batch_decode(ids, skip_special_tokens=True)]
        network.train()
        return said

    right = [text for _, text in test]
    clock = Clock(resource.RUSAGE_SELF)
    print(f"transformers before: WER {error_rate(transcripts(test), right):.4f} ({clock})", flush=True)
    clock = Clock(resource.RUSAGE_SELF)
    heard = features(train)
    labels = [processor.tokenizer(text).input_ids[1:] for _, text in train]
    optimizer = torch.optim.AdamW([w for w in network.parameters() if w.requires_grad], lr=options.rate, weight_decay=0.0)
    order, step_clock = torch.randperm(len(train)).tolist(), Clock(resource.RUSAGE_SELF)
    steps = 0
    for _ in range(options.epochs):
        for begin in range(0, len(train), options.batch):
            rows = order[begin:begin + options.batch]
            longest = max(len(labels[row]) for row in rows)
            batch = torch.tensor([labels[row] + [-100] * (longest - len(labels[row])) for row in rows])
            loss = network(input_features=heard[rows], labels=batch).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            steps += 1
    print(f"transformers: {steps} steps in {step_clock}; with features {clock}", flush=True)
    print(f"transformers after: WER {error_rate(transcripts(test), right):.4f}", flush=True)


def ours(options, work):
    recipe = work / "recipe.toml"
    recipe.write_text(f'[training]\nrefit = false\nprecision = "fp32"\n[[phase]]\ntrain_from = "decoder0"\noptimizer = "adamw"\nlearning_rate = {options.rate}\n'
                      f'batch_size = {options.batch}\nepochs = {options.epochs}\npatience = 0\n')
    clock = Clock(resource.RUSAGE_CHILDREN)
    found = subprocess.run(
        [options.enxerto, "train", options.train, "--test", options.test, "--take", str(options.take), "--test-take", "20", "--validation-split", "0", "--recipe", recipe,
         "--backbone", options.whisper, "--output", work / "m", "--cache", work / "cache", "--threads", str(options.threads),
         "--json"], check=True, capture_output=True, text=True)
    report = json.loads(found.stdout)
    steps = -(-report["train_examples"] // options.batch) * options.epochs
    print(f"Enxerto: {report['train_examples']} strings, {steps} steps, the phase {report['phases'][0]['seconds']:.1f} s; train in {clock}; by part {json.dumps(report.get('seconds'))}", flush=True)
    test = report["test"]
    print("Enxerto:", {name: test[name] for name in ("wer_before", "wer", "cer", "perplexity_before", "perplexity") if name in test}, flush=True)
    evaluated = subprocess.run([options.enxerto, "evaluate", work / "m", options.test, "--json"], check=True,
                               capture_output=True, text=True)
    print("Enxerto after: WER", json.loads(evaluated.stdout)["wer"], flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("enxerto", "whisper", "train", "test"):
        parser.add_argument(name, type=pathlib.Path)
    for name, value in (("take", 50), ("epochs", 5), ("batch", 8), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--only", choices=["ours", "peer"])
    options = parser.parse_args()
    if options.only != "peer":
        with tempfile.TemporaryDirectory() as work:
            ours(options, pathlib.Path(work))
    if options.only != "ours":
        peer(options, lines_of(options.train, options.take), lines_of(options.test))


main()

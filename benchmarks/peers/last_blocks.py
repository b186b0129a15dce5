#!/usr/bin/env python3
"""A text in a style: the last two blocks of SmolLM2, Enxerto's recipe estilo-shakespeare beside transformers, whole processes.

    python3 benchmarks/peers/last_blocks.py ENXERTO FOLDER TEXT.txt [--bytes 100000] [--rounds 1] [--threads 2]

FOLDER holds a Llama of transformers (SmolLM2-135M), of TEXT the first so many bytes are used. transformers runs in fp32 (sdpa), with all
but the last two blocks and the last norm frozen: blocks of 256 tokens as run_clm cuts them, batches of 8 in a drawn order, two epochs,
AdamW at 3e-4 along a cosine, weight decay 0.01, clip 1; the last tenth is held out, its perplexity taken before training and after each
epoch, as Enxerto does. Beside the seconds that passed stand those that the processors worked. Needs torch, transformers, tokenizers.
"""
import argparse
import json
import math
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BATCH, LENGTH, EPOCHS, RATE = 8, 256, 2, 3e-4


def as_transformers(options):
    """Perplexities of the held-out part before and after."""
    import torch
    import transformers
    from tokenizers import Tokenizer

    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    network = transformers.AutoModelForCausalLM.from_pretrained(options.folder, dtype=torch.float32)
    depth = network.config.num_hidden_layers
    for name, value in network.named_parameters():
        value.requires_grad = name.startswith(("model.norm.", f"model.layers.{depth - 1}.", f"model.layers.{depth - 2}."))
    ids = Tokenizer.from_file(str(pathlib.Path(options.folder) / "tokenizer.json")).encode(options.read).ids
    rows = torch.tensor(ids[: len(ids) // LENGTH * LENGTH]).view(-1, LENGTH)
    held = max(1, len(rows) // 10)
    train, test = rows[:-held], rows[-held:]
    learning = [value for value in network.parameters() if value.requires_grad]
    matrices, others = ([v for v in learning if (v.dim() >= 2) == wide] for wide in (True, False))
    optimizer = torch.optim.AdamW([{"params": matrices, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=RATE)
    steps = EPOCHS * math.ceil(len(train) / BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)

    @torch.no_grad()
    def perplexity():
        losses = [network(input_ids=some, labels=some).loss.item() * len(some) for some in test.split(BATCH)]
        return math.exp(sum(losses) / len(test))

    found = [perplexity()]
    for _ in range(EPOCHS):
        for some in train[torch.randperm(len(train))].split(BATCH):
            optimizer.zero_grad()
            network(input_ids=some, labels=some).loss.backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
        found.append(perplexity())
    print(json.dumps([found[0], found[-1]]))


def figure(found, name):
    """Of the test part: a number, or one with its interval."""
    value = found["test"][name]
    return value["value"] if isinstance(value, dict) else value


def run(command, read):
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit(found.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - start, worked, read(json.loads(found.stdout))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("enxerto", "folder", "text"):
        parser.add_argument(name)
    for name, value in (("bytes", 100_000), ("rounds", 1), ("threads", 2), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.read = pathlib.Path(options.text).read_bytes()[: options.bytes].decode("utf-8", "ignore")
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    if options.peer:
        as_transformers(options)
        return
    rows = {"transformers": [], "Enxerto": []}
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder) / "text.txt"
        text.write_text(options.read, encoding="utf-8")
        for seed in range(options.rounds):
            ours = [options.enxerto, "train", str(text), "--recipe", str(ROOT / "recipes" / "estilo-shakespeare.toml"), "--backbone",
                    options.folder, "--output", f"{folder}/model{seed}", "--cache", f"{folder}/cache{seed}", "--seed", str(seed), "-t", str(options.threads),
                    "--validation-split", "0",
                    "--json", "--quiet"]
            theirs = [sys.executable, __file__, *sys.argv[1:], "--peer", "--seed", str(seed)]
            rows["Enxerto"].append(run(ours, lambda found: [figure(found, name) for name in ("perplexity_before", "perplexity")]))
            rows["transformers"].append(run(theirs, list))
            for name, found in rows.items():
                seconds, worked, (before, after) = found[-1]
                print(f"seed {seed}: {name}: {seconds:.1f} s, {worked:.1f} s of processors, perplexity {before:.2f} to {after:.2f}", flush=True)
    for number, name in enumerate(("seconds", "processor seconds")):
        theirs, ours = (statistics.median(one[number] for one in found) for found in rows.values())
        print(f"{name}: {theirs / ours:.2f} times as fast")


if __name__ == "__main__":
    main()

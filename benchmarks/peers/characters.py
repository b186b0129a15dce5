#!/usr/bin/env python3
"""A GPT on characters from random weights: Enxerto's recipe gpt-characters beside nanoGPT's network in PyTorch, whole runs.

    python3 benchmarks/peers/characters.py ENXERTO TEXT.txt [--rounds 1] [--threads 2] [--steps 2000]

nanoGPT's configuration for a CPU (karpathy/nanoGPT, README): 4 blocks of 4 heads, width 128, no bias, 64 characters of context,
batches of 12 at random places, AdamW (0.9, 0.99) with weight decay 0.1 of matrices, 1e-3 along a cosine to 1e-4 with 100 steps of
warm-up, clip 1, no dropout; `is_causal` attention of PyTorch, fp32, not compiled. As there, the loss of 20 batches of both parts is
looked at every 250 steps, which counts. The first nine tenths are learned from; both losses are of the last tenth, cut into
pieces of 64 characters one behind the other, of which each character but the first is predicted. Needs torch.
"""
import argparse
import json
import math
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WIDTH, DEPTH, HEADS, CONTEXT, BATCH = 128, 4, 4, 64, 12


def network_of(words):
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Norm(nn.Module):
        def __init__(self):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(WIDTH))

        def forward(self, x):
            return F.layer_norm(x, (WIDTH,), self.weight, None, 1e-5)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.norm1, self.norm2 = Norm(), Norm()
            self.qkv, self.added1 = nn.Linear(WIDTH, 3 * WIDTH, bias=False), nn.Linear(WIDTH, WIDTH, bias=False)
            self.up, self.added2 = nn.Linear(WIDTH, 4 * WIDTH, bias=False), nn.Linear(4 * WIDTH, WIDTH, bias=False)

        def forward(self, x):
            b, t, _ = x.shape
            q, k, v = (part.view(b, t, HEADS, -1).transpose(1, 2) for part in self.qkv(self.norm1(x)).split(WIDTH, dim=2))
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + self.added1(y.transpose(1, 2).contiguous().view(b, t, WIDTH))
            return x + self.added2(F.gelu(self.up(self.norm2(x))))

    class Network(nn.Module):
        def __init__(self):
            super().__init__()
            self.words, self.places = nn.Embedding(words, WIDTH), nn.Embedding(CONTEXT, WIDTH)
            self.blocks, self.norm = nn.ModuleList(Block() for _ in range(DEPTH)), Norm()
            for name, value in self.named_parameters():
                if value.dim() >= 2:
                    nn.init.normal_(value, std=0.02 / math.sqrt(2 * DEPTH) if ".added" in name else 0.02)

        def forward(self, x, y):
            h = self.words(x) + self.places(torch.arange(x.shape[1]))
            for block in self.blocks:
                h = block(h)
            logits = F.linear(self.norm(h), self.words.weight)
            return F.cross_entropy(logits.view(-1, logits.shape[-1]), y.reshape(-1))

    return Network()


def as_torch(options):
    """Seconds, those that the processors worked, and the loss of the last tenth."""
    import torch

    start, begun = time.perf_counter(), time.process_time()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    text = pathlib.Path(options.text).read_text(encoding="utf-8")
    letters = {letter: i for i, letter in enumerate(sorted(set(text)))}
    data = torch.tensor([letters[letter] for letter in text])
    parts = data[: len(data) * 9 // 10], data[len(data) * 9 // 10 :]
    network = network_of(len(letters))
    decayed = [value for value in network.parameters() if value.dim() >= 2]
    others = [value for value in network.parameters() if value.dim() < 2]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
                                  lr=1e-3, betas=(0.9, 0.99))

    def batch(part):
        first = torch.randint(len(part) - CONTEXT, (BATCH,))
        return (torch.stack([part[i : i + CONTEXT] for i in first]), torch.stack([part[i + 1 : i + 1 + CONTEXT] for i in first]))

    @torch.no_grad()
    def looked_at():
        return [sum(network(*batch(part)).item() for _ in range(20)) / 20 for part in parts]

    for step in range(options.steps):
        if step % 250 == 0:
            looked_at()
        share = (step - 100) / max(options.steps - 100, 1)
        rate = 1e-3 * (step + 1) / 101 if step < 100 else 1e-4 + 0.5 * (1 + math.cos(math.pi * share)) * 9e-4
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = network(*batch(parts[0]))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    looked_at()
    seconds, worked = time.perf_counter() - start, time.process_time() - begun
    rows = parts[1][: len(parts[1]) // CONTEXT * CONTEXT].view(-1, CONTEXT)
    with torch.no_grad():
        losses = [network(some[:, :-1], some[:, 1:]).item() * len(some) for some in rows.split(256)]
    return seconds, worked, sum(losses) / len(rows)


def as_enxerto(options, folder):
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    model = folder / f"model{options.seed}"
    found = subprocess.run([options.enxerto, "train", options.text, "--recipe", str(ROOT / "recipes" / "gpt-characters.toml"), "--output",
                            str(model), "--seed", str(options.seed), "-t", str(options.threads), "--json", "--quiet"],
                           capture_output=True, text=True, check=False)
    if found.returncode != 0:
        sys.exit(found.stderr)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, worked, math.log(json.loads(found.stdout)["test"]["perplexity"]["value"])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("enxerto")
    parser.add_argument("text")
    for name, value in (("rounds", 1), ("threads", 2), ("steps", 2000)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    rows = {"nanoGPT in PyTorch": [], "Enxerto": []}
    with tempfile.TemporaryDirectory() as folder:
        for options.seed in range(options.rounds):
            rows["Enxerto"].append(as_enxerto(options, pathlib.Path(folder)))
            rows["nanoGPT in PyTorch"].append(as_torch(options))
            for name, found in rows.items():
                seconds, worked, loss = found[-1]
                print(f"seed {options.seed}: {name}: {seconds:.1f} s, {worked:.1f} s of processors, loss {loss:.4f}", flush=True)
    for number, name in enumerate(("seconds", "processor seconds")):
        theirs, ours = (statistics.median(one[number] for one in found) for found in rows.values())
        print(f"{name}: {theirs / ours:.2f} times as fast")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Training steps of a language model: Enxerto beside transformers, with a LoRA of PEFT or with the last stages trained.

    python3 benchmarks/peers/lora.py BUILD_DIR FOLDER TEXT.txt [--last 2] [--rank 8] [--batch 8] [--length 256] [--threads 2]
            [--rounds 3] [--steps 2] [--compare 20]

FOLDER holds a Llama of transformers (SmolLM2-135M), TEXT what it learns from. Without --last both sides learn a LoRA on all
dense layers of all blocks, from one adapter that PEFT begins; with it the last so many blocks and the last norm, in every step
from the tokens on (benchmarks/peers/last_blocks.py is the whole run, with the lower blocks computed once). fp32, AdamW, the same
texts, no dropout. First `--compare` steps whose losses are held against each other, then rounds in turns. Needs torch,
transformers and peft; BUILD_DIR was configured with -DENXERTO_BUILD_BENCHMARKS=ON.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

RATE = 1e-3


def peer(options, adapter):
    import peft
    import torch
    import transformers

    torch.manual_seed(1)
    torch.set_num_threads(options.threads)
    network = transformers.AutoModelForCausalLM.from_pretrained(options.folder, dtype=torch.float32)
    network.train()
    if options.last:
        for name, value in network.named_parameters():
            blocks = [f"model.layers.{network.config.num_hidden_layers - 1 - i}." for i in range(options.last)]
            value.requires_grad = name.startswith(("model.norm.", *blocks))
    else:
        config = peft.LoraConfig(r=options.rank, lora_alpha=2 * options.rank, lora_dropout=0.0, target_modules="all-linear",
                                 task_type="CAUSAL_LM")
        network = peft.get_peft_model(network, config)
        network.save_pretrained(adapter)
    learning = [value for value in network.parameters() if value.requires_grad]
    optimizer = torch.optim.AdamW(learning, lr=RATE, weight_decay=0.0)
    tokens = torch.frombuffer(bytearray(options.tokens.read_bytes()), dtype=torch.int64).view(-1, options.batch, options.length)
    place = 0

    def run(steps):
        nonlocal place
        losses = []
        for _ in range(steps):
            optimizer.zero_grad()
            loss = network(input_ids=tokens[place], labels=tokens[place]).loss
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
            place = (place + 1) % len(tokens)
        return losses

    return sum(value.numel() for value in learning), run


def tokens_of(options, folder):
    from tokenizers import Tokenizer
    import numpy

    tokenizer = Tokenizer.from_file(str(pathlib.Path(options.folder) / "tokenizer.json"))
    ids = tokenizer.encode(pathlib.Path(options.text).read_text(encoding="utf-8")[:1_000_000]).ids
    size = options.batch * options.length
    options.tokens = folder / "tokens"
    options.tokens.write_bytes(numpy.array(ids[: len(ids) // size * size], dtype="<i8").tobytes())


class Ours:
    def __init__(self, options, adapter):
        program = pathlib.Path(options.build) / "benchmarks" / "benchmark_language_model_step"
        import json
        depth = json.loads((pathlib.Path(options.folder) / "config.json").read_text())["num_hidden_layers"]
        way = ["from", f"block{depth - options.last}"] if options.last else ["lora", str(adapter)]
        self.process = subprocess.Popen([str(program), options.folder, str(options.tokens), str(options.batch), str(options.length),
                                         str(options.threads), str(RATE), *way], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.parameters = int(self.process.stdout.readline())

    def run(self, steps):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        seconds, worked, *losses = map(float, self.process.stdout.readline().split())
        return (seconds, worked), losses


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("build", "folder", "text"):
        parser.add_argument(name)
    for name, value in (("last", 0), ("rank", 8), ("batch", 8), ("length", 256), ("threads", 2), ("rounds", 3), ("steps", 2),
                        ("compare", 20)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        tokens_of(options, folder)
        parameters, theirs = peer(options, folder / "adapter")
        ours = Ours(options, folder / "adapter")
        print(f"{parameters} and {ours.parameters} parameters learn")
        if parameters != ours.parameters:
            sys.exit("the two sides do not train the same parameters")
        if options.compare:
            pairs = list(zip(theirs(options.compare), ours.run(options.compare)[1]))
            print(f"losses of {options.compare} steps: {pairs[0][0]:.5f} to {pairs[-1][0]:.5f}, at most "
                  f"{max(abs(a - b) for a, b in pairs):.2e} apart")
        rates = [[], []]
        for _ in range(options.rounds):
            start, begun = time.perf_counter(), time.process_time()
            theirs(options.steps)
            rates[0].append(((time.perf_counter() - start) / options.steps, (time.process_time() - begun) / options.steps))
            rates[1].append([one / options.steps for one in ours.run(options.steps)[0]])
        for number, name in enumerate(("seconds", "processor seconds")):
            their, our = ([found[number] for found in side] for side in rates)
            print(f"{name} a step of {options.batch} x {options.length} tokens, median of {options.rounds} (least to most): "
                  f"{'transformers' if options.last else 'PEFT'} {statistics.median(their):.2f} ({min(their):.2f} to {max(their):.2f}), "
                  f"Enxerto {statistics.median(our):.2f} ({min(our):.2f} to {max(our):.2f}): "
                  f"{statistics.median(their) / statistics.median(our):.2f} times as fast")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Texts: Enxerto beside transformers with PyTorch and scikit-learn, in one run.

    python3 benchmarks/texts.py ENXERTO --data SST2 --backbone MINILM --gpt SMOLLM2 [--rows features head full last cold gpt] [--threads 2]

SST2 holds train.tsv, dev.tsv and test.tsv (text<TAB>label); MINILM and SMOLLM2 are folders as transformers saves them. Both sides read
the same texts, cut to the same length, with the same threads. Beside wall time stands processor time (user and system), which says more
where other programs run. Rows:
    features  sentences a second, frozen, mean of the tokens; fp32 and bf16; the peer sorts by length and fills up each batch of 32
    head      accuracy of the exact head; the peer is LogisticRegression at the best of four strengths on the validation part
    full      three epochs with everything trainable, accuracy after each; the peer is AdamW, linear decay after 10 % of warm-up, clip 1
    last      the last two blocks alone; the peer runs the lower ones, frozen, in every step
    gpt       accuracy of the exact head on the last token of SMOLLM2, on the first --gpt-sentences
    cold      one sentence predicted in a process of its own; the peer imports transformers and loads the network
Needs a Python with torch, transformers, scikit-learn and numpy.
"""
import argparse
import contextlib
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

import numpy as np

BATCH = 32
STRENGTHS = (0.1, 1.0, 10.0, 100.0)


def read(folder, part, most=None):
    rows = [line.rstrip("\n").split("\t") for line in open(folder / f"{part}.tsv", encoding="utf-8")]
    rows = rows[:most]
    return [row[0] for row in rows], np.array([int(row[1]) for row in rows])


def has_bf16():
    return "avx512_bf16" in open("/proc/cpuinfo").read()


@contextlib.contextmanager
def timed(out, who=resource.RUSAGE_SELF):
    before, start = resource.getrusage(who), time.perf_counter()
    yield
    after = resource.getrusage(who)
    out["wall"] = time.perf_counter() - start
    out["cpu"] = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def say(row, side, **figures):
    shown = ", ".join(f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items())
    print(f"{row:9} {side:24} {shown}", flush=True)


class Ours:
    def __init__(self, program, threads):
        self.program, self.threads = program, threads

    def run(self, *arguments, stdin=None):
        times = {}
        with timed(times, resource.RUSAGE_CHILDREN):
            done = subprocess.run([self.program, *map(str, arguments)], input=stdin, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, arguments))}\n{done.stderr}")
        return done.stdout, times

    def json(self, *arguments):
        out, times = self.run(*arguments, "--json", "--quiet", "--threads", self.threads)
        return json.loads(out), times


def features_ours(ours, data, backbone, precision, extra=()):
    with tempfile.TemporaryDirectory() as folder:
        report, times = ours.json("features", data, "--backbone", backbone, "--no-cache", "--precision", precision,
                                  "--output", folder + "/f.safetensors", *extra)
    return report["rows"] / report["seconds"]["features"], report["rows"] / times["cpu"]


class Peer:
    """A network of transformers that pools the mean or the last of its tokens, with a linear layer behind."""

    def __init__(self, folder, threads, pool="mean", max_length=None):
        import torch
        import transformers

        transformers.logging.set_verbosity_error()
        torch.set_num_threads(threads)
        self.torch, self.pool, self.max_length = torch, pool, max_length
        self.tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        if self.tokenizer.pad_token is None:
            self.tokenizer.pad_token = self.tokenizer.eos_token
        self.tokenizer.padding_side = "right"
        self.network = transformers.AutoModel.from_pretrained(folder, dtype=torch.float32)

    def batch(self, texts):
        return self.tokenizer(texts, padding=True, truncation=True, max_length=self.max_length, return_tensors="pt")

    def pooled(self, batch):
        states = self.network(**batch).last_hidden_state.float()
        mask = batch["attention_mask"].unsqueeze(-1)
        if self.pool == "last":
            last = batch["attention_mask"].sum(1) - 1
            return states[self.torch.arange(len(states)), last]
        mean = (states * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
        return self.torch.nn.functional.normalize(mean) if self.pool == "mean_unit" else mean

    def features(self, texts, precision="fp32"):
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows = [None] * len(texts)
        self.network.eval()
        with self.torch.inference_mode(), self.torch.autocast("cpu", self.torch.bfloat16, enabled=precision == "bf16"):
            for begin in range(0, len(order), BATCH):
                some = order[begin : begin + BATCH]
                for i, row in zip(some, self.pooled(self.batch([texts[i] for i in some])).numpy()):
                    rows[i] = row
        return np.stack(rows)


def features(ours, options):
    texts, _ = read(options.data, "train")
    texts = texts[: options.sentences]
    with tempfile.TemporaryDirectory() as folder:
        table = pathlib.Path(folder) / "texts.csv"
        table.write_text("text,label\n" + "".join('"' + t.replace('"', '""') + f'",{i % 2}\n' for i, t in enumerate(texts)))
        peer = Peer(options.backbone, options.threads, max_length=256)
        for precision in ["fp32"] + ["bf16"] * has_bf16():
            for turn in range(options.turns):
                wall, cpu = features_ours(ours, table, options.backbone, precision)
                say("features", f"Enxerto {precision}", per_s=wall, per_cpu_s=cpu)
                times = {}
                with timed(times):
                    peer.features(texts, precision)
                say("features", f"transformers {precision}", per_s=len(texts) / times["wall"], per_cpu_s=len(texts) / times["cpu"])


def train_ours(ours, options, *extra, seed=0):
    with tempfile.TemporaryDirectory() as folder:
        data = options.data
        if options.judged:
            data = pathlib.Path(folder) / "data"
            data.mkdir()
            for part, most in (("train", None), ("dev", options.judged), ("test", options.judged)):
                texts, labels = read(options.data, part, most)
                (data / f"{part}.tsv").write_text("".join(f"{t}\t{n}\n" for t, n in zip(texts, labels)))
        return ours.json("train", data, "--backbone", options.backbone, "--no-cache", "--seed", seed,
                         "--no-examples", "--take", options.take or 0, "--output", folder + "/model", *extra)


def head(ours, options):
    report, times = train_ours(ours, options)
    say("head", "Enxerto " + report["precision"]["chosen"], test=accuracy_of(report), seconds=times["wall"], cpu=times["cpu"])
    times = {}
    with timed(times):
        best = regression(Peer(options.backbone, options.threads, "mean_unit", 256), options)
    say("head", "scikit-learn fp32", test=best, seconds=times["wall"], cpu=times["cpu"])


def accuracy_of(report):
    figure = report["test"]["accuracy"]
    return 100.0 * (figure["value"] if isinstance(figure, dict) else figure)


def regression(peer, options, most=None):
    from sklearn.linear_model import LogisticRegression

    parts = {part: read(options.data, part, most) for part in ("train", "dev", "test")}
    rows = {part: peer.features(texts) for part, (texts, _) in parts.items()}
    heads = [LogisticRegression(C=c, max_iter=2000).fit(rows["train"], parts["train"][1]) for c in STRENGTHS]
    best = max(heads, key=lambda one: one.score(rows["dev"], parts["dev"][1]))
    return 100.0 * best.score(rows["test"], parts["test"][1])


def tune_peer(options, rate, trained_from=0, seed=0, precision="fp32", part="test"):
    """Accuracy after each epoch, and sentences a second of the steps alone."""
    import torch

    epochs = options.epochs

    torch.manual_seed(seed)
    peer = Peer(options.backbone, options.threads, "mean", 256)
    network, layer = peer.network, torch.nn.Linear(peer.network.config.hidden_size, 2)
    layers = network.encoder.layer
    if trained_from > 0:
        for parameter in [*network.embeddings.parameters(), *layers[:trained_from].parameters()]:
            parameter.requires_grad = False
    named = [pair for pair in [*network.named_parameters(), *layer.named_parameters()] if pair[1].requires_grad]
    decays = [p for n, p in named if p.ndim > 1]
    others = [p for n, p in named if p.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": decays, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}], lr=rate)
    texts, labels = read(options.data, "train", options.take)
    labels = torch.tensor(labels)
    steps = epochs * -(-len(texts) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (0.1 * steps), max(0.0, (steps - step) / (0.9 * steps))))
    for epoch in range(epochs):
        network.train()
        times = {}
        with timed(times):
            order, right = torch.randperm(len(texts)), 0
            for begin in range(0, len(texts), BATCH):
                some = order[begin : begin + BATCH]
                with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
                    logits = layer(peer.pooled(peer.batch([texts[i] for i in some])))
                loss = torch.nn.functional.cross_entropy(logits.float(), labels[some])
                right += int((logits.argmax(1) == labels[some]).sum())
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
                optimizer.step()
                schedule.step()
        judged, truth = read(options.data, part, options.judged)
        with torch.inference_mode():
            found = layer(torch.from_numpy(peer.features(judged))).argmax(1).numpy()
        yield {part: 100.0 * float((found == truth).mean()), "train": 100.0 * right / len(texts),
               "per_s": len(texts) / times["wall"], "per_cpu_s": len(texts) / times["cpu"]}


def tune_ours(ours, options, row, *extra):
    for seed in range(options.seeds):
        report, times = train_ours(ours, options, *extra, seed=seed)
        phase = report["phases"][-1]
        curves = phase["epochs"]
        epochs = len(curves["loss"])
        sentences = report["train_examples"] * epochs
        say(row, f"Enxerto {phase['precision']} seed {seed}", test=accuracy_of(report),
            train=[round(100 * value, 1) for value in curves.get("accuracy", [])],
            validation=[round(100 * value, 1) for value in curves.get("val_accuracy", [])],
            per_s=sentences / phase["seconds"], whole_run_cpu=times["cpu"], whole_run_s=times["wall"])


def full(ours, options):
    for precision in options.precisions:
        tune_ours(ours, options, "full", "--preset", "full", "--train-precision", precision)
    for seed in range(options.seeds):
        for epoch, figures in enumerate(tune_peer(options, options.rate, seed=seed)):
            say("full", f"transformers fp32 seed {seed}", epoch=epoch + 1, **figures)


def last(ours, options):
    for precision in options.precisions:
        tune_ours(ours, options, "last", "--preset", "fine-tune", "--train-from", "block4", "--train-precision", precision)
    for epoch, figures in enumerate(tune_peer(options, options.rate, trained_from=4)):
        say("last", "transformers fp32", epoch=epoch + 1, **figures)


def gpt(ours, options):
    most = options.gpt_sentences
    with tempfile.TemporaryDirectory() as folder:
        for part in ("train", "dev", "test"):
            texts, labels = read(options.data, part, most)
            (pathlib.Path(folder) / f"{part}.tsv").write_text("".join(f"{t}\t{n}\n" for t, n in zip(texts, labels)))
        report, times = ours.json("train", folder, "--backbone", options.gpt, "--no-cache", "--no-examples", "--output",
                                  folder + "/model")
    say("gpt", "Enxerto " + report["precision"]["chosen"], test=accuracy_of(report), seconds=times["wall"], cpu=times["cpu"])
    times = {}
    with timed(times):
        best = regression(Peer(options.gpt, options.threads, "last", 512), options, most)
    say("gpt", "scikit-learn fp32", test=best, seconds=times["wall"], cpu=times["cpu"])


def peak_mb(command, stdin):
    """Seconds and the largest resident memory, MB, of a process and its children."""
    timer = ["/usr/bin/env", "python3", "-c",
             "import resource,subprocess,sys,time; t=time.perf_counter(); subprocess.run(sys.argv[1:], check=True, "
             "stdout=subprocess.DEVNULL); print(time.perf_counter()-t, "
             "resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss/1000)"]
    out = subprocess.run([*timer, *map(str, command)], input=stdin, capture_output=True, text=True, check=True).stdout
    return [float(word) for word in out.split()]


def cold(ours, options):
    with tempfile.TemporaryDirectory() as folder:
        small = pathlib.Path(folder) / "small.tsv"
        texts, labels = read(options.data, "train", 200)
        small.write_text("".join(f"{t}\t{n}\n" for t, n in zip(texts, labels)))
        ours.json("train", small, "--backbone", options.backbone, "--no-cache", "--output", folder + "/model")
        runs = [peak_mb([ours.program, "predict", folder + "/model", "-", "-q"], "A fine film.\n") for _ in range(options.turns + 2)]
        seconds, memory = np.median(runs, axis=0)
        say("cold", "Enxerto", seconds=float(seconds), resident_mb=float(memory))
    code = (f"from transformers import AutoModel, AutoTokenizer; t = AutoTokenizer.from_pretrained({str(options.backbone)!r});"
            f"m = AutoModel.from_pretrained({str(options.backbone)!r}); m(**t('A fine film.', return_tensors='pt'))")
    seconds, memory = peak_mb([sys.executable, "-c", code], "")
    say("cold", "transformers", seconds=seconds, resident_mb=memory)


ROWS = {"features": features, "head": head, "full": full, "last": last, "gpt": gpt, "cold": cold}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--backbone", type=pathlib.Path, required=True)
    parser.add_argument("--gpt", type=pathlib.Path)
    parser.add_argument("--rows", nargs="+", choices=list(ROWS), default=list(ROWS))
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--rate", type=float, default=5e-5, help="learning rate of the peer")
    parser.add_argument("--take", type=int, help="learn from so many sentences only, in the rows full and last")
    parser.add_argument("--judged", type=int, help="judge so many sentences of each other part only, in the rows full and last: for rates")
    parser.add_argument("--epochs", type=int, default=3, help="of the peer, in the rows full and last")
    parser.add_argument("--sentences", type=int, default=2000, help="of the row features")
    parser.add_argument("--gpt-sentences", type=int, default=1000, help="of each part, in the row gpt")
    parser.add_argument("--precisions", nargs="+", default=["fp32"] + ["bf16"] * has_bf16())
    options = parser.parse_args()
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    ours = Ours(options.program, options.threads)
    for row in options.rows:
        ROWS[row](ours, options)


if __name__ == "__main__":
    main()

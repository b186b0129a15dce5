#!/usr/bin/env python3
"""An LSTM language model's classes of texts: Enxerto beside PyTorch, whole processes, from the same language model.

    python3 benchmarks/peers/lstm_transfer.py ENXERTO LANGUAGE_MODEL --data SST2 [--seeds 3] [--threads 2] [--torch-python PYTHON]

LANGUAGE_MODEL is what `train --recipe recipes/lstm-pretrain.toml` saved; SST2 holds train.tsv, dev.tsv and test.tsv. Both follow
recipes/lstm-transfer.toml: last state, mean and maximum side by side, a hidden layer of 50 with batch normalisation; the head alone for
an epoch, then everything for six, AdamW, one cycle, AWD-LSTM's dropouts at full strength, the epoch of the least validation loss.
PyTorch reads the texts with the model's own tokenizer (the library `tokenizers`), sorts pools of texts by length, packs each batch of 64
(`pack_padded_sequence`) and runs `torch.nn.LSTM`; its recurrent weights lose numbers before each step, as fastai's WeightDropout does.
Beside the seconds that passed stand those that the processors worked. Needs torch, numpy, safetensors and tokenizers.
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
BATCH, HIDDEN = 64, 50
WORDS, INPUT, BETWEEN, LAST, RECURRENT = 0.02, 0.25, 0.15, 0.1, 0.2  # AWD-LSTM's shares that are left out


def as_torch(options):
    import numpy as np
    import torch
    from safetensors.torch import load_file
    from tokenizers import Tokenizer
    from torch import nn
    from torch.nn import functional as F
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    start = time.perf_counter()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    preprocess = json.loads((options.model / "preprocess.json").read_text())
    tokenizer = Tokenizer.from_str(preprocess["tokenizer"])
    weights = load_file(options.model / "model.safetensors")

    def read(part):
        rows = [line.rstrip("\n").split("\t") for line in open(options.data / f"{part}.tsv", encoding="utf-8")]
        ids = [encoding.ids[: preprocess["max_length"]] for encoding in tokenizer.encode_batch([row[0] for row in rows])]
        return ids, torch.tensor([int(row[1]) for row in rows])

    def by_onnx(name, hidden):
        """ONNX's gates i, o, f, c as torch's i, f, g, o."""
        order = [k * hidden + i for k in (0, 2, 3, 1) for i in range(hidden)]
        bias = weights[f"{name}.bias"][0]
        return weights[f"{name}.weight"][0][order], weights[f"{name}.recurrent"][0][order], bias[: 4 * hidden][order], bias[4 * hidden :][order]

    class Classifier(nn.Module):
        def __init__(self):
            super().__init__()
            self.words = nn.Parameter(weights["embeddings.word.weight"].clone())
            self.layers, self.raw = nn.ModuleList(), nn.ParameterList()
            for i in range(sum(name.endswith(".recurrent") for name in weights)):
                hidden = weights[f"rnn.{i}.recurrent"].shape[2]
                layer = nn.LSTM(weights[f"rnn.{i}.weight"].shape[2], hidden, batch_first=True)
                parts = by_onnx(f"rnn.{i}", hidden)
                with torch.no_grad():
                    for own, part in zip((layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0, layer.bias_hh_l0), parts):
                        own.copy_(part)
                self.raw.append(nn.Parameter(layer.weight_hh_l0.detach().clone()))
                del layer._parameters["weight_hh_l0"]
                self.layers.append(layer)
            self.head = nn.Sequential(nn.Linear(3 * hidden, HIDDEN), nn.BatchNorm1d(HIDDEN), nn.ReLU(), nn.Dropout(0.2), nn.Linear(HIDDEN, 2))

        def forward(self, ids, lengths, dropping):
            share = lambda part: part if dropping else 0.0
            locked = lambda x, part: x * F.dropout(torch.ones(len(x), 1, x.shape[2]), share(part), dropping)
            words = self.words * F.dropout(torch.ones(len(self.words), 1), share(WORDS), dropping)
            x = locked(F.embedding(ids, words), INPUT)
            for i, (layer, raw) in enumerate(zip(self.layers, self.raw)):
                object.__setattr__(layer, "weight_hh_l0", F.dropout(raw, share(RECURRENT), dropping))
                layer._flat_weights = [getattr(layer, name) for name in layer._flat_weights_names]
                packed, _ = layer(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
                x, _ = pad_packed_sequence(packed, batch_first=True, total_length=ids.shape[1])
                x = locked(x, BETWEEN if i + 1 < len(self.layers) else LAST)
            there = (torch.arange(ids.shape[1])[None] < lengths[:, None])[..., None]
            mean = (x * there).sum(1) / lengths[:, None]
            most = x.masked_fill(~there, -math.inf).amax(1)
            last = x[torch.arange(len(x)), lengths - 1]
            return self.head(torch.cat([last, mean, most], 1))

    def batches(texts, labels, shuffled):
        order = torch.randperm(len(texts)).tolist() if shuffled else list(range(len(texts)))
        pools = [sorted(order[i : i + 50 * BATCH], key=lambda k: len(texts[k])) for i in range(0, len(order), 50 * BATCH)] if shuffled else [sorted(order, key=lambda k: len(texts[k]))]
        parts = [pool[i : i + BATCH] for pool in pools for i in range(0, len(pool), BATCH)]
        for k in torch.randperm(len(parts)).tolist() if shuffled else range(len(parts)):
            part = parts[k]
            lengths = torch.tensor([max(1, len(texts[i])) for i in part])
            ids = torch.zeros(len(part), int(lengths.max()), dtype=torch.long)
            for row, i in enumerate(part):
                ids[row, : len(texts[i])] = torch.tensor(texts[i])
            yield ids, lengths, labels[part]

    @torch.no_grad()
    def judged(texts, labels):
        network.eval()
        loss = right = 0
        for ids, lengths, truth in batches(texts, labels, False):
            scores = network(ids, lengths, False)
            loss += F.cross_entropy(scores, truth, reduction="sum").item()
            right += (scores.argmax(1) == truth).sum().item()
        return loss / len(texts), right / len(texts)

    train, dev, test = read("train"), read("dev"), read("test")
    network = Classifier()
    best = (math.inf, None)
    for parameters, rate, epochs, frozen in ((list(network.head.parameters()), 5e-3, 1, True), (list(network.parameters()), 2e-3, 6, False)):
        for p in network.parameters():
            p.requires_grad_(False)
        for p in parameters:
            p.requires_grad_(True)
        groups = [{"params": [p for p in parameters if p.ndim > 1]}, {"params": [p for p in parameters if p.ndim == 1], "weight_decay": 0}]
        optimizer = torch.optim.AdamW(groups, rate, weight_decay=0.01)
        steps = epochs * math.ceil(len(train[0]) / BATCH)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1)
        for _ in range(epochs):
            network.train()
            for ids, lengths, truth in batches(*train, True):
                loss = F.cross_entropy(network(ids, lengths, not frozen), truth)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                if not frozen:
                    nn.utils.clip_grad_norm_(parameters, 1)
                optimizer.step()
                scheduler.step()
            loss, _ = judged(*dev)
            if loss < best[0]:
                best = (loss, {name: value.clone() for name, value in network.state_dict().items()})
    network.load_state_dict(best[1])
    print(json.dumps({"accuracy": judged(*test)[1], "inside": time.perf_counter() - start}))


def ours(options, seed):
    with tempfile.TemporaryDirectory() as folder:
        command = [options.enxerto, "train", str(options.data), "--recipe", str(ROOT / "recipes/lstm-transfer.toml"), "--backbone", str(options.model),
                   "--output", f"{folder}/model", "--cache", f"{folder}/cache", "--seed", str(seed), "--threads", str(options.threads), "--json", "-q"]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(output)["test"]["accuracy"]["value"]


def peer(options, seed):
    command = [options.torch_python, __file__, "--peer", options.enxerto, str(options.model), "--data", str(options.data), "--seed", str(seed), "--threads", str(options.threads)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])["accuracy"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("model", type=pathlib.Path, metavar="LANGUAGE_MODEL")
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--seed", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return as_torch(options)
    rows = {"Enxerto": [], "PyTorch": []}
    for seed in range(options.seeds):
        for name, run in (("Enxerto", ours), ("PyTorch", peer)):
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            accuracy = run(options, seed)
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            rows[name].append((accuracy, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
            print(f"{name:8} seed {seed}: {accuracy:.2%}, {wall:.1f} s, {rows[name][-1][2]:.1f} processor seconds", flush=True)
    middle = {name: [statistics.median(row[k] for row in rows[name]) for k in range(3)] for name in rows}
    print(f"ratio {middle['PyTorch'][1] / middle['Enxerto'][1]:.2f} of the seconds, {middle['PyTorch'][2] / middle['Enxerto'][2]:.2f} of the processor seconds")
    return 0


if __name__ == "__main__":
    sys.exit(main())

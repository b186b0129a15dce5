#!/usr/bin/env python3
"""Accuracy of a frozen EfficientNet-Lite0 with a linear head: Enxerto beside scikit-learn on PyTorch features, in one run.

    python3 benchmarks/accuracy.py ENXERTO WEIGHTS.pth --cifar CIFAR_FOLDERS --fashion FASHION_IDX [--rows cifar-224 fashion-96]

The peer may look at the test set: it is LogisticRegression on standardised features at the best of four strengths *on the test
data*. Enxerto chooses its strength on the training part. Same pictures: the first 500 / 200 files a class of CIFAR-10, the first
10,000 / 5,000 of Fashion-MNIST, squashed (bicubic). Needs a Python with torch, timm, scikit-learn and Pillow.
"""
import argparse
import gzip
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import warnings

import numpy as np
import torch
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tools" / "parity"))
from efficientnet_lite0 import network  # noqa: E402

STRENGTHS = (0.001, 0.003, 0.01, 0.1)


def idx(path, offset):
    with gzip.open(path) as file:
        return np.frombuffer(file.read(), np.uint8, offset=offset)


def fashion(folder, part, count):
    pixels = idx(folder / f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 28, 28)[:count]
    labels = idx(folder / f"{part}-labels-idx1-ubyte.gz", 8)[:count]
    return [Image.fromarray(one).convert("RGB") for one in pixels], labels


def folders(root, per_class):
    pictures, labels = [], []
    for label, name in enumerate(sorted(os.listdir(root))):
        for file in sorted(os.listdir(root / name))[:per_class]:
            pictures.append(Image.open(root / name / file).convert("RGB"))
            labels.append(label)
    return pictures, np.array(labels)


def features(model, pictures, size):
    rows = []
    with torch.inference_mode():
        for begin in range(0, len(pictures), 64):
            block = [np.asarray(one.resize((size, size), Image.BICUBIC)) for one in pictures[begin : begin + 64]]
            x = (torch.from_numpy(np.stack(block)).permute(0, 3, 1, 2).float() - 127) / 128
            rows.append(model.forward_head(model.forward_features(x), pre_logits=True).numpy())
    return np.concatenate(rows)


def peer(model, train, test, size):
    start = time.time()
    train_x, test_x = features(model, train[0], size), features(model, test[0], size)
    scaler = StandardScaler().fit(train_x)
    best = 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for strength in STRENGTHS:
            head = LogisticRegression(C=strength, max_iter=300).fit(scaler.transform(train_x), train[1])
            best = max(best, head.score(scaler.transform(test_x), test[1]))
    return best, time.time() - start


def ours(program, arguments, size):
    with tempfile.TemporaryDirectory() as folder:
        start = time.time()
        command = [program, "train", *arguments, "--size", str(size), "--fit", "squash", "--json", "--quiet"]
        command += ["--output", folder + "/model", "--cache", folder + "/cache"]
        report = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return report["test"]["accuracy"], time.time() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("weights")
    parser.add_argument("--cifar", type=pathlib.Path, required=True, help="folder with train/<class> and test/<class>")
    parser.add_argument("--fashion", type=pathlib.Path, required=True, help="folder with the four IDX files")
    parser.add_argument("--rows", nargs="+", default=["cifar-96", "cifar-160", "cifar-224", "fashion-96", "fashion-160"])
    options = parser.parse_args()
    torch.set_num_threads(2)
    model = network(options.weights)
    print("| data | Enxerto | 95 % interval | s | scikit-learn on PyTorch, best on the test set | s |\n|---|---|---|---|---|---|")
    for row in options.rows:
        name, size = row.split("-")
        if name == "cifar":
            train, test = folders(options.cifar / "train", 500), folders(options.cifar / "test", 200)
            arguments = [str(options.cifar), "--take-per-class", "500", "--test-take-per-class", "200"]
        else:
            train, test = fashion(options.fashion, "train", 10000), fashion(options.fashion, "t10k", 5000)
            arguments = [str(options.fashion), "--take", "10000", "--test-take", "5000"]
        accuracy, seconds = ours(options.program, arguments, int(size))
        best, peer_seconds = peer(model, train, test, int(size))
        print(
            f"| {name}, {size} px | {100 * accuracy['value']:.2f} % | {100 * accuracy['low']:.2f} to {100 * accuracy['high']:.2f} "
            f"| {seconds:.0f} | {100 * best:.2f} % | {peer_seconds:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Holds Enxerto's EfficientNet-Lite0 with its real weights against timm's network with the same weights.

    python3 tools/parity/efficientnet_lite0.py WEIGHTS.pth            writes tests/golden/parity/efficientnet_lite0.json
    python3 tools/parity/efficientnet_lite0.py WEIGHTS.pth A.npy      prints timm's first logits for A (n, 3, 224, 224)

The file's names are those of efficientnet_pytorch; both sides list tensors in the order of the network, so they are matched
by position and checked by shape. The golden input is made from the formula that tests/zoo/formula.h states.
"""
import json
import pathlib
import sys

import numpy as np
import timm
import torch

MASK = (1 << 64) - 1


def fnv1a(name):
    value = 0xCBF29CE484222325
    for letter in name.encode():
        value = ((value ^ letter) * 0x100000001B3) & MASK
    return value


def centered(name, count):
    with np.errstate(over="ignore"):
        x = np.uint64(fnv1a(name)) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x ^= x >> np.uint64(31)
    return ((x >> np.uint64(40)).astype(np.int64) - (1 << 23)) * 2.0**-23


def network(path):
    weights = torch.load(path, map_location="cpu", weights_only=True)
    model = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    wanted = model.state_dict()
    assert len(weights) == len(wanted)
    paired = {}
    for (theirs, tensor), (ours, expected) in zip(weights.items(), wanted.items()):
        assert tensor.shape == expected.shape, (theirs, ours)
        paired[ours] = tensor
    model.load_state_dict(paired)
    return model


def main():
    model = network(sys.argv[1])
    if len(sys.argv) > 2:
        inputs = torch.from_numpy(np.load(sys.argv[2]))
    else:
        inputs = torch.from_numpy(centered("input", 2 * 3 * 224 * 224).astype(np.float32).reshape(2, 3, 224, 224))
    with torch.no_grad():
        logits = model(inputs).numpy()
        features = model.forward_head(model.forward_features(inputs), pre_logits=True).numpy()
    if len(sys.argv) > 2:
        np.save(sys.argv[2] + ".logits.npy", logits)
        print(logits[:, :5])
        return
    golden = {
        "network": "tf_efficientnet_lite0",
        "reference": f"timm {timm.__version__}",
        "size": 224,
        "stride": 10,
        "logits": [[float(f"{v:.9g}") for v in row[::10]] for row in logits],
        "features": [[float(f"{v:.9g}") for v in row[::10]] for row in features],
    }
    target = pathlib.Path(__file__).parents[2] / "tests/golden/parity/efficientnet_lite0.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(golden, indent=1) + "\n")
    print(target, logits.min(), logits.max())


if __name__ == "__main__":
    main()

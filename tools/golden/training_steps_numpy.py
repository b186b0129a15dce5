#!/usr/bin/env python3
"""The losses of tools/golden/training_steps.py without PyTorch: holds those that are there against NumPy, adds the rest.

    python3 tools/golden/training_steps_numpy.py        needs numpy and safetensors

Forward and backward are written out in float64, the optimizers' formulas are those of torch.optim. What the file has of
`sgd`, `adam_decay` and `rmsprop` was computed by PyTorch; unless NumPy gives the same to 1e-11 nothing is written.
"""
import pathlib

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from safetensors.numpy import load_file, save_file

STEPS, BATCH, CLASSES, EPSILON = 20, 8, 3, float(np.float32(1e-3))
NAMES = {"conv.weight": (4, 3, 3, 3), "bn.weight": (4,), "bn.bias": (4,), "fc.weight": (3, 4), "fc.bias": (3,)}
LABELS = np.arange(BATCH) * 7 % 5 % CLASSES


def filled(name, shape, offset=0.0, factor=1.0):
    """`filled` of training_steps.py."""
    value = 0xCBF29CE484222325
    for byte in name.encode():
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    with np.errstate(over="ignore"):
        x = np.uint64(value) + np.arange(1, np.prod(shape) + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    x = ((x ^ (x >> np.uint64(31))) >> np.uint64(40)).astype(np.int64) - (1 << 23)
    return (offset + factor * (x * 2.0**-23)).astype(np.float32).astype(np.float64).reshape(shape)


def pictures(step):
    made = filled(f"batch{step}", (BATCH, 3, 6, 6))
    made[:, 0] += 0.5 * LABELS[:, None, None]
    return made


def loss_and_gradients(p, x):
    windows = sliding_window_view(np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1))), (3, 3), axis=(2, 3))
    y = np.einsum("ncijkl,ockl->noij", windows, p["conv.weight"])
    places, column = (0, 2, 3), (1, -1, 1, 1)
    deviation = np.sqrt(y.var(places) + EPSILON).reshape(column)
    normal = (y - y.mean(places).reshape(column)) / deviation
    z = p["bn.weight"].reshape(column) * normal + p["bn.bias"].reshape(column)
    pooled = np.maximum(z, 0).mean((2, 3))
    logits = pooled @ p["fc.weight"].T + p["fc.bias"]
    logits -= logits.max(1, keepdims=True)
    logs = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    d_logits = (np.exp(logs) - np.eye(CLASSES)[LABELS]) / BATCH
    d_z = (d_logits @ p["fc.weight"])[:, :, None, None] / z[0, 0].size * (z > 0)
    d_normal = d_z * p["bn.weight"].reshape(column)
    d_y = (d_normal - d_normal.mean(places).reshape(column) -
           normal * (d_normal * normal).mean(places).reshape(column)) / deviation
    return -logs[np.arange(BATCH), LABELS].mean(), {
        "conv.weight": np.einsum("noij,ncijkl->ockl", d_y, windows),
        "bn.weight": (d_z * normal).sum(places), "bn.bias": d_z.sum(places),
        "fc.weight": d_logits.T @ pooled, "fc.bias": d_logits.sum(0)}


# Each changes a parameter in place, by its gradient with the weight decay; `memory` begins empty. Steps are counted from 1.
def sgd(p, g, rate, step, memory):
    p -= rate * g


def adam(p, g, rate, step, memory):
    memory["m"] = 0.9 * memory.get("m", 0) + 0.1 * g
    memory["v"] = 0.999 * memory.get("v", 0) + 0.001 * g * g
    p -= rate * memory["m"] / (1 - 0.9**step) / (np.sqrt(memory["v"] / (1 - 0.999**step)) + 1e-8)


def rmsprop(p, g, rate, step, memory):
    memory["v"] = 0.99 * memory.get("v", 0) + 0.01 * g * g
    p -= rate * g / (np.sqrt(memory["v"]) + 1e-8)


def adagrad(p, g, rate, step, memory):
    memory["sum"] = memory.get("sum", 0) + g * g
    p -= rate * g / (np.sqrt(memory["sum"]) + 1e-10)


# Name: rate, weight decay, formula.
OPTIMIZERS = {"sgd": (0.1, 0, sgd), "adam_decay": (0.02, 0.1, adam), "rmsprop": (0.005, 0.01, rmsprop),
              "adagrad": (0.05, 0.01, adagrad)}


def train(update, decay, rates):
    parameters = {name: filled(name, shape, 1.0 if name == "bn.weight" else 0.0, 0.5) for name, shape in NAMES.items()}
    memories = {name: {} for name in NAMES}
    losses = []
    for step in range(STEPS):
        loss, gradients = loss_and_gradients(parameters, pictures(step))
        losses.append(loss)
        for name, p in parameters.items():
            update(p, gradients[name] + decay * p, rates[step], step + 1, memories[name])
    return np.array(losses)


def main():
    path = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/engine/training_steps.safetensors"
    tensors = load_file(path)
    for optimizer, (rate, decay, update) in OPTIMIZERS.items():
        tensors.setdefault(f"rate/{optimizer}", np.array(rate))
        for schedule in [name.removeprefix("rates/") for name in tensors if name.startswith("rates/")]:
            losses = train(update, decay, rate * tensors[f"rates/{schedule}"])
            there = tensors.setdefault(f"losses/{optimizer}/{schedule}", losses)
            assert np.abs(there - losses).max() < 1e-11, f"{optimizer}, {schedule}: {np.abs(there - losses).max()}"
    save_file(dict(sorted(tensors.items())), path)
    print(f"{path}: {len(tensors)} tensors, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

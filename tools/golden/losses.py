"""Writes tests/golden/heads/losses_{torch,keras}.safetensors: logits, targets and what the original says their loss is.

Usage: python tools/golden/losses.py torch     (needs torch, torchvision)
       python tools/golden/losses.py keras     (needs keras with tensorflow)

tests/parity/losses_test.cpp has the options of each case. Everything is computed in float64; class weights as Enxerto
counts them: the sum over the examples divided by their number.
"""
import json
import pathlib
import struct
import sys

import numpy as np

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "heads"
BATCH, CLASSES = 6, 4
WEIGHTS = np.array([0.5, 2.0, 1.0, 0.25])
PAIR = np.array([0.5, 3.0])

rng = np.random.default_rng(5)
LOGITS = rng.normal(size=(BATCH, CLASSES)) * 3
FAR = np.where(rng.random((BATCH, CLASSES)) < 0.5, -1000.0, 1000.0)
SOFT = rng.dirichlet(np.ones(CLASSES), BATCH)
NUMBERS = rng.integers(0, CLASSES, BATCH)
HARD = np.eye(CLASSES)[NUMBERS]
MANY = (rng.random((BATCH, CLASSES)) < 0.5).astype(np.float64)
ONE = MANY[:, :1]
VALUES = rng.normal(size=(BATCH, CLASSES)) * 2


def torch_cases():
    import torch
    import torch.nn.functional as F
    from torchvision.ops import sigmoid_focal_loss

    def t(array):
        return torch.from_numpy(np.ascontiguousarray(array))

    def cross_entropy(logits, target, **options):
        return F.cross_entropy(t(logits), t(target), reduction="sum", **options) / BATCH

    def binary(logits, target, **options):
        return F.binary_cross_entropy_with_logits(t(logits), t(target), **options)

    def focal(logits, target, **options):
        return sigmoid_focal_loss(t(logits), t(target), reduction="mean", **options)

    cases = {}

    def add(name, function, logits, target, **options):
        cases[name] = (logits, target, float(function(logits, target, **options)))

    add("categorical", cross_entropy, LOGITS, SOFT)
    add("categorical_smoothed", cross_entropy, LOGITS, SOFT, label_smoothing=0.1)
    add("categorical_weighted", cross_entropy, LOGITS, SOFT, label_smoothing=0.1, weight=t(WEIGHTS))
    add("categorical_far", cross_entropy, FAR, HARD)
    add("sparse", cross_entropy, LOGITS, NUMBERS)
    add("sparse_weighted", cross_entropy, LOGITS, NUMBERS, label_smoothing=0.1, weight=t(WEIGHTS))
    add("sparse_far", cross_entropy, FAR, NUMBERS)
    add("binary", binary, LOGITS[:, :1], ONE)
    add("binary_many", binary, LOGITS, MANY)
    add("binary_weighted", binary, LOGITS[:, :1], ONE, weight=t(PAIR[ONE.astype(int)]))
    add("binary_many_weighted", binary, LOGITS, MANY, weight=t(WEIGHTS))
    add("binary_far", binary, FAR, MANY)
    add("binary_focal", focal, LOGITS, MANY)
    add("binary_focal_without_alpha", focal, LOGITS, MANY, alpha=-1, gamma=0.5)
    add("binary_focal_soft", focal, LOGITS, SOFT)
    add("binary_focal_far", focal, FAR, MANY)
    add("mean_squared_error", lambda x, y: F.mse_loss(t(x), t(y)), LOGITS, VALUES)
    add("huber", lambda x, y: F.huber_loss(t(x), t(y), delta=0.7), LOGITS, VALUES)
    return cases


def keras_cases():
    import keras
    losses = keras.losses
    cases = {}

    def add(name, loss, logits, target, weight=None):
        value = loss(keras.ops.convert_to_tensor(target), keras.ops.convert_to_tensor(logits), sample_weight=weight)
        cases[name] = (logits, target, float(value))

    options = {"from_logits": True, "dtype": "float64"}
    add("categorical", losses.CategoricalCrossentropy(**options), LOGITS, HARD)
    add("categorical_smoothed", losses.CategoricalCrossentropy(label_smoothing=0.1, **options), LOGITS, HARD)
    add("categorical_weighted", losses.CategoricalCrossentropy(**options), LOGITS, HARD, WEIGHTS[NUMBERS])
    add("sparse", losses.SparseCategoricalCrossentropy(**options), LOGITS, NUMBERS)
    add("sparse_weighted", losses.SparseCategoricalCrossentropy(**options), LOGITS, NUMBERS, WEIGHTS[NUMBERS])
    add("binary", losses.BinaryCrossentropy(**options), LOGITS[:, :1], ONE)
    add("binary_smoothed", losses.BinaryCrossentropy(label_smoothing=0.2, **options), LOGITS[:, :1], ONE)
    add("binary_many", losses.BinaryCrossentropy(**options), LOGITS, MANY)
    add("binary_weighted", losses.BinaryCrossentropy(**options), LOGITS[:, :1], ONE, PAIR[ONE[:, 0].astype(int)])
    # Keras has one factor alpha for all classes.
    add("focal", losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=2.0, **options), LOGITS, HARD)
    add("focal_mild", losses.CategoricalFocalCrossentropy(alpha=1.0, gamma=0.5, **options), LOGITS, HARD)
    add("mean_squared_error", losses.MeanSquaredError(dtype="float64"), LOGITS, VALUES)
    add("huber", losses.Huber(delta=0.7, dtype="float64"), LOGITS, VALUES)
    return cases


def write(path, tensors):
    """A safetensors file; wider types come first there, and all of these are 8 bytes wide."""
    header, data = {}, b""
    for name, array in tensors.items():
        array = np.ascontiguousarray(array)
        kind = "I64" if array.dtype == np.int64 else "F64"
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    peer = sys.argv[1]
    tensors = {}
    for name, (logits, target, loss) in {"torch": torch_cases, "keras": keras_cases}[peer]().items():
        kind = np.int64 if target.ndim == 1 else np.float64
        tensors |= {f"{name}/logits": logits, f"{name}/target": target.astype(kind), f"{name}/loss": np.float64(loss)}
        print(name, loss)
    write(FOLDER / f"losses_{peer}.safetensors", tensors)

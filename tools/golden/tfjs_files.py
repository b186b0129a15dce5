#!/usr/bin/env python3
"""Writes tests/golden/weights/tfjs: small TensorFlow.js models as the converter of the package tensorflowjs writes them
(tensorflowjs/write_weights.py, tensorflowjs/quantization.py), here by numpy alone.

Usage: tfjs_files.py [OUTPUT]. Each number follows from its index, so that the tests know what to expect.
"""
import json
import pathlib
import sys

import numpy as np

OUTPUT = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                      pathlib.Path(__file__).parents[2] / "tests/golden/weights/tfjs")


def ramp(shape, dtype):
    return np.arange(int(np.prod(shape)), dtype=dtype).reshape(shape)


def quantised(values, dtype):
    """As quantization.quantize_weights does: an affine map of the range onto the integers, or a cast."""
    if dtype == np.float16:
        return values.astype(np.float16), {"dtype": "float16", "original_dtype": values.dtype.name}
    low, high = float(values.min()), float(values.max())
    scale = (high - low) / np.iinfo(dtype).max
    stored = np.round((values - low) / scale).astype(dtype)
    return stored, {"dtype": np.dtype(dtype).name, "min": low, "scale": scale, "original_dtype": values.dtype.name}


def group(folder, weights, shard_bytes, quantise=None):
    """Writes the shards of (name, values) pairs; gives the group's entry in the manifest."""
    entries, joined = [], b""
    for name, values in weights:
        entry = {"name": name, "shape": list(values.shape), "dtype": values.dtype.name}
        if quantise and values.dtype in (np.float32, np.int32):
            values, entry["quantization"] = quantised(values, quantise)
        entries.append(entry)
        joined += values.tobytes()
    shards = [joined[i:i + shard_bytes] for i in range(0, len(joined), shard_bytes)]
    paths = [f"group1-shard{i + 1}of{len(shards)}.bin" for i in range(len(shards))]
    for path, shard in zip(paths, shards):
        (folder / path).write_bytes(shard)
    return {"paths": paths, "weights": entries}


def write(name, document, manifest="model.json"):
    (OUTPUT / name / manifest).write_text(json.dumps(document))


def layer(name, kind, **config):
    return {"class_name": kind, "config": {"name": name, **config}}


def main():
    for name in ("layers", "graph", "manifest", "uint8", "uint16", "float16"):
        (OUTPUT / name).mkdir(parents=True, exist_ok=True)
    # The converter sorts h5 groups by name: "batch" before "stem". A nested model keeps its prefix.
    weights = [("base/batch/gamma", ramp((2,), np.float32)), ("base/batch/beta", ramp((2,), np.float32) + 10),
               ("base/stem/kernel", ramp((3, 3, 1, 2), np.float32)), ("dense/kernel", ramp((2, 3), np.float32)),
               ("dense/bias", ramp((3,), np.float32))]
    nested = layer("base", "Functional", layers=[layer("input", "InputLayer"), layer("stem", "Conv2D"),
                                                 layer("batch", "BatchNormalization")])
    topology = {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {
        "class_name": "Sequential", "config": {"name": "net", "layers": [nested, layer("dense", "Dense")]}}}
    document = {"format": "layers-model", "generatedBy": "keras v2.15.0", "convertedBy": "TensorFlow.js Converter v4.22.0",
                "modelTopology": topology}
    write("layers", document | {"weightsManifest": [group(OUTPUT / "layers", weights, 50)]})
    for dtype in (np.uint8, np.uint16, np.float16):
        name = np.dtype(dtype).name
        some = weights[2:3] + [("dense/kernel", ramp((2, 3), np.int32)), ("dense/mask", ramp((3,), np.uint8))]
        if dtype == np.float16:
            some.pop(1)
        write(name, document | {"weightsManifest": [group(OUTPUT / name, some, 1000, dtype)]})
    constants = [("model/Const", np.float32(3).reshape(())), ("model/flags", np.array([True, False])),
                 ("model/axes", ramp((2,), np.int32)), ("model/empty", ramp((0, 4), np.float32)),
                 ("model/conv", ramp((1, 1, 2, 2), np.float32))]
    write("graph", {"format": "graph-model", "generatedBy": "2.15.0", "convertedBy": "TensorFlow.js Converter v4.22.0",
                    "modelTopology": {"node": [], "library": {}},
                    "weightsManifest": [group(OUTPUT / "graph", constants, 1000)]})
    write("manifest", [group(OUTPUT / "manifest", weights[3:], 1000)], "weights_manifest.json")


main()

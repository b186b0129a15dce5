#!/usr/bin/env python3
"""Holds the real TensorFlow.js models of the npm package nsfwjs against TensorFlow.js.

    python3 tools/parity/tfjs.py ENXERTO [ROWS.json]      (needs node, npm, numpy, pillow; TFJS_MODULES names a folder with
                                                           @tensorflow/tfjs and nsfwjs installed, otherwise npm installs them)

MobileNetV2 and InceptionV3 with a head of three dense layers: TensorFlow.js runs the whole, we give the features that the
head takes, and the head is computed here. Each model is read as its author's converter wrote it (weights in 8 bits, several
shards) and as TensorFlow.js saves it again. The classes of all pictures must be the same.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import comparison  # noqa: E402

PACKAGES = ("@tensorflow/tfjs@4.22.0", "nsfwjs@4.3.0")
MODELS = {"keras_mobilenet_v2": ("mobilenet_v2", 224), "keras_inception_v3": ("inception_v3", 299)}
FILES = {"TF.js, 8 bits": "quantised", "TF.js": "saved"}


def modules(folder):
    """A folder from which node finds the packages."""
    ready = os.environ.get("TFJS_MODULES")
    if ready:
        return pathlib.Path(ready)
    (folder / "package.json").write_text("{}")
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES], cwd=folder, check=True)
    return folder


def reference(packages, model, folder, arrays):
    """What TensorFlow.js gives for pictures as Keras prepares them for these networks, and the dense layers of the head."""
    prepared = arrays.astype(np.float32) / np.float32(127.5) - 1
    (folder / "pictures.f32").write_bytes(prepared.tobytes())
    script = packages / "tfjs_parity.js"
    script.write_text((HERE / "tfjs.js").read_text())
    words = ["node", script, model, folder, folder / "pictures.f32", len(arrays), arrays.shape[1]]
    done = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, cwd=packages)
    script.unlink()
    return json.loads(done.stdout[done.stdout.index('{"features"'):])


def classes(features, head):
    x = features
    for index, (kernel, bias) in enumerate(head):
        x = x @ np.array(kernel) + np.array(bias)
        x = np.maximum(x, 0) if index + 1 < len(head) else x
    return x.argmax(1)


def rows(enxerto, names=()):
    result = []
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        packages = modules(scratch)
        for architecture, (model, size) in MODELS.items():
            if names and architecture not in names:
                continue
            folder = scratch / model
            folder.mkdir()
            arrays = comparison.pictures(size)
            theirs = reference(packages, model, folder, arrays)
            for kind, name in FILES.items():
                weights = folder / name / "model.json"
                row = comparison.Row(architecture, "nsfwjs (TF.js)", kind, size, 0, 0)
                result.append(comparison.compare(enxerto, theirs["features"], arrays, row, backbone=architecture, weights=weights))
                ours, _ = comparison.enxerto_output(enxerto, arrays, architecture, weights)
                if list(classes(ours, theirs["head"])) != list(np.argmax(theirs["probabilities"], 1)):
                    raise RuntimeError(f"{architecture}: other classes than TensorFlow.js")
    return result


if __name__ == "__main__":
    comparison.main(rows)

#!/usr/bin/env python3
"""Holds a network's ONNX files, of both exporters of PyTorch, against its weight file: what a head sees, and a small run.

    python3 tools/parity/beside_weight_files.py ENXERTO [ROWS.json] [NAME..]     (needs torch, torchvision, timm, onnxscript, pillow)

Each network gets one set of random weights, saved as .pth and exported. `enxerto features --at head` must give the same
rows for all, and `enxerto train` on a few drawn pictures the same accuracy. Networks whose head holds more in a weight
file than the last dense layer (VGG, MobileNetV3: all behind the pooling) take another place for their head there, and are not
compared. Weights are drawn as tools/parity/pooled_features.py draws them.
"""
import contextlib
import dataclasses
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
import comparison  # noqa: E402
import onnx_networks  # noqa: E402
import pooled_features  # noqa: E402

# What docs/backbones.md lists, by the name that PyTorch's libraries give it, where that is another one.
NAMES = {name: name for name in "resnet18 resnet50 mobilenet_v2 densenet121 convnext_tiny efficientnet_b0 regnet_x_400mf inception_v3".split()}
NAMES |= {"vit_b16": "vit_b_16", "vit_s16": "vit_small_patch16_224", "efficientnet_lite0": "tf_efficientnet_lite0"}
SIZES = {"inception_v3": 160, "vit_b16": 224, "vit_s16": 224}
CLASSES, EACH = 3, 16


def write_classes(folder, size):
    """Class folders of drawn pictures: waves of a few directions, with noise."""
    from PIL import Image
    generator = np.random.Generator(np.random.PCG64(1))
    y, x = np.mgrid[0:size, 0:size] / size
    for label in range(CLASSES):
        target = pathlib.Path(folder) / f"class{label}"
        target.mkdir(parents=True)
        for number in range(EACH):
            wave = np.sin(20 * (x * np.cos(label + 1) + y * np.sin(label + 1)) + generator.uniform(0, 6))
            picture = 127 + 60 * wave[..., None] + generator.normal(0, 40, (size, size, 3))
            Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(target / f"{number}.png")


def accuracy(enxerto, data, folder, options):
    target = folder / "model"
    command = [enxerto, "train", data, "--output", target, "--seed", 1, "--no-cache", "--quiet", "--json", *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    shutil.rmtree(target)
    (folder / "model.report.html").unlink()
    return json.loads(done.stdout)["test"]["accuracy"]["value"]


def rows_of(enxerto, name, folder):
    size = SIZES.get(name, 96)
    network, arrays = pooled_features.make_network(NAMES[name]), comparison.pictures(size)
    example = torch.from_numpy(onnx_networks.prepared(arrays))
    torch.save(network.state_dict(), folder / "network.pth")
    write_classes(folder / "classes", size)
    normalised = ["--normalise", "torch", "--size", size, "--fit", "squash"]
    as_weights = ["--backbone", name, "--weights", folder / "network.pth", *normalised]
    comparison.write_pictures(folder / "pictures", arrays)
    reference, _ = comparison.features_of(enxerto, folder / "pictures", as_weights, "head")
    wanted = accuracy(enxerto, folder / "classes", folder, as_weights)
    for exporter in pooled_features.EXPORTERS:
        path = folder / "network.onnx"
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            torch.onnx.export(network, (example,), str(path), **onnx_networks.EXPORTERS[exporter])
        as_onnx = ["--backbone", path, *normalised]
        ours, seconds = comparison.features_of(enxerto, folder / "pictures", as_onnx, "head")
        row = comparison.finish(comparison.Row(name, "ONNX beside .pth", exporter, size, 0, 0), ours, reference, seconds)
        found = accuracy(enxerto, folder / "classes", folder, as_onnx)
        print(f"{'':10}accuracy {found:.3f}, of the weight file {wanted:.3f}", flush=True)
        yield row if found == wanted else dataclasses.replace(row, difference=float("inf"))


def rows(enxerto, names=()):
    warnings.filterwarnings("ignore")
    for name in names or NAMES:
        with tempfile.TemporaryDirectory() as folder:
            yield from rows_of(enxerto, name, pathlib.Path(folder))


if __name__ == "__main__":
    comparison.main(rows)

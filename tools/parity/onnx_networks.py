#!/usr/bin/env python3
"""Holds ONNX files of PyTorch's two exporters, timm and tf2onnx, as backbones against what ONNX Runtime gives for them.

    python3 tools/parity/onnx_networks.py ENXERTO [ROWS.json] [NAME..]     (needs torch, torchvision, timm, onnxruntime ..;
                                                        PARITY_KERAS is a Python with keras, tensorflow and tf2onnx)

An ONNX file of somebody else says nothing of preprocessing, so both sides use ImageNet's usual mean and deviation.
tools/parity/onnx_import.py looks further: at the stages, and at both halves of a cut.
"""
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np
import onnxruntime
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "golden")]
import comparison  # noqa: E402
import onnx_import  # noqa: E402

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
EXPORTERS = {  # how torch.onnx.export is called; those with a number of examples without a name for the batch
    "torch.export": dict(dynamo=True, dynamic_shapes=({0: torch.export.Dim("count")},), verbose=False),
    "torch.export, batch 1": dict(dynamo=True, verbose=False),
    "torch.export, batch 2": dict(dynamo=True, verbose=False),
    "TorchScript": dict(dynamo=False, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}},
                        opset_version=17),
    "TorchScript, batch 1": dict(dynamo=False, opset_version=14),
}


def prepared(arrays):
    return ((arrays / np.float32(255) - np.float32(MEAN)) / np.float32(DEVIATION)).transpose(0, 3, 1, 2)


def number_of(exporter, examples):
    return int(exporter.rpartition("batch ")[2]) if "batch" in exporter else examples


def torch_rows(enxerto, name, folder):
    size = onnx_import.size_of(name)
    network, arrays = onnx_import.make_network(name), comparison.pictures(size)
    for exporter, options in EXPORTERS.items():
        path = folder / f"{name}.onnx"
        example = torch.from_numpy(prepared(arrays))
        torch.onnx.export(network, (example[:number_of(exporter, len(example))],), str(path), **options)
        reference = onnx_import.run_original(path, example.numpy())
        row = comparison.Row(name, "ONNX", exporter, size, 0, 0)
        yield comparison.compare(enxerto, reference, arrays, row, backbone=path)


def keras_rows(enxerto, folder):
    subprocess.run([os.environ["PARITY_KERAS"], HERE / "onnx_import.py", "--export-keras", folder], check=True,
                   stderr=subprocess.DEVNULL)
    arrays = comparison.pictures(224)
    for name in onnx_import.KERAS:
        path = folder / f"keras_{name}.onnx"
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        pictures = prepared(arrays).transpose(0, 2, 3, 1)
        reference = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(pictures)})[0]
        row = comparison.Row(f"keras {name}", "ONNX", "tf2onnx", 224, 0, 0)
        yield comparison.compare(enxerto, reference, arrays, row, backbone=path)


def rows(enxerto, names=()):
    warnings.filterwarnings("ignore")
    result = []
    for name in names or onnx_import.TORCHVISION + onnx_import.TIMM + ["keras"]:
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            result += keras_rows(enxerto, folder) if name == "keras" else torch_rows(enxerto, name, folder)
    return result


if __name__ == "__main__":
    comparison.main(rows)

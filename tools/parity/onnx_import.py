"""Holds full-size ONNX files of PyTorch's two exporters, timm and tf2onnx, read as backbones, against what they give.

Usage: python tools/parity/onnx_import.py BUILD [--keras PYTHON] [NETWORK..]
(needs torch, torchvision, timm, onnx, onnxruntime, onnxscript; PYTHON has keras, tensorflow and tf2onnx)

Each network is filled with weights from a formula, exported by both exporters (with the number of examples open, and
the older exporter with one example fixed too), and run by ONNX Runtime on two pictures. BUILD/tests/test_parity reads
each file, and gives the largest difference, relative to the largest logit, before and after a cut, and the stages.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "golden"))
import onnx_files  # noqa: E402

TORCHVISION = ["resnet50", "mobilenet_v2", "efficientnet_b0", "convnext_tiny", "vit_b_16", "densenet121", "inception_v3"]
TIMM = ["vit_small_patch16_224", "tf_efficientnet_lite0"]
KERAS = ["MobileNetV2", "ResNet50"]


def size_of(name):
    return 299 if name == "inception_v3" else 224


def make_network(name):
    import timm
    import torch
    import torchvision
    torch.manual_seed(0)
    if name in TIMM:
        return timm.create_model(name).eval()
    options = {"init_weights": True} if name == "inception_v3" else {}
    network = getattr(torchvision.models, name)(weights=None, **options).eval()
    for key, tensor in network.state_dict().items():
        if key.endswith("running_var"):
            tensor.copy_(torch.from_numpy(onnx_files.filled(key, tuple(tensor.shape), 1, 0.25)))
    torch.nn.init.normal_([p for p in network.parameters() if p.dim() == 2][-1], std=0.05)  # some start at zero
    return network


def save(folder, name, values, size, kind="output"):
    onnx_files.FOLDER = folder
    onnx_files.save(name, kind, values, size)


def run_original(file, pictures):
    """What ONNX Runtime gives, so many examples at once as the file takes."""
    import onnxruntime
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    entry = session.get_inputs()[0]
    each = entry.shape[0] if isinstance(entry.shape[0], int) else len(pictures)
    parts = [pictures[i : i + each] for i in range(0, len(pictures), each)]
    return np.concatenate([session.run(None, {entry.name: part})[0] for part in parts])


def export_torch(name, folder):
    import torch
    network, size = make_network(name), size_of(name)
    pictures = onnx_files.pictures(size)
    example = torch.from_numpy(pictures)
    files = {f"{name}_dynamo": dict(dynamo=True, dynamic_shapes=({0: torch.export.Dim("count")},), verbose=False),
             f"{name}_script": dict(dynamo=False, input_names=["x"], output_names=["y"],
                                    dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}, opset_version=17),
             f"{name}_script_fixed": dict(dynamo=False, opset_version=13 if "vit" not in name else 14)}
    for file, options in files.items():
        path = folder / f"{file}.onnx"
        torch.onnx.export(network, (example[:1] if file.endswith("fixed") else example,), str(path), **options)
        save(folder, file, run_original(path, pictures), size)


def export_keras(folder, python):
    """In another environment: this file again, there."""
    subprocess.run([python, __file__, "--export-keras", str(folder)], check=True, stderr=subprocess.DEVNULL)
    for name in KERAS:
        path = folder / f"keras_{name}.onnx"
        save(folder, path.stem, run_original(path, onnx_files.pictures(224).transpose(0, 2, 3, 1)), 224)


def export_keras_here(folder):
    os.environ["TF_CPP_MIN_LOG_LEVEL"], os.environ["CUDA_VISIBLE_DEVICES"] = "3", "-1"
    import keras
    import tensorflow as tf
    import tf2onnx
    for name in KERAS:
        model = getattr(keras.applications, name)(weights=None, classifier_activation=None)  # logits never saturate
        for variable in model.weights:  # as they start, all classes are equal
            shape = tuple(variable.shape)
            depthwise = len(shape) == 4 and "depthwise" in variable.path
            fan_in = shape[0] * shape[1] if depthwise else int(np.prod(shape[:-1]))
            variable.assign(onnx_files.weight(variable.path, shape, fan_in))
        tf2onnx.convert.from_function(tf.function(lambda x, m=model: m(x, training=False)),
                                      [tf.TensorSpec((None, 224, 224, 3), tf.float32, name="x")], opset=15,
                                      output_path=str(folder / f"keras_{name}.onnx"))


def compare(build, folder):
    """{file: {"stages": .., "whole": difference, "cut": .., "frontier": .., "failure": text}}"""
    report = folder / "report.json"
    subprocess.run([pathlib.Path(build) / "tests" / "test_parity", "--gtest_filter=*OnnxBackbone*",
                    f"--gtest_output=json:{report}"], stdout=subprocess.DEVNULL,
                   env=os.environ | {"ENXERTO_ONNX_BACKBONES": str(folder),
                                     "ENXERTO_ENGINE_DIR": str(pathlib.Path(build) / "lib")})
    kinds = {"GivesWhatTheFileGave": "whole", "IsCutAtItsStages": "cut", "GivesPooledFeaturesBeforeItsHead": "frontier"}
    rows = {}
    for suite in json.loads(report.read_text())["testsuites"]:
        for test in suite["testsuite"]:
            kind, name = test["name"].split("/")[-2:]
            row = rows.setdefault(name, {"failure": ""})
            row[kinds[kind]] = float(test.get("difference", "nan"))
            row["stages"] = test.get("stages", row.get("stages", ""))
            row["failure"] += " ".join(f["failure"] for f in test.get("failures", []))
    return rows


def main(words):
    warnings.filterwarnings("ignore")
    if words[0] == "--export-keras":
        return export_keras_here(pathlib.Path(words[1]))
    build, words = words[0], words[1:]
    python = words[words.index("--keras") + 1] if "--keras" in words else None
    chosen = [w for w in words if not w.startswith("--") and w != python] or TORCHVISION + TIMM
    failed = 0
    for name in chosen + ([None] if python else []):
        with tempfile.TemporaryDirectory() as text:
            folder = pathlib.Path(text)
            export_torch(name, folder) if name else export_keras(folder, python)
            for file, row in sorted(compare(build, folder).items()):
                failed += row["failure"] != ""
                print(f"{file:36} whole {row.get('whole'):.1e}  cut {row.get('cut'):.1e}  frontier "
                      f"{row.get('frontier'):.1e}  {row['stages']}\n{row['failure'][:600]}".rstrip(), flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main(sys.argv[1:])

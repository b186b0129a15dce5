"""TensorFlow.js graph models against TensorFlow.js itself: the whole network as the file has it, on an input made by a formula.

Usage: python tools/parity/tensorflow_graphs.py NODE-FOLDER MODEL-FOLDER... [--build FOLDER]       (needs numpy, safetensors)

NODE-FOLDER has @tensorflow/tfjs installed (npm install @tensorflow/tfjs@4.22.0); each MODEL-FOLDER a model.json and its shards.
tools/parity/tensorflow_graphs.cpp reads the graph and runs it by the forward engine. Outputs must agree within 1e-4 of the largest.
Of an output that ranks places (TopKV2) two that are equally good may change places: rows are compared in the order of their values.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from safetensors.numpy import load_file, save_file

from comparison import ROOT, built_program

TOLERANCE = 1e-4


def picture(model):
    """Smooth colours of 0 to 255, or about -0.5 to 0.5 where the input is channels first, as an ONNX network has it."""
    nodes = [node for node in model["modelTopology"]["node"] if node["op"] == "Placeholder"]
    sizes = [abs(int(dim["size"])) for dim in nodes[0]["attr"]["shape"]["shape"]["dim"]]
    if sizes[1] == 3:
        count = np.arange(np.prod(sizes), dtype=np.int64)
        return (((count * 7919) % 1000) / 1000 - 0.5).reshape(sizes).astype(np.float32)
    rows, columns, channels = np.ogrid[: sizes[1], : sizes[2], : sizes[3]]
    return ((3 * rows + 5 * columns + 85 * channels) % 256)[None].astype(np.float32)


def theirs(node, file, values, folder):
    values.tofile(folder / "input.f32")
    script = node / "tensorflow_graphs.js"
    script.write_text((ROOT / "tools/parity/tensorflow_graphs.js").read_text())
    done = subprocess.run(["node", script, file, folder / "input.f32", ",".join(map(str, values.shape)), folder / "outputs.f32"],
                          check=True, capture_output=True, text=True, cwd=node)
    outputs, all_values, at = {}, np.fromfile(folder / "outputs.f32", np.float32), 0
    for row in json.loads(done.stdout.splitlines()[-1]):
        count = int(np.prod(row["shape"]))
        name = row["name"].split(":")[0] if row["name"].endswith(":0") else row["name"]
        outputs[name] = all_values[at : at + count].reshape(row["shape"])
        at += count
    return outputs


def ours(program, file, values, folder):
    save_file({"input": values}, folder / "input.safetensors")
    subprocess.run([program, file, folder / "input.safetensors", folder / "ours.safetensors"], check=True)
    return load_file(folder / "ours.safetensors")


def in_order(rows):
    """The rows of (.., values), each value rounded, in one order."""
    flat = rows.reshape(-1, rows.shape[-1])
    return flat[np.lexsort(np.round(flat, 2).T)]


def difference(own, reference):
    largest = max(np.abs(reference).max(), 1e-30)
    return min(np.abs(own - reference).max(), np.abs(in_order(own) - in_order(reference)).max()) / largest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("node", type=pathlib.Path)
    parser.add_argument("models", type=pathlib.Path, nargs="+")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    options = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = built_program("tensorflow_graphs", options.build, folder)
        for model in options.models:
            file = (model / "model.json").resolve()
            values = picture(json.loads(file.read_text()))
            reference = theirs(options.node.resolve(), file, values, folder)
            own = ours(program, file, values, folder)
            assert set(own) == set(reference), f"{model.name}: {sorted(own)} beside {sorted(reference)}"
            for output, wanted in sorted(reference.items()):
                assert own[output].shape == wanted.shape, f"{output}: {own[output].shape}, not {wanted.shape}"
                away = difference(own[output].astype(np.float64), wanted.astype(np.float64))
                failed |= not away <= TOLERANCE
                print(f"{model.name:16} {output:30} {str(wanted.shape):20} {away:.1e}{'' if away <= TOLERANCE else '   FAILS'}")
    sys.exit(failed)


if __name__ == "__main__":
    main()

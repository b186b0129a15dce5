"""Seconds of one processor to find the faces in a photograph and 68 points of each: `enxerto landmarks` beside face-api in TensorFlow.js.

Usage: python benchmarks/peers/faces.py ENXERTO NODE-FOLDER PHOTOS [--count 60] [--rounds 5]      (needs numpy, pillow)

NODE-FOLDER has @vladmandic/face-api@1.7.15, @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm@4.22.0 installed; the backend is wasm
(SIMD, one thread). Both run one thread, in turn. Of enxerto it is the time of all photographs less that of one, with reading and
decoding the files; face-api gets pixels that are decoded. The median of the rounds, and their ratios.
"""
import argparse
import json
import pathlib
import resource
import shutil
import subprocess
import tempfile

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]


def used(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ours(enxerto, files, models, detector, folder):
    for name, some in (("one", files[:1]), ("all", files)):
        place = folder / name
        if not place.exists():
            place.mkdir()
            for file in some:
                shutil.copy(file, place)
    command = [enxerto, "landmarks", "--finder", models, "--detector", detector, "--threads", 1, "--replace", "--quiet"]
    return (used([*command, folder / "all"]) - used([*command, folder / "one"])) / (len(files) - 1)


def theirs(node, files, detector, folder):
    rows = []
    for number, file in enumerate(files):
        pixels = np.array(Image.open(file).convert("RGB"))
        raw = folder / f"{number}.rgb"
        raw.write_bytes(pixels.tobytes())
        rows.append({"name": file.name, "file": str(raw), "width": pixels.shape[1], "height": pixels.shape[0], "whole": True})
    (folder / "pictures.json").write_text(json.dumps(rows))
    script = node / "faces_rate.js"
    script.write_text((ROOT / "tools/parity/faces.js").read_text())
    subprocess.run(["node", script, folder / "pictures.json", detector, folder / "said.json", "points"], check=True, cwd=node,
                   capture_output=True)
    script.unlink()
    said = json.loads((folder / "said.json").read_text())
    return float(np.mean(said["seconds"])), sum(said["said"].values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("enxerto")
    parser.add_argument("node", type=pathlib.Path)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    node = options.node.resolve()
    models = node / "node_modules/@vladmandic/face-api/model"
    files = sorted(options.photos.rglob("*.jpg"))[: options.count]
    for detector in ("ssd_mobilenetv1", "tiny_face_detector"):
        own, other = [], []
        with tempfile.TemporaryDirectory() as name:
            for _ in range(options.rounds):
                own.append(ours(options.enxerto, files, models, detector, pathlib.Path(name)))
                seconds, faces = theirs(node, files, detector, pathlib.Path(name))
                other.append(seconds)
        ratios = sorted(b / a for a, b in zip(own, other))
        print(f"{detector}: {len(files)} photographs, {faces} faces: {np.median(own):.4f} s here, {np.median(other):.4f} s there; "
              f"{np.median(ratios):.2f} times ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()

"""Finds faces in real photographs beside face-api (npm: @vladmandic/face-api) in TensorFlow.js: boxes, 68 points, 128 numbers.

Usage: python tools/parity/faces.py NODE-FOLDER PHOTOS [--count 40] [--build FOLDER]      (needs numpy, pillow, safetensors)

NODE-FOLDER has @vladmandic/face-api@1.7.15, @tensorflow/tfjs and @tensorflow/tfjs-backend-wasm@4.22.0 installed; PHOTOS holds
pictures. Three noisy pictures go straight into each network. With both detectors: faces must be as many; scores, network outputs and
descriptors agree within 1e-4, boxes and points within 1e-4 of the picture's longer side. Faces whose cut-out for the descriptor lies a
pixel beside face-api's, as its place is within 1e-3 px of a whole number, are counted and left out of the last comparison.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image
from safetensors.numpy import load_file, save_file

from comparison import ROOT, built_program

LIMIT = 1e-4
ANCHORS = np.array([[1.603231, 2.094468], [6.041143, 7.080126], [2.882459, 3.518061], [4.266906, 5.178857], [9.041765, 10.66308]])


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def decoded(cells):
    """TinyFaceDetector's answer as extractBoxes reads it: left, top, right and bottom, and scores."""
    count = cells.shape[0]
    values = cells.reshape(count, count, 5, 5).astype(np.float64)
    places = np.stack(np.meshgrid(np.arange(count), np.arange(count)), -1)[:, :, None, :]
    middle = (places + sigmoid(values[..., :2])) / count
    half = np.exp(values[..., 2:4]) * ANCHORS / count / 2
    return np.concatenate([middle - half, middle + half], -1).reshape(-1, 4), sigmoid(values[..., 4]).reshape(-1)


def face_api(node, pictures, detector, folder):
    rows = []
    for number, (name, pixels) in enumerate(pictures.items()):
        file = folder / f"{number}.rgb"
        file.write_bytes(pixels.tobytes())
        rows.append({"name": name, "file": str(file), "width": pixels.shape[1], "height": pixels.shape[0], "whole": name.startswith("whole/")})
    (folder / "pictures.json").write_text(json.dumps(rows))
    script = node / "faces_parity.js"
    script.write_text((ROOT / "tools/parity/faces.js").read_text())
    subprocess.run(["node", str(script), str(folder / "pictures.json"), detector, str(folder / "theirs.json")], check=True,
                   cwd=node, capture_output=True)
    script.unlink()
    return json.loads((folder / "theirs.json").read_text())["said"]


def of_networks(name, theirs, ours):
    boxes, scores = decoded(np.array(theirs["cells"])) if "cells" in theirs else (
        np.array(theirs["boxes"])[:, [1, 0, 3, 2]], np.array(theirs["scores"]))
    pairs = {"boxes": boxes, "scores": scores, **{key: np.array(theirs[key]) for key in ("points", "tinyPoints", "descriptor")}}
    return {key: np.abs(value - ours[f"{name}/{key}"][0]).max() / max(1, np.abs(value).max()) for key, value in pairs.items()}


def our_cut(marks):
    points, box = marks[:68], marks[68]
    left, right, mouth = points[36:42].mean(0), points[42:48].mean(0), points[48:68].mean(0)
    side = np.floor((np.linalg.norm(mouth - left) + np.linalg.norm(mouth - right)) / 2 / 0.45)
    middle = (left + right + mouth) / 3
    x, y = np.floor(max(0, middle[0] - 0.5 * side)), np.floor(max(0, middle[1] - 0.43 * side))
    return [x, y, min(side, box[0] + x), min(side, box[1] + y)]


def of_faces(name, theirs, ours, size, worst, counts):
    boxes = ours[f"{name}/boxes"]
    assert len(theirs) == len(boxes), f"{name}: {len(theirs)} faces, here {len(boxes)}"
    longer = max(size)
    # Where a face is cut out to nothing, face-api gives its descriptor to the next one, and so on.
    shifted = any(min(face["cut"][2:]) < 1 for face in theirs)
    counts["of pictures with an empty cut-out"] += shifted * len(theirs)
    for face in theirs:
        at = np.abs(boxes[:, :4] - face["box"]).sum(1).argmin()
        counts["faces"] += 1
        worst["box"] = max(worst["box"], np.abs(boxes[at, :4] - face["box"]).max() / longer)
        worst["score"] = max(worst["score"], abs(boxes[at, 4] - face["score"]))
        marks = ours[f"{name}/points"][at]
        worst["points"] = max(worst["points"], np.abs(marks[:68] - face["points"]).max() / longer)
        if list(face["cut"]) != our_cut(marks):
            counts["cut elsewhere"] += 1
            continue
        if shifted:
            continue
        worst["descriptor"] = max(worst["descriptor"], np.abs(ours[f"{name}/descriptors"][at] - face["descriptor"]).max())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("node", type=pathlib.Path)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release")
    options = parser.parse_args()
    node = options.node.resolve()
    rng = np.random.default_rng(15)
    pictures = {}
    for number, side in enumerate((64, 200, 512)):
        small = Image.fromarray(rng.integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8))
        pictures[f"noise/{number}"] = np.array(small.resize((512, 512), Image.BICUBIC))
    for file in sorted(options.photos.rglob("*.jpg"))[: options.count]:
        pictures[f"whole/{file.name}"] = np.array(Image.open(file).convert("RGB"))
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = built_program("faces", options.build, folder)
        save_file(pictures, folder / "pictures.safetensors")
        for detector in ("ssd_mobilenetv1", "tiny_face_detector"):
            said = face_api(node, pictures, detector, folder)
            subprocess.run([program, str(node / "node_modules/@vladmandic/face-api/model"), detector, folder / "pictures.safetensors",
                            folder / "ours.safetensors"], check=True)
            ours = load_file(folder / "ours.safetensors")
            worst = dict.fromkeys(("box", "score", "points", "descriptor"), 0.0)
            counts = {"faces": 0, "cut elsewhere": 0, "of pictures with an empty cut-out": 0}
            networks = {}
            for key, theirs in said.items():
                if key.startswith("whole/"):
                    of_faces(key, theirs, ours, pictures[key].shape[1::-1], worst, counts)
                else:
                    for output, apart in of_networks(key, theirs, ours).items():
                        networks[output] = max(networks.get(output, 0), apart)
            text = ", ".join(f"{key} {value:.1e}" for key, value in networks.items())
            print(f"{detector}, networks on noise: {text}")
            text = ", ".join(f"{key} {value:.1e}" for key, value in worst.items())
            print(f"{detector}, {len(pictures) - 3} photographs: {counts}; {text}")
            failed |= max(*networks.values(), *worst.values()) > LIMIT
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

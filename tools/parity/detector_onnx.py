"""The boxes of an exported detector in ONNX Runtime against those of `enxerto predict`.

Usage: python tools/parity/detector_onnx.py ENXERTO MODEL PICTURE...      (needs onnxruntime, numpy, pillow)

The pictures are preprocessed here as the file's own metadata say. Both sides tell of boxes with a probability above 0.05; each
must have its equal: the same class, a probability within 1e-4, corners within 0.05 px of the input. Fails otherwise.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

SCORE, PIXELS, LEAST = 1e-4, 0.05, 0.05
FILTERS = {"bilinear": Image.BILINEAR, "bicubic": Image.BICUBIC, "lanczos": Image.LANCZOS, "nearest": Image.NEAREST}


def prepared(picture, record):
    if record["fit"] != "squash":
        sys.exit(f"fit = {record['fit']}: this script prepares squashed pictures only")
    size = record["size"]
    pixels = np.asarray(picture.resize((size, size), FILTERS[record["filter"]]), dtype=np.float32)
    if record["channels"] == "bgr":
        pixels = pixels[..., ::-1]
    values = (pixels / np.float32(record["divisor"]) - np.float32(record["mean"])) / np.float32(record["deviation"])
    return values.transpose(2, 0, 1)[None].astype(np.float32)


def in_onnx(session, record, labels, path):
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    boxes, scores, classes, _ = session.run(["boxes", "scores", "classes", "examples"], {session.get_inputs()[0].name: prepared(picture, record)})
    scale = np.array([picture.width, picture.height] * 2) / record["size"]
    return [(labels[c], float(s), box * scale) for box, s, c in zip(boxes, scores, classes)], scale


def main(enxerto, model, pictures):
    with tempfile.TemporaryDirectory() as work:
        file = pathlib.Path(work) / "detector.onnx"
        subprocess.run([enxerto, "export", model, "--output", str(file)], check=True, capture_output=True)
        session = onnxruntime.InferenceSession(str(file))
    metadata = session.get_modelmeta().custom_metadata_map
    record, labels = json.loads(metadata["enxerto.preprocess"]), json.loads(metadata["enxerto.labels"])
    said = json.loads(
        subprocess.run(
            [enxerto, "predict", model, *pictures, "--json", "-q", "--precision", "fp32", "--threshold", str(LEAST)],
            check=True, capture_output=True, text=True,
        ).stdout
    )["predictions"]
    boxes = unequal = 0
    for path, one in zip(pictures, said):
        theirs, scale = in_onnx(session, record, labels, path)
        left = list(theirs)
        for ours in one["objects"]:
            x, y, w, h = ours["box"]
            corners = np.array([x, y, x + w, y + h])
            equal = [
                i for i, (label, score, box) in enumerate(left)
                if label == ours["label"] and abs(score - ours["probability"]) < SCORE and (np.abs(box - corners) / scale).max() < PIXELS
            ]
            if equal:
                left.pop(equal[0])
            # A probability that is nearly the least is on one side only.
            elif abs(ours["probability"] - LEAST) > SCORE:
                unequal += 1
        unequal += sum(abs(score - LEAST) > SCORE for _, score, _ in left)
        boxes += len(one["objects"])
    print(f"{len(pictures)} pictures, {boxes} boxes, {unequal} without an equal in ONNX Runtime {onnxruntime.__version__}")
    return 1 if unequal else 0


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))

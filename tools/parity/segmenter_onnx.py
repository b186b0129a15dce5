"""The map of classes of an exported segmenter in ONNX Runtime against that of `enxerto predict --masks`.

Usage: python tools/parity/segmenter_onnx.py ENXERTO MODEL PICTURE...      (needs onnxruntime, numpy, pillow)

The pictures are made as large as the network's input, where both give a class for the same pixels, and preprocessed here as the
file's own metadata say. At least 99.99 % of all pixels must have the same class. Fails otherwise.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime
from detector_onnx import FILTERS, prepared
from PIL import Image, ImageOps

EQUAL = 0.9999


def main(enxerto, model, pictures):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        file = work / "segmenter.onnx"
        subprocess.run([enxerto, "export", model, "--output", str(file)], check=True, capture_output=True)
        session = onnxruntime.InferenceSession(str(file))
        record = json.loads(session.get_modelmeta().custom_metadata_map["enxerto.preprocess"])
        size = record["size"]
        (work / "small").mkdir()
        for path in pictures:
            picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB").resize((size, size), FILTERS[record["filter"]])
            picture.save(work / "small" / (pathlib.Path(path).stem + ".png"))
        command = [enxerto, "predict", model, str(work / "small"), "--masks", str(work / "masks"), "-q", "--precision", "fp32"]
        subprocess.run(command, check=True, capture_output=True)
        equal = pixels = 0
        for path in sorted((work / "small").iterdir()):
            logits, classes = session.run(["logits", "classes"], {session.get_inputs()[0].name: prepared(Image.open(path), record)})
            ours = np.asarray(Image.open(work / "masks" / path.name))
            assert (logits.argmax(1) == classes).all() and classes[0].shape == ours.shape
            equal += int((classes[0] == ours).sum())
            pixels += ours.size
    share = equal / pixels
    print(f"{len(pictures)} pictures, {100 * share:.4f} % of {pixels} pixels equal in ONNX Runtime {onnxruntime.__version__}")
    return 0 if share >= EQUAL else 1


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))

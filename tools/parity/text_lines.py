"""Holds what PP-OCR's recogniser reads in pictures of lines against rapidocr.

Usage: python tools/parity/text_lines.py MODEL PICTURES [PROGRAM]     (needs rapidocr-onnxruntime)

MODEL is the recognition file (ch_PP-OCRv4_rec_infer.onnx) or the folder that has it, PICTURES a folder of pictures of one
line each, as tools/text-lines draws them. rapidocr gets each line alone, so that its answer does not depend on the others
of a batch of six. Texts must be equal, and scores, its mean probability of the characters, are compared.
"""
import json
import pathlib
import subprocess
import sys

import cv2
from rapidocr_onnxruntime.ch_ppocr_rec.text_recognize import TextRecognizer

ROOT = pathlib.Path(__file__).parents[2]
SCORE = 1e-4


def recogniser(model, threads=1, batch=1):
    file = model if model.is_file() else next(model.glob("*rec*.onnx"))
    return TextRecognizer({"model_path": str(file), "rec_batch_num": batch, "rec_img_shape": [3, 48, 320],
                           "intra_op_num_threads": threads, "inter_op_num_threads": 1, "use_cuda": False,
                           "use_dml": False})


def main():
    model, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    program = sys.argv[3] if len(sys.argv) > 3 else str(ROOT / "build/release/bin/enxerto")
    pictures = sorted(path for path in folder.rglob("*") if path.suffix in (".jpg", ".png"))
    answers = subprocess.run([program, "predict", str(model), *map(str, pictures), "--json"], capture_output=True,
                             check=True, text=True).stdout
    ours = {pathlib.Path(row["file"]).resolve(): row for row in json.loads(answers)["predictions"]}
    reads = recogniser(model)
    different, furthest, characters = [], 0.0, 0
    for picture in pictures:
        (text, score), = reads([cv2.imread(str(picture))])[0]
        own = ours[picture.resolve()]
        characters += len(text)
        furthest = max(furthest, abs(score - own["probability"]))
        if text.strip(" ") != own["text"]:
            different.append((picture.name, text, own["text"]))
    for name, theirs, own in different[:10]:
        print(f"{name}: {theirs!r} and {own!r}")
    print(f"{len(pictures) - len(different)} of {len(pictures)} texts equal, {characters} characters; scores at most "
          f"{furthest:.1e} apart")
    sys.exit(bool(different) or furthest > SCORE)


if __name__ == "__main__":
    main()

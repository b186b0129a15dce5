"""COCO's figures of Enxerto against pycocotools on the boxes of COCO128 and made detections.

Usage: python tools/parity/coco_figures.py COCO128-FOLDER [BUILD-FOLDER]      (needs pycocotools, numpy, pillow)

The truths are those of the folder's YOLO files in pixels of its pictures. Detections are made of them: exact, jittered, with
tied scores, twice and three times, of wrong classes, none at all, nothing but noise, with every tenth truth a crowd, with more
than 100 boxes a picture and class. Each row of the table is one way; the difference is the largest of all figures, of the
whole and of each class. Fails above 1e-12.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools/golden"))
import coco_boxes  # noqa: E402

CLASSES, LIMIT = 80, 1e-12


def truths(folder, part):
    pictures = []
    for path in sorted((folder / "images" / part).glob("*.jpg")):
        width, height = Image.open(path).size
        labels = folder / "object_detection/labels" / part / (path.stem + ".txt")
        rows = np.loadtxt(labels, ndmin=2) if labels.exists() and labels.stat().st_size else np.zeros((0, 5))
        boxes = []
        for label, x, y, w, h in rows:
            w, h = w * width, h * height
            boxes.append([x * width - w / 2, y * height - h / 2, w, h, int(label), w * h, 0])
        pictures.append(boxes)
    return pictures


def found(rng, pictures, shift=0.0, digits=3, copies=1, wrong=0.0, noise=0, share=1.0):
    result = []
    for boxes in pictures:
        own = []
        for x, y, w, h, label, *_ in boxes:
            for _ in range(copies if rng.random() < share else 0):
                box = np.array([x, y, w, h]) + rng.normal(0, shift, 4) * [w, h, w, h]
                box[2:] = np.maximum(box[2:], 0.5)
                own.append([*box, int(rng.integers(CLASSES)) if rng.random() < wrong else label, np.round(rng.random(), digits)])
        for _ in range(noise):
            own.append([*rng.uniform(0, 300, 2), *rng.uniform(1, 200, 2), int(rng.integers(3)), np.round(rng.random(), digits)])
        result.append(own)
    return result


def build(build_folder, out):
    libraries = [str(build_folder / f"libenxerto_{name}.a") for name in ("metrics", "base")]
    command = ["g++", "-std=c++20", "-O1", f"-I{ROOT}", str(ROOT / "tools/parity/coco_figures.cpp"), *libraries]
    subprocess.run([*command, "-lfmt", "-lxxhash", "-lcrypto", "-lpthread", "-o", str(out)], check=True)


def ours(program, pictures):
    lines = [f"{len(pictures)} {CLASSES}"]
    for both in pictures:
        for rows in both:
            lines.append(str(len(rows)))
            lines += [" ".join(repr(float(value)) for value in row) for row in rows]
    output = subprocess.run([str(program)], input="\n".join(lines), capture_output=True, text=True, check=True).stdout
    values = np.array([float(line) for line in output.split()])
    return values[:12], values[12:].reshape(-1, 2)


def main(folder, build_folder):
    rng = np.random.default_rng(11)
    base = truths(folder, "train2017") + truths(folder, "val2017")
    crowded = [[[*box[:6], int(i % 10 == 0)] for i, box in enumerate(boxes)] for boxes in base]
    ways = {
        "exact": (base, found(rng, base)),
        "jitter": (base, found(rng, base, shift=0.1)),
        "ties": (base, found(rng, base, shift=0.1, digits=1)),
        "doubles": (base, found(rng, base, shift=0.05, copies=3)),
        "wrong classes": (base, found(rng, base, shift=0.05, wrong=0.3)),
        "crowd": (crowded, found(rng, crowded, shift=0.1, copies=2)),
        "half found": (base, found(rng, base, shift=0.1, share=0.5, noise=5)),
        "more than 100": (base, found(rng, base, shift=0.1, noise=400)),
        "noise": (base, found(rng, base, share=0, noise=20)),
        "none": (base, [[] for _ in base]),
        "no truth": ([[] for _ in base], found(rng, base)),
    }
    worst = 0.0
    with tempfile.TemporaryDirectory() as work:
        program = pathlib.Path(work) / "coco_figures"
        build(build_folder, program)
        print(f"{len(base)} pictures, {sum(map(len, base))} boxes")
        print("| detections | boxes | AP | AP50 | largest difference |\n|---|---|---|---|---|")
        for name, (there, said) in ways.items():
            pictures = list(zip(there, said))
            if any(said):
                stats, per_class = coco_boxes.evaluate(pictures, CLASSES)
            else:  # pycocotools takes no empty list of results: every recall is 0
                stats = ours(program, pictures)[0] * 0
                per_class = np.where(ours(program, pictures)[1] == -1, -1, 0)
            figures, classes = ours(program, pictures)
            difference = max(np.abs(figures - stats).max(), np.abs(classes - np.array(per_class)).max())
            worst = max(worst, difference)
            print(f"| {name} | {sum(map(len, said))} | {figures[0]:.4f} | {figures[1]:.4f} | {difference:.1e} |")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "build/release"))

"""Writes tests/golden/metrics/coco_boxes.txt: boxes that are there, boxes that were found, and pycocotools' twelve figures.

Made detections: jittered truths, equal scores, doubles, wrong classes, boxes inside crowds, pictures with nothing found and
with nothing there, more than 100 boxes of a class in a picture. Format, numbers separated by white space: pictures classes;
of each picture the number of true boxes and a line for each (x y width height class area crowd), then the number of found
ones and a line for each (x y width height class score); then the twelve figures (-1: not known), then of each class AP and
AR (all areas, 100 boxes).
"""

import contextlib
import io
import pathlib
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

FILE = pathlib.Path(__file__).parents[2] / "tests/golden/metrics/coco_boxes.txt"
CLASSES = 4


def truths_of(rng, picture):
    boxes = []
    for _ in range(0 if picture % 7 == 3 else rng.integers(1, 5)):
        side = float(rng.choice([12, 40, 130]))
        x, y, w, h = (np.round(v, 1) for v in (*rng.uniform(0, 200, 2), *(side * rng.uniform(0.7, 1.4, 2))))
        area = w * h if rng.random() < 0.5 else np.round(w * h * rng.uniform(0.4, 1), 1)
        boxes.append([x, y, w, h, int(rng.integers(0, CLASSES - 1)), area, int(rng.random() < 0.15)])
    return boxes


def found_of(rng, truths, many):
    boxes = []
    for x, y, w, h, label, _, crowd in truths:
        for _ in range(rng.integers(0, 4) + 2 * crowd):
            shift = rng.normal(0, 0.12, 4) * [w, h, w, h]
            box = np.round(np.array([x, y, w, h]) + shift * (rng.random() < 0.8), 1)
            box[2:] = np.maximum(box[2:], 1)
            wrong = rng.random() < 0.1
            boxes.append([*box, int(rng.integers(0, CLASSES)) if wrong else label, np.round(rng.random(), 1)])
    for _ in range(120 if many else rng.integers(0, 2)):
        boxes.append([*np.round(rng.uniform(0, 200, 2), 1), *np.round(rng.uniform(5, 90, 2), 1), 1, np.round(rng.random(), 1)])
    return boxes


def evaluate(pictures, classes):
    """The twelve figures, and AP and AR of each class."""
    images = [{"id": i + 1} for i in range(len(pictures))]
    annotations, results = [], []
    for i, (truths, found) in enumerate(pictures):
        for x, y, w, h, label, area, crowd in truths:
            annotations.append({"id": len(annotations) + 1, "image_id": i + 1, "bbox": [x, y, w, h], "category_id": label,
                                "area": area, "iscrowd": crowd})
        for x, y, w, h, label, score in found:
            results.append({"image_id": i + 1, "bbox": [x, y, w, h], "category_id": label, "score": score})
    truth = COCO()
    truth.dataset = {"images": images, "annotations": annotations, "categories": [{"id": i} for i in range(classes)]}
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found = truth.loadRes(results) if results else COCO()
        evaluation = COCOeval(truth, found, "bbox")
        evaluation.params.imgIds = [image["id"] for image in images]
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    precision, recall = evaluation.eval["precision"], evaluation.eval["recall"]
    per_class = []
    for k in range(classes):
        p, r = precision[:, :, k, 0, 2], recall[:, k, 0, 2]
        per_class.append([np.mean(p) if p.max() > -1 else -1, np.mean(r) if r.max() > -1 else -1])
    return evaluation.stats, per_class


def write(file, pictures, classes):
    stats, per_class = evaluate(pictures, classes)
    number = lambda value: repr(float(value))
    print(len(pictures), classes, file=file)
    for truths, found in pictures:
        for rows in (truths, found):
            print(len(rows), file=file)
            for row in rows:
                print(*(repr(float(value)).removesuffix(".0") for value in row), file=file)
    print(*map(number, stats), file=file)
    for row in per_class:
        print(*map(number, row), file=file)


def main():
    rng = np.random.default_rng(31)
    pictures = []
    for picture in range(16):
        truths = truths_of(rng, picture)
        pictures.append((truths, [] if picture % 7 == 5 else found_of(rng, truths, picture == 8)))
    with FILE.open("w") as file:
        write(file, pictures, CLASSES)


if __name__ == "__main__":
    sys.exit(main())

"""Writes tests/golden/metrics/voc_boxes.txt: PASCAL VOC's average precisions of the boxes of coco_boxes.txt.

As voc_eval.py of R. Girshick's py-faster-rcnn and Detectron, which follow VOCevaldet.m, with sides as lengths (there: whole pixels
and one more) and equal scores in the order in which they came. Crowds are difficult ones. Of each class the area under the monotone
curve, and the mean at eleven recalls; -1: no box that counts.
"""

import pathlib

import numpy as np

FOLDER = pathlib.Path(__file__).parents[2] / "tests/golden/metrics"


def pictures_of(numbers):
    take = lambda count: [float(next(numbers)) for _ in range(count)]
    count, classes = (int(n) for n in take(2))
    pictures = [([take(7) for _ in range(int(take(1)[0]))], [take(6) for _ in range(int(take(1)[0]))]) for _ in range(count)]
    return pictures, classes


def average_precision(recall, precision, eleven):
    if eleven:
        return sum(np.max(precision[recall >= t], initial=0) for t in np.arange(11) / 10) / 11
    recall, precision = np.concatenate([[0], recall, [1]]), np.concatenate([[0], precision, [0]])
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.where(recall[1:] != recall[:-1])[0]
    return np.sum((recall[steps + 1] - recall[steps]) * precision[steps + 1])


def overlaps(box, truths):
    left, top = np.maximum(truths[:, 0], box[0]), np.maximum(truths[:, 1], box[1])
    right = np.minimum(truths[:, 0] + truths[:, 2], box[0] + box[2])
    bottom = np.minimum(truths[:, 1] + truths[:, 3], box[1] + box[3])
    both = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
    return both / (box[2] * box[3] + truths[:, 2] * truths[:, 3] - both)


def figures(pictures, label):
    truths = [np.array([t for t in picture[0] if t[4] == label]).reshape(-1, 7) for picture in pictures]
    found = [(i, box) for i, picture in enumerate(pictures) for box in picture[1] if box[4] == label]
    order = np.argsort([-box[5] for _, box in found], kind="stable")
    taken = [np.zeros(len(t), bool) for t in truths]
    right, wrong = np.zeros(len(found)), np.zeros(len(found))
    count = sum(int((t[:, 6] == 0).sum()) for t in truths)
    if count == 0:
        return -1, -1
    for place, k in enumerate(order):
        i, box = found[k]
        shared = overlaps(box, truths[i]) if len(truths[i]) else np.array([-np.inf])
        best = int(np.argmax(shared))
        if shared[best] > 0.5:
            if truths[i][best, 6]:
                continue
            right[place], wrong[place] = not taken[i][best], taken[i][best]
            taken[i][best] = True
        else:
            wrong[place] = 1
    right, wrong = np.cumsum(right), np.cumsum(wrong)
    recall, precision = right / count, right / np.maximum(right + wrong, np.finfo(float).eps)
    return average_precision(recall, precision, False), average_precision(recall, precision, True)


pictures, classes = pictures_of(iter((FOLDER / "coco_boxes.txt").read_text().split()))
rows = [figures(pictures, label) for label in range(classes)]
(FOLDER / "voc_boxes.txt").write_text("".join(f"{area:.17g} {eleven:.17g}\n" for area, eleven in rows))

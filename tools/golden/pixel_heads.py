"""Writes tests/golden/heads/pixel_heads.safetensors: what torchvision's heads of segmentation answer, and losses of pixels.

Weights and maps come from the formula of zoo.py under the project's own names, so they are not stored. Of the head NAME (fcn,
deeplab with holes of 3, 6 and 9, lraspp) NAME.logits of two pictures, maps of 12 channels, 7 x 9 (lraspp: with one of 10
channels, 4 x 5, behind it), 3 classes, in float64 with the running statistics of normalisations. The normalisation of the finest
map that LR-ASPP has here and torchvision's has not stands before torchvision's head.

scores (2, 4, 3, 5), target (2, 12, 10) with pixels that have no class (-1), class 3 nowhere, and weights of the classes; of
the scores resized to the targets: pixel_focal (gamma 2) and pixel_focal.weighted, by torchvision's formula on
torch.nn.functional.cross_entropy; pixel_dice and pixel_dice.weighted, the mean over the classes that are there of one less
2 sum(p t) / (sum(p) + sum(t)); pixel_cross_entropy_and_dice, the sum with cross_entropy.
"""
import pathlib

import numpy as np
import torch
from torch.nn import functional as F
from torchvision.models.segmentation.deeplabv3 import DeepLabHead
from torchvision.models.segmentation.fcn import FCNHead
from torchvision.models.segmentation.lraspp import LRASPPHead

from plain_safetensors import save
from zoo import filled

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "heads" / "pixel_heads.safetensors"
CLASSES = 3
NAMES = {
    "fcn": [("0.", "head.narrow."), ("1.", "head.narrow.norm."), ("4.", "head.scores.")],
    "deeplab": [(f"0.convs.{i}.0.", f"head.aspp{i}.") for i in range(4)]
    + [(f"0.convs.{i}.1.", f"head.aspp{i}.norm.") for i in range(4)]
    + [("0.convs.4.1.", "head.aspp4."), ("0.convs.4.2.", "head.aspp4.norm.")]
    + [("0.project.0.", "head.project."), ("0.project.1.", "head.project.norm.")]
    + [("1.", "head.refine."), ("2.", "head.refine.norm."), ("4.", "head.scores.")],
    "lraspp": [("cbr.0.", "head.deep."), ("cbr.1.", "head.deep.norm."), ("scale.1.", "head.gate.")]
    + [("low_classifier.", "head.fine.scores."), ("high_classifier.", "head.deep.scores.")],
}


def fill(module, table):
    state = {}
    for name, tensor in module.state_dict().items():
        ours = next(ours + name[len(theirs):] for theirs, ours in table if name.startswith(theirs))
        state[name] = tensor if name.endswith("num_batches_tracked") else torch.from_numpy(filled(ours, tuple(tensor.shape)))
    module.load_state_dict(state)
    return module.eval().double()


def maps(*shapes):
    return [torch.from_numpy(filled(f"map{i}", (2, *shape), (0, 1))).double() for i, shape in enumerate(shapes)]


def heads():
    single = maps((12, 7, 9))
    fine, deep = maps((12, 7, 9), (10, 4, 5))
    norm = fill(torch.nn.BatchNorm2d(12), [("", "head.fine.norm.")])
    lraspp = fill(LRASPPHead(12, 10, CLASSES, 128), NAMES["lraspp"])
    return {
        "fcn.logits": fill(FCNHead(12, CLASSES), NAMES["fcn"])(*single),
        "deeplab.logits": fill(DeepLabHead(12, CLASSES, [3, 6, 9]), NAMES["deeplab"])(*single),
        "lraspp.logits": lraspp({"low": norm(fine), "high": deep}),
    }


def dice(scores, target, weights):
    there = (target >= 0).double()[:, None]
    truth = F.one_hot(target.clamp(min=0), 4).permute(0, 3, 1, 2) * there
    found = scores.softmax(1) * there
    both, is_, said = (x.sum((0, 2, 3)) for x in (found * truth, truth, found))
    counted = weights * (is_ > 0)
    return ((1 - 2 * both / (is_ + said)) * counted).sum() / counted.sum()


def focal(scores, target, weights):
    entropy = F.cross_entropy(scores, target, ignore_index=-1, reduction="none")
    terms = (1 - torch.exp(-entropy)) ** 2 * entropy * weights[target.clamp(min=0)]
    return terms.sum() / (target >= 0).sum()


def losses(rng):
    scores = (rng.standard_normal((2, 4, 3, 5)) * 2).astype(np.float32)
    target = rng.integers(0, 3, (2, 12, 10))
    target[rng.random(target.shape) < 0.2] = -1
    weights = np.array([0.5, 1, 3, 0.25], dtype=np.float32)
    resized = F.interpolate(torch.from_numpy(scores).double(), size=(12, 10), mode="bilinear", align_corners=False)
    truth, ones = torch.from_numpy(target), torch.ones(4).double()
    own = torch.from_numpy(weights).double()
    entropy = F.cross_entropy(resized, truth, ignore_index=-1)
    return {
        "scores": scores,
        "target": target,
        "weights": weights,
        "pixel_focal": focal(resized, truth, ones),
        "pixel_focal.weighted": focal(resized, truth, own),
        "pixel_dice": dice(resized, truth, ones),
        "pixel_dice.weighted": dice(resized, truth, own),
        "pixel_cross_entropy_and_dice": entropy + dice(resized, truth, ones),
    }


def main():
    tensors = heads() | losses(np.random.default_rng(21))
    as_numbers = lambda x: x if isinstance(x, np.ndarray) else np.atleast_1d(x.detach().numpy().astype(np.float32))
    save(FILE, {name: as_numbers(value) for name, value in tensors.items()})


if __name__ == "__main__":
    main()

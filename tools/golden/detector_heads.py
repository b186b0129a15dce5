"""Writes tests/golden/heads/detector_heads.safetensors: what torchvision's heads of RetinaNet and SSDlite answer, cost and learn.

Weights and maps come from the formula of zoo.py under the project's own names, so they are not stored. Of the head NAME:
NAME.boxes        default boxes in an input of 64 px height and 48 px width (retina), of 64 x 64 px (ssdlite)
NAME.matches      of two pictures, the first with three boxes, the second with none: -1 background, -2 ignored
NAME.logits       classes, then the code
NAME.found.N      corners, score and label of what postprocess_detections tells of picture N, (n, 6)
NAME.losses       of 20 steps of SGD with momentum 0.9, with the running statistics of normalisations
truths, labels    the boxes of the first picture and their classes from 0

RetinaNet: maps of 8 x 6 x 4 channels, 4 x 3 x 6, 2 x 2 x 8, a pyramid and towers of 8 channels. SSDlite: 4 x 4 x 6 and 2 x 2 x 8.
"""
import pathlib

import numpy as np
import torch
from torch import nn
from torchvision.models.detection import _utils as det_utils
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.retinanet import RetinaNet, RetinaNetHead, _default_anchorgen
from torchvision.models.detection.ssd import SSD
from torchvision.models.detection.ssdlite import SSDLiteHead, _extra_block
from torchvision.ops import FeaturePyramidNetwork, box_iou
from torchvision.ops.feature_pyramid_network import LastLevelP6P7

from plain_safetensors import save
from zoo import filled

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "heads" / "detector_heads.safetensors"
CLASSES, STEPS, RATE = 2, 20, {"retina": 0.01, "ssdlite": 0.002}
TRUTHS = torch.tensor([[3.0, 4, 19, 25], [10, 30, 44, 60], [1, 1, 47, 47]])
LABELS = torch.tensor([1, 0, 1])


def renamed(name, table):
    return next(ours + name[len(theirs):] for theirs, ours in table if name.startswith(theirs))


RETINA_NAMES = (
    [(f"fpn.inner_blocks.{i}.0.", f"head.pyramid{i}.lateral.") for i in range(3)]
    + [(f"fpn.layer_blocks.{i}.0.", f"head.pyramid{i}.") for i in range(3)]
    + [("fpn.extra_blocks.p6.", "head.pyramid3."), ("fpn.extra_blocks.p7.", "head.pyramid4.")]
    + [(f"head.classification_head.conv.{i}.0.", f"head.class.tower{i}.") for i in range(4)]
    + [(f"head.regression_head.conv.{i}.0.", f"head.box.tower{i}.") for i in range(4)]
    + [("head.classification_head.cls_logits.", "head.class."), ("head.regression_head.bbox_reg.", "head.box.")]
)


def ssdlite_names(maps, extras):
    table = []
    for i in range(extras):
        for k, part in enumerate(("reduce", "depthwise", "expand")):
            table += [(f"extra.{i}.{k}.0.", f"head.extra{i}.{part}."), (f"extra.{i}.{k}.1.", f"head.extra{i}.{part}.norm.")]
    for theirs, ours in (("classification_head", "class"), ("regression_head", "box")):
        for i in range(maps):
            stem = f"head.{theirs}.module_list.{i}."
            table += [(stem + "0.0.", f"head.map{i}.{ours}.depthwise."), (stem + "0.1.", f"head.map{i}.{ours}.depthwise.norm.")]
            table += [(stem + "1.", f"head.map{i}.{ours}.")]
    return table


class Retina(nn.Module):
    height, width, maps = 64, 48, [(4, 8, 6), (6, 4, 3), (8, 2, 2)]

    def __init__(self):
        super().__init__()
        self.fpn = FeaturePyramidNetwork([c for c, _, _ in self.maps], 8, LastLevelP6P7(8, 8))
        self.head = RetinaNetHead(8, 9, CLASSES)
        self.names = RETINA_NAMES

    def forward(self, maps):
        self.levels = list(self.fpn(dict(enumerate(maps))).values())
        return self.head(self.levels)

    def boxes(self, images, levels):
        return _default_anchorgen()(images, levels)

    def matches(self, boxes):
        return det_utils.Matcher(0.5, 0.4, allow_low_quality_matches=True)(box_iou(TRUTHS, boxes))

    def loss(self, answers, boxes, matches):
        # RetinaNet counts its classes from 0.
        targets = [{"boxes": TRUTHS, "labels": LABELS}, {"boxes": TRUTHS[:0], "labels": LABELS[:0]}]
        return sum(self.head.compute_loss(targets, answers, boxes, matches).values())

    def found(self, answers, boxes):
        levels = [h * w * 9 for _, _, h, w in (m.shape for m in self.levels)]
        one = RetinaNet.__new__(RetinaNet)
        nn.Module.__init__(one)
        one.score_thresh, one.topk_candidates, one.nms_thresh, one.detections_per_img = 0.05, 60, 0.5, 40
        one.box_coder = self.head.regression_head.box_coder
        split = {k: list(v.split(levels, dim=1)) for k, v in answers.items()}
        return one.postprocess_detections(split, [list(b.split(levels)) for b in boxes], [(self.height, self.width)] * 2), 0


class Ssdlite(nn.Module):
    height, width, maps = 64, 64, [(6, 4, 4), (8, 2, 2)]

    def __init__(self):
        super().__init__()
        norm = lambda width: nn.BatchNorm2d(width, eps=1e-3)
        self.extra = nn.ModuleList([_extra_block(8, 512, norm)])
        self.generator = DefaultBoxGenerator([[2, 3]] * 3, min_ratio=0.2, max_ratio=0.95)
        self.head = SSDLiteHead([6, 8, 512], self.generator.num_anchors_per_location(), CLASSES + 1, norm)
        self.names = ssdlite_names(3, 1)

    def forward(self, maps):
        self.levels = [*maps, self.extra[0](maps[-1])]
        return self.head(self.levels)

    def boxes(self, images, levels):
        return self.generator(images, levels)

    def matches(self, boxes):
        return det_utils.SSDMatcher(0.5)(box_iou(TRUTHS, boxes))

    def ssd(self):
        one = SSD.__new__(SSD)
        nn.Module.__init__(one)
        one.score_thresh, one.topk_candidates, one.nms_thresh, one.detections_per_img = 0.05, 60, 0.55, 40
        one.box_coder, one.neg_to_pos_ratio = det_utils.BoxCoder(weights=(10.0, 10.0, 5.0, 5.0)), 3
        return one

    def loss(self, answers, boxes, matches):
        targets = [{"boxes": TRUTHS, "labels": LABELS + 1}, {"boxes": TRUTHS[:0], "labels": LABELS[:0]}]
        return sum(self.ssd().compute_loss(targets, answers, boxes, matches).values())

    def found(self, answers, boxes):
        return self.ssd().postprocess_detections(answers, boxes, [(self.height, self.width)] * 2), 1


def goldens(name, net):
    state = {k: v if "num_batches" in k else torch.from_numpy(filled(renamed(k, net.names), v.shape)) for k, v in net.state_dict().items()}
    net.load_state_dict(state)
    maps = [torch.from_numpy(filled(f"map{i}", (2, *shape), (0.0, 1.0))) for i, shape in enumerate(net.maps)]
    net.eval()
    answers = net(maps)
    images = ImageList(torch.zeros(2, 3, net.height, net.width), [(net.height, net.width)] * 2)
    boxes = net.boxes(images, net.levels)
    matches = [net.matches(boxes[0]), torch.full((len(boxes[1]),), -1)]
    with torch.no_grad():
        found, first = net.found(net(maps), boxes)
    tensors = {
        f"{name}.boxes": boxes[0].numpy(),
        f"{name}.matches": torch.stack(matches).numpy(),
        f"{name}.logits": torch.cat([answers["cls_logits"], answers["bbox_regression"]], dim=2).detach().numpy(),
    }
    for i, one in enumerate(found):
        labels = (one["labels"] - first).to(torch.float32)
        tensors[f"{name}.found.{i}"] = torch.cat([one["boxes"], one["scores"][:, None], labels[:, None]], dim=1).numpy()
    optimizer = torch.optim.SGD(net.parameters(), RATE[name], momentum=0.9)
    losses = []
    for _ in range(STEPS):
        loss = net.loss(net(maps), boxes, matches)
        losses.append(float(loss.detach()))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    tensors[f"{name}.losses"] = np.array(losses, dtype=np.float32)
    print(name, [len(one["boxes"]) for one in found], losses[0], losses[-1], {int(k): int((torch.stack(matches) == k).sum()) for k in torch.stack(matches).unique()})
    return tensors


def main():
    torch.manual_seed(1)
    tensors = {"truths": TRUTHS.numpy(), "labels": LABELS.numpy()}
    tensors |= goldens("retina", Retina()) | goldens("ssdlite", Ssdlite())
    save(FILE, tensors)


if __name__ == "__main__":
    main()

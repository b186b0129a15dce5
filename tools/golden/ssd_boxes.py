"""Writes tests/golden/heads/ssd_boxes.safetensors: what torchvision's SSD makes of boxes.

default_boxes: DefaultBoxGenerator([[2, 3]] * 2, min_ratio=0.2, max_ratio=0.95) on grids of 3 x 2 and 1 x 1 in an input of 64
px height and 48 px width. Then of two pictures, the first with three boxes and the second with none: truths, labels (from 0),
matches of SSDMatcher(0.5), logits (classes 2 + background, then the code), the loss of SSD.compute_loss, and what
BoxCoder((10, 10, 5, 5)) decodes the codes to, clipped to the input.
"""
import collections
import pathlib

import numpy as np
import torch
from torchvision.models.detection._utils import BoxCoder, SSDMatcher
from torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.models.detection.ssd import SSD
from torchvision.ops import box_iou, clip_boxes_to_image

from plain_safetensors import save

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "heads" / "ssd_boxes.safetensors"
HEIGHT, WIDTH, CLASSES = 64, 48, 2


def main():
    torch.manual_seed(3)
    generator = DefaultBoxGenerator([[2, 3]] * 2, min_ratio=0.2, max_ratio=0.95)
    images = ImageList(torch.zeros(2, 3, HEIGHT, WIDTH), [(HEIGHT, WIDTH)] * 2)
    anchors = generator(images, [torch.zeros(2, 1, 3, 2), torch.zeros(2, 1, 1, 1)])
    truths = torch.tensor([[3.0, 4, 19, 25], [10, 30, 44, 60], [1, 1, 47, 63]])
    labels = torch.tensor([1, 0, 1])
    targets = [{"boxes": truths, "labels": labels + 1}, {"boxes": torch.zeros(0, 4), "labels": torch.zeros(0, dtype=torch.int64)}]
    matcher, coder = SSDMatcher(0.5), BoxCoder(weights=(10.0, 10.0, 5.0, 5.0))
    matches = [
        matcher(box_iou(one["boxes"], boxes)) if len(one["boxes"]) else torch.full((len(boxes),), -1)
        for one, boxes in zip(targets, anchors)
    ]
    logits = torch.randn(2, len(anchors[0]), CLASSES + 1 + 4) * 2
    head = {"cls_logits": logits[..., : CLASSES + 1], "bbox_regression": logits[..., CLASSES + 1 :]}
    ssd = collections.namedtuple("Ssd", "box_coder neg_to_pos_ratio")(coder, 3)
    losses = SSD.compute_loss(ssd, targets, head, anchors, matches)
    decoded = clip_boxes_to_image(coder.decode_single(head["bbox_regression"][0], anchors[0]), (HEIGHT, WIDTH))
    save(
        FILE,
        {
            "default_boxes": anchors[0].numpy(),
            "truths": truths.numpy(),
            "labels": labels.numpy(),
            "matches": torch.stack(matches).numpy(),
            "codes": coder.encode_single(truths[matches[0].clamp(min=0)], anchors[0]).numpy(),
            "logits": logits.numpy(),
            "loss": np.array([float(sum(losses.values()))], dtype=np.float32),
            "decoded": decoded.numpy(),
        },
    )
    print({name: float(value) for name, value in losses.items()})


if __name__ == "__main__":
    main()

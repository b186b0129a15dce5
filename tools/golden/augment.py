#!/usr/bin/env python3
"""What torchvision's operations make of PIL pictures: tests/golden/media/augment.txt.

    python3 tools/golden/augment.py [TARGET]

A line is: operation, picture, width, height, number of parameters, parameters, first 16 digits of the SHA-256 of the pixels. Needs a
Python with torch, torchvision, numpy and pillow.
"""
import pathlib
import sys

import numpy as np
from PIL import Image
from torchvision.transforms import InterpolationMode, RandAugment, autoaugment
from torchvision.transforms import functional as F

from images import digits, pattern

SIZES = [(33, 21), (16, 40)]


def picture(kind, width, height):
    """`soft` has little contrast, and few values in its blue channel; `colours` is all over the colour cube."""
    array = pattern(width, height)
    if kind == "soft":
        array = array // 2 + 40
        array[..., 2] = array[..., 2] // 50
    if kind == "colours":
        number = np.arange(width * height, dtype=np.int64).reshape(height, width)
        array = np.stack([number % 16 * 17, number // 16 % 16 * 17, number // 256 % 16 * 17], 2).astype(np.uint8)
    return Image.fromarray(array)


def shift(image, left, up):
    array, most = np.asarray(image), 5
    padded = np.pad(array, ((most, most), (most, most), (0, 0)), "reflect")
    return Image.fromarray(padded[most + up:most + up + image.height, most + left:most + left + image.width])


def affine(mode):
    return lambda image, angle, right, down, scale, across, below: F.affine(
        image, angle, [right, down], scale, [across, below], interpolation=mode)


OPERATIONS = {
    "flip_left_right": (F.hflip, [()]),
    "flip_top_bottom": (F.vflip, [()]),
    "shift": (shift, [(0, 0), (5, -5), (-3, 2), (0, 4)]),
    "brightness": (F.adjust_brightness, [(f,) for f in (0.0, 0.37, 1.0, 1.1, 1.93, 4.0)]),
    "contrast": (F.adjust_contrast, [(f,) for f in (0.0, 0.37, 1.0, 1.1, 1.93, 4.0)]),
    "saturation": (F.adjust_saturation, [(f,) for f in (0.0, 0.37, 1.0, 1.1, 1.93, 4.0)]),
    "sharpness": (F.adjust_sharpness, [(f,) for f in (0.0, 0.37, 1.0, 1.1, 1.93, 4.0)]),
    "hue": (F.adjust_hue, [(h,) for h in (-0.5, -0.31, -0.003, 0.0, 0.1, 0.25, 0.499)]),
    "posterize": (F.posterize, [(b,) for b in (1, 4, 7, 8)]),
    "solarize": (F.solarize, [(t,) for t in (0.0, 76.5, 128.0, 255.0, 256.0)]),
    "autocontrast": (F.autocontrast, [()]),
    "equalize": (F.equalize, [()]),
    "rotate": (F.rotate, [(a,) for a in (-30.0, -9.0, 3.7, 90.0, 180.0, 211.0)]),
    "affine_nearest": (affine(InterpolationMode.NEAREST), [
        (0.0, 4, -3, 1.0, 0.0, 0.0), (17.0, 0, 0, 1.0, 0.0, 0.0), (-8.5, 2, 1, 1.3, 4.0, -7.0), (0.0, 0, 0, 0.7, 0.0, 0.0)]),
    "affine_bilinear": (affine(InterpolationMode.BILINEAR), [
        (0.0, 4, -3, 1.0, 0.0, 0.0), (17.0, 0, 0, 1.0, 0.0, 0.0), (-8.5, 2, 1, 1.3, 4.0, -7.0), (140.0, 0, 0, 0.8, 0.0, 0.0),
        (0.0, 0, 0, 1.21, 0.0, 0.0), (0.0, 0, 0, 0.83, 0.0, 0.0)]),
    "resized_crop": (lambda image, left, top, width, height, size: F.resized_crop(
        image, top, left, height, width, [size, size], InterpolationMode.BICUBIC), [(2, 3, 11, 17, 24), (0, 0, 16, 21, 24), (5, 1, 7, 5, 9)]),
}


def random_operation(name, magnitude, sign):
    def apply(image):
        magnitudes, signed = RandAugment()._augmentation_space(31, (image.height, image.width))[name]
        strength = float(magnitudes[magnitude]) if magnitudes.ndim else 0.0
        return autoaugment._apply_op(image, name, sign * strength if signed else strength, InterpolationMode.NEAREST, None)
    return apply


def lines():
    for kind in ("pattern", "soft", "colours"):
        for width, height in SIZES:
            image = picture(kind, width, height)
            for name, (operation, parameters) in OPERATIONS.items():
                for numbers in parameters:
                    words = " ".join(map(repr, numbers))
                    yield f"{name} {kind} {width} {height} {len(numbers)} {words} {digits(np.asarray(operation(image, *numbers)))}"
            for name in RandAugment()._augmentation_space(31, (height, width)):
                for magnitude, sign in ((9, 1), (9, -1), (23, -1), (30, 1)):
                    changed = random_operation(name, magnitude, sign)(image)
                    yield f"{name} {kind} {width} {height} 2 {magnitude} {sign} {digits(np.asarray(changed))}"
    image = picture("colours", 64, 64)
    for (name, numbers) in (("hue", (0.2,)), ("hue", (-0.2,)), ("saturation", (1.7,))):
        yield f"{name} colours 64 64 1 {numbers[0]} {digits(np.asarray(OPERATIONS[name][0](image, *numbers)))}"


if __name__ == "__main__":
    default = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "media"
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    target.mkdir(parents=True, exist_ok=True)
    (target / "augment.txt").write_text("".join(line + "\n" for line in lines()))

"""Writes tests/golden/media/linear_resize.txt: pictures resized by OpenCV's bilinear filter.

Usage: python tools/golden/linear_resize.py     (needs opencv-python 4 or 5, which give the same)

Lines of width, height, new width, new height, and the first 16 digits of the SHA-256 of the pixels; the picture is the one of
tools/golden/images.py.
"""
import hashlib
import pathlib
import random

import cv2
import numpy as np

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/media/linear_resize.txt"
SIZES = [(1, 1, 9, 48), (300, 1, 320, 48), (1, 30, 7, 48), (640, 96, 320, 48), (96, 96, 48, 48), (320, 48, 320, 48), (641, 96, 320, 48),
         (2, 2, 1, 1), (4000, 120, 1600, 48)]


def pattern(width, height):
    index = np.arange(width * height * 3, dtype=np.uint32)
    noise = (index * np.uint32(2654435761)) >> np.uint32(13)
    noise = (noise ^ (noise >> np.uint32(7))) * np.uint32(40503)
    return (noise >> np.uint32(9)).astype(np.uint8).reshape(height, width, 3)


def main():
    rng = random.Random(7)
    sizes = SIZES + [(rng.randint(1, 500), rng.randint(1, 150), rng.randint(1, 500), 48) for _ in range(40)]
    with FILE.open("w") as file:
        for width, height, to_width, to_height in sizes:
            resized = cv2.resize(pattern(width, height), (to_width, to_height))
            digits = hashlib.sha256(resized.tobytes()).hexdigest()[:16]
            file.write(f"{width} {height} {to_width} {to_height} {digits}\n")


if __name__ == "__main__":
    main()

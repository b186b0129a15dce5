"""Writes tests/golden/media/five_points.txt: faces aligned by scikit-image and OpenCV.

Usage: python tools/golden/five_points.py     (needs opencv-python 4, scikit-image)

The picture is 90 x 72 px of a formula. Numbers separated by white space; of each of four cases side, points (5, 2), matrix (6)
and pixels (side, side, 3): scikit-image's SimilarityTransform to ArcFace's points and `cv2.warpAffine(.., borderValue=0)`.
OpenCV 5 samples in another way: the networks were trained with faces of OpenCV 4.
"""
import pathlib

import cv2
import numpy as np
from skimage.transform import SimilarityTransform

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/media/five_points.txt"
ARCFACE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])


def made_picture(width=90, height=72):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return ((x * 73 ^ y * 151 ^ c * 37) * 5 + x * y & 255).astype(np.uint8)


def main():
    assert cv2.__version__.startswith("4."), cv2.__version__
    rng = np.random.default_rng(5)
    picture = made_picture()
    with FILE.open("w") as file:
        for side in (48, 32, 24, 24):
            angle, scale = rng.uniform(-1, 1), rng.uniform(0.3, 0.9)
            turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
            points = (ARCFACE - 56) @ turn.T + rng.uniform(20, 60, 2) + rng.normal(size=(5, 2))
            transform = SimilarityTransform.from_estimate(points, ARCFACE * side / 112)
            face = cv2.warpAffine(picture, transform.params[:2], (side, side), borderValue=0.0)
            for row in ([side], points.ravel(), transform.params[:2].ravel(), face.ravel()):
                file.write(" ".join(f"{value:.17g}" for value in row) + "\n")


if __name__ == "__main__":
    main()

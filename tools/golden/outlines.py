"""Writes what pycocotools makes of polygons and of RLE strings.

tests/golden/data/outlines.txt: numbers separated by white space. How many cases; of each width and height of the picture, how
many numbers the polygon has, the numbers (x and y of a point after the other), the RLE string of `frPyObjects` (never empty),
and the sum over the pixels inside of 1 + x + 1000 y, by `decode`. Polygons are regular ones, stars that cross themselves,
boxes between pixels, slivers, and ones that reach beyond the picture or lie outside of it.
"""
import pathlib

import numpy as np
import pycocotools.mask as masks

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "data"
CASES = 120


def polygon(rng, case, width, height):
    kind = case % 6
    if kind == 0:  # a box whose corners are where tools put them
        left, top = rng.integers(0, width - 2), rng.integers(0, height - 2)
        right, bottom = rng.integers(left + 1, width + 1), rng.integers(top + 1, height + 1)
        return [left, top, right, top, right, bottom, left, bottom]
    count = int(rng.integers(3, 12))
    points = rng.random((count, 2)) * [width, height]
    if kind == 1:  # around a centre
        angles = np.sort(rng.random(count)) * 2 * np.pi
        radius = rng.random() * min(width, height) / 2 + 1
        points = np.stack([np.cos(angles), np.sin(angles)], 1) * radius + [width / 2, height / 2]
    if kind == 3:
        points = np.round(points * 2) / 2
    if kind == 4:  # beyond the picture
        points = points * 1.4 - [0.2 * width, 0.2 * height]
    if kind == 5:  # a sliver, with a point that stands twice
        points[:, 0] = points[0, 0] + rng.random(count) * 0.9
        points = np.concatenate([points, points[-1:]])
    return [float(np.float32(number)) for number in points.reshape(-1)]


def main():
    rng = np.random.default_rng(13)
    lines = [str(CASES)]
    for case in range(CASES):
        width, height = (int(side) for side in rng.integers(3, 60, 2))
        points = polygon(rng, case, width, height)
        rle = masks.frPyObjects([points], height, width)[0]
        ys, xs = np.nonzero(masks.decode(rle))
        lines.append(f"{width} {height} {len(points)} {' '.join(f'{number:.9g}' for number in points)}")
        lines.append(f"{rle['counts'].decode()} {int((1 + xs + 1000 * ys).sum())}")
    GOLDEN.mkdir(parents=True, exist_ok=True)
    (GOLDEN / "outlines.txt").write_text("\n".join(lines) + "\n")


main()

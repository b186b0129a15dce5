"""What every comparison with a reference network shares: pictures, a run of `enxerto`, and a row of the table.

A picture is written as a lossless PNG that is as large as the network's input, so `--fit squash` resizes nothing and both
sides see the same pixels; each side then uses the preprocessing that it believes belongs to the weights.
"""
import dataclasses
import json
import pathlib
import subprocess
import tempfile
import time

import numpy as np
from PIL import Image

PICTURES = 2  # the batch
LIMIT = 1e-4  # of the largest output


@dataclasses.dataclass
class Row:
    architecture: str
    source: str
    file: str  # kind of file: "safetensors", ".h5" ..
    size: int
    difference: float  # largest, relative to the largest output
    seconds: float  # of the whole `enxerto` run

    @property
    def equal(self):
        return self.difference <= LIMIT


def pictures(size, count=PICTURES):
    """(count, size, size, 3) of uint8: smooth shapes with noise on them, the same on every machine."""
    generator = np.random.Generator(np.random.PCG64(size))
    y, x = np.mgrid[0:size, 0:size] / size
    result = []
    for _ in range(count):
        channels = []
        for _ in range(3):
            a, b, c = generator.uniform(1, 9, 3)
            channels.append(127 + 90 * np.sin(a * x + b * y + c) + generator.normal(0, 25, (size, size)))
        result.append(np.stack(channels, -1))
    return np.clip(np.rint(np.stack(result)), 0, 255).astype(np.uint8)


def write_pictures(folder, arrays):
    """Class folders `a`, `b` .. with one picture each, in the order of `arrays`."""
    for index, array in enumerate(arrays):
        target = pathlib.Path(folder) / chr(ord("a") + index)
        target.mkdir(parents=True, exist_ok=True)
        Image.fromarray(array).save(target / "picture.png")


def enxerto_output(enxerto, arrays, backbone, weights=None, at="logits"):
    """What `enxerto features` gives for these pictures, and the seconds that it took. Raises with its own message."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write_pictures(folder / "data", arrays)
        command = [enxerto, "features", folder / "data", "--backbone", backbone, "--at", at, "--no-cache", "--quiet"]
        command += ["--size", arrays.shape[1], "--fit", "squash", "--precision", "fp32", "--output", folder / "out.npy"]
        if weights is not None:
            command += ["--weights", weights]
        begin = time.monotonic()
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        seconds = time.monotonic() - begin
        if done.returncode != 0:
            raise RuntimeError(f"{backbone} {weights}: exit {done.returncode}\n{done.stderr}")
        return np.load(folder / "out.npy"), seconds


def difference(ours, theirs):
    theirs = np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape:
        raise RuntimeError(f"shapes {ours.shape} and {theirs.shape}")
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def compare(enxerto, reference, arrays, row, after=None, **run):
    """One finished row; `reference` (n, classes) are the outputs of the original, `after` what it does to logits. Prints it."""
    ours, seconds = enxerto_output(enxerto, arrays, **run)
    ours = after(ours) if after else ours
    finished = dataclasses.replace(row, difference=difference(ours, reference), seconds=seconds)
    print(f"{'ok' if finished.equal else 'NOT EQUAL':10}{finished.architecture:24}{finished.source:18}{finished.file:22}"
          f"{finished.size:4} px  {finished.difference:.1e}  {finished.seconds:.1f} s", flush=True)
    return finished


def save_rows(path, rows):
    pathlib.Path(path).write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")

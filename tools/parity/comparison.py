"""What every comparison with a reference network shares: pictures, a run of `enxerto`, and a row of the table.

A picture is written as a lossless PNG that is as large as the network's input, so `--fit squash` resizes nothing and both
sides see the same pixels; each side then uses the preprocessing that it believes belongs to the weights.
"""
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
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


def built_program(name, build, folder):
    """tools/parity/NAME.cpp, compiled against the libraries of a build."""
    program = pathlib.Path(folder) / name
    build = build.resolve()
    subprocess.run(
        ["g++", "-std=c++20", "-O1", f"-I{ROOT}", str(ROOT / f"tools/parity/{name}.cpp"), "-o", str(program),
         str(build / "lib/libenxerto.so"), f"-Wl,-rpath,{build / 'lib'}", "-lfmt"], check=True)
    return program


def write_pictures(folder, arrays):
    """Class folders `a`, `b` .. with one picture each, in the order of `arrays`."""
    for index, array in enumerate(arrays):
        target = pathlib.Path(folder) / chr(ord("a") + index)
        target.mkdir(parents=True, exist_ok=True)
        Image.fromarray(array).save(target / "picture.png")


def features_of(enxerto, data, options, at="logits"):
    """What `enxerto features` gives for class folders, and the seconds that it took. Raises with its own message."""
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "out.npy"
        command = [enxerto, "features", data, "--at", at, "--no-cache", "--quiet", "--precision", "fp32", "--output", target]
        begin = time.monotonic()
        done = subprocess.run([str(word) for word in [*command, *options]], capture_output=True, text=True)
        seconds = time.monotonic() - begin
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, options))}: exit {done.returncode}\n{done.stderr}")
        return np.load(target), seconds


def enxerto_output(enxerto, arrays, backbone, weights=None, at="logits"):
    """The same for pictures of the network's size, (n, size, size, 3) of uint8."""
    with tempfile.TemporaryDirectory() as folder:
        write_pictures(folder, arrays)
        options = ["--backbone", backbone, "--size", arrays.shape[1], "--fit", "squash"]
        return features_of(enxerto, folder, options + (["--weights", weights] if weights is not None else []), at)


def difference(ours, theirs):
    theirs = np.asarray(theirs, np.float64)
    if ours.shape != theirs.shape:
        raise RuntimeError(f"shapes {ours.shape} and {theirs.shape}")
    return float(np.abs(ours - theirs).max() / np.abs(theirs).max())


def compare(enxerto, reference, arrays, row, **run):
    """One finished row; `reference` (n, classes) are the outputs of the original. Prints it."""
    ours, seconds = enxerto_output(enxerto, arrays, **run)
    return finish(row, ours, reference, seconds)


def finish(row, ours, reference, seconds):
    finished = dataclasses.replace(row, difference=difference(ours, reference), seconds=seconds)
    print(f"{'ok' if finished.equal else 'NOT EQUAL':10}{finished.architecture:24}{finished.source:18}{finished.file:22}"
          f"{finished.size:4} px  {finished.difference:.1e}  {finished.seconds:.1f} s", flush=True)
    return finished


def save_rows(path, rows):
    pathlib.Path(path).write_text(json.dumps([dataclasses.asdict(row) for row in rows], indent=1) + "\n")


def main(rows):
    """The program of one script: ENXERTO [ROWS.json] [NAME..]; `rows(enxerto, names)` compares. Exit 1 where one is not equal."""
    enxerto, names = sys.argv[1], sys.argv[2:]
    target = names.pop(0) if names and names[0].endswith(".json") else None
    result = list(rows(enxerto, names))
    if target:
        save_rows(target, result)
    sys.exit(any(not row.equal for row in result))

#!/usr/bin/env python3
"""Writes fuzz/corpus/hdf5_answer: what the built program enxerto-hdf5 answers about files of tests/golden/weights/keras.

Usage: hdf5_answer_seeds.py BUILD/lib/enxerto-hdf5
"""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).parents[2]
FILES = ["split.h5", "published.h5", "types.weights.h5", "network.weights.h5", "soft_link.h5"]
OUTPUT = ROOT / "fuzz/corpus/hdf5_answer"

OUTPUT.mkdir(parents=True, exist_ok=True)
for name in FILES:
    path = ROOT / "tests/golden/weights/keras" / name
    command = f"exec {sys.argv[1]} 0 {path.stat().st_size} 1000000 1000000000 10 3<{path}"
    answer = subprocess.run(["bash", "-c", command], stdout=subprocess.PIPE, check=True).stdout
    (OUTPUT / path.name.replace(".", "_")).write_bytes(answer)

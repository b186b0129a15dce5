"""Holds the reading of lines of text against rapidocr's recogniser: lines a second, and seconds of processors.

Usage: python benchmarks/peers/text_lines.py ENXERTO MODEL PICTURES [--threads 2] [--runs 5]     (needs rapidocr-onnxruntime)

MODEL is PP-OCR's recognition file, PICTURES a folder of pictures of one line each. Both read all of them, in turns, --runs
times: ours is the whole process (`enxerto predict`, with its start), theirs only the reading of the files by OpenCV and
`TextRecognizer`, in batches of six as rapidocr makes them, on ONNX Runtime with as many threads. Medians are printed.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import time

import cv2
from rapidocr_onnxruntime.ch_ppocr_rec.text_recognize import TextRecognizer


def seconds_of_processors():
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measured(work):
    began, used = time.perf_counter(), seconds_of_processors()
    work()
    return time.perf_counter() - began, seconds_of_processors() - used


def main():
    parser = argparse.ArgumentParser()
    for name in ("enxerto", "model", "pictures"):
        parser.add_argument(name)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    pictures = sorted(str(path) for path in pathlib.Path(asked.pictures).rglob("*") if path.suffix in (".jpg", ".png"))
    reads = TextRecognizer({"model_path": asked.model, "rec_batch_num": 6, "rec_img_shape": [3, 48, 320],
                            "intra_op_num_threads": asked.threads, "inter_op_num_threads": 1, "use_cuda": False,
                            "use_dml": False})
    cv2.setNumThreads(asked.threads)
    command = [asked.enxerto, "predict", asked.model, "--threads", str(asked.threads), *pictures]
    programs = {"rapidocr": lambda: reads([cv2.imread(path) for path in pictures]),
                "Enxerto": lambda: subprocess.run(command, capture_output=True, check=True)}
    times = {name: [] for name in programs}
    for work in programs.values():
        work()
    for _ in range(asked.runs):
        for name, work in programs.items():
            times[name].append(measured(work))
    for name, runs in times.items():
        wall, used = (statistics.median(column) for column in zip(*runs))
        print(f"{name:9} {len(pictures) / wall:7.1f} lines/s  {wall:6.2f} s  {used:6.2f} s of processors "
              f"({1e3 * used / len(pictures):.2f} ms a line)")
    for what, column in (("time", 0), ("processors", 1)):
        ratio = statistics.median(a[column] / b[column] for a, b in zip(times["rapidocr"], times["Enxerto"]))
        print(f"rapidocr's {what} is {ratio:.2f} times Enxerto's")


if __name__ == "__main__":
    main()

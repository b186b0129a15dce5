#!/usr/bin/env python3
"""From JPEG files of 640 x 480 to features: Enxerto beside Pillow + OpenVINO in Python, and beside what the summed times allow.

    python3 benchmarks/jpeg_throughput.py BUILD_DIR PHOTOS [--files 600] [--size 224] [--threads 2] [--rounds 5]

PHOTOS is a folder of photographs (any size, any depth); they are resized to 640 x 480 first, each a little differently, until
there are --files of them. The bound is threads / (read + decode + preprocess + engine), the CPU time of each, measured alone on one thread. The
peer decodes, resizes and normalises in --threads threads (Pillow releases the interpreter's lock) and feeds an AsyncInferQueue.
All take turns; medians are printed. Needs a Python with openvino, numpy and pillow, and the program benchmark_throughput.
"""
import argparse
import concurrent.futures
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import openvino as ov
from PIL import Image, ImageEnhance

MEAN, DEVIATION = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def make_files(photos, directory, count):
    sources = sorted(photos.rglob("*.jpg"))
    if not sources:
        sys.exit(f"{photos}: no .jpg files")
    for i in range(count):
        photo = Image.open(sources[i % len(sources)]).convert("RGB").resize((640, 480), Image.BICUBIC)
        photo = ImageEnhance.Brightness(photo).enhance(1 - 0.02 * (i // len(sources)))
        photo.save(directory / f"{i:06}.jpg", quality=90)


class Peer:
    """Pillow in threads, OpenVINO's AsyncInferQueue behind them."""

    def __init__(self, file, size, threads, batch=4):
        model = ov.Core().read_model(file)
        model.reshape([batch, 3, size, size])
        compiled = ov.Core().compile_model(model, "CPU", {
            "PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": threads})
        self.queue, self.batch, self.size, self.threads = ov.AsyncInferQueue(compiled), batch, size, threads

    def load(self, path):
        picture = Image.open(path).convert("RGB").resize((self.size, self.size), Image.BICUBIC)
        return ((np.asarray(picture, dtype=np.float32) / 255 - MEAN) / DEVIATION).transpose(2, 0, 1)

    def load_batch(self, paths):
        return np.ascontiguousarray(np.stack([self.load(path) for path in paths]))

    def rate(self, files):
        files = files[:len(files) // self.batch * self.batch]
        features = {}
        self.queue.set_callback(lambda request, i: features.__setitem__(i, request.get_output_tensor().data.copy()))
        begin = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            chunks = [files[i:i + self.batch] for i in range(0, len(files), self.batch)]
            for i, pictures in enumerate(pool.map(self.load_batch, chunks)):
                self.queue.start_async({0: pictures}, userdata=i)
        self.queue.wait_all()
        return len(files) / (time.perf_counter() - begin)


def numbers(*words):
    run = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True)
    return tuple(map(float, run.stdout.split()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--backbone", default="efficientnet_lite0")
    parser.add_argument("--files", type=int, default=600)
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    program = options.build / "benchmarks/benchmark_jpeg_throughput"
    print(f"{options.files} JPEG files of 640 x 480, {options.backbone}, {options.size} px, fp32, {options.threads} threads, "
          f"{processor()}, OpenVINO {ov.__version__}")
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        (directory / "files").mkdir()
        make_files(options.photos, directory / "files", options.files)
        subprocess.run([options.build / "benchmarks/benchmark_throughput", "export", options.backbone, str(options.size),
                        directory / "prefix.onnx"], check=True)
        peer, files = Peer(directory / "prefix.onnx", options.size, options.threads), sorted((directory / "files").iterdir())
        rounds = []
        for _ in range(options.rounds):
            parts = numbers(program, "parts", directory / "files", options.backbone, options.size)
            ours = numbers(program, "extract", directory / "files", options.backbone, options.size, options.threads)
            rounds.append((ours[0], 1e3 * options.threads / sum(parts), peer.rate(files), ours[1], sum(parts), *parts))
    ours, bound, python, cpu, total, read, decode, preprocess, engine = (statistics.median(column) for column in zip(*rounds))
    print(f"one thread, CPU ms a picture: read {read:.3f}, decode {decode:.3f}, preprocess {preprocess:.3f}, engine {engine:.3f}")
    print(f"Enxerto {ours:.1f}/s, what these times allow {bound:.1f}/s, ratio {statistics.median(r[0] / r[1] for r in rounds):.3f}")
    print(f"CPU ms a picture: {cpu:.3f}, sum of the parts {total:.3f}, ratio {total / cpu:.3f}")
    print(f"Pillow + OpenVINO in Python {python:.1f}/s, Enxerto / Python {statistics.median(r[0] / r[2] for r in rounds):.3f}")


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Prefix throughput, pictures already in memory: Enxerto beside OpenVINO's own Python API, on the file that Enxerto exports.

    python3 benchmarks/throughput.py BUILD_DIR [--size 224] [--threads 2] [--seconds 3] [--rounds 5] [--batch 1 4]

The peer gets what its documentation advises: AsyncInferQueue, THROUGHPUT, static shapes, the same precision and threads.
The two take turns; the ratio is of the medians. Needs a Python with openvino and numpy.
"""
import argparse
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import openvino as ov


def processor():
    for line in open("/proc/cpuinfo"):
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return "unknown"


def has_bf16():
    return "avx512_bf16" in open("/proc/cpuinfo").read()


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


class Peer:
    """OpenVINO's Python API."""

    def __init__(self, file, size, precision, threads, batch):
        core = ov.Core()
        model = core.read_model(file)
        model.reshape([batch, 3, size, size])
        compiled = core.compile_model(model, "CPU", {
            "PERFORMANCE_HINT": "THROUGHPUT", "INFERENCE_PRECISION_HINT": "bf16" if precision == "bf16" else "f32",
            "INFERENCE_NUM_THREADS": threads})
        self.queue, self.batch = ov.AsyncInferQueue(compiled), batch
        self.pictures = np.random.default_rng(0).standard_normal((batch, 3, size, size), dtype=np.float32)
        self.work(0.3)

    def work(self, seconds):
        done, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.queue.start_async({0: self.pictures}, share_inputs=True)
            done += self.batch
        self.queue.wait_all()
        return done

    def rates(self, seconds):
        wall, cpu = time.perf_counter(), cpu_seconds()
        done = self.work(seconds)
        return done / (time.perf_counter() - wall), done / (cpu_seconds() - cpu)


def ours(program, options, precision, batch):
    words = [program, "run", options.backbone, options.size, precision, options.threads, batch, options.seconds]
    return tuple(map(float, subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout.split()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--backbone", default="efficientnet_lite0")
    parser.add_argument("--size", type=int, default=224)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 4])
    options = parser.parse_args()
    program = options.build / "benchmarks/benchmark_throughput"
    print(f"{options.backbone}, {options.size} px, {options.threads} threads, {processor()}, OpenVINO {ov.__version__}")
    print("precision  batch   Enxerto/s   OpenVINO/s   ratio   ratio per CPU-second")
    with tempfile.TemporaryDirectory() as directory:
        file = pathlib.Path(directory) / "prefix.onnx"
        subprocess.run([program, "export", options.backbone, str(options.size), file], check=True)
        for precision in ["fp32", "bf16"] if has_bf16() else ["fp32"]:
            for batch in options.batch:
                peer = Peer(file, options.size, precision, options.threads, batch)
                rounds = [(ours(program, options, precision, batch), peer.rates(options.seconds)) for _ in range(options.rounds)]
                a, b = (statistics.median(r[side][0] for r in rounds) for side in (0, 1))
                cpu_a, cpu_b = (statistics.median(r[side][1] for r in rounds) for side in (0, 1))
                print(f"{precision:9}  {batch:5}  {a:10.1f}  {b:11.1f}  {a / b:6.3f}  {cpu_a / cpu_b:6.3f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

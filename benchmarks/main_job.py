#!/usr/bin/env python3
"""The main job as a user meets it: first and second run, memory, start-up. Prints tables for docs/performance.md.

    python3 benchmarks/main_job.py ENXERTO CIFAR_FOLDERS [--peers]

First and second run of `enxerto train` on 5,000, 10,000 and 50,000 pictures at 96 px (class folders), the parts as the program
reports them, and the largest anonymous memory (RssAnon, polled every 5 ms). Then `--help` and one picture predicted cold, median of
nine; with --peers beside them what importing the usual Python stacks costs, where they are installed.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import threading
import time


def rss_anon(pid):
    try:
        for line in open(f"/proc/{pid}/status"):
            if line.startswith("RssAnon"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def run(command):
    """Standard output, seconds, largest RssAnon in MB, largest resident memory in MB."""
    start = time.time()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    peak = 0.0
    out = []
    reader = threading.Thread(target=lambda: out.append(process.stdout.read()))
    reader.start()
    resident = 0.0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            resident = usage.ru_maxrss / 1024
            break
        peak = max(peak, rss_anon(process.pid))
        time.sleep(0.005)
    reader.join()
    if status != 0:
        sys.exit(f"{command} failed")
    return out[0], time.time() - start, peak, resident


def train(program, data, per_class, folder):
    command = [program, "train", data, "--take-per-class", str(per_class), "--test-take-per-class", str(min(per_class, 1000) // 5)]
    command += ["--size", "96", "--fit", "squash", "--precision", "fp32", "--cache", folder + "/cache", "--output", folder + "/model"]
    out, seconds, peak, _ = run([*command, "--replace", "--json", "--quiet"])
    return json.loads(out), seconds, peak


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("| pictures | run | s | computed | features s | l2 search s | head s | all but the solver s | RssAnon MB |")
        print("|---|---|---|---|---|---|---|---|---|")
        for per_class in (500, 1000, 5000):
            for name in ("first", "second"):
                report, seconds, peak = train(options.program, str(options.data), per_class, folder)
                part = report["seconds"]
                rest = seconds - part["l2 search"] - part["head"]
                rows = report["train_examples"] + report["test_examples"]
                print(
                    f"| {rows} | {name} | {seconds:.2f} | {report['computed']} | {part['features']:.2f} | {part['l2 search']:.2f} "
                    f"| {part['head']:.2f} | {rest:.2f} | {peak:.0f} |",
                    flush=True,
                )
        picture = str(next((options.data / "test").glob("*/*.jpg")))
        rows = {"enxerto --help": [options.program, "--help"], "one picture predicted": [options.program, "predict", folder + "/model", picture]}
        if options.peers:
            rows["import tensorflow"] = [sys.executable, "-c", "import tensorflow"]
            rows["import torch, torchvision"] = [sys.executable, "-c", "import torch, torchvision"]
        print("\n| cold | median s | resident MB |\n|---|---|---|")
        for name, command in rows.items():
            try:
                runs = [run(command) for _ in range(9)]
            except SystemExit:
                continue
            print(f"| {name} | {statistics.median(r[1] for r in runs):.3f} | {max(r[3] for r in runs):.0f} |")


if __name__ == "__main__":
    main()

"""Our softmax regression beside scikit-learn's LogisticRegression (lbfgs), same features, strength and threads, in one run.

    python softmax_regression.py PROGRAM FEATURES.npy LABELS.npy TEST.npy TEST_LABELS.npy [--rows 10000 50000] [--threads 2]

PROGRAM is the built benchmarks/softmax_regression.cpp. Features are float32 (rows, features); where there are fewer rows
than asked for, they are repeated with 5 % of noise. The peer gets features that are standardised already; its time is that
of `fit` alone, and ours includes the standardisation.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("files", nargs=4)
parser.add_argument("--rows", type=int, nargs="+", default=[10000, 50000])
parser.add_argument("--l2", type=float, default=300.0)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--repeats", type=int, default=5)
arguments = parser.parse_args()
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = str(arguments.threads)

import numpy as np  # noqa: E402: the threads must be set before
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402


def grown(features, labels, rows):
    rng = np.random.default_rng(0)
    chosen = np.arange(rows) % len(features)
    result = features[chosen]
    result[len(features) :] += 0.05 * features.std(0) * rng.standard_normal(
        (max(0, rows - len(features)), features.shape[1]), dtype=np.float32
    )
    return np.ascontiguousarray(result, dtype=np.float32), labels[chosen]


def ours(folder, features, labels):
    np.save(folder / "features.npy", features)
    np.save(folder / "labels.npy", labels.astype(np.int64))
    command = [arguments.program, folder / "features.npy", folder / "labels.npy", *arguments.files[2:]]
    output = subprocess.run([*map(str, command), str(arguments.l2), str(arguments.threads)], check=True, capture_output=True)
    return json.loads(output.stdout)


def peer(features, labels, test, test_labels):
    scaler = StandardScaler().fit(features)
    standardised = scaler.transform(features)
    start = time.perf_counter()
    model = LogisticRegression(C=1 / arguments.l2, max_iter=200).fit(standardised, labels)
    return time.perf_counter() - start, model.score(scaler.transform(test), test_labels)


train, train_labels, test, test_labels = map(np.load, arguments.files)
processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
print(f"processor: {processor}, threads: {arguments.threads}, l2: {arguments.l2}, median of {arguments.repeats}")
for rows in arguments.rows:
    features, labels = grown(train, train_labels, rows)
    with tempfile.TemporaryDirectory() as folder:
        pairs = [
            (ours(pathlib.Path(folder), features, labels), peer(features, labels, test, test_labels))
            for _ in range(arguments.repeats)
        ]
    mine = statistics.median(one["fit_seconds"] for one, _ in pairs)
    theirs = statistics.median(other[0] for _, other in pairs)
    search = statistics.median(one["search_seconds"] for one, _ in pairs)
    one, other = pairs[0]
    print(
        f"{rows} rows: enxerto fit {mine:.2f} s ({one['iterations']} iterations, test accuracy {one['test_accuracy']:.4f}), "
        f"scikit-learn {theirs:.2f} s ({other[1]:.4f}), ratio {theirs / mine:.1f}; "
        f"enxerto search {search:.2f} s chose {one['best_l2']} ({one['best_test_accuracy']:.4f})"
    )

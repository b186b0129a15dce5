"""Holds area, equal error rate, detection cost and the points of wanted rates against scikit-learn and SciPy on random scores.

Usage: python tools/parity/verification.py [BUILD-FOLDER]     (needs scikit-learn, SciPy)

40 draws of 10 to 20,000 pairs, with many ties, few, or none, and shares of pairs of one identity from 1 to 90 %. Prints the
largest difference; fails above 1e-9.
"""
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn import metrics

ROOT = pathlib.Path(__file__).parents[2]
LIMIT = 1e-9
RATES = (0.5, 0.1, 0.03, 0.01, 0.001)


def build(build_folder, out):
    libraries = [str(build_folder / f"libenxerto_{name}.a") for name in ("metrics", "base")]
    command = ["g++", "-std=c++20", "-O2", f"-I{ROOT}", str(ROOT / "tools/parity/verification.cpp"), *libraries]
    subprocess.run([*command, "-lfmt", "-lre2", "-lxxhash", "-lcrypto", "-lpthread", "-o", str(out)], check=True)


def ours(program, scores, same):
    rows = "".join(f"{score:.9g} {truth}\n" for score, truth in zip(scores, same))
    text = f"{len(same)}\n{rows}{len(RATES)}\n" + "\n".join(map(str, RATES))
    run = subprocess.run([str(program)], input=text.encode(), capture_output=True, check=True)
    return np.array([float(value) for value in run.stdout.split()])


def theirs(scores, same):
    far, tar, thresholds = metrics.roc_curve(same, scores, drop_intermediate=False)
    eer = brentq(lambda x: 1.0 - x - interp1d(far, tar)(x), 0.0, 1.0, xtol=1e-14)
    found = [metrics.roc_auc_score(same, scores), eer, np.min(0.01 * (1 - tar) + 0.99 * far)]
    for rate in RATES:
        last = np.flatnonzero(far <= rate)[-1]
        found += [thresholds[last], far[last], tar[last]]
    return np.array(found)


def main(build_folder):
    rng = np.random.default_rng(40)
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "verification"
        build(build_folder, program)
        for draw in range(40):
            count = int(10 ** rng.uniform(1, 4.3))
            same = (rng.random(count) < rng.choice([0.01, 0.1, 0.5, 0.9])).astype(int)
            same[:2] = 0, 1
            scores = rng.normal(size=count) + rng.uniform(0, 3) * same
            scores = np.round(scores, int(rng.integers(0, 8))).astype(np.float32)
            a, b = ours(program, scores, same), theirs(scores, same)
            apart = np.abs(np.where(np.isinf(a) & np.isinf(b), 0, a - b)).max()
            worst = max(worst, float(apart))
    print(f"40 draws: largest difference {worst:.2e}")
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/release")))

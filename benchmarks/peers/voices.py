"""Holds voices against the package Resemblyzer on a folder of recordings: vectors, equal error rate, recordings a second.

Usage: python benchmarks/peers/voices.py ENXERTO PRETRAINED RECORDINGS PATTERN [--take N] [--threads 2] [--runs 5]
       (needs resemblyzer, librosa, scikit-learn)

PRETRAINED is the package's pretrained.pt; PATTERN finds the speaker in a file's name. Both make a vector of each recording, one
after the other, --runs times: ours is the whole process (`enxerto features`, fp32, nothing cached, with its start), theirs only
`embed_utterance` and what it is fed, with PyTorch's threads as many as ours; the median of the ratios is printed. The package runs
as it is but without its trim_long_silences (voice activity by webrtcvad), and once with it, for the record. Equal error rates are
scikit-learn's ROC over all pairs.
"""
import argparse
import csv
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.ndimage
import torch
from safetensors.numpy import load_file
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn import metrics

sys.modules.setdefault("scipy.ndimage.morphology", scipy.ndimage)  # where the package of 2020 looks for it
from resemblyzer import VoiceEncoder, audio  # noqa: E402


def prepared(path, trims=False):
    samples, rate = audio.librosa.load(str(path), sr=None)
    samples = audio.librosa.resample(samples, orig_sr=rate, target_sr=audio.sampling_rate)
    samples = audio.normalize_volume(samples, audio.audio_norm_target_dBFS, increase_only=True)
    return audio.trim_long_silences(samples) if trims else samples


def equal_error_rate(vectors, speakers):
    upper = np.triu_indices(len(vectors), 1)
    same = (speakers[:, None] == speakers[None, :])[upper]
    far, tar, _ = metrics.roc_curve(same, (vectors @ vectors.T)[upper], drop_intermediate=False)
    return brentq(lambda x: 1.0 - x - interp1d(far, tar)(x), 0.0, 1.0)


def theirs(encoder, files, trims=False):
    began = time.perf_counter()
    vectors = np.stack([encoder.embed_utterance(prepared(path, trims)) for path in files])
    return vectors, time.perf_counter() - began


def ours(asked, files, speakers, folder):
    table, output = folder / "recordings.csv", folder / "vectors.safetensors"
    with table.open("w", newline="") as file:
        csv.writer(file).writerows([("file", "speaker"), *((path.resolve(), who) for path, who in zip(files, speakers))])
    began = time.perf_counter()
    subprocess.run([asked.enxerto, "features", table, "--backbone", asked.pretrained, "--precision", "fp32", "--no-cache",
                    "--threads", str(asked.threads), "--output", output, "--replace"], capture_output=True, check=True)
    return load_file(output)["features"], time.perf_counter() - began


def joined(windows, files):
    """The mean of the windows of each recording, as long as 1."""
    counts = [len(VoiceEncoder.compute_partial_slices(len(prepared(path)), 1.3, 0.75)[0]) for path in files]
    assert sum(counts) == len(windows), "another number of windows"
    means = np.stack([part.mean(0) for part in np.split(windows, np.cumsum(counts)[:-1])])
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("enxerto", "pretrained", "recordings", "pattern"):
        parser.add_argument(name)
    parser.add_argument("--take", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    files = sorted(pathlib.Path(asked.recordings).glob("*.wav"))
    if asked.take:
        files = files[:: max(1, len(files) // asked.take)]
    speakers = np.array([re.search(asked.pattern, path.name).group(1) for path in files])
    encoder = VoiceEncoder("cpu", verbose=False)
    theirs(encoder, files[:5])  # librosa compiles and loads on its first call
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(asked.runs):
            wanted, their_seconds = theirs(encoder, files)
            windows, our_seconds = ours(asked, files, speakers, pathlib.Path(folder))
            times.append((their_seconds, our_seconds))
    found = joined(windows, files)
    print(f"{len(files)} recordings, {asked.threads} threads, {asked.runs} runs in turn")
    print(f"vectors: largest difference {np.abs(found - wanted).max():.2e}, lowest cosine {(found * wanted).sum(1).min():.7f}")
    print(f"equal error rate: {equal_error_rate(found, speakers):.4%}, the package's {equal_error_rate(wanted, speakers):.4%}, "
          f"with its trim_long_silences {equal_error_rate(theirs(encoder, files, trims=True)[0], speakers):.4%}")
    print(f"recordings a second (medians): {len(files) / statistics.median(our for _, our in times):.0f}, "
          f"the package's {len(files) / statistics.median(their for their, _ in times):.0f}, "
          f"ratio {statistics.median(their / our for their, our in times):.2f}")


if __name__ == "__main__":
    main()

"""Holds voices against the package Resemblyzer on a folder of recordings: cosines of pairs, equal error rate, and the rate.

Usage: python tools/parity/voices.py ENXERTO MODEL RECORDINGS PATTERN [--take N]     (needs resemblyzer, librosa, scikit-learn)

MODEL is a model for verification that has learned nothing: enxerto train RECORDINGS --label PATTERN --task verification
--backbone pretrained.pt --l2 1000000 --precision fp32 --output MODEL. PATTERN finds the speaker in a file's name. The package runs as
it is (on one thread a file, as it does) but without its trim_long_silences, and once with it, for the record. Prints the
largest difference of the cosines of 500 pairs, both equal error rates over all pairs (scikit-learn's ROC), and files a second.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy.ndimage
from scipy.interpolate import interp1d
from scipy.optimize import brentq
from sklearn import metrics

sys.modules.setdefault("scipy.ndimage.morphology", scipy.ndimage)  # where the package of 2020 looks for it
from resemblyzer import VoiceEncoder, audio  # noqa: E402


def prepared(path, trims):
    samples, rate = audio.librosa.load(str(path), sr=None)
    samples = audio.librosa.resample(samples, orig_sr=rate, target_sr=audio.sampling_rate)
    samples = audio.normalize_volume(samples, audio.audio_norm_target_dBFS, increase_only=True)
    return audio.trim_long_silences(samples) if trims else samples


def equal_error_rate(vectors, speakers):
    cosines = vectors @ vectors.T
    upper = np.triu_indices(len(vectors), 1)
    same = (speakers[:, None] == speakers[None, :])[upper]
    far, tar, _ = metrics.roc_curve(same, cosines[upper], drop_intermediate=False)
    return brentq(lambda x: 1.0 - x - interp1d(far, tar)(x), 0.0, 1.0)


def theirs(encoder, files, trims):
    began = time.perf_counter()
    vectors = np.stack([encoder.embed_utterance(prepared(path, trims)) for path in files])
    return vectors, len(files) / (time.perf_counter() - began)


def ours(enxerto, model, files, pairs):
    with tempfile.NamedTemporaryFile("w", suffix=".tsv") as table:
        table.write("first\tsecond\n" + "".join(f"{files[a].resolve()}\t{files[b].resolve()}\n" for a, b in pairs))
        table.flush()
        run = subprocess.run([enxerto, "predict", model, table.name, "--json", "--no-cache", "--precision", "fp32"],
                             capture_output=True, check=True)
    return np.array([pair["cosine"] for pair in json.loads(run.stdout)["pairs"]])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("enxerto")
    parser.add_argument("model")
    parser.add_argument("recordings")
    parser.add_argument("pattern")
    parser.add_argument("--take", type=int, default=0)
    asked = parser.parse_args()
    files = sorted(pathlib.Path(asked.recordings).glob("*.wav"))
    if asked.take:
        files = files[:: len(files) // asked.take]
    speakers = np.array([re.search(asked.pattern, path.name).group(1) for path in files])
    encoder = VoiceEncoder("cpu", verbose=False)
    vectors, rate = theirs(encoder, files, trims=False)
    rng = np.random.default_rng(0)
    pairs = [tuple(rng.choice(len(files), 2, replace=False)) for _ in range(500)]
    cosines = ours(asked.enxerto, asked.model, files, pairs)
    wanted = np.array([float(vectors[a] @ vectors[b]) for a, b in pairs])
    print(f"cosines of 500 pairs: largest difference {np.abs(cosines - wanted).max():.2e}")
    print(f"equal error rate of the package over {len(files)} files: {equal_error_rate(vectors, speakers):.4%}, {rate:.1f} files/s")
    trimmed, _ = theirs(encoder, files, trims=True)
    print(f"the same with its trim_long_silences: {equal_error_rate(trimmed, speakers):.4%}")
    began = time.perf_counter()
    run = subprocess.run([asked.enxerto, "evaluate", asked.model, asked.recordings, "--label", asked.pattern, "--json",
                          "--no-cache", "--precision", "fp32"], capture_output=True, check=True)
    seconds = time.perf_counter() - began
    report = json.loads(run.stdout)
    print(f"ours: {report['metrics']['eer']['value']:.4%}, {report['examples'] / seconds:.1f} files/s with start and all figures")


if __name__ == "__main__":
    main()

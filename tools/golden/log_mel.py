"""Writes tests/golden/media/log_mel.safetensors: librosa's log-mel pictures of a made-up clip at three rates.

Usage: python tools/golden/log_mel.py     (needs librosa, safetensors)

Of each rate "samples.RATE" (n) and "picture.RATE" (mels, frames), dB. tests/parity/log_mel_test.cpp computes the same by
the graph `log_mel`.
"""
import pathlib

import librosa
import numpy as np
from safetensors.numpy import save_file

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/media/log_mel.safetensors"


def clip(rate):
    """A rising note, a click and silence."""
    time = np.arange(round(0.06 * rate)) / rate
    samples = 0.5 * np.sin(2 * np.pi * (300 + 8000 * time) * time)
    samples[len(time) // 2 :] = 0
    samples[len(time) // 3] += 0.4
    return samples.astype(np.float32)


def picture(samples, rate):
    power = librosa.feature.melspectrogram(
        y=samples, sr=rate, n_fft=1 << int(np.ceil(np.log2(round(0.064 * rate)))), win_length=2 * round(0.0125 * rate),
        hop_length=round(0.01 * rate), n_mels=128, pad_mode="constant")
    return librosa.power_to_db(power, top_db=80)


if __name__ == "__main__":
    tensors = {}
    for rate in (8_000, 11_025, 16_000):
        tensors[f"samples.{rate}"] = clip(rate)
        tensors[f"picture.{rate}"] = np.ascontiguousarray(picture(clip(rate), rate), dtype=np.float32)
    save_file(tensors, FILE)

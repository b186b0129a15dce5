"""Writes tests/golden/pretrained/speaker_encoder.safetensors: a small voice encoder as Resemblyzer's, and what it says.

Usage: python tools/golden/speaker_encoder.py     (needs torch, librosa, safetensors)

"lstm.*" of three layers of 8 on 40 mel bands, "linear.*" of 6; "samples" (2, 3440), with 200 samples before the centre of the
first of 20 frames; "mel" (2, 20, 40) of librosa and "voice" (2, 6) of PyTorch, as VoiceEncoder.forward.
"""
import pathlib

import librosa
import numpy as np
import torch
from safetensors.torch import save_file

FILE = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/pretrained/speaker_encoder.safetensors"
FRAMES = 20


def main():
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    lstm, linear = torch.nn.LSTM(40, 8, 3, batch_first=True), torch.nn.Linear(8, 6)
    time = np.arange((FRAMES - 1) * 160 + 400) / 16000
    notes = [0.2 * np.sin(2 * np.pi * (200 + 900 * time) * time), 0.3 * np.sign(np.sin(2 * np.pi * 150 * time))]
    samples = np.stack([note + 0.01 * rng.normal(size=len(time)) for note in notes]).astype(np.float32)
    mel = np.stack([librosa.feature.melspectrogram(y=row, sr=16000, n_fft=400, hop_length=160, n_mels=40, center=False).T
                    for row in samples]).astype(np.float32)
    with torch.no_grad():
        for parameter in linear.parameters():
            parameter += 0.2  # so that not all is below 0
        _, (hidden, _) = lstm(torch.from_numpy(mel))
        raw = torch.relu(linear(hidden[-1]))
        voice = raw / torch.norm(raw, dim=1, keepdim=True)
    tensors = {f"lstm.{name}": value.detach().clone() for name, value in lstm.state_dict().items()}
    tensors |= {f"linear.{name}": value.detach().clone() for name, value in linear.state_dict().items()}
    save_file({**tensors, "samples": torch.from_numpy(samples), "mel": torch.from_numpy(mel.copy()), "voice": voice}, FILE)
    FILE.chmod(0o644)
    print(voice)


if __name__ == "__main__":
    main()

"""Writes tests/golden/speech/panns: a narrow CNN14 of PANNs with random weights in the form of the published files, and
what it answers.

Usage: python tools/golden/panns.py     (needs torch, numpy)

The network is written down from qiuqiangkong/audioset_tagging_cnn (pytorch/models.py: ConvBlock, Cnn14) and
qiuqiangkong/torchlibrosa (stft.py: STFT, Spectrogram, LogmelFilterBank, whose mel matrix is librosa's, Slaney's bands).
Cnn14.pth has no "spectrogram_extractor" and no "logmel_extractor", to be small: those are constants. answers.safetensors has
three made-up clips at 32 kHz as int16, "sound.N", of which the first is shorter than what five halvings leave anything of
(0.31 s) and the last two differ in length, "features.N" (frames, mels), dB, of the first, and "embedding.N".
"""
import pathlib
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from plain_safetensors import save

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "speech" / "panns"
PUBLISHED = (64, 128, 256, 512, 1024, 2048)
RATE, WINDOW, HOP, MELS, LOWEST, HIGHEST, LEAST = 32_000, 1_024, 320, 64, 50, 14_000, 31 * 320


def slaney_triangles(rate, window, mels, lowest, highest):
    """librosa.filters.mel(sr, n_fft, n_mels, fmin, fmax): (mels, bins)."""
    step, log_step = 200.0 / 3, np.log(6.4) / 27
    mel = lambda hertz: np.where(hertz < 1000, hertz / step, 15 + np.log(np.maximum(hertz, 1) / 1000) / log_step)
    edges = np.linspace(mel(np.float64(lowest)), mel(np.float64(highest)), mels + 2)
    edges = np.where(edges < 15, edges * step, 1000 * np.exp(log_step * (edges - 15)))
    bins = np.arange(window // 2 + 1) * rate / window
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]


class Stft(nn.Module):
    def __init__(self):
        super().__init__()
        bins = WINDOW // 2 + 1
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
        waves = np.exp(-2j * np.pi * (np.outer(np.arange(WINDOW), np.arange(bins)) % WINDOW) / WINDOW) * hann[:, None]
        for name, part in (("conv_real", waves.real), ("conv_imag", waves.imag)):
            convolution = nn.Conv1d(1, bins, WINDOW, stride=HOP, bias=False)
            convolution.weight = nn.Parameter(torch.tensor(part.T[:, None], dtype=torch.float32), requires_grad=False)
            setattr(self, name, convolution)

    def forward(self, wave):
        x = F.pad(wave[:, None], (WINDOW // 2, WINDOW // 2), mode="reflect")
        return self.conv_real(x) ** 2 + self.conv_imag(x) ** 2  # (batch, bins, frames)


class LogMel(nn.Module):
    def __init__(self):
        super().__init__()
        matrix = slaney_triangles(RATE, WINDOW, MELS, LOWEST, HIGHEST)
        self.melW = nn.Parameter(torch.tensor(matrix.T, dtype=torch.float32), requires_grad=False)

    def forward(self, power):
        return 10 * torch.log10(torch.clamp(power.transpose(1, 2)[:, None] @ self.melW, min=1e-10))


class Extractor(nn.Module):
    def __init__(self):
        super().__init__()
        self.stft = Stft()

    def forward(self, wave):
        return self.stft(wave)


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, (3, 3), padding=(1, 1), bias=False)
        self.conv2 = nn.Conv2d(outputs, outputs, (3, 3), padding=(1, 1), bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)

    def forward(self, x, pool):
        x = F.relu(self.bn1(self.conv1(x)))
        return F.avg_pool2d(F.relu(self.bn2(self.conv2(x))), kernel_size=pool)


class Cnn14(nn.Module):
    def __init__(self, channels=PUBLISHED, embedding=2048, classes=527):
        super().__init__()
        self.spectrogram_extractor, self.logmel_extractor = Extractor(), LogMel()
        self.bn0 = nn.BatchNorm2d(MELS)
        for i, (inputs, outputs) in enumerate(zip((1, *channels), channels)):
            setattr(self, f"conv_block{i + 1}", ConvBlock(inputs, outputs))
        self.fc1, self.fc_audioset = nn.Linear(channels[-1], embedding), nn.Linear(embedding, classes)

    def features(self, wave):
        return self.logmel_extractor(self.spectrogram_extractor(wave))  # (batch, 1, frames, mels)

    def forward(self, wave):
        x = self.bn0(self.features(wave).transpose(1, 3)).transpose(1, 3)
        for i in range(6):
            x = getattr(self, f"conv_block{i + 1}")(x, (2, 2) if i < 5 else (1, 1))
        x = x.mean(dim=3)
        return F.relu(self.fc1(x.max(dim=2)[0] + x.mean(dim=2)))


def randomise(network, seed):
    generator = torch.Generator().manual_seed(seed)
    draw = lambda like: torch.randn(like.shape, generator=generator)
    with torch.no_grad():
        for name, module in network.named_modules():
            if isinstance(module, nn.BatchNorm2d):
                module.weight.copy_(1 + 0.2 * draw(module.weight))
                module.bias.copy_(0.2 * draw(module.bias))
                level = (-20.0, 200.0) if name == "bn0" else (0.0, 1.0)
                module.running_mean.copy_(level[0] + 0.2 * draw(module.running_mean))
                module.running_var.copy_(level[1] * (1 + 0.3 * draw(module.running_var).clamp(-2, 2)))
            elif isinstance(module, (nn.Conv2d, nn.Linear)):
                inputs = module.weight[0].numel()
                module.weight.copy_((2 / inputs) ** 0.5 * draw(module.weight))
                if module.bias is not None:
                    module.bias.copy_(0.1 * draw(module.bias))
    return network.eval()


def padded(wave):
    return np.pad(wave, (0, max(0, LEAST - len(wave))))


def sound(seconds, pitch):
    time = np.arange(round(seconds * RATE)) / RATE
    noise = np.random.default_rng(int(pitch)).standard_normal(len(time))
    wave = 0.1 + 0.4 * np.sin(2 * np.pi * (pitch + 900 * time) * time) + 0.05 * noise
    return np.round(wave * 32_768).astype(np.int16)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    network = randomise(Cnn14((2, 4, 4, 6, 6, 8), 10, 5), 9)
    kept = {name: value for name, value in network.state_dict().items() if "extractor" not in name}
    torch.save({"iteration": 3, "model": kept}, FOLDER / "Cnn14.pth")
    answers = {}
    for number, (seconds, pitch) in enumerate([(0.2, 300), (0.71, 500), (0.4333, 200)]):
        clip = sound(seconds, pitch)
        wave = torch.tensor(padded(clip.astype(np.float32) / 32_768))[None]
        with torch.no_grad():
            answers[f"embedding.{number}"] = network(wave)[0].numpy()
            if number == 0:
                answers[f"features.{number}"] = network.features(wave)[0, 0].numpy()
        answers[f"sound.{number}"] = clip
    save(FOLDER / "answers.safetensors", answers)
    print({name: (value.shape, float(np.abs(value).max())) for name, value in answers.items()})


if __name__ == "__main__":
    main()

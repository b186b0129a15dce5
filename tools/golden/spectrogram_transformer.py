"""Writes tests/golden/speech/ast: a small audio spectrogram transformer with random weights as transformers saves it, and
what it answers.

Usage: python tools/golden/spectrogram_transformer.py     (needs torch, transformers, safetensors)

answers.safetensors has three made-up clips at 16 kHz, of which the first is shorter than what the network hears (0.655 s)
and the last longer, as int16, "features.N" of ASTFeatureExtractor but for the second, and "pooled.N".
"""
import pathlib

import numpy as np
import torch
from safetensors.torch import save_file
from transformers import ASTConfig, ASTFeatureExtractor, ASTModel

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "speech" / "ast"


def sound(seconds, pitch):
    time = np.arange(round(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(int(pitch)).standard_normal(len(time))
    wave = 0.1 + 0.4 * np.sin(2 * np.pi * (pitch + 900 * time) * time) + 0.05 * noise
    return np.round(wave * 32_768).astype(np.int16)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(3)
    network = ASTModel(ASTConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=40,
                                 max_length=64, num_mel_bins=48, initializer_range=0.2)).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape))
    network.save_pretrained(FOLDER)
    extractor = ASTFeatureExtractor(num_mel_bins=48, max_length=64)
    extractor.save_pretrained(FOLDER)
    answers = {}
    for number, seconds in enumerate((0.3, 0.655, 0.9)):
        clip = sound(seconds, 300 + 200 * number)
        wave = clip.astype(np.float32) / 32_768
        features = torch.tensor(np.array(extractor(wave, sampling_rate=16_000).input_values[0]), dtype=torch.float32)
        with torch.no_grad():
            answers[f"pooled.{number}"] = network(features[None]).pooler_output[0]
        answers[f"sound.{number}"] = torch.tensor(clip)
        if number != 1:
            answers[f"features.{number}"] = features
    save_file({name: value.contiguous() for name, value in answers.items()}, FOLDER / "answers.safetensors")
    print({name: (tuple(value.shape), value.abs().max().item()) for name, value in answers.items()})


main()

"""Writes tests/golden/speech/wav2vec2 and hubert: small networks with random weights as transformers saves them, and
what they answer.

Usage: python tools/golden/wav2vec2.py     (needs torch, transformers, safetensors)

wav2vec2 is built as the base networks are (normalised over the recording, blocks that normalise what leaves them), with a
head of CTC; hubert as the large ones (normalised frames, blocks that normalise what enters them). answers.safetensors has
three made-up sounds at 16 kHz, each alone: "sound.N", "states.N", and for wav2vec2 "logits.N" and in texts.json what
its tokenizer reads from them.
"""
import json
import pathlib

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from transformers import (HubertConfig, HubertModel, Wav2Vec2Config, Wav2Vec2CTCTokenizer, Wav2Vec2FeatureExtractor,
                          Wav2Vec2ForCTC)

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "speech"
CHANNELS = [12, 12, 10, 10, 10, 8, 8]
SIZES = dict(hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=24, conv_dim=CHANNELS,
             num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4, initializer_range=0.2)
LENGTHS = (0.31, 0.0252, 0.1873)  # seconds


def sound(seconds, pitch):
    time = np.arange(round(seconds * 16_000)) / 16_000
    noise = np.random.default_rng(int(pitch)).standard_normal(len(time))
    return (0.1 + 0.4 * np.sin(2 * np.pi * (pitch + 900 * time) * time) + 0.05 * noise).astype(np.float32)


def alone(network, extractor, samples):
    values = extractor(samples, sampling_rate=16_000, return_tensors="pt").input_values
    with torch.no_grad():
        return network(values, output_hidden_states=True)


def randomise(network):
    """Weights that are not what they are begun with: normalisations too."""
    generator = torch.Generator().manual_seed(6)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(0.3 * torch.randn(parameter.shape, generator=generator))


def save_wav2vec2():
    folder = FOLDER / "wav2vec2"
    folder.mkdir(parents=True, exist_ok=True)
    tokens = ["<s>", "<pad>", "</s>", "<unk>", "|", "E", "T", "A", "O", "'"]
    (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(tokens)}))
    tokenizer = Wav2Vec2CTCTokenizer(str(folder / "vocab.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"pad_token": "<pad>", "word_delimiter_token": "|"}))
    torch.manual_seed(11)
    network = Wav2Vec2ForCTC(Wav2Vec2Config(**SIZES, vocab_size=len(tokens), pad_token_id=1)).eval()
    randomise(network)
    with torch.no_grad():
        network.lm_head.weight.mul_(6)
        network.lm_head.bias.mul_(0.1)[1] -= 3
    network.save_pretrained(folder)
    # Names from before torch had parametrisations, which most files of the hub have.
    weights = load_file(folder / "model.safetensors")
    for new, old in (("parametrizations.weight.original0", "weight_g"), ("parametrizations.weight.original1", "weight_v")):
        name = f"wav2vec2.encoder.pos_conv_embed.conv.{new}"
        weights[name.replace(new, old)] = weights.pop(name)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})
    extractor = Wav2Vec2FeatureExtractor(return_attention_mask=False)
    extractor.save_pretrained(folder)
    answers, texts = {}, []
    for number, seconds in enumerate(LENGTHS):
        answers[f"sound.{number}"] = torch.tensor(sound(seconds, 300 + 200 * number))
        found = alone(network, extractor, answers[f"sound.{number}"].numpy())
        answers[f"states.{number}"], answers[f"logits.{number}"] = found.hidden_states[-1][0], found.logits[0]
        texts.append(tokenizer.decode(found.logits[0].argmax(-1)))
    save_file({name: value.contiguous() for name, value in answers.items()}, folder / "answers.safetensors")
    (folder / "texts.json").write_text(json.dumps(texts))
    print(texts, answers["states.0"].shape, answers["states.0"].abs().max().item())


def save_hubert():
    folder = FOLDER / "hubert"
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    network = HubertModel(HubertConfig(**SIZES, feat_extract_norm="layer", do_stable_layer_norm=True, conv_bias=True,
                                       feat_proj_layer_norm=False)).eval()
    randomise(network)
    network.save_pretrained(folder)
    extractor = Wav2Vec2FeatureExtractor(do_normalize=False, return_attention_mask=True)
    extractor.save_pretrained(folder)
    answers = {}
    for number, seconds in enumerate(LENGTHS):
        answers[f"sound.{number}"] = torch.tensor(sound(seconds, 250 + 300 * number))
        answers[f"states.{number}"] = alone(network, extractor, answers[f"sound.{number}"].numpy()).last_hidden_state[0]
    save_file({name: value.contiguous() for name, value in answers.items()}, folder / "answers.safetensors")
    print(answers["states.0"].shape, answers["states.0"].abs().max().item())


save_wav2vec2()
save_hubert()

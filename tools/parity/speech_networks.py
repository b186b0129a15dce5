"""Holds wav2vec 2.0, HuBERT and AST against transformers: random weights of each form and of the published sizes.

Usage: python tools/parity/speech_networks.py ENXERTO [--small]     (needs torch, transformers; see tools/parity/torch.txt)

Each network is saved by transformers, read by `enxerto features` from six made-up recordings of 0.3 to 3 s, and the mean of
its states is compared with that of transformers' states of each recording alone; networks with a head of CTC write what
they hear, and `enxerto predict` must write the same. Of AST its pooled answer is compared. Prints the table of docs/speech.md: the largest difference,
relative to the largest number.
"""
import json
import pathlib
import struct
import subprocess
import sys
import tempfile


import numpy as np
import torch
import transformers as t

LIMIT = 1e-4
SMALL = dict(hidden_size=32, num_hidden_layers=3, num_attention_heads=4, intermediate_size=48, conv_dim=[24] * 7,
             num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=4)
LARGE = dict(feat_extract_norm="layer", do_stable_layer_norm=True, conv_bias=True)
TOKENS = ["<pad>", "<s>", "</s>", "<unk>", "|", *"ETAONIHSRDLUMWCFGYPBVK'XJQZ"]


def networks(small):
    ctc = dict(vocab_size=len(TOKENS), pad_token_id=0)
    yield "wav2vec2, group", t.Wav2Vec2Model(t.Wav2Vec2Config(**SMALL)), {}
    yield "wav2vec2, layer, stable", t.Wav2Vec2Model(t.Wav2Vec2Config(**SMALL, **LARGE)), {}
    yield "wav2vec2 for CTC", t.Wav2Vec2ForCTC(t.Wav2Vec2Config(**SMALL, **ctc)), {}
    yield "wav2vec2 for CTC, .bin", t.Wav2Vec2ForCTC(t.Wav2Vec2Config(**SMALL, **ctc)), dict(pickled=True)
    yield "wav2vec2 for pretraining", t.Wav2Vec2ForPreTraining(t.Wav2Vec2Config(**SMALL)), {}
    yield "wav2vec2 for classes", t.Wav2Vec2ForSequenceClassification(t.Wav2Vec2Config(**SMALL)), {}
    yield "hubert", t.HubertModel(t.HubertConfig(**SMALL)), {}
    yield "hubert for CTC, layer, stable", t.HubertForCTC(t.HubertConfig(**SMALL, **LARGE, **ctc)), {}
    yield "AST of 1.28 s", t.ASTModel(t.ASTConfig(hidden_size=48, num_hidden_layers=3, num_attention_heads=4,
                                                  intermediate_size=96, max_length=128)), {}
    if small:
        return
    yield "AST, its size", t.ASTModel(t.ASTConfig()), {}
    yield "wav2vec2-base-960h, its size", t.Wav2Vec2ForCTC(t.Wav2Vec2Config(**ctc)), {}
    yield "hubert-base-ls960, its size", t.HubertModel(t.HubertConfig()), {}
    yield "wav2vec2-large-lv60, its size", t.Wav2Vec2Model(t.Wav2Vec2Config(
        hidden_size=1024, num_hidden_layers=24, num_attention_heads=16, intermediate_size=4096, **LARGE)), {}


def fill(network):
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.ndim == 1:
                parameter.add_(torch.randn_like(parameter) * 0.1)
        if hasattr(network, "lm_head"):
            network.lm_head.weight.normal_(0, 2 / network.config.hidden_size**0.5)


def save(network, folder, pickled=False):
    network.save_pretrained(folder)
    if pickled:
        (folder / "model.safetensors").unlink()
        torch.save(network.state_dict(), folder / "pytorch_model.bin")
    if network.config.model_type == "audio-spectrogram-transformer":
        extractor = t.ASTFeatureExtractor(max_length=network.config.max_length)
    else:
        extractor = t.Wav2Vec2FeatureExtractor(return_attention_mask=network.config.feat_extract_norm == "layer")
    extractor.save_pretrained(folder)
    if hasattr(network, "lm_head"):
        (folder / "vocab.json").write_text(json.dumps({token: number for number, token in enumerate(TOKENS)}))
    return extractor


def sounds():
    generator = np.random.default_rng(3)
    for seconds in (0.3, 1.0, 3.0, 0.777, 2.2, 1.5):
        time_axis = np.arange(round(seconds * 16_000)) / 16_000
        wave = sum(a * np.sin(2 * np.pi * (f + g * time_axis) * time_axis)
                   for a, f, g in zip(generator.uniform(0, 0.2, 4), generator.uniform(80, 3000, 4), generator.uniform(0, 900, 4)))
        yield (wave + generator.normal(0, 0.02, len(time_axis))).astype(np.float32)


def write_wav(path, samples):
    """32-bit floats: nothing is lost."""
    data = samples.tobytes()
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
                     struct.pack("<IHHIIHH", 16, 3, 1, 16_000, 64_000, 4, 32) + b"data" + struct.pack("<I", len(data)) + data)


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(" ".join(map(str, command)) + "\n" + done.stderr)
    return done.stdout


def answers(network, extractor, waves):
    rows, texts = [], []

    for wave in waves:
        values = extractor(wave, sampling_rate=16_000, return_tensors="pt").input_values
        with torch.no_grad():
            found = getattr(network, network.base_model_prefix, network)(values.float())
            states = found.last_hidden_state
            pooled = getattr(found, "pooler_output", None)
            rows.append((states[0].mean(0) if pooled is None else pooled[0]).numpy())
            if hasattr(network, "lm_head"):
                texts.append(network.lm_head(states)[0].argmax(-1))
    return np.stack(rows), texts


def main():
    enxerto, small = sys.argv[1], "--small" in sys.argv
    waves, worst = list(sounds()), 0.0
    print("| network | largest difference | texts |\n|---|---|---|")
    for name, network, how in networks(small):
        fill(network.eval())
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            extractor = save(network, work / "net", **how)
            for number, wave in enumerate(waves):
                (work / "data" / "ab"[number % 2]).mkdir(parents=True, exist_ok=True)
                write_wav(work / "data" / "ab"[number % 2] / f"{number}.wav", wave)
            wanted, ids = answers(network, extractor, waves)
            run(enxerto, "features", work / "data", "--backbone", work / "net", "--output", work / "out.npy", "--precision",
                "fp32", "--no-cache", "--quiet")
            order = [0, 2, 4, 1, 3, 5]  # by class, then by name
            found = np.load(work / "out.npy")
            difference = np.abs(found - wanted[order]).max() / np.abs(wanted).max()
            worst = max(worst, difference)
            said = "-"
            if ids:
                tokenizer = t.Wav2Vec2CTCTokenizer(str(work / "net" / "vocab.json"))
                right = [tokenizer.decode(one) for one in ids]
                lines = run(enxerto, "predict", work / "net", *[work / "data" / "ab"[i % 2] / f"{i}.wav" for i in range(6)],
                            "--format", "jsonl", "--no-cache").splitlines()
                same = sum(json.loads(line)["text"] == text for line, text in zip(lines, right, strict=True))
                said = f"{same} of {len(right)} equal, {sum(map(len, right))} characters"
                worst = worst if same == len(right) else 1.0
            print(f"| {name} | {difference:.1e} | {said} |", flush=True)
    sys.exit(0 if worst <= LIMIT else 1)


main()

"""Writes tests/golden/speech/whisper: a small Whisper with random weights as transformers saves it, and what it answers.

Usage: python tools/golden/whisper.py     (needs torch, transformers, tokenizers, safetensors)

answers.safetensors has two made-up sounds at 16 kHz, the second of which is longer than the 0.4 s that the network hears,
their log-mel features, the scores of a forced transcript, and the tokens that `generate` writes for the first.
training.json has two transcripts as transformers' fine-tuning makes labels of them, and the losses of 20 steps of AdamW.
With an argument `training` that file alone is made, of the network that is there.
"""
import json
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration
from transformers.models.whisper.modeling_whisper import shift_tokens_right

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "tests" / "golden" / "speech" / "whisper"
WORDS, POSITIONS = 40, 20  # states; 40 frames of 10 ms


def tokenizer():
    letters = pre_tokenizers.ByteLevel.alphabet()
    vocabulary = {piece: number for number, piece in enumerate(sorted(letters)[60:60 + WORDS - 8])}
    made = Tokenizer(models.BPE(vocabulary, [], unk_token=None))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(["<|endoftext|>", "<|startoftranscript|>", "<|transcribe|>", "<|notimestamps|>"])
    made.save(str(FOLDER / "tokenizer.json"))
    return {name: made.token_to_id(name) for name in ("<|endoftext|>", "<|startoftranscript|>", "<|notimestamps|>")}


def sound(seconds, pitch):
    time = np.arange(round(seconds * 16_000)) / 16_000
    return (0.4 * np.sin(2 * np.pi * (pitch + 900 * time) * time)).astype(np.float32)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(4)
    ids = tokenizer()
    config = WhisperConfig(
        vocab_size=WORDS, num_mel_bins=80, d_model=16, encoder_layers=2, decoder_layers=2, encoder_attention_heads=2,
        decoder_attention_heads=2, encoder_ffn_dim=24, decoder_ffn_dim=24, max_source_positions=POSITIONS,
        max_target_positions=12, bos_token_id=ids["<|startoftranscript|>"], eos_token_id=ids["<|endoftext|>"],
        pad_token_id=ids["<|endoftext|>"], decoder_start_token_id=ids["<|startoftranscript|>"], suppress_tokens=[3, 7],
        begin_suppress_tokens=[ids["<|endoftext|>"]], init_std=0.3)
    network = WhisperForConditionalGeneration(config).eval()
    generation = network.generation_config
    generation.suppress_tokens, generation.begin_suppress_tokens = [3, 7], [ids["<|endoftext|>"]]
    generation.no_timestamps_token_id = ids["<|notimestamps|>"]
    generation.is_multilingual, generation.max_length = False, 12
    generation.decoder_start_token_id, generation.eos_token_id = ids["<|startoftranscript|>"], ids["<|endoftext|>"]
    network.save_pretrained(FOLDER)
    extractor = WhisperFeatureExtractor(feature_size=80, chunk_length=0.4)
    extractor.n_samples, extractor.nb_max_frames = 6_400, 40
    extractor.save_pretrained(FOLDER)
    sounds = [sound(0.3, 300), sound(0.55, 700)]
    features = torch.tensor(extractor([s[:6_400] for s in sounds], sampling_rate=16_000, return_tensors="np",
                                      padding="max_length", max_length=6_400).input_features)
    forced = torch.tensor([[ids["<|startoftranscript|>"], ids["<|notimestamps|>"], 5, 9, 2]] * 2)
    with torch.no_grad():
        scores = network(input_features=features, decoder_input_ids=forced).logits
        written, tokens = [], forced[:1, :2]
        for step in range(10):
            of_last = network(input_features=features[:1], decoder_input_ids=tokens).logits[0, -1]
            of_last[[3, 7]] = -torch.inf
            if step == 0:
                of_last[ids["<|endoftext|>"]] = -torch.inf
            best = int(of_last.argmax())
            if best == ids["<|endoftext|>"]:
                break
            written.append(best)
            tokens = torch.cat([tokens, torch.tensor([[best]])], 1)
    save_file({"sound.0": torch.tensor(sounds[0]), "sound.1": torch.tensor(sounds[1]), "features": features.contiguous(),
               "forced": forced.contiguous(), "scores": scores.contiguous(), "written": torch.tensor(written)},
              FOLDER / "answers.safetensors")
    print(features.shape, scores.abs().max().item(), written)


def training():
    """Labels are the prompt without its first token, the words and the end, -100 behind; the network shifts them."""
    answers = load_file(FOLDER / "answers.safetensors")
    made = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    start, without_times, end = (made.token_to_id(name) for name in ("<|startoftranscript|>", "<|notimestamps|>", "<|endoftext|>"))
    words = [[5, 9, 2, 11], [17, 4]]
    texts = [made.decode(row) for row in words]
    assert [made.encode(text, add_special_tokens=False).ids for text in texts] == words, texts
    labels = [[without_times, *row, end] for row in words]
    longest = max(map(len, labels))
    labels = torch.tensor([row + [-100] * (longest - len(row)) for row in labels])
    losses, rate = {}, 0.003
    for part in ("decoder", "all"):
        network = WhisperForConditionalGeneration.from_pretrained(FOLDER).double().train()  # without dropout
        if part == "decoder":
            network.model.encoder.requires_grad_(False)
        optimizer = torch.optim.AdamW([w for w in network.parameters() if w.requires_grad], lr=rate, weight_decay=0.1)
        losses[part] = []
        for _ in range(20):
            loss = network(input_features=answers["features"].double(), labels=labels).loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses[part].append(float(f"{loss.item():.9g}"))
    shifted = shift_tokens_right(labels, network.config.pad_token_id, network.config.decoder_start_token_id)
    row = {"texts": texts, "labels": labels.masked_fill(labels < 0, -1).tolist(), "decoder_input_ids": shifted.tolist(),
           "rate": rate, "weight_decay": 0.1, "losses": losses}
    (FOLDER / "training.json").write_text(json.dumps(row, ensure_ascii=False) + "\n")
    print(row)


if sys.argv[1:] != ["training"]:
    main()
training()
